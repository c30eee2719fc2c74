"""The orders of results, as arrays: every paper in its place, whether a search finds it or not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from store.query.nodes import Sort
from store.searching.columns import numbers

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection

    from numpy.typing import NDArray

    from store.searching.columns import Array

SORTED_BY = {
    # Of papers with the same score, the newer comes first.
    Sort.SCORE: ("day", "votes"),
    Sort.DATE: ("day", "votes"),
    Sort.VOTES: ("votes", "day"),
    Sort.TITLE: (),
    Sort.ADDED: ("added",),
    Sort.TRENDING: ("trend", "day", "votes"),
}
"""The numbers that each order depends on, the first one most; the title is none."""

_BEFORE = (
    "SELECT one.key, coalesce("
    "(SELECT key FROM papers WHERE title_fold = one.title_fold AND key < one.key"
    " ORDER BY key DESC LIMIT 1),"
    "(SELECT key FROM papers WHERE title_fold < one.title_fold"
    " ORDER BY title_fold DESC, key DESC LIMIT 1))"
    " FROM papers AS one WHERE one.key IN (SELECT value FROM json_each(?))"
)


class Order(NamedTuple):
    """An order of all papers; keys that no paper has may be anywhere in it, or nowhere."""

    keys: NDArray[np.int32]
    ranks: NDArray[np.int32]
    """Where each paper stands in `keys`, by its key."""


def order_by(sort: Sort, values: tuple[Array, ...]) -> Order:
    """Return the order by these values, as `SORTED_BY` names them: the greatest first.

    What is alike comes by key, in the order of arrival; but the latest arrivals come first.
    """
    if sort is Sort.ADDED:
        keys = np.argsort(values[0], kind="stable")[::-1]
    else:
        keys = np.lexsort([-array for array in reversed(values)])
    return _ranked(keys.astype(np.int32), len(keys))


class TitleOrder(NamedTuple):
    """How the order of the titles is read and brought up to date, as a `Column` is."""

    name: Sort = Sort.TITLE
    is_mask: bool = False

    def load(self, connection: sqlite3.Connection, size: int) -> Order:
        """Return the order of all papers; their keys lie below `size`."""
        (text,) = connection.execute(
            "SELECT group_concat(key) FROM (SELECT key FROM papers ORDER BY title_fold, key)"
        ).fetchone()
        return _ranked(numbers(text).astype(np.int32), size)

    def patched(
        self, connection: sqlite3.Connection, old: Order, some: Collection[int], size: int
    ) -> Order | None:
        """Return the order as it was if it still holds though some papers have changed."""
        if len(old.ranks) != size:
            return None
        # Where each of them comes after the paper that it came after, all are where they were.
        for key, before in connection.execute(_BEFORE, (json.dumps(list(some)),)):
            rank = int(old.ranks[key])
            if (int(old.keys[rank - 1]) if rank else None) != before:
                return None
        return old


def _ranked(keys: NDArray[np.int32], size: int) -> Order:
    ranks = np.zeros(size, np.int32)
    ranks[keys] = np.arange(len(keys), dtype=np.int32)
    return Order(keys, ranks)

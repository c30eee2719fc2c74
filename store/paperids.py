"""The identifiers of papers, the canonical one first."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from store.identifiers import SCHEMES
from store.models import Identifier

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence


def identifiers_of(
    connection: sqlite3.Connection, keys: Sequence[int]
) -> dict[int, list[Identifier]]:
    """Return those of each of some papers, as many as one statement takes."""
    found: dict[int, list[Identifier]] = defaultdict(list)
    for paper, scheme, value in _rows(connection, keys):
        found[paper].append(Identifier(scheme, value))
    for identifiers in found.values():
        identifiers.sort(key=lambda one: (SCHEMES.index(one.scheme), one.value))
    return found


def canonical_ids(connection: sqlite3.Connection, keys: Sequence[int]) -> dict[int, str]:
    """Return the first of the identifiers of each paper that has any, as text."""
    first: dict[int, tuple[int, str, str]] = {}
    for paper, scheme, value in _rows(connection, keys):
        own = (SCHEMES.index(scheme), value, scheme)
        if paper not in first or own < first[paper]:
            first[paper] = own
    return {paper: str(Identifier(scheme, value)) for paper, (_, value, scheme) in first.items()}


def _rows(connection: sqlite3.Connection, keys: Sequence[int]) -> sqlite3.Cursor:
    marks = ", ".join("?" * len(keys))
    return connection.execute(
        f"SELECT paper, scheme, value FROM identifiers WHERE paper IN ({marks})",  # noqa: S608 marks are '?'
        keys,
    )

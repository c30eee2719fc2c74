"""Arrays of what the record knows of each paper, by the paper's key, as searches ask for it.

Index 0 and the keys that no paper has hold what is held of a paper that knows nothing.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from store.query import nodes as q
from store.searching.conditions import DATE, Condition, keys_among, keys_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator

    from numpy.typing import NDArray

Array: TypeAlias = "NDArray[Any]"
MISSING = -(2**62)
"""Stands for a number that a paper does not have: less than any, and so is its negation."""
PRESENT = "present"

DERIVED: dict[q.Node, q.Node] = {
    q.InState("read"): q.Not(q.InState("unread")),
    q.InState("archived"): q.Not(q.Or((q.InState("inbox"), q.InState("dismissed")))),
}
"""Conditions that others make up: nothing of their own is known of papers."""

_SIGNS_OF_TIME = str.maketrans("", "", "-T:Z")
_BY_DAY = "papers INDEXED BY papers_by_day"
_BY_ADDED = "papers INDEXED BY papers_by_added"
_BY_IMPORT = "papers INDEXED BY papers_by_import"
_SOME = "json_each(?) AS one CROSS JOIN papers NOT INDEXED ON papers.key = one.value"


class Column(NamedTuple):
    """An array as the record gives it: each statement selects `key`, and `value` if there is one.

    What is missing is not selected.
    """

    name: object
    whole: Condition
    some: Condition
    """The same for some papers: its first mark is for a JSON array of their keys."""
    missing: float | bool
    kind: type[np.generic]
    is_time: bool = False
    """Whether its values are days or times: each stands for the number that its digits spell."""

    @property
    def is_mask(self) -> bool:
        """Whether it tells which papers are so, and has no values."""
        return self.kind is np.bool_

    def load(self, connection: sqlite3.Connection, size: int) -> Array:
        """Return the array for all papers; their keys lie below `size`."""
        array = np.full(size, self.missing, self.kind)
        keys, values = self._read(connection, self.whole)
        array[keys] = values
        return array

    def patched(
        self, connection: sqlite3.Connection, old: Array, some: Collection[int], size: int
    ) -> Array:
        """Return what an array has become where some papers have changed: `old` if it is the same.

        `old` itself stays as it is: others may be at work with it.
        """
        places = np.fromiter(sorted(some), np.int64, len(some))
        now = np.full(len(places), self.missing, self.kind)
        given = (json.dumps(places.tolist()), *self.some.values)
        keys, values = self._read(connection, Condition(self.some.sql, given))
        now[np.searchsorted(places, keys)] = values
        if len(old) == size and np.array_equal(now, old[places]):
            return old
        array = np.full(size, self.missing, self.kind)
        array[: len(old)] = old
        array[places] = now
        return array

    def _read(
        self, connection: sqlite3.Connection, statement: Condition
    ) -> tuple[Array, Array | bool]:
        # One text for all: a row for each paper would take ten times as long to fetch.
        wanted = "group_concat(key)" + ", group_concat(value)" * (not self.is_mask)
        keys, *values = connection.execute(
            f"SELECT {wanted} FROM ({statement.sql})",  # noqa: S608 see store.searching.conditions
            statement.values,
        ).fetchone()
        if self.is_mask:
            return numbers(keys), True
        (text,) = values
        if text and self.is_time:
            text = text.translate(_SIGNS_OF_TIME)
        try:
            found = numbers(keys), numbers(text, self.kind)
        except ValueError:
            return self._read_each(connection, statement)
        are_pairs = len(found[0]) == len(found[1])
        return found if are_pairs else self._read_each(connection, statement)

    def _read_each(
        self, connection: sqlite3.Connection, statement: Condition
    ) -> tuple[Array, Array]:
        """Return what `_read` does, where somebody else wrote what is no number or no day."""
        rows = connection.execute(
            f"SELECT key, value FROM ({statement.sql})",  # noqa: S608 as above
            statement.values,
        )
        pairs = []
        for key, value in rows:
            text = str(value).translate(_SIGNS_OF_TIME) if self.is_time else str(value)
            with suppress(ValueError, OverflowError):
                pairs.append((key, self.kind(text)))
        keys = np.array([key for key, _ in pairs], np.int64)
        return keys, np.array([value for _, value in pairs], self.kind)


def _number(
    name: str,
    value: str,
    where: str,
    *,
    table: str = "papers",
    missing: float = MISSING,
    kind: type[np.generic] = np.int64,
    is_time: bool = False,
) -> Column:
    wanted = f"SELECT papers.key AS key, {value} AS value FROM"
    return Column(
        name,
        Condition(f"{wanted} {table} WHERE {where}"),
        Condition(f"{wanted} {_SOME} WHERE {where}"),
        missing,
        kind,
        is_time,
    )


NUMBERS = {
    column.name: column
    for column in (
        # A month or year alone comes before its days, as in their texts.
        _number(
            "day",
            "iif(length(day) = 10, day, substr(day || '-00-00', 1, 10))",
            "day IS NOT NULL",
            table=_BY_DAY,
            is_time=True,
        ),
        _number("votes", "votes", "votes IS NOT NULL", table=_BY_DAY),
        _number("comments", "comments", "comments IS NOT NULL", table=_BY_ADDED),
        _number("added", "added", "1", table=_BY_ADDED, is_time=True),
        _number(
            "trend",
            "trend",
            "trend IS NOT NULL",
            table=_BY_ADDED,
            missing=-np.inf,
            kind=np.float64,
        ),
        _number(
            "date",
            DATE,
            f"removed = 0 AND {DATE} IS NOT NULL",
            table="papers INDEXED BY papers_by_date",
            is_time=True,
        ),
        _number("import", "import", "removed = 0 AND import IS NOT NULL", table=_BY_IMPORT),
    )
}
"""Numbers of papers by name, days and times among them; those of removed ones may be missing."""
ALL_PRESENT = Column(
    PRESENT,
    Condition(f"SELECT key FROM {_BY_DAY} WHERE removed = 0"),  # noqa: S608 our own words
    Condition(f"SELECT papers.key AS key FROM {_SOME} WHERE removed = 0"),  # noqa: S608 as above
    missing=False,
    kind=np.bool_,
)
"""The papers that are there."""


def columns_of(node: q.Node) -> Iterator[Column]:
    """Yield what has to be known of papers to tell which of them `node`, without views, finds."""
    match node:
        case q.Not(child):
            yield from columns_of(child)
        case q.And(nodes) | q.Or(nodes):
            for child in nodes:
                yield from columns_of(child)
        case q.NumberIn(field) | q.DayIn("date" | "added" as field):
            yield NUMBERS[field]
        case q.LastImport():
            yield NUMBERS["import"]
        case q.InState() if node in DERIVED:
            yield from columns_of(DERIVED[node])
        case q.Like(text):
            yield _mask_of(q.IdIs(text))
        case _ if not isinstance(node, q.Everything) and not q.has_text(node):
            yield _mask_of(node)


def _mask_of(node: q.Node) -> Column:
    return Column(node, keys_of(node), keys_among(node), missing=False, kind=np.bool_)


def numbers(text: str | None, kind: type[np.generic] = np.int64) -> Array:
    """Return the numbers of a text that has commas between them; none for None."""
    return np.fromstring(text, kind, sep=",") if text else np.empty(0, kind)

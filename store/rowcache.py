"""Rows of papers, remembered as long as nothing changes: who types meets most of them again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store import reading

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from store.models import Row

KEPT = 2_000
"""Rows that are remembered; when there are more, all are forgotten."""


class _Known(NamedTuple):
    revision: int
    rows: dict[int, Row]


class RowCache:
    """What lists show of papers, for any number of threads; never older than the last commit."""

    def __init__(self) -> None:
        self._known = _Known(-1, {})

    def rows(self, connection: sqlite3.Connection, keys: Sequence[int]) -> list[Row]:
        """Return the rows as `store.reading.rows` does."""
        # What is not committed yet is no other thread's business.
        if connection.in_transaction or len(keys) > KEPT:
            return reading.rows(connection, keys)
        # Asked before the rows: those of a commit in between are newer than is said, never older.
        known = self._at(reading.revision(connection))
        missing = [key for key in keys if key not in known]
        new = {row.key: row for row in reading.rows(connection, missing)} if missing else {}
        known.update(new)
        found = (new.get(key) or known.get(key) for key in keys)
        return [row for row in found if row is not None]

    def _at(self, revision: int) -> dict[int, Row]:
        known = self._known
        if known.revision != revision or len(known.rows) > KEPT:
            known = self._known = _Known(revision, {})
        return known.rows

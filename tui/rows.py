"""The rows in sight, fetched from the library as they come into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.days import DayProgress
    from store.library import Library
    from store.models import Row

KEPT = 2_000
"""Rows that are remembered; when there are more, all are forgotten but those asked for."""


class Rows:
    """Rows by key and days by name, remembered until they change."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._rows: dict[int, Row] = {}
        self._days: dict[str, DayProgress] = {}

    def fetch(self, keys: Sequence[int]) -> None:
        """Make sure that these rows are at hand, with one look into the library."""
        missing = [key for key in keys if key not in self._rows]
        if not missing:
            return
        if len(self._rows) > KEPT:
            self._rows = {key: self._rows[key] for key in keys if key in self._rows}
        self._rows.update((row.key, row) for row in self._library.rows(missing))

    def get(self, key: int) -> Row | None:
        """Return a row, fetching it if need be; None for a paper that is no longer there."""
        row = self._rows.get(key)
        if row is None:
            self.fetch((key,))
            row = self._rows.get(key)
        return row

    def day(self, day: str) -> DayProgress:
        """Return how far the reader has come with the papers of a day."""
        if day not in self._days:
            self._days[day] = self._library.days.progress(day)
        return self._days[day]

    def renew(self, keys: Sequence[int]) -> tuple[int, ...]:
        """Fetch these rows anew, forget all others, and return the keys of those that differ."""
        before = self._rows
        self._rows = {row.key: row for row in self._library.rows(keys)}
        self._days = {}
        return tuple(key for key in keys if self._rows.get(key) != before.get(key))

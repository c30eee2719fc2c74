"""The days that lists are grouped by, with how far the reader has come in each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import compress, count, islice
from operator import ne
from typing import TYPE_CHECKING

from store import reading

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from store.record.database import Database
    from store.searching.masks import Masks

_NEAR = 2_000
"""Among so many papers another day is looked for first; most often it begins after a few."""
_WHOLE_PART = 6
"""From one paper in so many on, reading the days of all papers at once is the faster way."""
_INBOX = "paper_tags WHERE tag = (SELECT key FROM tags WHERE fold = 'inbox')"
_OLDER = f"SELECT day FROM {_INBOX} AND day < :day ORDER BY day DESC LIMIT 1"  # noqa: S608 our own words
_UNDATED = f"SELECT day FROM {_INBOX} AND day IS NULL LIMIT 1"  # noqa: S608 as above
_NEWER = f"SELECT day FROM {_INBOX} AND day > :day ORDER BY day LIMIT 1"  # noqa: S608 our own words


@dataclass(frozen=True, slots=True)
class DayProgress:
    """How far the reader has come with the papers of a day."""

    day: str | None
    """`2026-03-12`, or the month or year where no more is known; None for papers without a day."""
    left: int
    """How many papers of the day are in the inbox still."""
    total: int
    """How many papers are of the day."""


@dataclass(frozen=True, slots=True)
class DayCount:
    """A day that has papers."""

    day: str
    unread: int
    left: int
    """How many are in the inbox still."""


class Days:
    """The days of a library's papers: of each the listed, else the published one.

    A day is a text as the records give it, and papers of one day have the same text: `2026-03`
    is a day of its own, which lists put behind those of that month. None, the day of papers
    without one, comes last.
    """

    def __init__(self, database: Database, masks: Masks) -> None:
        self._database = database
        self._masks = masks

    def of(self, keys: Sequence[int]) -> Iterator[str | None]:
        """Yield the day of each of these papers, in their order."""
        with self._database.reading() as connection:
            yield from reading.days(connection, keys)

    def starts(self, keys: Sequence[int]) -> tuple[int, ...]:
        """Return the indices at which another day begins, 0 included; none for no papers."""
        if not keys:
            return ()
        if self._masks.is_loaded:
            return self._masks.day_starts(keys)
        with self._database.reading() as connection:
            if len(keys) * _WHOLE_PART < reading.count(connection):
                days = list(reading.days(connection, keys))
            else:
                days = list(map(_day_of_each(connection).get, keys))
        return (0, *compress(count(1), map(ne, days, islice(days, 1, None))))

    def other(self, keys: Sequence[int]) -> int | None:
        """Return the place of the first of these papers that is of another day than the first one.

        None where all are of one day.
        """
        days = self.of(keys[:_NEAR])
        first = next(days, None)
        near = next((place for place, day in enumerate(days, 1) if day != first), None)
        if near is not None or len(keys) <= _NEAR:
            return near
        return next(iter(self.starts(keys)[1:]), None)

    def progress(self, day: str | None) -> DayProgress:
        """Return how far the reader has come with a day; also with one that has no papers."""
        with self._database.reading() as connection:
            return _progress(connection, day)

    def recent(self, limit: int) -> tuple[DayCount, ...]:
        """Return the newest days that have papers, at most `limit`, the newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "WITH RECURSIVE newest (day) AS ("
                "SELECT max(day) FROM papers WHERE removed = 0 UNION ALL"
                " SELECT (SELECT max(day) FROM papers WHERE removed = 0 AND day < newest.day)"
                " FROM newest WHERE newest.day IS NOT NULL LIMIT ?)"
                " SELECT day, (SELECT count(*) FROM paper_tags AS one WHERE one.day = newest.day"
                " AND tag = (SELECT key FROM tags WHERE fold = 'unread')),"
                " (SELECT count(*) FROM paper_tags AS one WHERE one.day = newest.day"
                " AND tag = (SELECT key FROM tags WHERE fold = 'inbox'))"
                " FROM newest WHERE day IS NOT NULL",
                (max(limit, 0),),
            )
            return tuple(DayCount(*row) for row in rows)

    def next_waiting(self, day: str | None) -> DayProgress | None:
        """Return the day to go on with after `day`; None where no other has papers in the inbox.

        It is the nearest older one, papers without a day being the oldest, else the nearest newer
        one.
        """
        ways = (_NEWER,) if day is None else (_OLDER, _UNDATED, _NEWER)
        with self._database.reading() as connection:
            for way in ways:
                row = connection.execute(way, {"day": day or ""}).fetchone()
                if row is not None:
                    return _progress(connection, row[0])
        return None


def _progress(connection: sqlite3.Connection, day: str | None) -> DayProgress:
    (left,) = connection.execute(
        f"SELECT count(*) FROM {_INBOX} AND day IS ?",  # noqa: S608 our own words
        (day,),
    ).fetchone()
    (total,) = connection.execute(
        "SELECT count(*) FROM papers WHERE removed = 0 AND day IS ?", (day,)
    ).fetchone()
    return DayProgress(day, left, total)


def _day_of_each(connection: sqlite3.Connection) -> dict[int, str | None]:
    """Return the day of every paper that ever was, by its key."""
    # One text for each day: a row for each paper would take four times as long to fetch.
    rows = connection.execute("SELECT day, json_group_array(key) FROM papers GROUP BY removed, day")
    days: dict[int, str | None] = {}
    for day, keys in rows:
        days |= dict.fromkeys(json.loads(keys), day)
    return days

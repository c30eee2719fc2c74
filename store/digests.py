"""Digests: what is new for a query since the last one, or since a day, the best voted first.

When the last digest of a query was made is remembered in the library, as visits are: it belongs to
no history, and the library stays at its revision.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from store import reading
from store.errors import QuerySyntaxError, shown
from store.query.nodes import InState, Query, Sort
from store.query.spans import read_days
from store.reading import CHUNK

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from store.models import Paper
    from store.record.database import Database

INBOX = Query(InState("inbox"))
RISING = Query(InState("rising"))
FIRST_SPAN = "7d"
"""So far back goes the first digest of a query."""
_STAMP = "%Y-%m-%dT%H:%M:%SZ"
# What a paper's votes were at a moment: those of the latest list that had been seen by then. A list
# that nobody dated is as old as its day.
_VOTES_THEN = """
    SELECT votes FROM sightings WHERE paper = papers.key AND votes IS NOT NULL
    AND CASE seen WHEN '' THEN day ELSE seen END < ? ORDER BY day DESC, seen DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Since:
    """From where on papers are new."""

    moment: datetime
    """In the reader's zone."""
    newest: int | None = None
    """The newest paper of the last digest; without one the moment counts at which papers came."""
    is_day: bool = False
    """Whether a day is meant, as a whole."""

    def __str__(self) -> str:
        return f"{self.moment:%Y-%m-%d}" if self.is_day else f"{self.moment:%Y-%m-%d %H:%M}"


@dataclass(frozen=True, slots=True)
class Rise:
    """How the votes of a paper have grown since the reader decided on it."""

    then: int
    now: int


@dataclass(frozen=True, slots=True)
class Digested:
    """A paper in a digest, with why it is there."""

    paper: Paper
    rise: Rise | None = None
    """None for a paper that is there because it is new."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What there is to tell of a query."""

    query: str
    """As the reader gave it; empty for the inbox."""
    since: Since
    made_at: datetime
    """In the reader's zone."""
    papers: tuple[Digested, ...]
    """New ones by votes, then those that have risen."""
    all_new: int
    all_risen: int
    """How many there were of each, those that are not told of among them."""
    newest: int
    """The newest paper of the library when its papers were searched for."""

    @property
    def beyond(self) -> int:
        """How many papers are not told of."""
        return self.all_new + self.all_risen - len(self.papers)

    @property
    def new(self) -> tuple[Digested, ...]:
        """The papers that came in."""
        return tuple(one for one in self.papers if one.rise is None)

    @property
    def risen(self) -> tuple[Digested, ...]:
        """The papers whose votes have doubled."""
        return tuple(one for one in self.papers if one.rise is not None)


class Digests:
    """The digests of a library, each known by the text of its query; `clock` gives the time."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def last(self, query: str) -> Since | None:
        """Return where the last digest of a query ended; None before the first."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT newest, made_at FROM digests WHERE query = ?", (query,)
            ).fetchone()
        if row is None:
            return None
        try:
            moment = datetime.strptime(row[1], _STAMP).replace(tzinfo=UTC)
        except ValueError:
            return None  # somebody else wrote it
        return Since(moment.astimezone(self._clock().tzinfo), row[0])

    def since(self, span: str = FIRST_SPAN) -> Since:
        """Return where a digest begins that goes back to the first day of a span, such as `7d`.

        Raises `QuerySyntaxError` for what is no span, or one without a first day.
        """
        now = self._clock()
        first, _ = read_days(span.strip(), today=now.date())
        if first is None:
            raise QuerySyntaxError(f"'{shown(span)}' has no first day: write '7d' or a day", 1)
        return Since(datetime.combine(first, time(), now.tzinfo), is_day=True)

    def make(
        self,
        find: Callable[[Query], Sequence[int]],
        text: str = "",
        query: Query = INBOX,
        *,
        since: Since | None = None,
        limit: int | None = None,
    ) -> Digest:
        """Return the digest of a query, written as `text` by the reader; of the inbox without one.

        `find` answers it. Of what comes in meanwhile nothing is told, which is left to the next
        digest. `since` is where it begins, without it where the last one ended. The best voted
        come first, where the query names no order of its own, and behind them those whose votes
        have doubled since the reader decided on them, and had not before: for the inbox they are
        looked for among all papers. At most `limit` papers are told of.
        """
        since = since or self.last(text) or self.since()
        with self._database.reading() as connection:
            newest, moment = reading.newest(connection), self._clock()
        found = find(replace(query, sort=query.sort or Sort.VOTES))
        # Whoever asks for the inbox wants to hear, too, of what they let go and others did not.
        candidates = found if text else find(RISING)
        with self._database.reading() as connection:
            known = [key for key in found if key <= newest]
            new = dict.fromkeys(_new(connection, known, since))
            rises = {
                key: rise for key, rise in _rises(connection, candidates, since) if key not in new
            }
            told = [*new, *rises][:limit]
            papers = tuple(
                Digested(paper, rises.get(paper.key)) for paper in reading.papers(connection, told)
            )
        return Digest(text, since, moment, papers, len(new), len(rises), newest)

    def note(self, digest: Digest) -> None:
        """Note that the reader has a digest. One that is older than another takes nothing back."""
        made_at = digest.made_at.astimezone(UTC).strftime(_STAMP)
        with self._database.atomic() as connection:
            connection.execute(
                "INSERT INTO digests VALUES (?, ?, ?) ON CONFLICT (query) DO UPDATE SET"
                " newest = max(newest, excluded.newest), made_at = max(made_at, excluded.made_at)",
                (digest.query, digest.newest, made_at),
            )


def _new(connection: sqlite3.Connection, keys: Sequence[int], since: Since) -> Iterable[int]:
    stamp = _stamp(since)
    came = _brought_back(connection, stamp)
    if since.newest is not None:
        newest = since.newest
        return (key for key in keys if key > newest or key in came)
    came |= {
        key for (key,) in connection.execute("SELECT key FROM papers WHERE added >= ?", (stamp,))
    }
    return (key for key in keys if key in came)


def _brought_back(connection: sqlite3.Connection, stamp: str) -> set[int]:
    """Return the papers that were gone until an import since `stamp`; their keys are old ones."""
    return {
        key
        for (key,) in connection.execute(
            "SELECT papers.key FROM journal JOIN papers ON papers.import = journal.key"
            " WHERE journal.made_at >= ? AND papers.removed = 0 AND papers.added < journal.made_at",
            (stamp,),
        )
    }


def _rises(
    connection: sqlite3.Connection, keys: Sequence[int], since: Since
) -> Iterator[tuple[int, Rise]]:
    """Yield those of these papers that rise and did not at that moment, by votes."""
    rises = {}
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        marks = ", ".join("?" * len(chunk))
        for key, now, decided, then in connection.execute(
            f"SELECT key, votes, decided_votes, ({_VOTES_THEN}) FROM papers"  # noqa: S608 marks are '?'
            f" WHERE removed = 0 AND votes >= 2 * max(decided_votes, 1) AND key IN ({marks})",
            (_stamp(since), *chunk),
        ):
            if then is None or then < 2 * max(decided, 1):
                rises[key] = Rise(decided, now)
    yield from sorted(rises.items(), key=lambda pair: (-pair[1].now, pair[0]))


def _stamp(since: Since) -> str:
    return since.moment.astimezone(UTC).strftime(_STAMP)

"""Bringing records into a library: short transactions under one entry of the journal."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING

from store.changes import journal
from store.errors import RecordError, SourceError
from store.imports.arrivals import Arrivals, Outcome
from store.imports.keyset import KeySet
from store.imports.report import Conflict, ImportProgress, ImportReport, Refusal
from store.record.locks import at_work

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from store.identity.matching import Clash
    from store.importers import ReadingContext, Source
    from store.imports.trials import Trials
    from store.models import Record
    from store.record.database import Database

LOCK_SECONDS = 0.02
"""A transaction ends after the record that passes this: the write lock is held 50 ms at most."""
BATCH_RECORDS = 256
"""Records that are parsed before the lock is taken for them."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the reader wants of an import."""

    tags: tuple[str, ...] = ()
    """Set on every paper that the import speaks of."""
    into_inbox: bool = True
    """Whether added papers wait in the inbox, unread."""


@dataclass(slots=True)
class ImportRun:
    """One import under way: writes records in batches, then closes its entry of the journal.

    Where the reader undoes the entry before the import ends, what follows is an entry of its own,
    so that all of it can be undone and redone.

    `now` is the UTC time to note, `program` who imports, `label` what the entry is called while
    it goes on.
    """

    database: Database
    options: ImportOptions
    program: str
    label: str
    now: str
    trials: Trials | None = None
    """What tells what becomes of each record, where the import is only tried."""
    _entry: int | None = None
    _counts: Counter[Outcome] = field(default_factory=Counter)
    _told: Counter[Outcome] = field(default_factory=Counter)
    """What the labels of earlier entries tell of already."""
    _touched: KeySet = field(default_factory=KeySet)
    """Papers that the open entry concerns."""
    _conflicts: list[Conflict] = field(default_factory=list)

    def write(self, records: Sequence[Record], sources: Sequence[str] = ()) -> None:
        """Write records, in as many short transactions as it takes.

        `sources` names where each of them was read, for messages.
        """
        left = deque(zip(records, sources or repeat(""), strict=False))
        while left:
            counts: Counter[Outcome] = Counter()
            conflicts: list[Conflict] = []
            with self.database.atomic() as connection:
                deadline = time.monotonic() + LOCK_SECONDS
                arrivals = self._arrivals(connection)
                while left and time.monotonic() < deadline:
                    record, source = left.popleft()
                    arrival = arrivals.write(record)
                    counts[arrival.outcome] += 1
                    conflicts += (
                        _conflict(connection, one, record, source) for one in arrival.clashes
                    )
                    if self.trials:
                        self.trials.note(connection, record, source, arrival)
                if arrivals.changes and arrivals.entry is not None:
                    for change in arrivals.changes:
                        self._touched.add(change.paper)
                    papers = len(self._touched)
                    journal.note_changes(connection, arrivals.entry, arrivals.changes, papers)
            self._counts += counts
            self._conflicts += conflicts

    def finish(self, refused: Iterable[Refusal], seconds: float) -> ImportReport:
        """Close the entry and tell what the import came to."""
        counts = self._counts
        if self._entry is not None:
            with self.database.atomic() as connection:
                self._close(connection, self._entry)
        return ImportReport(
            added=counts[Outcome.ADDED],
            updated=counts[Outcome.UPDATED],
            unchanged=counts[Outcome.UNCHANGED],
            refused=tuple(refused),
            seconds=seconds,
            conflicts=tuple(self._conflicts),
            entry=self._entry,
        )

    def _arrivals(self, connection: sqlite3.Connection) -> Arrivals:
        return Arrivals(
            connection,
            self.now,
            self.options.tags,
            into_inbox=self.options.into_inbox,
            open_entry=partial(self._opened, connection),
            tells_why=self.trials is not None,
        )

    def _opened(self, connection: sqlite3.Connection) -> int:
        # Opened by the first change, so that an import that changes nothing leaves no entry.
        before = self._entry
        if before is not None and not journal.is_standing(connection, before):
            self._close(connection, before)
            self._told = self._counts.copy()
            self._touched = KeySet()
            self._entry = None
        if self._entry is None:
            self._entry = journal.open_entry(
                connection,
                label=self.label,
                kind=journal.EntryKind.IMPORT,
                program=self.program,
                made_at=self.now,
                is_finished=False,
                continues=before is not None,
            )
        return self._entry

    def _close(self, connection: sqlite3.Connection, entry: int) -> None:
        counts = self._counts - self._told
        done = f"{counts[Outcome.ADDED]:,} added, {counts[Outcome.UPDATED]:,} updated"
        journal.finish_entry(connection, entry, f"{self.label}: {done}")


def run_import(
    run: ImportRun,
    sources: Iterable[Source | SourceError],
    context: ReadingContext,
    *,
    format_name: str | None,
    progress: Callable[[ImportProgress], None] | None,
) -> ImportReport:
    """Read every source and write its records; refuse what can't be read, and go on."""
    started = time.monotonic()
    refused: list[Refusal] = []
    batch: list[Record] = []
    names: list[str] = []
    count = taken = 0
    latest: Source | None = None
    with at_work(run.database.folder), run.database.writing_much():
        for one in _each_record(sources, context, format_name):
            if isinstance(one, SourceError):
                refused.append(Refusal(one.source, "", one.reason))
                continue
            source, record = one
            count += 1
            if isinstance(record, RecordError):
                refused.append(Refusal(source.name, record.position, record.reason))
            else:
                batch.append(record)
                names.append(source.name)
            if len(batch) >= BATCH_RECORDS:
                run.write(batch, names)
                batch.clear()
                names.clear()
            if progress:
                if source is not latest:
                    taken, latest = taken + (latest.tally.taken if latest else 0), source
                progress(ImportProgress(source.name, count, taken + source.tally.taken))
        run.write(batch, names)
        return run.finish(refused, time.monotonic() - started)


def _each_record(
    sources: Iterable[Source | SourceError], context: ReadingContext, format_name: str | None
) -> Iterator[tuple[Source, Record | RecordError] | SourceError]:
    """Yield every record with its source, and why a source, or its rest, has none."""
    # Imported here, as in the library: whoever only reads one needs no importers.
    from store.importers import read_records

    for source in sources:
        if isinstance(source, SourceError):
            yield source
            continue
        try:
            for record in read_records(source, context, format_name=format_name):
                yield source, record
        except SourceError as error:
            yield error


def _conflict(
    connection: sqlite3.Connection, clash: Clash, record: Record, source: str
) -> Conflict:
    title, is_removed = connection.execute(
        "SELECT title, removed FROM papers WHERE key = ?", (clash.paper,)
    ).fetchone()
    return Conflict(
        source, record.position, clash.identifier, record.title, title, bool(is_removed)
    )

"""Bringing records into a library: short transactions under one entry of the journal."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from store import journal, merging
from store.changes import Change, apply, note_new_paper, settle_sightings
from store.database import grow_revision, note_text_commit
from store.errors import RecordError, SourceError
from store.identity import find_paper
from store.models import NEW_PAPER_TAGS
from store.text import fold_case, fold_title

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence

    from store.database import Database
    from store.importers import ReadingContext, Source
    from store.models import Record

LOCK_SECONDS = 0.03
"""A transaction ends after the record that passes this: the write lock is held 50 ms at most."""
BATCH_RECORDS = 256
"""Records that are parsed before the lock is taken for them."""


class Outcome(Enum):
    """What a record came to."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record or a file that did not go in."""

    source: str
    position: str
    """Empty where the whole source was refused."""
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import came to, in records."""

    added: int
    updated: int
    unchanged: int
    refused: tuple[Refusal, ...]
    papers: tuple[int, ...]
    """Keys of the added papers, in order."""
    seconds: float

    @property
    def total(self) -> int:
        """All records that were met, the refused ones included."""
        return self.added + self.updated + self.unchanged + len(self.refused)


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
    _entry: int | None = None
    _counts: Counter[Outcome] = field(default_factory=Counter)
    _told: Counter[Outcome] = field(default_factory=Counter)
    """What the labels of earlier entries tell of already."""
    _added: list[int] = field(default_factory=list)

    def write(self, records: Sequence[Record]) -> None:
        """Write records, in as many short transactions as it takes."""
        position = 0
        while position < len(records):
            with self.database.atomic() as connection:
                deadline = time.monotonic() + LOCK_SECONDS
                batch = _Batch(connection, self.options, self.now)
                while position < len(records) and time.monotonic() < deadline:
                    batch.write(records[position])
                    position += 1
                batch.settle()
                if batch.changes:
                    journal.note_changes(connection, self._opened(connection), batch.changes)
            self._added.extend(batch.added)
            self._counts += batch.counts

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
            papers=tuple(self._added),
            seconds=seconds,
        )

    def _opened(self, connection: sqlite3.Connection) -> int:
        # Opened by the first change, so that an import that changes nothing leaves no entry.
        before = self._entry
        if before is not None and not journal.is_standing(connection, before):
            self._close(connection, before)
            self._told = self._counts.copy()
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
        done = f"{counts[Outcome.ADDED]} added, {counts[Outcome.UPDATED]} updated"
        journal.finish_entry(connection, entry, f"{self.label}: {done}")


class _Batch:
    """The records of one transaction."""

    def __init__(self, connection: sqlite3.Connection, options: ImportOptions, now: str) -> None:
        self.connection = connection
        self.options = options
        self.now = now
        self.changes: list[Change] = []
        self.added: list[int] = []
        self.counts: Counter[Outcome] = Counter()

    def write(self, record: Record) -> None:
        self.counts[self._write(record)] += 1

    def _write(self, record: Record) -> Outcome:
        key = find_paper(self.connection, record)
        if key is None:
            self._create(record)
            return Outcome.ADDED
        changes = merging.changes_for(self.connection, key, record)
        (is_removed,) = self.connection.execute(
            "SELECT removed FROM papers WHERE key = ?", (key,)
        ).fetchone()
        if is_removed:
            names = merging.to_json(sorted(self._first_tags(record)))
            changes.insert(0, Change(key, "paper", None, names))
            self.added.append(key)
        changes += [Change(key, "tag", None, name) for name in self.options.tags]
        made = apply(self.connection, changes)
        self.changes += made
        if is_removed:
            return Outcome.ADDED
        return Outcome.UPDATED if made else Outcome.UNCHANGED

    def settle(self) -> None:
        """Give the papers that were created their revision."""
        if not self.added:
            return
        revision = grow_revision(self.connection)
        self.connection.executemany(
            "UPDATE papers SET revision = ? WHERE key = ?", [(revision, key) for key in self.added]
        )
        note_text_commit(self.connection, revision)

    def _create(self, record: Record) -> None:
        facts = merging.columns_of(record)
        columns = {
            **facts,
            "title_fold": fold_title(record.title),
            "provenance": merging.to_json(merging.provenance_of(record)),
            "added": self.now,
            "revision": 0,
        }
        cursor = self.connection.execute(
            # The columns' names are ours, never a reader's text.
            f"INSERT INTO papers ({', '.join(columns)})"  # noqa: S608
            f" VALUES ({', '.join('?' * len(columns))})",
            tuple(columns.values()),
        )
        key = int(cursor.lastrowid or 0)
        self.connection.executemany(
            "INSERT OR IGNORE INTO identifiers VALUES (?, ?, ?)",
            [(identifier.scheme, identifier.value, key) for identifier in record.identifiers],
        )
        self.connection.executemany(
            "INSERT OR IGNORE INTO sightings VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (key, s.source, s.day, s.rank, s.votes, s.comments, s.day_is_guess)
                for s in merging.sightings_of(record)
            ],
        )
        settle_sightings(self.connection, key)
        self.changes.append(note_new_paper(self.connection, key, self._first_tags(record)))
        self.added.append(key)

    def _first_tags(self, record: Record) -> list[str]:
        own = record.tags
        if own is None:
            own = tuple(sorted(NEW_PAPER_TAGS))
        if not self.options.into_inbox:
            own = tuple(name for name in own if fold_case(name) not in NEW_PAPER_TAGS)
        return list({fold_case(name): name for name in (*own, *self.options.tags)}.values())


def run_import(
    run: ImportRun,
    sources: Iterable[Source | SourceError],
    context: ReadingContext,
    *,
    format_name: str | None,
    progress: Callable[[str, int], None] | None,
) -> ImportReport:
    """Read every source and write its records; refuse what can't be read, and go on."""
    # Imported here, as in the library: whoever only reads one needs no importers.
    from store.importers import read_records

    started = time.monotonic()
    refused: list[Refusal] = []
    batch: list[Record] = []
    count = 0
    for source in sources:
        try:
            if isinstance(source, SourceError):
                raise source
            for record in read_records(source, context, format_name=format_name):
                count += 1
                if isinstance(record, RecordError):
                    refused.append(Refusal(source.name, record.position, record.reason))
                else:
                    batch.append(record)
                if len(batch) >= BATCH_RECORDS:
                    run.write(batch)
                    batch.clear()
                if progress:
                    progress(source.name, count)
        except SourceError as error:
            refused.append(Refusal(error.source, "", error.reason))
    run.write(batch)
    return run.finish(refused, time.monotonic() - started)

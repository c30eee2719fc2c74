"""Writing the index: one process at a time follows the record, commit by commit.

A commit is the replacement of the state file. Before it, the files of the new segment and
Whoosh's table of contents are on the disk; after it, those of the old ones go. Whenever the
process ends, the index is the one that the state describes, and the next writer goes on there.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from store.index.analysis import COLUMNS, occurrences_of
from store.index.engine import (
    TOC,
    VERSION,
    FileIndex,
    FileStorage,
    SegmentReader,
    SegmentWriter,
    TermNotFound,
    clean_files,
)
from store.index.postings import (
    INDEX_NAME,
    KEY,
    SCHEMA,
    Postings,
    PostingsCodec,
    PostingsPool,
)
from store.index.state import (
    FINGERPRINT,
    LOCK_NAME,
    STATE_NAME,
    State,
    library_id,
    newest_revision,
    prepare_folder,
    read_state,
    summed,
    sync_folder,
    token_at,
    write_state,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from store.database import Database

FIRST_BATCH = 500
LARGEST_BATCH = 4_000
"""Papers per commit: few at first, so that searching can begin; later more, for speed."""
SMALL_SEGMENT = 250
"""A segment of so few papers is written again with the next commit."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The next papers to bring in, as rows of the record."""

    rows: tuple[sqlite3.Row, ...]
    revision: int
    """The index is complete up to this revision once they are in."""
    token: str


def catch_up(database: Database, folder: Path, *, rebuild: bool = False) -> None:
    """Bring the index in `folder` up to date with the library, from the start if need be.

    Returns at once where another writer is at work: that one looks once more after letting go of
    the lock, and so sees what made us come. Only to `rebuild`, it is waited for.
    """
    prepare_folder(folder)
    storage = FileStorage(str(folder))
    while True:
        with _lock(storage, wait=rebuild) as is_ours:
            if not is_ours:
                return
            if rebuild:
                _clear(folder)
                rebuild = False
            _follow(database.connection, storage, folder)
        state = read_state(folder)
        reached = state.revision if state else 0
        if newest_revision(database.connection) <= reached:
            return


def _follow(connection: sqlite3.Connection, storage: Any, folder: Path) -> None:
    """Write batches until there is nothing newer; with the lock held."""
    state = _sound_state(connection, folder)
    if state is None:
        _clear(folder)
        index = FileIndex.create(storage, SCHEMA, INDEX_NAME)
    else:
        _keep_only(folder, {file.name for file in state.files})
        index = FileIndex(storage, schema=SCHEMA, indexname=INDEX_NAME)
    limit = FIRST_BATCH
    while True:
        batch = _next_batch(connection, state.revision if state else 0, limit)
        if batch is None:
            return
        if batch.rows or state is None:
            state = _write(index, folder, batch, state or _no_state(connection))
        else:
            state = replace(state, revision=batch.revision, token=batch.token)
            write_state(folder, state)
        limit = min(2 * limit, LARGEST_BATCH)


def _sound_state(connection: sqlite3.Connection, folder: Path) -> State | None:
    """Return the state of the index if all of it can be gone on with."""
    state = read_state(folder)
    if state is None or state.engine != VERSION or not state.is_of(connection):
        return None
    try:
        is_sound = all(file.fits(folder) for file in state.files)
    except OSError:
        return None
    return state if is_sound else None


def _no_state(connection: sqlite3.Connection) -> State:
    return State(FINGERPRINT, VERSION, library_id(connection), 0, "", 0, ())


def _next_batch(connection: sqlite3.Connection, reached: int, limit: int) -> Batch | None:
    """Return about `limit` papers that changed since a revision; None if nothing did.

    A revision is never split: an index has all of it or nothing.
    """
    columns = f"key, removed, revision, {', '.join(COLUMNS.values())}"
    connection.execute("BEGIN")
    try:
        newest = newest_revision(connection)
        if newest <= reached:
            return None
        cursor = connection.cursor()
        cursor.row_factory = sqlite3.Row
        # The columns' names are ours, never a reader's text.
        select = f"SELECT {columns} FROM papers WHERE revision"  # noqa: S608
        rows = cursor.execute(
            f"{select} > ? ORDER BY revision, key LIMIT ?", (reached, limit)
        ).fetchall()
        if len(rows) == limit:
            newest = rows[-1]["revision"]
            rows += cursor.execute(
                f"{select} = ? AND key > ? ORDER BY key", (newest, rows[-1]["key"])
            ).fetchall()
        return Batch(tuple(rows), newest, token_at(connection, newest))
    finally:
        connection.execute("COMMIT")


def _write(index: Any, folder: Path, batch: Batch, state: State) -> State:
    """Write one batch as one commit and return the new state."""

    def commit(segments: list[Any], generation: int) -> None:
        nonlocal state
        names = [name for segment in segments for name in segment.list_files(index.storage)]
        # The table of contents has one name per generation, and is read anew.
        contents = f"_{INDEX_NAME}_{generation}.toc"
        files = summed(folder, [*names, contents], state.files)
        sync_folder(folder)
        state = replace(
            state, revision=batch.revision, token=batch.token, generation=generation, files=files
        )
        write_state(folder, state)

    writer = _Writer(index, commit)
    if state.files:
        with closing(writer.reader()) as reader:
            for row in batch.rows:
                with suppress(TermNotFound):
                    writer.delete_document(reader.first_id(KEY, row["key"]))
    for row in batch.rows:
        if not row["removed"]:
            writer.add_document(**{KEY: row["key"]}, **occurrences_of(row))
    writer.commit(mergetype=_merge_similar)
    return state


class _Writer(SegmentWriter):  # type: ignore[misc] # Whoosh has no type information
    """Whoosh's writer, with posting lists as arrays and a durable commit."""

    def __init__(self, index: Any, commit: Callable[[list[Any], int], None]) -> None:
        # The process holds the lock for as long as it works.
        super().__init__(index, codec=PostingsCodec(), compound=False, _lk=False)
        self.pool = PostingsPool()
        self._durable_commit = commit

    def add_postings_to_pool(
        self, reader: Any, startdoc: int, docmap: dict[int, int] | None
    ) -> None:
        """Take over the postings of a segment that is merged, with the papers' new numbers.

        `docmap` has those of the papers that are left, or is None where all are.
        """
        with closing(self.codec.terms_reader(self.storage, reader.segment())) as terms:
            for field, term, postings in terms.all_postings():
                kept = _renumbered(postings, startdoc, docmap)
                if kept.numbers:
                    self.pool.add_list(field, term, kept)

    def _commit_toc(self, segments: list[Any]) -> None:
        TOC(self.schema, segments, self.generation).write(self.storage, self.indexname)
        self._durable_commit(segments, self.generation)
        clean_files(self.storage, self.indexname, self.generation, segments)


def _renumbered(postings: Postings, start: int, numbers: dict[int, int] | None) -> Postings:
    own = type(postings.numbers)
    if numbers is None:
        shifted = own("I", (start + number for number in postings.numbers))
        return replace(postings, numbers=shifted)
    kept = [number for number in postings.numbers if number in numbers]
    counts = dict(zip(postings.numbers, postings.counts, strict=True))
    positions = own("I")
    for _, places in postings.positions_in(numbers):
        positions.extend(own("I", places))
    return Postings(
        own("I", (numbers[number] for number in kept)),
        own("I", (counts[number] for number in kept)),
        positions,
    )


def _merge_similar(writer: _Writer, segments: list[Any]) -> list[Any]:
    """Merge into the new segment those that are no greater, and return the others.

    So a segment is at least twice as great as the next one, and there are few. Those without a
    paper left are dropped.
    """
    kept = sorted((s for s in segments if s.doc_count()), key=lambda segment: -segment.doc_count())
    while kept and kept[-1].doc_count() <= max(writer.doc_count(), SMALL_SEGMENT):
        segment = kept.pop()
        with closing(SegmentReader(writer.storage, writer.schema, segment)) as reader:
            writer.add_reader(reader)
    return kept


@contextmanager
def _lock(storage: Any, *, wait: bool) -> Iterator[bool]:
    """Hold Whoosh's lock for writers and tell whether we have it; it dies with the process."""
    lock = storage.lock(LOCK_NAME)
    is_ours = lock.acquire(blocking=wait)
    try:
        yield is_ours
    finally:
        if is_ours:
            lock.release()


def _clear(folder: Path) -> None:
    """Remove all of the index, the state first: from then on there is none."""
    _remove(folder / STATE_NAME)
    sync_folder(folder)
    _keep_only(folder, set())


def _keep_only(folder: Path, names: set[str]) -> None:
    """Remove what a writer that was cut off has left, the lock excepted, which we hold."""
    for path in folder.iterdir():
        if path.name in names or path.name in {LOCK_NAME, STATE_NAME}:
            continue
        _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

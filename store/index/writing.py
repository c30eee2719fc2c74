"""Writing the index: one process at a time follows the record, commit by commit.

A commit is the replacement of the state file. Before it, the files of the new segment and
Whoosh's table of contents are on the disk; after it, those of the old ones go. Whenever the
process ends, the index is the one that the state describes, and the next writer goes on there:
each document tells which revision of its paper it has, so what is left to do is known.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from store.engine.arrayfile import ArrayFileError
from store.engine.snapshot import Snapshot
from store.engine.whoosh import TOC, VERSION, FileIndex, FileStorage
from store.engine.writing import MANY, ArrayWriter, is_worth_merging
from store.index.analysis import Analyser
from store.index.fields import COLUMNS, KEY, REVISION
from store.index.schema import INDEX_NAME, SCHEMA
from store.index.state import (
    LOCK_NAME,
    STATE_NAME,
    State,
    fingerprint,
    library_id,
    newest_revision,
    prepare_folder,
    read_state,
    signature_of,
    summed,
    sync_folder,
    token_at,
    write_state,
)
from store.record.database import one_commit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from store.index.state import Signature
    from store.record.database import Database

FIRST_BATCH = 500
LARGEST_BATCH = 8_000
"""Papers per commit: few at first, so that searching can begin; later more, for speed."""
_FEW_SEGMENTS = 3
"""With so many of less than half the greatest size, they are made one when all else is done."""


def catch_up(
    database: Database,
    folder: Path,
    *,
    rebuild: bool = False,
    condemned: Signature | None = None,
) -> None:
    """Bring the index in `folder` up to date with the library, from the start if need be.

    That is to `rebuild` it, or where its state is still the one that is `condemned`: a reader could
    not read it. Returns at once where another writer is at work: that one looks once more after
    letting go of the lock, and so sees what made us come. Only to `rebuild`, it is waited for.
    """
    prepare_folder(folder)
    storage = FileStorage(str(folder))
    while True:
        with _lock(storage, wait=rebuild) as is_ours:
            if not is_ours:
                return
            if rebuild or (condemned is not None and condemned == signature_of(folder)):
                _clear(folder)
                rebuild = False
            try:
                _follow(database.connection, storage, folder)
            except ArrayFileError:
                # It has its sum, and can't be read all the same: as after a fault of our own.
                _clear(folder)
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
        FileIndex.create(storage, SCHEMA, INDEX_NAME)
        state = State(fingerprint(), VERSION, library_id(connection), 0, 0, "", 0, 0, ())
    else:
        _keep_only(folder, {file.name for file in state.files})
    writer = _IndexWriter(connection, storage, folder, state)
    limit = FIRST_BATCH
    while writer.look():
        writer.write(limit)
        limit = min(2 * limit, LARGEST_BATCH)
        writer.tidy(MANY)
    writer.tidy(_FEW_SEGMENTS)


@dataclass(frozen=True, slots=True)
class _Todo:
    """Papers that are not in the index as they are, the newest last."""

    keys: tuple[int, ...] = ()
    removed: frozenset[int] = frozenset()
    """Papers that are gone, and still in the index."""
    stale: frozenset[int] = frozenset()
    """Of `keys`, those that the index has as they were before."""


class _IndexWriter:
    """The index on its way to the state of the record."""

    def __init__(
        self, connection: sqlite3.Connection, storage: Any, folder: Path, state: State
    ) -> None:
        self._connection = connection
        self._storage = storage
        self._folder = folder
        self._state = state
        self._index = FileIndex(storage, schema=SCHEMA, indexname=INDEX_NAME)
        self._analyser = Analyser()
        self._todo = _Todo()
        # What is pending is found anew.
        self._reached = state.revision
        self._token = state.token

    def look(self) -> bool:
        """Look what has changed in the record, and tell whether there is anything to do."""
        with one_commit(self._connection) as connection:
            newest = newest_revision(connection)
            if newest > self._reached:
                self._todo = self._with_changes(connection)
                self._reached, self._token = newest, token_at(connection, newest)
        return newest > self._state.revision

    def write(self, limit: int) -> None:
        """Write the newest of what is to be done as one commit."""
        todo = self._todo
        keys = todo.keys[-limit:][::-1]
        self._todo = _Todo(todo.keys[:-limit], stale=todo.stale.difference(keys))
        rows = _rows(self._connection, keys)
        outdated = todo.removed | todo.stale.intersection(keys)
        if rows or outdated:
            writer = self._writer()
            for number in self._documents_of(outdated):
                writer.delete_document(int(number))
            if rows:
                writer.add_batch(self._analyser.batch(rows))
            writer.commit(mergetype=lambda writer, segments: writer.merge_small(segments))
        else:
            self._settle(self._state.generation, self._state.files)

    def tidy(self, many: int) -> None:
        """Merge segments where there are many."""
        segments = self._segments()
        while is_worth_merging(segments, many):
            self._writer().commit(mergetype=lambda writer, segments: writer.merge_most(segments))
            segments, before = self._segments(), segments
            if len(segments) >= len(before):
                return

    def _with_changes(self, connection: sqlite3.Connection) -> _Todo:
        """Return what is to be done, with what has changed since it was looked at last."""
        changed = connection.execute(
            "SELECT key, revision, removed FROM papers WHERE revision > ?"
            " ORDER BY day, votes, key DESC",
            (self._reached,),
        ).fetchall()
        held = self._held() if self._state.files else {}
        anew = {key for key, revision, removed in changed if held.get(key) != revision}
        gone = {key for key, _, removed in changed if removed}
        keys = [key for key, _, _ in changed if key in anew and key not in gone]
        former = [key for key in self._todo.keys if key not in anew and key not in gone]
        whole = (*former, *keys)
        return _Todo(
            whole,
            frozenset(self._todo.removed | (gone & held.keys())),
            frozenset(held.keys() & set(whole)),
        )

    def _held(self) -> dict[int, int]:
        """Return the papers in the index, with their revisions."""
        snapshot = Snapshot(self._storage, self._segments())
        keys, revisions = snapshot.column(KEY), snapshot.column(REVISION)
        if snapshot.live is not None:
            keys, revisions = keys[snapshot.live], revisions[snapshot.live]
        return dict(zip(keys.tolist(), revisions.tolist(), strict=True))

    def _documents_of(self, keys: frozenset[int]) -> Sequence[int]:
        if not keys:
            return ()
        snapshot = Snapshot(self._storage, self._segments())
        is_wanted = np.isin(snapshot.column(KEY), np.fromiter(keys, np.int64, len(keys)))
        if snapshot.live is not None:
            is_wanted &= snapshot.live
        found: Sequence[int] = np.flatnonzero(is_wanted).tolist()
        return found

    def _segments(self) -> list[Any]:
        if not self._state.files:
            return []
        contents = TOC.read(self._storage, INDEX_NAME, gen=self._state.generation, schema=SCHEMA)
        return list(contents.segments)

    def _writer(self) -> ArrayWriter:
        def settle(segments: Sequence[Any], generation: int) -> None:
            names = [name for one in segments for name in one.list_files(self._storage)]
            # The table of contents has one name per generation, and is read anew.
            contents = f"_{INDEX_NAME}_{generation}.toc"
            files = summed(self._folder, [*names, contents], self._state.files)
            sync_folder(self._folder)
            self._settle(generation, files)

        return ArrayWriter(self._index, settle)

    def _settle(self, generation: int, files: Any) -> None:
        """Make what was written the index."""
        left = len(self._todo.keys)
        self._state = replace(
            self._state,
            revision=self._state.revision if left else self._reached,
            reached=self._reached,
            token=self._token,
            pending=left,
            generation=generation,
            files=files,
        )
        write_state(self._folder, self._state)


def _rows(connection: sqlite3.Connection, keys: Sequence[int]) -> list[sqlite3.Row]:
    """Return what is searched of these papers, as they are now; removed ones are left out."""
    cursor = connection.cursor()
    cursor.row_factory = sqlite3.Row
    return cursor.execute(
        f"SELECT key, revision, {', '.join(COLUMNS.values())} FROM papers"  # noqa: S608 our own words
        " WHERE key IN (SELECT value FROM json_each(?)) AND removed = 0",
        (json.dumps(keys),),
    ).fetchall()


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

"""The text index as the library sees it: searching, progress, and starting the writer."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.errors import IndexUnavailableError
from store.index.state import (
    STATE_NAME,
    FileSum,
    State,
    check_folder,
    newest_revision,
    prepare_folder,
    read_state,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from store.database import Database
    from store.index.searching import Snapshot
    from store.query import Node

_BETWEEN_LOOKS = 0.05
_BETWEEN_WRITERS = 1.0
_Signature = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class CancellableMatcher:
    """The index for one search, which ends with `SearchAbandonedError` once `cancelled` says so."""

    index: TextIndex
    cancelled: Callable[[], bool] | None

    def matches(self, node: Node) -> Mapping[int, float]:
        """Return the score of each paper, by key, that `node` finds."""
        return self.index.matches(node, cancelled=self.cancelled)


class TextIndex:
    """The index of the library `database` in `folder`, which is created when it is written first.

    Where there is no usable index, none of the papers can be found, and the writer makes a new
    one. Searches of several threads wait for each other; all else does not. Everything raises
    `IndexUnavailableError` where other users could have written into the folder.
    """

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self._database = database
        self._searching = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._verified: set[FileSum] = set()
        self._known: tuple[_Signature | None, State | None] = (None, None)
        self._unusable: _Signature | None = None
        self._writer: subprocess.Popen[bytes] | None = None

    def close(self) -> None:
        """Close the files; a writer that is at work goes on by itself."""
        with self._searching:
            self._close_snapshot()

    def prepare(self) -> None:
        """Open the index and load what searching needs, so that the first search is no slower."""
        with self._searching:
            self._current_snapshot()

    def matches(
        self, node: Node, *, cancelled: Callable[[], bool] | None = None
    ) -> Mapping[int, float]:
        """Return the score of each paper, by key, that `node` (`store.search.is_text`) finds.

        Every one is there, and perhaps some that were removed since. Raises
        `SearchAbandonedError` soon after `cancelled` says so.
        """
        with self._searching:
            snapshot = self._current_snapshot()
            if snapshot is None:
                return {}
            # Imported here, as all that needs Whoosh.
            from store.index.searching import Evaluation

            return Evaluation(snapshot, cancelled).scores(node)

    def until(self, cancelled: Callable[[], bool] | None) -> CancellableMatcher:
        """Return the index for one search that can be abandoned."""
        return CancellableMatcher(self, cancelled)

    def searchable(self) -> int:
        """Return how many papers of the library can be found as they are now."""
        state = self._state()
        if state is None:
            return 0
        with self._database.reading() as connection:
            (count,) = connection.execute(
                "SELECT (SELECT count(*) FROM papers WHERE removed = 0)"
                # The sign makes SQLite look the newer papers up by their revision: they are few.
                " - (SELECT count(*) FROM papers WHERE +removed = 0 AND revision > ?)",
                (state.revision,),
            ).fetchone()
        return int(count)

    def is_current(self) -> bool:
        """Tell whether the index has all that the library has."""
        state = self._state()
        with self._database.reading() as connection:
            return newest_revision(connection) <= (state.revision if state else 0)

    def catch_up(self, *, rebuild: bool = False) -> subprocess.Popen[bytes] | None:
        """Start a process that brings the index up to date; None where it is.

        The process outlives this one. One that was started before and is still at work is
        returned in its stead, but for a `rebuild`: when it ends and `is_current` says no, this
        may be called again.
        """
        if not rebuild:
            if self.is_current():
                return None
            if self._writer and self._writer.poll() is None:
                return self._writer
        prepare_folder(self.folder)
        # What we could not read, the writer may not see the fault in.
        rebuild = rebuild or (self._unusable is not None and self._unusable == self._signature())
        self._writer = self._started(["--rebuild"] * rebuild)
        # Somebody has to take note of its end, or it stays as a zombie.
        threading.Thread(target=self._writer.wait, daemon=True).start()
        return self._writer

    def wait(self, seconds: float, progress: Callable[[int], None] | None = None) -> bool:
        """Wait until the index is current, for so long at the most, and tell whether it is.

        Starts the writer, and tells `progress` how many papers can be found. Gives up where the
        writer fails.
        """
        deadline = time.monotonic() + seconds
        next_start = 0.0
        writer: subprocess.Popen[bytes] | None = None
        while True:
            if progress:
                progress(self.searchable())
            if self.is_current():
                return True
            now = time.monotonic()
            if now >= deadline or (writer and writer.poll()):
                return False
            if now >= next_start:
                writer = self.catch_up()
                next_start = now + _BETWEEN_WRITERS
            time.sleep(_BETWEEN_LOOKS)

    def _started(self, options: list[str]) -> subprocess.Popen[bytes]:
        """Start the writer; raise `IndexUnavailableError` where no process can be started."""
        command = [sys.executable, "-P", "-m", "store.index"]
        try:
            command += [str(self._database.folder.absolute()), str(self.folder.absolute())]
            return subprocess.Popen(  # noqa: S603 our own program, no shell
                command + options,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise IndexUnavailableError(
                self.folder,
                f"can't be written: no process can be started ({error.strerror})",
                "close some programs, then try again",
            ) from error

    def _state(self) -> State | None:
        """Return the state of the index if it can be used; cheap while nothing changes."""
        return self._signed_state()[1]

    def _signed_state(self) -> tuple[_Signature | None, State | None]:
        """Return the state as `_state`, with what tells its file from an older or newer one."""
        check_folder(self.folder)
        signature = self._signature()
        if signature is None or signature == self._unusable:
            return signature, None
        known, state = self._known
        if known != signature:
            state = read_state(self.folder)
            self._known = (signature, state)
        if state is None:
            return signature, None
        with self._database.reading() as connection:
            return signature, state if state.is_of(connection) else None

    def _signature(self) -> _Signature | None:
        try:
            found = (self.folder / STATE_NAME).stat()
        except OSError:
            return None
        return (found.st_ino, found.st_mtime_ns, found.st_size)

    def _current_snapshot(self) -> Snapshot | None:
        """Return the index as its state describes it now, opened; None if it can't be used."""
        while True:
            signature, state = self._signed_state()
            if self._snapshot and self._snapshot.state == state:
                return self._snapshot
            self._close_snapshot()
            if state is None:
                return None
            try:
                self._snapshot = self._opened(state)
            except OSError:
                # Either a commit took it away since, and there is a new state, or it is lost.
                if self._signature() != signature:
                    continue
            if self._snapshot is None:
                self._unusable = signature

    def _opened(self, state: State) -> Snapshot | None:
        """Open the index; None if it is damaged. Files are looked through once only."""
        # Imported here, as all that needs Whoosh.
        from store.index.engine import VERSION
        from store.index.searching import Snapshot

        if state.engine != VERSION:
            return None
        for file in state.files:
            if file not in self._verified:
                if not file.fits(self.folder):
                    return None
                self._verified.add(file)
        self._verified.intersection_update(state.files)
        return Snapshot(self.folder, state)

    def _close_snapshot(self) -> None:
        if self._snapshot:
            self._snapshot.close()
            self._snapshot = None

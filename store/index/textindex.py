"""The text index as the library sees it: opening, progress, and keeping it up to date."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from store.index.lookup import Lookup
from store.index.process import start_writer
from store.index.state import (
    FileSum,
    Signature,
    State,
    check_folder,
    is_passing,
    newest_revision,
    prepare_folder,
    read_state,
    searchable,
    signature_of,
    unreadable,
)

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from store.index.searching import Searcher
    from store.record.database import Database

_BETWEEN_LOOKS = 0.05
_BETWEEN_WRITERS = 1.0


class TextIndex:
    """The index of the library `database` in `folder`, which is created when it is written first.

    Where there is no usable index, none of the papers can be found, and the writer makes a new
    one. Unless it matches `by_arrays`, Whoosh's own matchers do. Several threads may search at
    once. Everything raises `IndexUnavailableError` where other users could have written into the
    folder.
    """

    def __init__(self, folder: Path, database: Database, *, by_arrays: bool = True) -> None:
        self.folder = folder
        self._by_arrays = by_arrays
        self._database = database
        self._opening = threading.Lock()
        self._searcher: Searcher | None = None
        self._verified: set[FileSum] = set()
        self._known: tuple[Signature | None, State | None] = (None, None)
        self._unusable: Signature | None = None
        self._writer: subprocess.Popen[bytes] | None = None

    def close(self) -> None:
        """Let the files go; a writer that is at work goes on by itself."""
        with self._opening:
            self._searcher = None

    def prepare(self) -> None:
        """Open the index and load what searching needs, so that the first search is no slower."""
        self._current_searcher()

    def lookup(self, cancelled: Callable[[], bool] | None = None) -> Lookup:
        """Return the index for one search, which can be abandoned."""
        return Lookup(self._current_searcher, self._database, cancelled)

    def searchable(self) -> int:
        """Return how many papers of the library can be found as they are now."""
        state = self._state()
        with self._database.reading() as connection:
            return searchable(connection, state)

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
        self._writer = start_writer(
            self._database.folder,
            self.folder,
            rebuild=rebuild,
            # What we could not read, the writer may not see the fault in.
            condemned=self._unusable if not rebuild else None,
            on_network=self._database.is_on_network,
        )
        # Somebody has to take note of its end, or it stays as a zombie.
        threading.Thread(target=self._writer.wait, daemon=True).start()
        return self._writer

    @property
    def has_failed(self) -> bool:
        """Whether the writer that was started last has ended without having done its work."""
        return bool(self._writer and self._writer.poll())

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

    def _state(self) -> State | None:
        """Return the state of the index if it can be used; cheap while nothing changes."""
        return self._signed_state()[1]

    def _signed_state(self) -> tuple[Signature | None, State | None]:
        """Return the state as `_state`, with what tells its file from an older or newer one."""
        check_folder(self.folder)
        while (signature := signature_of(self.folder)) not in {
            None,
            self._unusable,
            self._known[0],
        }:
            state = read_state(self.folder)
            if state is None or self._is_whole(state):
                self._known = (signature, state)
            elif signature_of(self.folder) == signature:
                self._unusable = signature
            # Else a commit took files away since, and there is a new state.
        if signature is None or signature == self._unusable:
            return signature, None
        signature, state = self._known
        if state is None:
            return signature, None
        with self._database.reading() as connection:
            return signature, state if state.is_of(connection) else None

    def _current_searcher(self) -> Searcher:
        """Return the index as its state describes it now; an empty one if it can't be used."""
        # Imported here, as all that needs Whoosh and NumPy.
        from store.index.searching import Searcher

        with self._opening:
            while True:
                signature, state = self._signed_state()
                if self._searcher and self._searcher.state == state:
                    return self._searcher
                self._searcher = None
                if state is None:
                    return Searcher(self.folder, None)
                try:
                    self._searcher = self._opened(state)
                except OSError as error:
                    if is_passing(error):
                        raise unreadable(self.folder, error) from error
                    # Either a commit took it away since, and there is a new state, or it is lost.
                    if signature_of(self.folder) != signature:
                        continue
                if self._searcher is None:
                    self._unusable = signature

    def _is_whole(self, state: State) -> bool:
        """Tell whether the files of the index are as they were written: each is looked at once."""
        new = [file for file in state.files if file not in self._verified]
        try:
            is_whole = all(file.fits(self.folder) for file in new)
        except OSError as error:
            if is_passing(error):
                raise unreadable(self.folder, error) from error
            return False
        self._verified = set(state.files) if is_whole else self._verified
        return is_whole

    def _opened(self, state: State) -> Searcher | None:
        """Open the index; None if it can't be used."""
        # Imported here, as above.
        from store.engine.arrayfile import ArrayFileError
        from store.engine.whoosh import VERSION
        from store.index.searching import Searcher

        if state.engine != VERSION:
            return None
        try:
            return Searcher(self.folder, state, by_arrays=self._by_arrays)
        except ArrayFileError:
            return None

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
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from store.database import Database
    from store.found import Found, TextScore
    from store.index.searching import Searcher
    from store.query import Node

_BETWEEN_LOOKS = 0.05
_BETWEEN_WRITERS = 1.0
_Signature = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class CancellableMatcher:
    """The index for one search, which ends with `SearchAbandonedError` once `cancelled` says so."""

    index: TextIndex
    cancelled: Callable[[], bool] | None

    def matches(self, node: Node) -> Found:
        """Return the papers that `node` finds."""
        return self.index.matches(node, cancelled=self.cancelled)

    def most_words(self, nodes: Sequence[Node]) -> Found:
        """Return the papers that any of these finds, best those with most."""
        return self.index.most_words(nodes, cancelled=self.cancelled)

    def similar(self, key: int) -> Found:
        """Return the papers that are like this one."""
        return self.index.similar(key, cancelled=self.cancelled)


class TextIndex:
    """The index of the library `database` in `folder`, which is created when it is written first.

    Where there is no usable index, none of the papers can be found, and the writer makes a new
    one. Unless it searches `by_arrays`, Whoosh's own matchers do. Several threads may search at
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
        self._known: tuple[_Signature | None, State | None] = (None, None)
        self._unusable: _Signature | None = None
        self._writer: subprocess.Popen[bytes] | None = None

    def close(self) -> None:
        """Let the files go; a writer that is at work goes on by itself."""
        with self._opening:
            self._searcher = None

    def prepare(self) -> None:
        """Open the index and load what searching needs, so that the first search is no slower."""
        self._current_searcher()

    def matches(self, node: Node, *, cancelled: Callable[[], bool] | None = None) -> Found:
        """Return the papers that `node` (of `store.found.is_text` kind) finds.

        Every one is there, and perhaps some that were removed since. Raises
        `SearchAbandonedError` soon after `cancelled` says so.
        """
        return self._current_searcher().matches(node, cancelled)

    def most_words(
        self, nodes: Sequence[Node], *, cancelled: Callable[[], bool] | None = None
    ) -> Found:
        """Return the papers that any of `nodes` finds, of `store.found.is_text` kind.

        Those that have most of the words, the rare ones above all, score best. Raises
        `SearchAbandonedError` as `matches`.
        """
        return self._current_searcher().most_words(nodes, cancelled)

    def similar(self, key: int, *, cancelled: Callable[[], bool] | None = None) -> Found:
        """Return the papers whose words are most like those of this one, which is left out.

        Raises `SearchAbandonedError` as `matches`.
        """
        return self._current_searcher().similar(key, *self._texts(key), cancelled)

    def score(self, node: Node, key: int) -> TextScore | None:
        """Return what `matches` has for a paper, taken apart; None where that has no such paper."""
        return self._current_searcher().score(node, key)

    def likeness_score(self, source: int, key: int) -> TextScore | None:
        """Return what `similar` to `source` has for a paper, the words that weigh most first."""
        return self._current_searcher().likeness_score(*self._texts(source), key)

    def nearest_word(self, text: str, field: str, *, is_growing: bool = False) -> str | None:
        """Return the word that was meant by one in a text field; None where that is right.

        `text` is a term of `store.text.tokens`. One that is growing is right as long as it begins
        a word.
        """
        return self._current_searcher().nearest_word(text, field, is_growing=is_growing)

    def until(self, cancelled: Callable[[], bool] | None) -> CancellableMatcher:
        """Return the index for one search that can be abandoned."""
        return CancellableMatcher(self, cancelled)

    def searchable(self) -> int:
        """Return how many papers of the library can be found as they are now."""
        state = self._state()
        if state is None:
            return 0
        with self._database.reading() as connection:
            return state.searchable(connection)

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

    def _texts(self, key: int) -> tuple[str, str]:
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT title, abstract FROM papers WHERE key = ?", (key,)
            ).fetchone()
        return row or ("", "")

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
                except OSError:
                    # Either a commit took it away since, and there is a new state, or it is lost.
                    if self._signature() != signature:
                        continue
                if self._searcher is None:
                    self._unusable = signature

    def _opened(self, state: State) -> Searcher | None:
        """Open the index; None if it is damaged. Files are looked through once only."""
        # Imported here, as above.
        from store.engine.arrayfile import ArrayFileError
        from store.engine.whoosh import VERSION
        from store.index.searching import Searcher

        if state.engine != VERSION:
            return None
        for file in state.files:
            if file not in self._verified:
                if not file.fits(self.folder):
                    return None
                self._verified.add(file)
        self._verified.intersection_update(state.files)
        try:
            return Searcher(self.folder, state, by_arrays=self._by_arrays)
        except ArrayFileError:
            return None

    def shared_words(self, key: int, other: int) -> tuple[str, ...]:
        """Return the words for which `other` is like the paper `key`, the most telling first."""
        with self._database.reading() as connection:
            one, another = (
                connection.execute(
                    "SELECT title, abstract FROM papers WHERE key = ?", (paper,)
                ).fetchone()
                or ("", "")
                for paper in (key, other)
            )
        return self._current_searcher().shared_words(one, another)

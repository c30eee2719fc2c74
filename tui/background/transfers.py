"""Taking papers in and giving them away: imports, exports, and commands that they are piped to."""

from __future__ import annotations

import shlex
import time
from threading import Event, Lock
from typing import TYPE_CHECKING, TypeVar

from store.errors import StoreError
from tui.background.worker import LEAVING_SECONDS, Worker
from tui.facts import ImportEnded, ImportMoved, OutputCame, Reported
from tui.format import counted, cut_title, error_line, one_line
from tui.outside.errors import OutsideError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from store.exporters import ExportFormat
    from store.imports.report import ImportProgress
    from store.library import Library
    from store.models import Paper
    from tui.facts import Tell
    from tui.outside.piping import Pipe, PipeEnd

T = TypeVar("T")

MOVED_SECONDS = 0.2
"""An import tells of itself no more often."""


class _AbandonedError(Exception):
    """What was at work shall not go on."""


class Transfers:
    """What one browser imports, exports and pipes, each kind one after the other.

    Nothing of it may keep the reader who leaves: a file that never answers, or a command that
    never ends, is left behind.
    """

    def __init__(self, library: Library, tell: Tell) -> None:
        self._library = library
        self._tell = tell
        self._closing = Event()
        self._imports = Worker("imports", self._report, library.rest)
        self._exports = Worker("exports", self._report, library.rest)
        self._pipes = Worker("pipes", self._report, library.rest)
        self._lock = Lock()
        self._pipe: Pipe | None = None
        self._commands = 0
        self._is_command_stopped = False
        self._waiting = 0
        self._is_import_stopped = False

    @property
    def is_running(self) -> bool:
        """Whether a command is at work, or about to be."""
        return self._commands > 0

    @property
    def is_importing(self) -> bool:
        """Whether an import is at work, or waits for its turn."""
        return self._waiting > 0

    def close(self, seconds: float = LEAVING_SECONDS) -> None:
        """End commands, abandon imports, which can be completed, and leave files as they were."""
        self._closing.set()
        self.stop_command()
        until = time.monotonic() + seconds
        for worker in (self._imports, self._exports, self._pipes):
            worker.finish(max(0.0, until - time.monotonic()))

    def pipe(self, words: Sequence[str], format_name: str, keys: Sequence[int]) -> None:
        """Give papers to a command, and tell by `OutputCame` how it ended."""
        with self._lock:
            self._commands += 1
        self._submit(self._pipes, lambda: self._run(words, format_name, keys))

    def stop_command(self) -> bool:
        """End the command that is at work, and all that it started.

        False where there is none, or where it is ending already.
        """
        with self._lock:
            is_new = self._commands > 0 and not self._is_command_stopped
            self._is_command_stopped = self._commands > 0
            if self._pipe:
                self._pipe.stop()
        return is_new

    def export(self, path: Path, shown: str, format_name: str, keys: Sequence[int]) -> None:
        """Write papers into a file, which is `shown` to the reader so."""

        def work() -> None:
            # Here and below: a start goes without what writes.
            from store.exporters import EXPORTERS
            from tui.outside.files import write_file

            form = EXPORTERS[format_name]
            count = 0

            def papers() -> Iterator[Paper]:
                nonlocal count
                for count, paper in enumerate(self._papers(keys, form), 1):  # noqa: B007 told below
                    yield paper

            write_file(path, form.write(papers()))
            self._report(Reported(f"{counted(count, 'paper')} written to {shown}"))

        self._submit(self._exports, work)

    def import_papers(self, path: Path) -> None:
        """Bring in the papers of a file or folder, after those that were asked for before."""
        with self._lock:
            self._waiting += 1

        def work() -> None:
            try:
                self._import(path)
            finally:
                with self._lock:
                    self._waiting -= 1
                    self._is_import_stopped = False

        self._submit(self._imports, work)

    def stop_import(self) -> bool:
        """Stop the import that is at work; the same import again completes it.

        False where there is none, or where it is stopping already.
        """
        with self._lock:
            is_new = self._waiting > 0 and not self._is_import_stopped
            self._is_import_stopped = self._waiting > 0
        return is_new

    def _submit(self, worker: Worker, work: Callable[[], object]) -> None:
        def job() -> None:
            try:
                self._check()
                work()
            except _AbandonedError:
                return
            except (OutsideError, StoreError) as error:
                self._report(Reported(error_line(error), is_trouble=True))

        worker.submit(job)

    def _report(self, fact: object) -> None:
        # Who leaves hears no more; and files may be closed under what is left behind.
        if not self._closing.is_set():
            self._tell(fact)

    def _check(self) -> None:
        if self._closing.is_set():
            raise _AbandonedError

    def _papers(self, keys: Sequence[int], form: ExportFormat) -> Iterator[Paper]:
        for paper in self._library.papers(keys, cited=form.cites):
            self._check()
            yield paper

    def _run(self, words: Sequence[str], format_name: str, keys: Sequence[int]) -> None:
        from store.exporters import EXPORTERS
        from tui.outside.piping import Pipe

        command = cut_title(one_line(shlex.join(words)))
        try:
            with self._lock:
                self._pipe = pipe = Pipe(words)
                if self._is_command_stopped:
                    pipe.stop()
            form = EXPORTERS[format_name]
            end = pipe.run(form.write(self._papers(keys, form)))
            fact = _came(command, end, len(keys))
        except (OutsideError, StoreError) as error:
            fact = OutputCame(command, "", str(error), is_trouble=True)
        finally:
            with self._lock:
                self._commands -= 1
                self._pipe, self._is_command_stopped = None, False
        self._report(fact)

    def _import(self, path: Path) -> None:
        name = one_line(path.name or str(path))
        told = time.monotonic()

        def check() -> None:
            self._check()
            if self._is_import_stopped:
                raise _AbandonedError

        # Imported here: most browsers import nothing, and start the faster.
        from store.importers import bytes_of, sources

        fact = ImportEnded(name, None)
        try:
            found = list(_checked(sources([path]), check))
            total = bytes_of(found)

            def progress(so_far: ImportProgress) -> None:
                nonlocal told
                check()
                if time.monotonic() - told >= MOVED_SECONDS:
                    told = time.monotonic()
                    percent = min(100, so_far.taken * 100 // total) if total else None
                    self._report(ImportMoved(name, so_far.records, percent))

            label = f"import {name}"
            report = self._library.imports.bring_in(found, label=label, progress=progress)
            fact = ImportEnded(name, report)
        except _AbandonedError:
            pass  # what was written stays, under an entry that says so
        except StoreError as error:
            fact = ImportEnded(name, None, str(error))
        self._report(fact)


def _checked(found: Iterable[T], check: Callable[[], object]) -> Iterator[T]:
    for one in found:
        check()
        yield one


def _came(command: str, end: PipeEnd, papers: int) -> OutputCame:
    """Return what a command came to."""
    text = end.output
    if end.dropped:
        text += f"\n… and {counted(end.dropped, 'more byte')}, which were left out"
    if end.is_stopped:
        return OutputCame(command, text, f"Stopped '{command}'")
    if end.signal_name:
        news = f"'{command}' was killed by {end.signal_name}"
    elif end.status:
        news = f"'{command}' ended with status {end.status}"
    else:
        return OutputCame(command, text, f"Piped {counted(papers, 'paper')} to '{command}'")
    return OutputCame(command, text, news, is_trouble=True)

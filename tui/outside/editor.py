"""Editing a text in the reader's own editor, in the foreground of the terminal."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from store.privatefiles import create_private
from store.text import clean_note
from tui.locations import shown_path
from tui.outside.errors import EditorError
from tui.outside.signals import signal_name
from tui.programs import with_absolute_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

VARIABLES = ("VISUAL", "EDITOR")
USUAL = ("nano", "vi")
"""What is looked for where the reader names no editor."""
LOOK_SECONDS = 0.2
"""How often is looked whether an editor is still wanted."""
_HANG_UP = getattr(signal, "SIGHUP", signal.SIGTERM)
_REMEDY = "set EDITOR, or 'editor' in config.toml"


def editor_command(configured: Sequence[str] | None, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words of the editor: the configured one, $VISUAL, $EDITOR, or a usual one.

    Raises `EditorError` where it is not there.
    """
    path = with_absolute_path(environ)["PATH"]
    words, named = _named(configured, environ)
    if words:
        if shutil.which(words[0], path=path) is None:
            raise EditorError(f"The editor '{words[0]}' ({named}) is not there: {_REMEDY}")
        return words
    for name in USUAL:
        if shutil.which(name, path=path):
            return (name,)
    raise EditorError(f"No editor is here: {_REMEDY}")


@dataclass(frozen=True, slots=True)
class Draft:
    """A text in a private file, for an editor; it stays until it is discarded."""

    path: Path
    before: str

    @classmethod
    def of(cls, text: str, name: str) -> Draft:
        """Write `text` into a file of this name, in a folder of its own for its owner only.

        Raises `EditorError` where that can't be done.
        """
        folder = None
        try:
            folder = Path(mkdtemp(prefix="paperdeck-"))
            path = folder / name
            file = create_private(path)
            with os.fdopen(file, "w", encoding="utf-8", newline="\n") as stream:
                stream.write(f"{text}\n" if text else "")
        except OSError as error:
            if folder:
                shutil.rmtree(folder, ignore_errors=True)
            raise EditorError(f"No file can be made to write in: {error.strerror}") from error
        return cls(path, text)

    @property
    def kept(self) -> str:
        """Say where what was written is, as the end of a message."""
        return f"what you wrote is in {shown_path(self.path)}"

    def edit(
        self,
        command: Sequence[str],
        environ: Mapping[str, str],
        is_over: Callable[[], bool] = lambda: False,
    ) -> str:
        """Run the editor until it ends, and return what stands in the file, cleaned as a note.

        The terminal must be left to the editor meanwhile; once `is_over`, the editor is told to
        end as well, as nobody can write in it any more. Raises `EditorError` if the editor fails
        or leaves no text; the file then stays, if it holds another text than before.
        """
        try:
            with _interrupts_ignored():
                process = subprocess.Popen(  # noqa: S603 - the reader's own command, and no shell
                    [*command, os.fspath(self.path)], env=with_absolute_path(environ)
                )
                status = _waited_for(process, is_over)
        except OSError as error:
            self.discard()
            reason = f"can't be run ({error.strerror or error})"
            raise EditorError(f"The editor '{command[0]}' {reason}: {_REMEDY}") from error
        if status:
            raise EditorError(f"'{command[0]}' {_ending(status)}: {self._rescued()}")
        return self._text()

    def discard(self) -> None:
        """Remove the file, and what the editor left beside it."""
        shutil.rmtree(self.path.parent, ignore_errors=True)

    def _text(self) -> str:
        try:
            return clean_note(self.path.read_text(encoding="utf-8-sig"))
        except FileNotFoundError as error:
            self.discard()
            raise EditorError("The file is gone: the note is as it was") from error
        except UnicodeDecodeError as error:
            raise EditorError(f"The text is not UTF-8: {self.kept}") from error
        except OSError as error:
            raise EditorError(f"The text can't be read ({error.strerror}): {self.kept}") from error

    def _rescued(self) -> str:
        """Say what became of the text, and remove a file that holds nothing new."""
        try:
            is_other = self._text() != self.before
        except EditorError as error:
            return str(error)
        if is_other:
            return self.kept
        self.discard()
        return "the note is as it was"


def _named(
    configured: Sequence[str] | None, environ: Mapping[str, str]
) -> tuple[tuple[str, ...], str]:
    """Return the words of the editor that the reader names, if any, and where it is named."""
    if configured:
        return tuple(configured), "config.toml"
    for variable in VARIABLES:
        written = environ.get(variable, "")
        try:
            words = shlex.split(written)
        except ValueError as error:
            raise EditorError(f"${variable} can't be read, a quote is open: {written}") from error
        if words:
            return tuple(words), f"${variable}"
    return (), ""


def _waited_for(process: subprocess.Popen[bytes], is_over: Callable[[], bool]) -> int:
    """Wait for the end of an editor and return its status.

    By looking again and again: a system may tell a thread of ours that we are to end, and not
    interrupt this one, which waits.
    """
    is_told = False
    while True:
        try:
            return process.wait(LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            if is_over() and not is_told:
                is_told = True
                process.send_signal(_HANG_UP)


def _ending(status: int) -> str:
    if status > 0:
        return f"ended with status {status}"
    return f"was killed by {signal_name(-status)}"


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Let the keys that end a program reach the editor alone, which has our terminal.

    By handlers that do nothing: what is ignored outright would be ignored by the editor too.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGINT, signal.SIGQUIT)
    before = [signal.signal(number, lambda *_: None) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)

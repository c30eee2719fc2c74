"""Running a command on papers: without a shell, apart from our terminal, ended when asked to."""

from __future__ import annotations

import os
import re
import selectors
import shlex
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from store.text import clean_note
from tui.outside.errors import PipeError
from tui.outside.signals import signal_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST_OUTPUT = 1_000_000
"""Bytes of a command's output that are kept; the rest is read and counted."""
MOST_LINES = 20_000
"""Lines of it: more take a reader's screen too long to lay out."""
LOOK_SECONDS = 0.05
"""How often is looked whether the command has ended."""
GRACE_SECONDS = 0.5
"""So long has a command that was asked to end; so long is waited for what one left behind."""
_CHUNK = 64 * 1024
_QUOTED = re.compile(r"""'[^']*'|"(?:\\.|[^"\\])*"|\\.""")
_OPERATOR = re.compile(r"\|\|?|&&?|;|\d?[<>].*")


@dataclass(frozen=True, slots=True)
class PipeEnd:
    """How a command ended."""

    status: int
    """What it exited with; of one that a signal killed, the signal's number below zero."""
    output: str
    """What it wrote, on either stream, safe to show; empty for blanks alone."""
    dropped: int
    """Bytes of the output beyond those that are kept."""
    is_stopped: bool
    """Whether it was asked to end."""

    @property
    def signal_name(self) -> str:
        """The signal that killed it, or nothing."""
        return signal_name(-self.status) if self.status < 0 else ""


def command_words(written: str) -> tuple[str, ...]:
    """Split a command as a shell does; `~/` at the start of a word is the home folder.

    An empty text has no words. Raises `PipeError` for an open quote, for what only a shell can
    do, and for a command that is not there.
    """
    try:
        words = shlex.split(written)
    except ValueError as error:
        reason = "a quote is open" if "quotation" in str(error) else "its last '\\' escapes nothing"
        raise PipeError(f"This is no command yet: {reason}") from error
    for word in _QUOTED.sub("x", written).split():
        if _OPERATOR.fullmatch(word):
            raise PipeError(f"'{word}' needs a shell: sh -c '…' runs one")
    # A word may be no path at all, or one whose last slash means something.
    words = [os.path.expanduser(word) if word.startswith("~/") else word for word in words]  # noqa: PTH111
    if words and shutil.which(words[0]) is None:
        if "/" in words[0] and Path(words[0]).is_file():
            raise PipeError(f"'{words[0]}' is not executable")
        raise PipeError(f"There is no command '{words[0]}'")
    return tuple(words)


class Pipe:
    """One command at work, in a session of its own; raises `PipeError` if it can't be started."""

    def __init__(self, words: Sequence[str]) -> None:
        self._stopping = Event()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - a list of arguments, and no shell
                words,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                bufsize=0,
            )
        except FileNotFoundError as error:
            raise PipeError(f"There is no command '{words[0]}'") from error
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise PipeError(f"'{words[0]}' can't be run: {reason}") from error

    def stop(self) -> None:
        """Have the command and all that it started end; from any thread, and at once."""
        if not self._stopping.is_set():
            self._stopping.set()
            self._signal(signal.SIGTERM)

    def run(self, parts: Iterable[str]) -> PipeEnd:
        """Give the command this text, read what it writes, and wait for its end.

        A command need not read all of it. What `parts` raises ends the command and goes on.
        """
        flow = _Flow(self._process, parts)
        try:
            self._follow(flow)
            output, dropped = flow.taken()
            return PipeEnd(self._process.returncode, output, dropped, self._stopping.is_set())
        finally:
            flow.close()
            if self._process.returncode is None or self._stopping.is_set():
                self._signal(signal.SIGKILL)
                self._process.wait()

    def _follow(self, flow: _Flow) -> None:
        """Let the text flow until the command has ended, or is to be killed."""
        until = None
        while True:
            is_over = flow.move(LOOK_SECONDS)
            has_ended = self._process.poll() is not None
            if has_ended and is_over:
                return
            # What it started in turn may hold its output open, as long as it likes.
            if until is None and (has_ended or self._stopping.is_set()):
                until = time.monotonic() + GRACE_SECONDS
            if until is not None and time.monotonic() > until:
                if not has_ended:
                    self._signal(signal.SIGKILL)
                    self._process.wait()
                return

    def _signal(self, number: signal.Signals) -> None:
        # The group is the command's own, and none but it and what it started are in there.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


class _Flow:
    """The text on its way into a command, and what comes out of it, neither waiting."""

    def __init__(self, process: subprocess.Popen[bytes], parts: Iterable[str]) -> None:
        assert process.stdin  # noqa: S101 - both are pipes
        assert process.stdout  # noqa: S101
        self._process = process
        self._input, self._output = process.stdin, process.stdout
        self._chunks = _chunks(parts)
        self._left = memoryview(b"")
        self._kept = bytearray()
        self._dropped = 0
        self._selector = selectors.DefaultSelector()
        for stream, events in (
            (self._input, selectors.EVENT_WRITE),
            (self._output, selectors.EVENT_READ),
        ):
            os.set_blocking(stream.fileno(), False)
            self._selector.register(stream, events)

    def move(self, seconds: float) -> bool:
        """Move what can be moved, or wait so long for it; tell whether the output is at its end."""
        if self._selector.get_map():
            for key, _events in self._selector.select(seconds):
                if key.fileobj is self._input:
                    self._write()
                else:
                    self._read()
        else:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
        return self._output.closed

    def taken(self) -> tuple[str, int]:
        """Return what came out, safe to show, and how many bytes more there were."""
        text = clean_note(self._kept.decode(errors="replace"))
        lines = text.split("\n", MOST_LINES)
        left = "".join(lines[MOST_LINES:])
        kept = "\n".join(lines[:MOST_LINES]) if text.strip() else ""
        return kept, self._dropped + len(left.encode())

    def close(self) -> None:
        """Close both ends."""
        self._drop(self._input)
        self._drop(self._output)
        self._selector.close()

    def _write(self) -> None:
        if not self._left:
            self._left = memoryview(next(self._chunks, b""))
        if not self._left:
            self._drop(self._input)
            return
        try:
            self._left = self._left[os.write(self._input.fileno(), self._left) :]
        except BlockingIOError:
            return
        except BrokenPipeError:  # it has read what it wants
            self._drop(self._input)

    def _read(self) -> None:
        try:
            data = os.read(self._output.fileno(), _CHUNK)
        except BlockingIOError:
            return
        if not data:
            self._drop(self._output)
            return
        room = MOST_OUTPUT - len(self._kept)
        self._kept += data[:room]
        self._dropped += max(0, len(data) - room)

    def _drop(self, stream: object) -> None:
        if stream is self._input and not self._input.closed:
            self._selector.unregister(self._input)
            self._input.close()
        elif stream is self._output and not self._output.closed:
            self._selector.unregister(self._output)
            self._output.close()


def _chunks(parts: Iterable[str]) -> Iterator[bytes]:
    """Yield the text in pieces that are worth a write."""
    gathered = bytearray()
    for part in parts:
        gathered += part.encode(errors="replace")
        if len(gathered) >= _CHUNK:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)

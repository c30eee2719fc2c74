"""Copying to the reader's clipboard, wherever the reader sits: locally, over SSH, inside tmux.

The ways are tried in order until one takes the text: the configured command; inside tmux its
own buffer, which it passes on; inside screen the terminal through screen; over SSH or without a
display the terminal; else the system's clipboard, and after it the terminal. The text is kept in
a file besides, and the clipboard is never read.
"""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from store.text import clean_line
from tui.locations import make_private, shown_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

CONFIGURED = "the configured command"
TMUX = "tmux"
SCREEN = "screen"
TERMINAL = "the terminal"
SYSTEM = "the system clipboard"
NOTHING = "nothing"

OSC_52_LIMIT = 74_994
"""The longest text, in bytes of UTF-8, that every terminal with OSC 52 takes.

It makes a sequence of 100,000 bytes, the most that hterm's own script (`etc/osc52.sh`) sends;
tmux drops strings beyond 1 MiB (`INPUT_BUF_LIMIT` in its `input.c`), others have no limit.
"""

LONGEST_SHOWN = 240
"""A message shows texts up to this many characters in full: three lines of 80 columns."""

_LOOKED_AT = 10 * LONGEST_SHOWN
_CERTAIN = frozenset({CONFIGURED, TMUX, SYSTEM})
_TO_TMUX = ("tmux", "load-buffer", "-w", "-")
# Screen holds a string in 768 bytes since 4.2.1 and in 256 before (`MAXSTR` in its `screen.h`);
# a longer one is shown as text. Four bytes are the wrapper's.
_SCREEN_CHUNK = 252
# pyperclip calls a copy done whatever became of the program that it runs, and lets that program
# write its complaint on our screen. So it runs in a Python of its own, whose output goes nowhere,
# where a program that fails fails all, and which can be ended when it hangs. Without Qt: a
# clipboard that Qt holds is gone with the process.
_PYPERCLIP = """\
import subprocess, sys

class Popen(subprocess.Popen):
    def communicate(self, *values, **options):
        output = super().communicate(*values, **options)
        if self.returncode:
            sys.exit(1)
        return output

subprocess.Popen = Popen
sys.modules["qtpy"] = sys.modules["PyQt5"] = None
import pyperclip
pyperclip.copy(sys.stdin.buffer.read().decode())
"""
# -P keeps a module of the folder we happen to be in from being taken for pyperclip.
_TO_SYSTEM = (sys.executable, "-P", "-W", "ignore", "-c", _PYPERCLIP)


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of a text to copy."""

    method: str
    """What took it, one of this module's names; `NOTHING` if nothing did."""
    is_certain: bool
    """Whether we know that it was taken: a terminal never answers."""
    text: str
    kept_in: Path | None
    """The file that holds it, or None if that could not be written."""
    note: str | None
    """What the reader has to know besides, as part of a sentence."""


@dataclass(frozen=True, slots=True)
class Clipboard:
    """The clipboard as it is reached from this environment.

    `command` is the configured one; `write_terminal` sends a sequence to the terminal and may
    raise `OSError`; a program that was asked to copy has `seconds` to end.
    """

    environ: Mapping[str, str]
    command: tuple[str, ...] | None
    write_terminal: Callable[[str], None]
    copied_text: Path
    platform: str = sys.platform
    seconds: float = 2.0

    def copy(self, text: str) -> Copied:
        """Copy `text`, waiting for the programs it takes, and keep it in the file. Never fails."""
        data = _encoded(text)
        kept_in = self.copied_text if _keep(data, self.copied_text) else None
        notes = []
        for method, attempt in self._ways():
            failure = attempt(data)
            if failure is None:
                break
            if method == CONFIGURED:
                notes.append(f"{CONFIGURED} {failure}")
        else:
            method = NOTHING
        if len(data) > OSC_52_LIMIT and method in {TMUX, NOTHING}:
            notes.append(_size_note(len(data), method, kept_in))
        return Copied(method, method in _CERTAIN, text, kept_in, "; ".join(notes) or None)

    def _ways(self) -> Iterator[tuple[str, Callable[[bytes], str | None]]]:
        """Yield each way in its turn; it returns why it failed, or None."""
        if self.command:
            yield CONFIGURED, partial(self._pipe, self.command)
        if self.environ.get("TMUX"):
            yield TMUX, partial(self._pipe, _TO_TMUX)
        if self.environ.get("STY"):
            yield SCREEN, partial(self._send, wrap=screen_wrapped)
        if is_over_ssh(self.environ) or not has_display(self.environ, self.platform):
            yield TERMINAL, self._send
        yield SYSTEM, partial(self._pipe, _TO_SYSTEM)
        yield TERMINAL, self._send

    def _send(self, data: bytes, wrap: Callable[[str], str] = str) -> str | None:
        if len(data) > OSC_52_LIMIT:
            return "is too narrow for the text"
        try:
            self.write_terminal(wrap(_sequence(data)))
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            return f"can't be written: {error}"
        return None

    def _pipe(self, command: tuple[str, ...], data: bytes) -> str | None:
        """Give `data` to a program of its own session, out of reach of our terminal."""
        try:
            process = subprocess.Popen(  # noqa: S603 - a list of arguments, and no shell
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=dict(self.environ),
                start_new_session=True,
            )
        except FileNotFoundError:
            return "was not found"
        except (OSError, ValueError):
            return "can't be run"
        try:
            process.communicate(data, timeout=self.seconds)
        except subprocess.TimeoutExpired:
            _end(process, self.seconds)
            return f"took longer than {self.seconds:g} s"
        return f"failed with status {process.returncode}" if process.returncode else None


def osc52(text: str) -> str:
    """Return the sequence that asks a terminal to put `text` into its clipboard.

    xterm's control sequences, "Operating System Commands", Ps = 52: `c` is the clipboard, and the
    text is in base64. BEL ends it, because ST would end screen's wrapper around it too early.
    """
    return _sequence(_encoded(text))


def screen_wrapped(sequence: str) -> str:
    r"""Return `sequence` so that GNU screen hands it to its terminal instead of reading it.

    A device control string (`ESC P … ESC \`) is passed on as it is: screen's manual, "Control
    Sequences". A long one goes in several, which reach the terminal as one.
    """
    chunks = range(0, len(sequence), _SCREEN_CHUNK)
    return "".join(f"\x1bP{sequence[start : start + _SCREEN_CHUNK]}\x1b\\" for start in chunks)


def is_over_ssh(environ: Mapping[str, str]) -> bool:
    """Tell whether the reader sits at another machine."""
    return bool(environ.get("SSH_TTY") or environ.get("SSH_CONNECTION"))


def has_display(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Tell whether there is a desktop, whose clipboard and browser can be reached."""
    if platform in {"darwin", "win32", "cygwin"}:
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def message(copied: Copied) -> str:
    """Return the line that tells the reader what became of the text, safe to show."""
    # Of a long text no more is looked at: cleaning megabytes would hold up all other threads.
    line = clean_line(copied.text[:_LOOKED_AT])
    is_short = len(copied.text) <= _LOOKED_AT and len(line) <= LONGEST_SHOWN
    facts = [copied.method] if copied.is_certain or copied.method == SCREEN else []
    if copied.kept_in and not (copied.is_certain and is_short):
        facts.append(f"kept in {shown_path(copied.kept_in)}")
    if copied.note:
        facts.append(copied.note)
    said = "Copied " if copied.is_certain else "Sent to the terminal: "
    if copied.method == NOTHING:
        said = "Not copied: "
    aside = f" ({'; '.join(facts)})" if facts else ""
    return f"{said}{line if is_short else _measured(copied.text)}{aside}"


def _measured(text: str) -> str:
    lines = text.rstrip("\n").count("\n") + 1
    return f"{lines:,} lines" if lines > 1 else f"{len(text):,} characters"


def _size_note(size: int, method: str, kept_in: Path | None) -> str:
    place = f"{TMUX} has it" if method == TMUX else "the file has it"
    limit = f"its {size:,} bytes are more than the {OSC_52_LIMIT:,} that terminals take"
    return f"{limit}, but {place}" if method == TMUX or kept_in else limit


def _sequence(data: bytes) -> str:
    return f"\x1b]52;c;{base64.b64encode(data).decode('ascii')}\x07"


def _encoded(text: str) -> bytes:
    """Return the text in UTF-8; half of a surrogate pair, which has no bytes, becomes `?`."""
    return text.encode(errors="replace")


def _keep(data: bytes, file: Path) -> bool:
    """Write the file as a whole, for its owner only, and tell whether that went well."""
    written: Path | None = None
    try:
        make_private(file.parent)
        # Its mode is 600 from the start.
        with NamedTemporaryFile(dir=file.parent, prefix=f"{file.name}.", delete=False) as stream:
            written = Path(stream.name)
            stream.write(data)
        written.replace(file)
    except OSError:
        if written:
            with suppress(OSError):
                written.unlink()
        return False
    return True


def _end(process: subprocess.Popen[bytes], seconds: float) -> None:
    """End a program that hangs, and what it started: nothing may wait for it."""
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    if process.stdin:
        with suppress(OSError):
            process.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(seconds)

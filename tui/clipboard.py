"""Copying to the reader's clipboard, wherever the reader sits: locally, over SSH, inside tmux.

The ways are tried in order until one takes the text: the configured command; inside tmux its
own buffer, which it passes on; inside screen the terminal through screen; over SSH or without a
display the terminal; else the system's clipboard, and after it the terminal. The text is kept in
a file besides, and the clipboard is never read.
"""

from __future__ import annotations

import base64
import sys
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from store.privatefiles import write_privately
from tui.programs import run
from tui.surroundings import (
    DISPLAY_VARIABLES,
    SSH_VARIABLES,
    has_display,
    is_over_ssh,
    takes_copies,
)
from tui.tmux import load

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

CONFIGURED = "copy_command"
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

PROGRAM_SECONDS = 1.0
"""So long is waited for the programs of one copy, all together."""

_LEAST_SHARE = 0.2
"""So much of that time is left to each program that may have to be asked after one that hangs."""
_CERTAIN = frozenset({CONFIGURED, TMUX, SYSTEM})
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


class Way(NamedTuple):
    """One way to the clipboard, in its turn."""

    method: str
    """One of this module's names."""
    reason: str
    """Why it is tried here, as part of a sentence."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one way."""

    method: str
    failure: str = ""
    """Why it did not take the text, to go on from its name; empty where it did."""
    seconds: float = field(default=0.0, compare=False)
    note: str = ""
    """What the reader has to know besides, as part of a sentence."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of a text to copy."""

    text: str
    kept_in: Path | None
    """The file that holds it, or None if that could not be written."""
    attempts: tuple[Attempt, ...] = ()
    """The ways that were tried; all but the last one failed, and the last unless it has a failure.
    """
    note: str = ""
    """What the reader has to know besides, as part of a sentence."""

    @property
    def method(self) -> str:
        """What took it, one of this module's names; `NOTHING` if nothing did."""
        last = self.attempts[-1] if self.attempts else Attempt(NOTHING)
        return NOTHING if last.failure else last.method

    @property
    def is_certain(self) -> bool:
        """Whether we know that it was taken: a terminal never answers."""
        return self.method in _CERTAIN

    @property
    def trouble(self) -> str:
        """What failed that the reader relies on, as a sentence without its end."""
        failed = (one for one in self.attempts if one.failure)
        return "; ".join(
            f"{one.method} {one.failure}" for one in failed if one.method in {CONFIGURED, TMUX}
        )


@dataclass(frozen=True, slots=True)
class Clipboard:
    """The clipboard as it is reached from this environment.

    `command` is the configured one; `write_terminal` sends a sequence to the terminal and may
    raise `OSError`; the programs that are asked to copy have `seconds` to end, all together.
    """

    environ: Mapping[str, str]
    command: tuple[str, ...] | None
    write_terminal: Callable[[str], None]
    copied_text: Path
    platform: str = sys.platform
    seconds: float = PROGRAM_SECONDS

    def copy(self, text: str) -> Copied:
        """Copy `text`, waiting for the programs it takes, and keep it in the file. Never fails."""
        data = text.encode(errors="replace")  # half of a surrogate pair becomes `?`
        kept_in = self.copied_text if _keep(data, self.copied_text) else None
        until = time.monotonic() + self.seconds
        attempts: list[Attempt] = []
        left = ways(self.environ, self.command, self.platform)
        while left and (not attempts or attempts[-1].failure):
            way, *left = left
            if any(one.method == way.method for one in attempts):
                continue  # it has failed already, as a last resort it would again
            reserved = _LEAST_SHARE * self.seconds * _programs_before_terminal(left)
            attempts.append(self._try(way.method, data, until - reserved))
        copied = Copied(text, kept_in, tuple(attempts))
        return replace(copied, note=_note(copied, len(data)))

    def _try(self, method: str, data: bytes, until: float) -> Attempt:
        """Try one way, which has until then."""
        start = time.monotonic()
        note = ""
        if method == TMUX:
            ran, note = load(data, self.environ, until - start)
            failure = ran.failure
        elif method in {CONFIGURED, SYSTEM}:
            command = (self.command if method == CONFIGURED else None) or _TO_SYSTEM
            failure = run(command, self.environ, until - start, data).failure
        else:
            failure = self._send(data, screen_wrapped if method == SCREEN else str)
        return Attempt(method, failure, time.monotonic() - start, note)

    def _send(self, data: bytes, wrap: Callable[[str], str]) -> str:
        if len(data) > OSC_52_LIMIT:
            return "is too narrow for the text"
        try:
            self.write_terminal(wrap(_sequence(data)))
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            return f"can't be written: {getattr(error, 'strerror', None) or error}"
        return ""


def ways(
    environ: Mapping[str, str], command: Sequence[str] | None, platform: str = sys.platform
) -> list[Way]:
    """Return the ways to the clipboard that are tried in this environment, in their order."""
    found = []
    has_terminal = takes_copies(environ)
    if command:
        found.append(Way(CONFIGURED, "the configuration names it"))
    if environ.get("TMUX"):
        found.append(Way(TMUX, "TMUX is set"))
    if environ.get("STY") and has_terminal:
        found.append(Way(SCREEN, "STY is set"))
    if is_over_ssh(environ):
        names = [name for name in SSH_VARIABLES if environ.get(name)]
        reason = f"{' and '.join(names)} {'are' if len(names) > 1 else 'is'} set"
    elif not has_display(environ, platform):
        reason = f"neither {' nor '.join(DISPLAY_VARIABLES)} is set"
    else:
        reason = ""
    if reason and has_terminal:
        found.append(Way(TERMINAL, reason))
    # The clipboard of a machine at the other end of the line is of no use to the reader.
    if not is_over_ssh(environ) or has_display(environ, "any"):
        found.append(Way(SYSTEM, "all else failed" if reason else "there is a display"))
    if has_terminal:
        found.append(Way(TERMINAL, "all else failed"))
    return found


def osc52(text: str) -> str:
    """Return the sequence that asks a terminal to put `text` into its clipboard.

    xterm's control sequences, "Operating System Commands", Ps = 52: `c` is the clipboard, and the
    text is in base64. BEL ends it, because ST would end screen's wrapper around it too early.
    """
    return _sequence(text.encode(errors="replace"))


def screen_wrapped(sequence: str) -> str:
    r"""Return `sequence` so that GNU screen hands it to its terminal instead of reading it.

    A device control string (`ESC P … ESC \`) is passed on as it is: screen's manual, "Control
    Sequences". A long one goes in several, which reach the terminal as one.
    """
    chunks = range(0, len(sequence), _SCREEN_CHUNK)
    return "".join(f"\x1bP{sequence[start : start + _SCREEN_CHUNK]}\x1b\\" for start in chunks)


def _programs_before_terminal(left: Sequence[Way]) -> int:
    """Return how many programs may have to be asked before the terminal, which takes no time."""
    methods = [way.method for way in left]
    ends = [methods.index(one) for one in (SCREEN, TERMINAL) if one in methods]
    return min(ends, default=len(methods))


def _note(copied: Copied, size: int) -> str:
    """Return what the reader has to know of a text of so many bytes."""
    notes = [one.note for one in copied.attempts if one.note]
    if size > OSC_52_LIMIT and copied.method in {TMUX, NOTHING}:
        limit = f"its {size:,} bytes are more than the {OSC_52_LIMIT:,} that terminals take"
        place = "tmux has it" if copied.method == TMUX else "the file has it"
        is_somewhere = copied.method == TMUX or copied.kept_in
        notes.append(f"{limit}, but {place}" if is_somewhere else limit)
    return "; ".join(notes)


def _sequence(data: bytes) -> str:
    return f"\x1b]52;c;{base64.b64encode(data).decode('ascii')}\x07"


def _keep(data: bytes, file: Path) -> bool:
    """Write the file as a whole, for its owner only, and tell whether that went well."""
    try:
        write_privately(file, data)
    except OSError:
        return False
    return True

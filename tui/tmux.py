"""The tmux that the program runs in, and those around it: a text for their buffers, their settings.

With its default settings tmux drops what a program inside asks of the terminal's clipboard, and
so does a second one around the first. Its own command is let through by each.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui.programs import Ran, run

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_AROUND = 4
"""So many, one in the other, are given a text."""
MOST_PARENTS = 16
"""So far up is looked for where a tmux was begun."""
_SERVER = "tmux: server"
_LOAD = ("tmux", "load-buffer", "-w", "-")
_MULTIPLEXERS = ("tmux", "screen")
"""How the terminals that they are begin in TERM."""
_FORMAT = "\n".join(
    f"#{{{name}}}"
    for name in (
        *("version", "set-clipboard", "allow-passthrough", "default-terminal", "escape-time"),
        *("client_termname", "client_termfeatures", "client_pid"),
    )
)


@dataclass(frozen=True, slots=True)
class TmuxFacts:
    """What a tmux says of itself and of the terminal that shows it; empty where it says nothing."""

    version: str
    set_clipboard: str
    allow_passthrough: str
    default_terminal: str
    escape_time: str
    """Milliseconds."""
    terminal: str
    """The TERM of the terminal around it."""
    features: str
    """What it takes that terminal for capable of, parted by commas."""
    client: str
    """The number of the process that shows it there."""

    @property
    def is_inside_another(self) -> bool:
        """Whether the terminal around it is a multiplexer again."""
        return self.terminal.startswith(_MULTIPLEXERS)


def ask(environ: Mapping[str, str], seconds: float) -> TmuxFacts | None:
    """Return what the tmux of this environment says, or None if it does not within `seconds`."""
    ran = run(("tmux", "display-message", "-p", _FORMAT), environ, seconds, wants_output=True)
    lines = ran.output.removesuffix("\n").split("\n")
    if ran.failure or len(lines) != _FORMAT.count("\n") + 1:
        return None
    return TmuxFacts(*lines)


def load(data: bytes, environ: Mapping[str, str], seconds: float) -> tuple[Ran, str]:
    """Put `data` into the buffer of the tmux of this environment, and of each one around it.

    `-w` has each pass it on to its terminal, whatever set-clipboard says. Returns what the first
    came to, and why the reader's own clipboard may not have it, as part of a sentence, if it may
    not: all within `seconds`.
    """
    until = time.monotonic() + seconds
    first = run(_LOAD, environ, seconds, data)
    if first.failure:
        return first, ""
    for _ in range(MOST_AROUND):
        facts = ask(environ, until - time.monotonic())
        if facts is None:
            return first, "it did not say what is around it, which may not have it"
        if not facts.is_inside_another:
            break
        around = _around(environ, facts.client)
        if around is None or run(_LOAD, around, until - time.monotonic(), data).failure:
            return first, f"the '{facts.terminal}' around it may not have it"
        environ = around
    return first, ""


def _around(environ: Mapping[str, str], client: str) -> Mapping[str, str] | None:
    """Return the environment of the tmux around this one; None where there is none in reach.

    Who begins a tmux inside another takes TMUX away before: a process further up began with it.
    """
    process = client
    for _ in range(MOST_PARENTS):
        found = _environ_of(process)
        if found.get("TMUX") and found["TMUX"] != environ["TMUX"]:
            return {**environ, "TMUX": found["TMUX"], "TMUX_PANE": found.get("TMUX_PANE", "")}
        name, process = _parent_of(process)
        if name == _SERVER:
            break  # where that was begun, nobody need be now
    return None


def _parent_of(process: str) -> tuple[str, str]:
    """Return the name of a process, and the number of its parent; nothing where it is not told.

    proc(5), `/proc/pid/stat`: the name stands in parentheses, and may hold any.
    """
    try:
        text = Path("/proc", process, "stat").read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError):
        return "", ""
    before, _, after = text.rpartition(")")
    return before.partition("(")[2], after.split()[1]


def _environ_of(process: str) -> Mapping[str, str]:
    """Return the environment that a process of ours began with; nothing where it is not told.

    Linux alone keeps it as a file: proc(5), `/proc/pid/environ`.
    """
    try:
        text = Path("/proc", process, "environ").read_bytes().decode(errors="replace")
    except (OSError, ValueError):
        return {}
    pairs = (one.partition("=") for one in text.split("\0"))
    return {name: value for name, _, value in pairs}

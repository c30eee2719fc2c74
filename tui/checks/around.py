"""The terminal, the place where the reader sits, and what lies between the two."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from tui import NO_SCREEN
from tui.checks.finding import Finding, fault, note
from tui.checks.subject import ASKING_SECONDS
from tui.surroundings import (
    DISPLAY_VARIABLES,
    SSH_VARIABLES,
    colour_count,
    has_display,
    is_over_ssh,
    takes_hyperlinks,
)
from tui.tmux import TmuxFacts, ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.checks.subject import Subject

SMALLEST = (60, 20)
"""Columns and lines that the browser is laid out for."""
ALL_COLOURS = 1 << 24
LONGEST_ESCAPE = 100
"""Milliseconds: longer, and Esc is felt to hesitate."""
_TERMINAL, _PLACE, _MULTIPLEXER = "terminal", "place", "multiplexer"
_LOCALE = ("LC_ALL", "LC_CTYPE", "LANG")


def terminal(subject: Subject) -> Iterator[Finding]:
    """Look at the terminal: what it is, its colours, its size, its encoding."""
    environ = subject.environ
    term = environ.get("TERM", "")
    if term in NO_SCREEN and subject.platform != "win32":
        remedy = "set TERM to what the terminal is, such as xterm-256color"
        yield fault(_TERMINAL, "TERM", term, remedy, f"'{term}': the browser can't draw on it")
    else:
        yield Finding(_TERMINAL, "TERM", term)
    yield Finding(_TERMINAL, "COLORTERM", environ.get("COLORTERM", ""))
    yield Finding(_TERMINAL, "NO_COLOR", "NO_COLOR" in environ)
    yield _colours(subject)
    yield _size(subject)
    yield from _encoding(subject)
    yield _hyperlinks(subject)
    if not subject.is_terminal:
        yield note(
            _TERMINAL,
            "input and output",
            value=False,
            text="not both a terminal",
            remedy="the browser needs both; other commands don't",
        )


def _colours(subject: Subject) -> Finding:
    count = colour_count(subject.environ)
    if count == 0 and "NO_COLOR" in subject.environ:
        remedy = "unset NO_COLOR for colours"
        return note(_TERMINAL, "colours", 0, remedy, "greys, as NO_COLOR asks for")
    if count in {0, ALL_COLOURS}:
        return Finding(_TERMINAL, "colours", count)
    over_ssh = ", at the other end of the line ('SendEnv COLORTERM' in ssh's configuration there)"
    remedy = (
        "if your terminal has all of them, set COLORTERM=truecolor"
        f"{over_ssh if is_over_ssh(subject.environ) else ''}"
    )
    return note(_TERMINAL, "colours", count, remedy)


def _hyperlinks(subject: Subject) -> Finding:
    environ = subject.environ
    if not takes_hyperlinks(environ) and environ.get("TMUX"):
        remedy = "tmux passes them on from 3.4"
        return note(_TERMINAL, "hyperlinks", value=False, remedy=remedy)
    return Finding(_TERMINAL, "hyperlinks", takes_hyperlinks(environ))


def _size(subject: Subject) -> Finding:
    if subject.size is None:
        return Finding(_TERMINAL, "size", None)
    shown = "x".join(map(str, subject.size))
    if all(have >= want for have, want in zip(subject.size, SMALLEST, strict=True)):
        return Finding(_TERMINAL, "size", shown)
    remedy = f"make it {SMALLEST[0]} columns and {SMALLEST[1]} lines, or the letters smaller"
    return note(_TERMINAL, "size", shown, remedy)


def _encoding(subject: Subject) -> Iterator[Finding]:
    named = [f"{name}={subject.environ[name]}" for name in _LOCALE if subject.environ.get(name)]
    yield Finding(_TERMINAL, "locale", " ".join(named[:1]))
    if codecs.lookup(subject.encoding).name == "utf-8":
        yield Finding(_TERMINAL, "encoding", subject.encoding)
    else:
        remedy = "name a locale in UTF-8, such as LC_ALL=C.UTF-8"
        yield fault(_TERMINAL, "encoding", subject.encoding, remedy)


def place(subject: Subject) -> Iterator[Finding]:
    """Look at where the reader sits: at another machine, before a desktop."""
    environ = subject.environ
    names = [name for name in SSH_VARIABLES if environ.get(name)]
    yield Finding(_PLACE, "SSH", bool(names), f"yes ({', '.join(names)})" if names else "")
    displays = [f"{name}={environ[name]}" for name in DISPLAY_VARIABLES if environ.get(name)]
    text = f"yes ({', '.join(displays)})" if displays else ""
    yield Finding(_PLACE, "display", has_display(environ, subject.platform), text)


def multiplexer(subject: Subject) -> Iterator[Finding]:
    """Look at the multiplexer around the program, and ask tmux what its settings are."""
    environ = subject.environ
    if environ.get("TMUX"):
        facts = ask(environ, ASKING_SECONDS)
        if facts is None:
            remedy = "start tmux anew, or unset TMUX; a tmux before 3.2 does not know the question"
            yield fault(_MULTIPLEXER, "tmux", "tmux", remedy, "tmux, which does not answer")
        else:
            yield from _tmux(facts)
    elif environ.get("STY"):
        text = f"GNU screen ({environ['STY']})"
        yield Finding(_MULTIPLEXER, "multiplexer", "screen", text)
    elif environ.get("TERM", "").startswith(("tmux", "screen")):
        yield note(
            _MULTIPLEXER,
            "multiplexer",
            environ["TERM"],
            "a tmux there drops copies unless it is told 'set -s set-clipboard on'",
            "one at the other end of the line, as TERM says",
        )
    else:
        yield Finding(_MULTIPLEXER, "multiplexer", None)


def _tmux(facts: TmuxFacts) -> Iterator[Finding]:
    yield Finding(_MULTIPLEXER, "multiplexer", "tmux", f"tmux {facts.version}")
    # paperdeck's own way through tmux needs neither of these two; other programs do.
    yield Finding(_MULTIPLEXER, "set-clipboard", facts.set_clipboard)
    yield Finding(_MULTIPLEXER, "allow-passthrough", facts.allow_passthrough)
    if facts.default_terminal.endswith("256color"):
        yield Finding(_MULTIPLEXER, "default-terminal", facts.default_terminal)
    else:
        remedy = "give it more colours: 'set -s default-terminal tmux-256color'"
        yield note(_MULTIPLEXER, "default-terminal", facts.default_terminal, remedy)
    yield _escape_time(facts)
    yield from _around_tmux(facts)


def _escape_time(facts: TmuxFacts) -> Finding:
    if not facts.escape_time.isdecimal():
        return Finding(_MULTIPLEXER, "escape-time", None)
    milliseconds = int(facts.escape_time)
    if milliseconds <= LONGEST_ESCAPE:
        return Finding(_MULTIPLEXER, "escape-time", milliseconds, f"{milliseconds} ms")
    remedy = "Esc waits for so long: 'set -s escape-time 20'"
    return note(_MULTIPLEXER, "escape-time", milliseconds, remedy, f"{milliseconds} ms")


def _around_tmux(facts: TmuxFacts) -> Iterator[Finding]:
    if facts.is_inside_another:
        yield note(
            _MULTIPLEXER,
            "terminal around",
            facts.terminal,
            "another multiplexer: a tmux on this machine is given copies too; one at the other end"
            " of the line has to be told 'set -s set-clipboard on'",
        )
    elif facts.terminal and "clipboard" not in facts.features.split(","):
        yield note(
            _MULTIPLEXER,
            "terminal around",
            facts.terminal,
            f"if it has a clipboard: \"set -as terminal-features ',{facts.terminal}:clipboard'\"",
            f"{facts.terminal}, which tmux takes for one without a clipboard",
        )
    else:
        yield Finding(_MULTIPLEXER, "terminal around", facts.terminal)

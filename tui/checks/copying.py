"""How a text gets to the reader's clipboard from here, and a link to the reader's browser."""

from __future__ import annotations

import os
import secrets
import shutil
from typing import TYPE_CHECKING

from tui.checks.finding import Finding, fault, note
from tui.clipboard import CONFIGURED, NOTHING, SCREEN, SYSTEM, TERMINAL, TMUX, Clipboard, ways
from tui.copied import heading
from tui.locations import copied_text_path, shown_path
from tui.opener import opener

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui.checks.subject import Subject

_AREA = "copying"
_DESKTOP_PROGRAMS = ("wl-copy", "xclip", "xsel", "pbcopy", "clip.exe", "klipper", "qdbus")
"""What pyperclip asks, on one platform or another."""
_TRIED = "'paperdeck doctor clip' tries it"
_REMEDIES = {
    CONFIGURED: "mend copy_command: it gets the text on its standard input",
    TMUX: "start tmux anew, or unset TMUX",
    SYSTEM: "install wl-clipboard, xclip or xsel",
}
"""What helps where a way failed that was tried."""


def copying(subject: Subject) -> Iterator[Finding]:
    """Tell the way that a copy takes, why, and which others follow should it fail."""
    environ, config = subject.environ, subject.config.config
    found = ways(environ, config.copy_command, subject.platform)
    missing = [(way, _missing(way.method, subject)) for way in found]
    usable = [way for way, lack in missing if not lack]
    for way, lack in missing:
        if lack and way.method in {CONFIGURED, TMUX}:
            remedy = "mend copy_command" if way.method == CONFIGURED else "put tmux into PATH"
            yield fault(_AREA, way.method, value=False, remedy=remedy, text=lack)
        elif lack and way is found[0]:
            remedy = "install wl-clipboard, xclip or xsel, or configure copy_command"
            yield note(_AREA, way.method, value=False, remedy=remedy, text=lack)
    if not usable:
        remedy = "configure copy_command, or read the text where it is shown and kept"
        yield fault(_AREA, "way", NOTHING, remedy, "none: there is no clipboard in reach")
    else:
        first, *others = usable
        text = f"{first.method}, as {first.reason}"
        if first.method in {TERMINAL, SCREEN}:
            remedy = f"no terminal says whether it took a copy: {_TRIED}"
            yield note(_AREA, "way", first.method, remedy, text)
        else:
            yield Finding(_AREA, "way", first.method, text)
        names = dict.fromkeys(way.method for way in others if way.method != first.method)
        yield Finding(_AREA, "after it", ", ".join(names) or None)
    kept = copied_text_path(subject.locations.cache)
    yield Finding(_AREA, "kept in", str(kept), shown_path(kept))


def opening(subject: Subject) -> Iterator[Finding]:
    """Tell what opens a link, if anything does."""
    config = subject.config.config
    words = opener(subject.environ, config.open_command, subject.platform)
    if not words:
        remedy = "'o' shows and copies the link; configure open_command to have it opened"
        text = "nothing: no desktop is before you"
        yield note("opening", "opened by", None, remedy, text)
    elif shutil.which(words[0], path=_path(subject)) is None:
        remedy = "install it, or configure open_command"
        yield fault("opening", "opened by", words[0], remedy, f"'{words[0]}', which is not there")
    else:
        yield Finding("opening", "opened by", " ".join(words))


def try_clipboard(subject: Subject, write_terminal: Callable[[str], None]) -> Iterator[Finding]:
    """Copy a small text, as the browser would, and tell what each way came to."""
    text = f"paperdeck doctor {secrets.token_hex(3)}"
    clipboard = Clipboard(
        subject.environ,
        subject.config.config.copy_command,
        write_terminal,
        copied_text_path(subject.locations.cache),
        subject.platform,
    )
    copied = clipboard.copy(text)
    yield Finding("clip", "text", text)
    for attempt in copied.attempts:
        milliseconds = round(1000 * attempt.seconds)
        if attempt.failure:
            remedy = _REMEDIES.get(attempt.method, "copy_command can name another way")
            said = f"{attempt.failure} ({milliseconds} ms)"
            is_relied_on = attempt.method in {CONFIGURED, TMUX}
            yield (fault if is_relied_on else note)(
                "clip", attempt.method, value=False, remedy=remedy, text=said
            )
        elif attempt.note:
            remedy = "tell the one around it: 'set -s set-clipboard on'"
            yield note("clip", attempt.method, value=True, remedy=remedy, text=attempt.note)
        else:
            yield Finding("clip", attempt.method, value=True, text=f"took it ({milliseconds} ms)")
    if copied.method == NOTHING:
        remedy = "configure copy_command, or read the text where it is shown and kept"
        yield fault("clip", "outcome", NOTHING, remedy, heading(copied))
    elif copied.is_certain:
        yield Finding("clip", "outcome", copied.method, heading(copied))
    else:
        remedy = "paste it somewhere: no terminal says whether it took a copy"
        yield note("clip", "outcome", copied.method, remedy, heading(copied))


def _missing(method: str, subject: Subject) -> str:
    """Return what a way lacks, as a sentence without its end; nothing where it lacks nothing."""
    path = _path(subject)
    command = subject.config.config.copy_command
    if method == CONFIGURED and command and shutil.which(command[0], path=path) is None:
        return f"'{command[0]}' is not there"
    if method == TMUX and shutil.which("tmux", path=path) is None:
        return "TMUX is set, and there is no command 'tmux'"
    if method == SYSTEM and not any(shutil.which(name, path=path) for name in _DESKTOP_PROGRAMS):
        return "no program for the desktop's clipboard is there"
    return ""


def _path(subject: Subject) -> str:
    return subject.environ.get("PATH", os.defpath)

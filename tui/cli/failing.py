"""Errors that nobody foresaw, told calmly: in a line, or on a screen where a browser was shown.

Loaded when there is one. By then the library is closed, and the screen is the shell's.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.errors import BrokenError
from tui.crash import FOLDER, Crash, note_crash
from tui.locations import find_locations, shown_path

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADING = "paperdeck had to end"
KEPT = "The library is closed. What you decided is in it, and nothing of it is half done."


def tell_failure(error: BaseException, words: Sequence[str]) -> str:
    """Report an error of a command of these words, show it, and return the line that tells it."""
    cause = error.__cause__ if isinstance(error, BrokenError) and error.__cause__ else error
    # A verb says what was being done; what follows may be a query.
    command = words[0] if words and words[0].isalpha() else "browse"
    crash = note_crash(cause, _folders(), command, os.environ)
    if isinstance(error, BrokenError):
        _show(crash, error)
    return (
        f"ended by an error that nobody foresaw ({crash.what}); {_told(crash)};"
        " 'paperdeck doctor' looks at the library"
    )


def _folders() -> tuple[Path, ...]:
    """Return where a report can go, the usual place first."""
    folders = []
    with suppress(RuntimeError):
        folders.append(find_locations(os.environ).state / FOLDER)
    named = f"paperdeck-{os.getuid()}" if sys.platform != "win32" else "paperdeck"
    with suppress(OSError):  # no folder can be written to, as where the disk is full
        folders.append(Path(tempfile.gettempdir(), named, FOLDER))
    return tuple(folders)


def _told(crash: Crash) -> str:
    if crash.report is None:
        return "no report could be written"
    return f"the report is '{shown_path(crash.report)}'"


def _show(crash: Crash, error: BrokenError) -> None:
    """Show what happened until a key is pressed, where there is a screen that still works."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return
    # Only Textual can show it, and it is loaded.
    from tui.firstpaint.handover import driver_for
    from tui.screens.failure import FailureApp

    parts = [f"There was an error that nobody foresaw: {crash.what}."]
    parts.append("\n".join(("Not kept:", *error.lost)) if error.lost else KEPT)
    if crash.report:
        place = shown_path(crash.report)
        parts.append(f"A report is in {place}. Nobody else can read it, and it quotes no paper.")
    else:
        parts.append("No report could be written.")
    parts.append("The next start begins afresh; 'paperdeck doctor' looks at the library.")
    FailureApp(HEADING, parts, error.theme, driver_for(None, lambda: None)).run()

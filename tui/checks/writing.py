"""What writes the frames of the browser to the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.checks.finding import Finding, fault, note
from tui.terminal import CHANGED_CELLS, TEXTUAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.checks.subject import Subject


def writer(subject: Subject) -> Iterator[Finding]:
    """Tell which of the writers is used, and why if it is not our own."""
    if subject.config.config.writer == TEXTUAL:
        remedy = f"'writer = \"{CHANGED_CELLS}\"' sends fewer bytes"
        yield note("terminal", "writer", TEXTUAL, remedy, "Textual's own, as configured")
        return
    try:
        # Costs 300 ms: whether Textual is as our writer needs it, Textual alone can tell.
        from tui.terminal.display import ChangedCellsApp
    except ImportError as error:
        yield fault("terminal", "writer", None, "install paperdeck anew", f"none: {error}")
        return
    reason = ChangedCellsApp[str]().writer_reason
    if reason:
        remedy = "all works, by more bytes; another version of Textual may mend it"
        yield note("terminal", "writer", TEXTUAL, remedy, f"Textual's own: {reason}")
    elif reason := _reason_against_driver(subject):
        remedy = "all works while the terminal does; another version of Textual may mend it"
        yield note("terminal", "writer", CHANGED_CELLS, remedy, f"waits for a terminal: {reason}")
    else:
        yield Finding("terminal", "writer", CHANGED_CELLS)


def _reason_against_driver(subject: Subject) -> str:
    if subject.platform == "win32":
        return ""
    # Only Unix has what it is built on.
    from tui.terminal.driver import reason_against_driver

    return reason_against_driver()

"""Where the installed program begins: the reader sees the papers before it is loaded.

All that is imported here before the first paint costs each start; what is needed by then is what
Python has loaded anyway, and little more.
"""

from __future__ import annotations

import gc
import os
import sys

from tui import NO_SCREEN

TYPE_CHECKING = False  # the module `typing` would take a quarter of the time
if TYPE_CHECKING:
    from tui.firstpaint.reading import LastFrame

_AT_ONCE: tuple[list[str], ...] = ([], ["browse"])
"""The words that open the browser as it was left."""
_SAMPLE = ["demo"]
"""The words that open it on the sample."""


def main() -> int:
    """Carry out what the command line says and return the exit status."""
    if not _is_at_once():
        from tui.cli import main as carry_out

        return carry_out()
    from tui.firstpaint.prepared import PreparedTerminal

    # Most of what importing makes stays: looking through it for garbage takes a sixth of the time.
    # The browser turns it on again.
    gc.disable()
    terminal = PreparedTerminal()
    try:
        terminal.begin()
        is_sample = sys.argv[1:] == _SAMPLE
        frame = None if is_sample else _last_frame()
        if frame is not None:
            terminal.paint(frame.paint, frame.cells)
        from tui.cli import open_browser

        return open_browser(terminal, is_sample=is_sample)
    except Exception as error:  # noqa: BLE001 nobody foresaw it, and it is told as any such
        terminal.leave()
        from tui.cli import broken

        return broken(error)
    finally:
        terminal.leave()


def _is_at_once() -> bool:
    """Tell whether the browser is asked for, on a terminal that can show it."""
    return (
        sys.platform != "win32"
        and sys.argv[1:] in (*_AT_ONCE, _SAMPLE)
        and "_ARGCOMPLETE" not in os.environ
        and os.environ.get("TERM", "") not in NO_SCREEN
        and all(map(os.isatty, range(3)))
    )


def _last_frame() -> LastFrame | None:
    """Return the frame to show at once, if there is one that still holds."""
    from tui.firstpaint.reading import read_frame, screen_size

    size = screen_size(os.environ)
    return read_frame(os.environ, size) if size else None

"""A terminal made ready before the program is loaded: no key is echoed, a frame may be shown.

Imported before the first paint.
"""

from __future__ import annotations

import os
import signal
import sys
import termios

TYPE_CHECKING = False  # as in `tui.start`
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType
    from typing import Any

    from tui.lastframe import LastFrame

OTHER_SCREEN = "\x1b[?1049h"
"""Leads to the terminal's other screen, which is empty then; on that one it may empty it again."""
_BEGIN = f"{OTHER_SCREEN}\x1b[?25l"
_MODES_OFF = b"\x1b[<u\x1b[?1000l\x1b[?1003l\x1b[?1004l\x1b[?1006l\x1b[?2004l\x1b[?7h"
"""Turns off what Textual turns on: keys, mouse, focus and pastes told in its way."""
_END = b"\x1b[?1049l\x1b[?25h"
_ENDING = (signal.SIGTERM, signal.SIGHUP)
_KEYBOARD, _SCREEN = 0, 2
"""Where Textual reads and writes too."""
_SIZE_NAMES = ("COLUMNS", "LINES")
"""The variables that give the screen another size than the terminal's own."""


class PreparedTerminal:
    """The terminal of this process, from the start until Textual takes it over.

    Keys that are pressed meanwhile wait in the terminal's own queue. As long as nothing is shown,
    ctrl+c ends the program; afterwards it is a key as it is in the browser.
    """

    def __init__(self) -> None:
        self.attributes: list[Any] | None = None
        """How it was found; None where it was not made ready."""
        self.frame: LastFrame | None = None
        """What it shows, on its other screen."""
        self._is_handed_over = False

    def begin(self) -> None:
        """Echo no keys, and undo that if the program is told to end."""
        for number in _ENDING:
            if signal.getsignal(number) is signal.SIG_DFL:  # `nohup` has one ignored
                signal.signal(number, self._end)
        try:
            self.attributes = termios.tcgetattr(_KEYBOARD)
        except termios.error:
            return  # such as a line that was hung up; Textual does without, too
        self._set(_without_echo(self.attributes, is_shown=False))

    def paint(self, frame: LastFrame) -> None:
        """Show a frame on the other screen."""
        self.frame = frame
        if self.attributes is not None:
            self._set(_without_echo(self.attributes, is_shown=True))
        _write(_BEGIN.encode() + frame.paint)

    def hand_over(self) -> None:
        """Leave it to another to restore the terminal."""
        self._is_handed_over = True

    def leave(self) -> None:
        """Restore the terminal, unless that is another's by now."""
        if not self._is_handed_over:
            self._restore()

    def _restore(self) -> None:
        if self.frame is not None:
            self.frame = None
            _write(_END)
        if self.attributes is not None:
            self._set(self.attributes)

    def _set(self, attributes: list[Any]) -> None:
        try:
            termios.tcsetattr(_KEYBOARD, termios.TCSANOW, attributes)
        except termios.error:
            return  # it is gone

    def _end(self, number: int, _: FrameType | None) -> None:
        # Also when the terminal was handed over just now: the other's own signals come later.
        _write(_MODES_OFF)
        self._restore()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)


def screen_size(environ: Mapping[str, str]) -> tuple[int, int] | None:
    """Return the columns and lines of the screen; None where they are not the terminal's."""
    if any(name in environ for name in _SIZE_NAMES):
        return None
    try:
        columns, lines = os.get_terminal_size(_SCREEN)
    except OSError:
        return None
    return columns, lines


def _without_echo(attributes: list[Any], *, is_shown: bool) -> list[Any]:
    """Return what has keys wait unseen, as Textual will read them."""
    changed = list(attributes)
    changed[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    changed[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG * is_shown)
    controls = list(attributes[6])
    controls[termios.VMIN], controls[termios.VTIME] = 1, 0
    # They are keys of ours. A program that was suspended now would leave the shell without echo.
    nothing = bytes([os.fpathconf(_KEYBOARD, "PC_VDISABLE")])
    for name in ("VQUIT", "VSUSP", "VDSUSP"):
        if hasattr(termios, name):
            controls[getattr(termios, name)] = nothing
    changed[6] = controls
    return changed


def _write(data: bytes) -> None:
    """Write to the screen, whole."""
    sys.stderr.flush()
    try:
        while data:
            data = data[os.write(_SCREEN, data) :]
    except OSError:
        return  # nobody sees it any more

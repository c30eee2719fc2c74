"""A terminal made ready before the program is loaded: no key is echoed, a frame may be shown.

Imported before the first paint, and only there: it needs Unix.
"""

from __future__ import annotations

import os
import select
import signal
import termios

from tui.firstpaint.reading import OTHER_SCREEN, SCREEN

TYPE_CHECKING = False  # as in `tui.start`
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

    from tui.terminal.picture import Cells

_BEGIN = f"{OTHER_SCREEN}\x1b[?25l"
_PATIENCE = 1.0
"""Seconds that a terminal which takes nothing is waited for."""
_AT_ONCE = 512
"""So many bytes are written at once: a terminal that has room for few has the others wait."""
_MODES_OFF = b"\x1b[<u\x1b[?1000l\x1b[?1003l\x1b[?1004l\x1b[?1006l\x1b[?2004l\x1b[?7h"
"""Turns off what Textual turns on: keys, mouse, focus and pastes told in its way."""
_END = b"\x1b[?1049l\x1b[?25h"
_ENDING = (signal.SIGTERM, signal.SIGHUP)
_KEYBOARD = 0
"""Where Textual reads too."""


class PreparedTerminal:
    """The terminal of this process, from the start until Textual takes it over.

    Keys that are pressed meanwhile wait in the terminal's own queue. As long as nothing is shown,
    ctrl+c ends the program; afterwards it is a key as it is in the browser.
    """

    def __init__(self) -> None:
        self.attributes: list[Any] | None = None
        """How it was found; None where it was not made ready."""
        self.shown: Callable[[], Cells] | None = None
        """Returns the cells of its other screen; None where it does not show them."""
        self._is_on_other_screen = False
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

    def paint(self, data: bytes, cells: Callable[[], Cells]) -> None:
        """Show the first paint on the other screen, if the terminal takes it.

        `data` is what is sent, and `cells` returns what that shows: it is called later, when the
        program is loaded.
        """
        if self._is_on_other_screen:
            return
        self._is_on_other_screen = True
        if self.attributes is not None:
            self._set(_without_echo(self.attributes, is_shown=True))
        if _write(_BEGIN.encode() + data, _PATIENCE):
            self.shown = cells

    def hand_over(self) -> None:
        """Leave it to another to restore the terminal."""
        self._is_handed_over = True

    def leave(self) -> None:
        """Restore the terminal, unless that is another's by now."""
        if not self._is_handed_over:
            self._restore(b"", _PATIENCE)

    def _restore(self, sequence: bytes, seconds: float) -> None:
        # Its attributes first: the terminal may take nothing that is written.
        if self.attributes is not None:
            self._set(self.attributes)
        if self._is_on_other_screen:
            sequence += _END
        self._is_on_other_screen, self.shown = False, None
        _write(sequence, seconds)

    def _set(self, attributes: list[Any]) -> None:
        try:
            termios.tcsetattr(_KEYBOARD, termios.TCSANOW, attributes)
        except termios.error:
            return  # it is gone

    def _end(self, number: int, _: FrameType | None) -> None:
        # After the start too where TEXTUAL_DRIVER names another driver: ours takes the signals.
        self._restore(_MODES_OFF, 0)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)


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


def _write(data: bytes, seconds: float) -> bool:
    """Write to the screen; tell whether it took all, and never nothing for so many seconds."""
    try:
        while data and select.select((), (SCREEN,), (), seconds)[1]:
            data = data[os.write(SCREEN, data[:_AT_ONCE]) :]
    except OSError:
        return False  # nobody sees it any more
    return not data

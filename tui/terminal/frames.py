"""Frames: what a terminal is sent so that the changed cells of its screen are others."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from tui.terminal.lines import is_sure
from tui.terminal.moves import move
from tui.terminal.pens import PLAIN, blank_pen, change

if TYPE_CHECKING:
    from tui.terminal.lines import Line
    from tui.terminal.pens import Pen
    from tui.terminal.strokes import Stroke

_WIDEST_GAP = 12
"""More cells than these are not written again to save a movement, which is shorter."""
_ERASE_TO_END = "\x1b[K"


class Frame:
    """Collects what is sent for one frame, and knows where that leaves the cursor and the pen.

    It begins with a cursor that may be anywhere and with the plain pen, and leaves that pen: what
    else is written to the terminal stands between frames.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._parts: list[str] = []
        self._x: int | None = None
        self._y: int | None = None
        self._pen = PLAIN

    def cost(self, stroke: Stroke, *, exactly: bool) -> int:
        """Return how many bytes it takes to begin a stroke, or about how many."""
        if exactly:
            way = len(move(self._x, self._y, stroke.start, stroke.y))
        elif stroke.y != self._y:
            way = 5 if self._y is not None and stroke.y == self._y + 1 else 7
        else:
            way = 0 if stroke.start == self._x else 4
        return way + len(change(self._pen, stroke.pen))

    def draw(self, stroke: Stroke) -> None:
        """Write the cells of a stroke."""
        y, start, end, line, _, is_erased = stroke
        if is_erased:
            self._go(start, y)
            self._take(blank_pen(self._pen, PLAIN))
            self._parts.append(_ERASE_TO_END)
        else:
            self._come_to(start, y, line)
            if stroke.pen is not line.pens[start]:
                # Blanks before it are written with the pen of a character too.
                self._take(stroke.pen)
            self._write(start, end, line)

    def end(self, cursor: tuple[int, int] | None) -> str:
        """Return all that is to be sent, with the cursor at a cell; empty if nothing changed."""
        if not self._parts:
            return ""
        self._take(PLAIN)
        if cursor:
            self._go(*cursor)
        return "".join(self._parts)

    def _come_to(self, x: int, y: int, line: Line) -> None:
        """Go to a cell of a line; over those before it, written again, where that is shorter."""
        here = self._x if self._y == y else 0
        jump = move(self._x, self._y, x, y)
        if here is not None and 0 < x - here <= _WIDEST_GAP and line.is_known(here, x):
            text, pen = _written(line, here, x, self._pen)
            over = move(self._x, self._y, here, y) + text
            _, then = _pen_at(line, x, pen)
            _, at_once = _pen_at(line, x, self._pen)
            if len(over.encode()) + len(then) <= len(jump) + len(at_once):
                jump, self._pen = over, pen
        self._parts.append(jump)
        self._x, self._y = x, y

    def _write(self, start: int, end: int, line: Line) -> None:
        """Write cells of a line; the cursor is at the first of them."""
        if line.is_known(start, end):
            text, self._pen = _written(line, start, end, self._pen)
            self._parts.append(text)
            self._x = end if end < self._width else None
            return
        y = self._y or 0
        for x in range(start, end):
            text = line.texts[x] or ""
            if not text:
                continue  # the second cell of a wide character
            self._go(x, y)
            pen, sequence = _pen_at(line, x, self._pen)
            self._pen = pen
            after = x + 2 if line.texts[x + 1 : x + 2] == [""] else x + 1
            if is_sure(text):
                self._parts += (sequence, text)
                self._x = after if after < self._width else None
            else:
                self._parts.append(sequence)
                if after == x + 2:
                    # A terminal that gives it one cell leaves the other one as it was.
                    self._parts += ("  ", move(None, y, x, y))
                self._parts.append(text)
                self._x = None

    def _go(self, x: int, y: int) -> None:
        self._parts.append(move(self._x, self._y, x, y))
        self._x, self._y = x, y

    def _take(self, pen: Pen) -> None:
        self._parts.append(change(self._pen, pen))
        self._pen = pen


def _written(line: Line, start: int, end: int, pen: Pen) -> tuple[str, Pen]:
    """Return what writes cells that are a character each, and the pen that this leaves."""
    parts: list[str] = []
    x = start
    # A blank may be written with another pen than a character beside it that has the same.
    kinds = zip(line.pens[start:end], (text == " " for text in line.texts[start:end]), strict=True)
    for _, group in groupby(kinds):
        count = len(list(group))
        pen, sequence = _pen_at(line, x, pen)
        parts += (sequence, *filter(None, line.texts[x : x + count]))
        x += count
    return "".join(parts), pen


def _pen_at(line: Line, x: int, pen: Pen) -> tuple[Pen, str]:
    """Return the pen to write a cell with, and the sequence that takes it in place of `pen`."""
    wanted = line.pens[x]
    if wanted is not pen and line.texts[x] == " ":
        wanted = blank_pen(pen, wanted)
    return wanted, change(pen, wanted)

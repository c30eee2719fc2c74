"""Frames: what a terminal is sent so that the changed cells of its screen are others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.terminal.lines import is_sure
from tui.terminal.moves import move
from tui.terminal.pens import PLAIN, blank_pen, change, seen_on_blanks

if TYPE_CHECKING:
    from tui.terminal.lines import Line
    from tui.terminal.pens import Pen
    from tui.terminal.strokes import Stroke

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
        y, start, _, _, pen, is_blank, _ = stroke
        if exactly:
            way = len(move(self._x, self._y, start, y))
        elif y != self._y:
            way = 5 if self._y is not None and y == self._y + 1 else 7
        else:
            way = 0 if start == self._x else 4
        if pen is self._pen:
            return way
        return way + len(change(self._pen, blank_pen(self._pen, pen) if is_blank else pen))

    def draw(self, stroke: Stroke) -> None:
        """Write the cells of a stroke."""
        y, start, end, line, pen, is_blank, is_erased = stroke
        if is_blank:
            pen = blank_pen(self._pen, pen)
        if is_erased:
            self._go(start, y)
            self._take(pen)
            to_end = end == self._width
            self._parts.append(_ERASE_TO_END if to_end else f"\x1b[{end - start}X")
            return
        text = line.known(start, end)
        if not text:
            self._go(start, y)
            self._write(start, end, line)
            return
        self._come_to(start, y, line, pen)
        self._take(pen)
        self._parts.append(text)
        self._x = end if end < self._width else None

    def end(self, cursor: tuple[int, int] | None) -> str:
        """Return all that is to be sent, with the cursor at a cell; empty if nothing changed."""
        if not self._parts:
            return ""
        self._take(PLAIN)
        if cursor:
            self._go(*cursor)
        return "".join(self._parts)

    def _come_to(self, x: int, y: int, line: Line, pen: Pen) -> None:
        """Go to a cell of a line; over those before it, written again, where that is shorter."""
        here = self._x if self._y == y else 0
        jump = move(self._x, self._y, x, y)
        if here is not None and 0 < x - here <= len(jump):
            text = line.known(here, x)
            way = move(self._x, self._y, here, y)
            if text and len(way) + len(text.encode()) <= len(jump):
                if all(_suits(line, at, self._pen) for at in range(here, x)):
                    jump = way + text
                elif all(_suits(line, at, pen) for at in range(here, x)):
                    jump = way + change(self._pen, pen) + text
                    self._pen = pen
        self._parts.append(jump)
        self._x, self._y = x, y

    def _write(self, start: int, end: int, line: Line) -> None:
        """Write cells of a line one by one; the cursor is at the first of them."""
        y = self._y or 0
        for x in range(start, end):
            text = line.texts[x] or ""
            if not text:
                continue  # the second cell of a wide character
            self._go(x, y)
            pen = line.pens[x]
            self._take(blank_pen(self._pen, seen_on_blanks(pen)) if text == " " else pen)
            after = x + 2 if line.texts[x + 1 : x + 2] == [""] else x + 1
            if is_sure(text):
                self._parts.append(text)
                self._x = after if after < self._width else None
            else:
                if after == x + 2:
                    # A terminal that gives it one cell leaves the other one as it was.
                    self._parts += ("  ", move(None, y, x, y))
                self._parts.append(text)
                self._x = None

    def _go(self, x: int, y: int) -> None:
        self._parts.append(move(self._x, self._y, x, y))
        self._x, self._y = x, y

    def _take(self, pen: Pen) -> None:
        if pen is not self._pen:
            self._parts.append(change(self._pen, pen))
            self._pen = pen


def _suits(line: Line, x: int, pen: Pen) -> bool:
    """Tell whether a cell is as it is to be when it is written with a pen."""
    own = line.pens[x]
    return own is pen or (line.texts[x] == " " and blank_pen(pen, seen_on_blanks(own)) is pen)

"""What a terminal shows, as far as it is known, and what makes it show something else."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from tui.terminal.frames import Frame
from tui.terminal.lines import Line
from tui.terminal.pens import pen_as_sent
from tui.terminal.strokes import in_order, strokes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.terminal.pens import Pen
    from tui.terminal.strokes import Stroke


Cells: TypeAlias = list[list[tuple[str, str]]]
"""The lines of a screen: of each cell its text and how it was written, as the parameters of
"Select graphic rendition" (ECMA-48) and empty for the terminal's own.

The second cell of a wide character holds no text.
"""


class Piece(NamedTuple):
    """A part of a line as it is to be."""

    y: int
    x: int
    end: int
    """The first cell that is not part of it."""
    texts: Iterable[tuple[str, Pen]]


class Picture:
    """The cells that were sent to a terminal, and are not sent again while they are the same."""

    def __init__(self, *, erases_ground: bool = False) -> None:
        """Begin with nothing known; see `strokes` for what a terminal erases with."""
        self._erases_ground = erases_ground
        self._lines: list[Line] = []
        self._width = 0

    @property
    def is_known(self) -> bool:
        """Whether anything was sent since all was forgotten."""
        return bool(self._lines)

    def forget(self) -> None:
        """Know nothing any more: something else may have been written to the terminal."""
        self._lines = []

    def show(self, cells: Cells) -> None:
        """Take cells for sent; the pen of each is written as it was sent."""
        self._width = len(cells[0])
        self._lines = [Line.unknown(self._width) for _ in cells]
        for line, shown in zip(self._lines, cells, strict=True):
            x = 0
            for sgr, run in groupby(shown, lambda cell: cell[1]):
                text = "".join(char for char, _ in run)
                x = line.put(x, text, pen_as_sent(sgr), self._width)

    def become(
        self, pieces: Iterable[Piece], size: tuple[int, int], cursor: tuple[int, int] | None = None
    ) -> str:
        """Return what is to be sent so that these pieces are shown; empty where they are already.

        `size` is that of the terminal in columns and lines; the cursor is left at a cell where it
        matters.
        """
        width, height = size
        if (width, height) != (self._width, len(self._lines)):
            self._width = width
            self._lines = [Line.unknown(width) for _ in range(height)]
        lines: dict[int, Line] = {}
        for y, x, end, texts in pieces:
            if not (0 <= y < height and 0 <= x < width):
                continue
            line = lines.get(y)
            if line is None:
                line = lines[y] = self._lines[y].copy()
            at = x
            for text, pen in texts:
                at = line.put(at, text, pen, min(end, width), is_first=at == x)
        frame = Frame(width)
        found: list[Stroke] = []
        for y, line in sorted(lines.items()):
            found += strokes(y, self._lines[y], line, erases_ground=self._erases_ground)
        in_order(found, frame.cost, frame.draw)
        sent = frame.end(cursor)
        # Not before: what was never sent is not shown.
        for y, line in lines.items():
            self._lines[y] = line
        return sent

"""Texts longer than the screen: their lines, the window on them and the keys that move it."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from tui.cells import line_spans

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Move(NamedTuple):
    """How far a key moves: by lines, or by parts of a window."""

    lines: int = 0
    pages: float = 0


MOVES_WHILE_WRITING: Mapping[str, Move] = {
    "down": Move(lines=1),
    "up": Move(lines=-1),
    "ctrl+n": Move(lines=1),
    "ctrl+p": Move(lines=-1),
    "pagedown": Move(pages=1),
    "pageup": Move(pages=-1),
}
"""Keys that move also while a line is written, which has all the others for itself."""

MOVES: Mapping[str, Move] = {
    **MOVES_WHILE_WRITING,
    "j": Move(lines=1),
    "k": Move(lines=-1),
    "ctrl+d": Move(pages=0.5),
    "ctrl+u": Move(pages=-0.5),
    " ": Move(pages=1),
    "J": Move(pages=1),
    "K": Move(pages=-1),
    "g": Move(pages=-math.inf),
    "G": Move(pages=math.inf),
    "home": Move(pages=-math.inf),
    "end": Move(pages=math.inf),
}
"""Every key that moves where nothing is written: a character, or Textual's name of the key."""


class Piece(NamedTuple):
    """A part of a line that has one look."""

    text: str
    look: str = "text"
    width: int = 0
    """So many cells it is padded or cut to; 0 for as many as it has."""
    found: tuple[int, ...] = ()
    """Places of characters that were looked for."""


class Line(NamedTuple):
    """A line of a long text as it is laid out at some width."""

    pieces: tuple[Piece, ...] = ()
    source: int = 0
    """What it is a line of, counted on from line to line: the same at every width."""


@dataclass(frozen=True, slots=True)
class Window:
    """`height` lines from `top` on, of `count`."""

    count: int = 0
    height: int = 1
    top: int = 0

    @property
    def place(self) -> str:
        """What is in sight: `1-20 of 87`."""
        last = min(self.top + self.height, self.count)
        lines = f"{self.top + 1:,}-{last:,}" if last > self.top + 1 else f"{last:,}"
        return f"{lines} of {self.count:,}"

    def to(self, top: int) -> Window:
        """Put a line at the top, or show the last page where there is not enough below."""
        return replace(self, top=max(0, min(top, self.count - self.height)))

    def moved(self, move: Move) -> Window:
        """Move the window; a page leaves one line of the former in sight."""
        if math.isinf(move.pages):
            return self.to(self.count if move.pages > 0 else 0)
        by = round(move.pages * max(1, self.height - 1))
        if move.pages and not by:
            by = 1 if move.pages > 0 else -1
        return self.to(self.top + move.lines + by)

    def on(self, lines: Sequence[Line], height: int, source: int) -> Window:
        """Return a window on lines that are laid out anew, with those of `source` at its top."""
        top = bisect_left(lines, source, key=lambda line: line.source)
        return Window(len(lines), max(1, height)).to(top)


def wrapped(text: str, width: int) -> list[str]:
    """Return a line of text as lines of at most `width` cells, broken at blanks if there are."""
    return [text[start:end] for start, end in line_spans(text, width)]

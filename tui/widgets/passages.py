"""Passages: texts in which some parts look otherwise, wrapped into the lines of a widget."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.cells import line_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NO_STYLE = Style.null()


class Look(NamedTuple):
    """How a part of a text looks."""

    start: int
    end: int
    style: Style


class Passage(NamedTuple):
    """A text of one or more lines; of looks that overlap, the later ones come on top."""

    text: str = ""
    style: Style = _NO_STYLE
    looks: tuple[Look, ...] = ()

    @classmethod
    def joined(cls, parts: Iterable[tuple[str, Style]]) -> Passage:
        """Return a passage of parts with a style each."""
        text = ""
        looks = []
        for part, style in parts:
            looks.append(Look(len(text), len(text) + len(part), style))
            text += part
        return cls(text, looks=tuple(looks))

    def lines(self, width: int) -> Iterator[tuple[int, int]]:
        """Yield where each line begins and ends in a widget with so many cells for it."""
        at = 0
        for line in self.text.split("\n"):
            for start, end in line_spans(line, width):
                yield at + start, at + end
            at += len(line) + 1

    def strips(self, width: int, *, margin: int, of: int, ground: Style) -> Iterator[Strip]:
        """Yield the lines `of` so many cells, all on this ground, with a margin at the left."""
        blank = Segment(" " * margin, ground)
        style = ground + self.style
        for start, end in self.lines(width):
            strip = Strip([blank, *self._segments(start, end, style)])
            # Neighbours of one style as one: each is a part of every frame that it is in.
            yield strip.adjust_cell_length(of, ground).simplify()

    def _segments(self, start: int, end: int, style: Style) -> Iterator[Segment]:
        looks = [look for look in self.looks if look.start < end and start < look.end]
        places = {start, end}
        for look in looks:
            places.update((max(start, look.start), min(end, look.end)))
        row = sorted(places)
        for here, there in pairwise(row):
            own = style
            for look in looks:
                if look.start <= here and there <= look.end:
                    own += look.style
            yield Segment(self.text[here:there], own)

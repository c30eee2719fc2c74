"""Passages: texts in which some parts look otherwise, wrapped into the lines of a widget."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.cells import line_spans
from tui.surroundings import hyperlink_target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Row: TypeAlias = tuple[tuple[str, Style], ...]
"""A line as it is shown, in parts of one style each."""
_NO_STYLE = Style.null()


def leading_to(url: str) -> Style:
    """Return the look of what leads to an address, as every terminal takes it."""
    return Style(link=hyperlink_target(url))


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

    def rows(self, width: int, *, margin: int, of: int, ground: Style) -> Iterator[Row]:
        """Yield the lines `of` so many cells, all on this ground, with a margin at the left."""
        style = ground + self.style
        for start, end in self.lines(width):
            # Neighbours of one style are one: each would be sent with a style of its own.
            row = [(" " * margin, ground)]
            text = self.text[start:end]
            for part, own in self._parts(start, end, style) if self.looks else ((text, style),):
                if own == row[-1][1]:
                    row[-1] = (row[-1][0] + part, own)
                else:
                    row.append((part, own))
            blank = " " * (of - margin - cell_len(text))
            if row[-1][1] == ground:
                row[-1] = (row[-1][0] + blank, ground)
            else:
                row.append((blank, ground))
            yield tuple(row)

    def _parts(self, start: int, end: int, style: Style) -> Iterator[tuple[str, Style]]:
        looks = [look for look in self.looks if look.start < end and start < look.end]
        places = {start, end}
        for look in looks:
            places.update((max(start, look.start), min(end, look.end)))
        for here, there in pairwise(sorted(places)):
            own = style
            for look in looks:
                if look.start <= here and there <= look.end:
                    own += look.style
            yield self.text[here:there], own


def strip_of(row: Row) -> Strip:
    """Return what a widget paints for a line."""
    return Strip([Segment(text, style) for text, style in row if text])

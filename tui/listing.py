"""A window on a list of papers, with the headings of their days among them: a pure value."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Lines(NamedTuple):
    """How papers and the headings of their days follow each other, line by line."""

    papers: int
    starts: tuple[int, ...]
    """As in `ListView`."""

    @property
    def total(self) -> int:
        """How many lines there are."""
        return self.papers + len(self.starts)

    def of(self, index: int) -> int:
        """Return the line of a paper."""
        return index + bisect_right(self.starts, index)

    def is_heading(self, line: int) -> bool:
        """Tell whether a line is a heading."""
        day = self._headings_above(line)
        return day < len(self.starts) and self.starts[day] + day == line

    def papers_above(self, line: int) -> int:
        """Return how many papers stand above a line: the index of the one on it, or below it."""
        return min(line - self._headings_above(line), self.papers)

    def _headings_above(self, line: int) -> int:
        # The heading of a day is on line start + number of the day, which grows with the number.
        return bisect_left(range(len(self.starts)), line, key=lambda day: self.starts[day] + day)


@dataclass(frozen=True, slots=True)
class ListView:
    """A window of `height` lines from `top` on a fixed sequence of papers, one of them selected.

    Each paper takes a line, and so does the heading above each of the papers at `starts`.
    """

    keys: Sequence[int] = ()
    selected: int = 0
    """Index into `keys`; 0 also where there are none."""
    top: int = 0
    """The first line in sight, headings counted."""
    height: int = 1
    starts: tuple[int, ...] = ()
    """Indices into `keys`, growing from 0: where another day begins. Empty: there are no headings.
    """

    @property
    def key(self) -> int | None:
        """The selected paper."""
        return self.keys[self.selected] if self.keys else None

    @property
    def shown(self) -> tuple[int, ...]:
        """The papers in sight."""
        lines = self.lines
        first = lines.papers_above(self.top)
        return tuple(self.keys[first : lines.papers_above(self.top + self.height)])

    @property
    def places(self) -> Sequence[tuple[int | None, int | None]]:
        """What `row_at` and `heading_at` return for each line of the window."""
        # One look for all of them: there is one at each key.
        places: list[tuple[int | None, int | None]] = []
        index = self.lines.papers_above(self.top)
        day = self.top - index
        for _ in range(self.height):
            if day < len(self.starts) and self.starts[day] == index:
                places.append((None, index))
                day += 1
            elif index < len(self.keys):
                places.append((index, None))
                index += 1
            else:
                places.append((None, None))
        return places

    @property
    def lines(self) -> Lines:
        """The lines of the whole list."""
        return Lines(len(self.keys), self.starts)

    def row_at(self, y: int) -> int | None:
        """Return the index of the paper on line `y` of the window; None where there is none."""
        lines, line = self.lines, self.top + y
        if not 0 <= line < lines.total or lines.is_heading(line):
            return None
        return lines.papers_above(line)

    def heading_at(self, y: int) -> int | None:
        """Return the index of the first paper of the day whose heading is on line `y`, if one is.

        Lines are those of the window.
        """
        lines, line = self.lines, self.top + y
        if not 0 <= line < lines.total or not lines.is_heading(line):
            return None
        return lines.papers_above(line)

    def line_of(self, index: int) -> int:
        """Return the line of the window that a paper has; it may lie outside of the window."""
        return self.lines.of(index) - self.top

    def to(self, index: int) -> ListView:
        """Select the row at `index`, or the nearest there is.

        A selection that leaves the window moves it by half its height, so that a key held down
        repaints two rows most of the time and the list does not creep. The heading above a paper
        comes into sight with it.
        """
        index = max(0, min(index, len(self.keys) - 1))
        line = self.lines.of(index)
        first = line - 1 if self.height > 1 and self.lines.is_heading(line - 1) else line
        top = self.top
        if not (top <= first and line < top + self.height):
            half = self.height // 2
            distance = first - top if first < top else line - (top + self.height - 1)
            step = max(half, abs(distance)) * (1 if distance > 0 else -1)
            top += step
            if not (top <= first and line < top + self.height):
                top = line - half
        return replace(self, selected=index).at(top)

    def moved(self, by: int) -> ListView:
        """Select the row `by` further down, or up where it is negative."""
        return self.to(self.selected + by)

    def paged(self, pages: float) -> ListView:
        """Move window and selection by a part of the window's height."""
        by = round(self.height * pages) or (1 if pages > 0 else -1)
        line = max(0, self.lines.of(self.selected) + by)
        index = self.lines.papers_above(line)
        if by < 0 and index and self.lines.is_heading(line):
            index -= 1  # else the first paper of a day could not be left upwards
        return self.at(self.top + by).to(index)

    def scrolled(self, by: int) -> ListView:
        """Move the window, taking the selection along only where it would leave it."""
        moved = self.at(self.top + by)
        line = moved.line_of(self.selected)
        if 0 <= line < self.height:
            return moved
        shown_from = self.lines.papers_above(moved.top)
        shown_to = self.lines.papers_above(moved.top + self.height) - 1
        index = max(0, min(shown_from if line < 0 else shown_to, len(self.keys) - 1))
        selected = replace(moved, selected=index)
        # A window of one line may have come to a heading.
        return selected if 0 <= selected.line_of(index) < self.height else selected.to(index)

    def at(self, top: int) -> ListView:
        """Put line `top` first, or the nearest that leaves no line empty; nothing else changes."""
        return replace(self, top=max(0, min(top, self.lines.total - self.height)))

    def resized(self, height: int) -> ListView:
        """Take another height, with the selected row still in sight."""
        return replace(self, height=max(1, height)).at(self.top).to(self.selected)

    def with_keys(
        self, keys: Sequence[int], select: int | None = None, starts: tuple[int, ...] = ()
    ) -> ListView:
        """Show another result, on the paper `select` if it is there, else on the first."""
        fresh = replace(self, keys=keys, selected=0, top=0, starts=starts)
        return fresh.to(0 if select is None or select not in keys else keys.index(select))

    def renewed(self, keys: Sequence[int], starts: tuple[int, ...] = ()) -> ListView:
        """Show what the list has become, the selected row on its line if it is still there."""
        fresh = replace(self, keys=keys, starts=starts)
        if self.key not in keys:
            return fresh.to(self.selected)
        index = keys.index(self.key)
        top = fresh.lines.of(index) - self.line_of(self.selected)
        return replace(fresh, selected=index).at(top).to(index)

"""The lines of the list: what each shows of a paper or a day, and how that looks, by name.

Plain values, that can be painted before Textual is loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from rich.cells import cell_len

from tui.cells import fitted
from tui.columns import Columns, is_decided, signs_of
from tui.format import day_heading, day_progress

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from store.models import Row
    from tui.listing import ListView
    from tui.rows import Rows

NO_MARKS: frozenset[int] = frozenset()
BLANK = ""
"""The look of what has none of its own."""


class PaperLine(NamedTuple):
    """A line with a paper."""

    row: Row | None
    """None for a paper that is no longer there."""
    selected: str = ""
    """Empty, `selected`, or `selected-away` where the keys move elsewhere."""
    is_marked: bool = False
    newest: int | None = None
    """As with `ListLines`, but for a paper that is new: it makes no difference there."""


class DayLine(NamedTuple):
    """A line with the heading of a day."""

    heading: str
    progress: str


ListLine: TypeAlias = PaperLine | DayLine


class Part(NamedTuple):
    """A text on a line."""

    text: str
    look: str
    """What follows `paper-list--` in the style sheet; or `BLANK`."""


class ListLines(NamedTuple):
    """The lines in sight of one view of the list."""

    view: ListView
    is_active: bool = True
    """Whether the keys move in it."""
    marks: Container[int] = NO_MARKS
    newest: int | None = None
    """Papers with a greater key are new since the last visit; with None, all are."""
    has_progress: bool = True
    """Whether the headings tell how far the reader has come with the whole day."""

    def in_sight(self, rows: Rows) -> tuple[ListLine, ...]:
        """Return the lines in sight, as the library has them now."""
        view = self.view
        places = view.places
        # With one look into the library: the paper below the last heading may be out of sight.
        keys = (view.keys[index] for place in places for index in place if index is not None)
        rows.fetch(list(dict.fromkeys(keys)))
        lines: list[ListLine] = []
        for paper, day in places:
            if paper is not None:
                lines.append(self._paper_line(rows, paper))
            elif day is not None:
                lines.append(self._day_line(rows, day))
        return tuple(lines)

    def _paper_line(self, rows: Rows, index: int) -> PaperLine:
        key = self.view.keys[index]
        row = rows.get(key)
        selected = ""
        if index == self.view.selected:
            selected = "selected" if self.is_active else "selected-away"
        newest = self.newest
        is_new = newest is None or key > newest
        return PaperLine(row, selected, key in self.marks, None if is_new else newest)

    def _day_line(self, rows: Rows, index: int) -> DayLine:
        row = rows.get(self.view.keys[index])
        if row is None:
            return DayLine("", "")
        heading = day_heading(row.day, is_guess=row.day_is_guess)
        if not row.day or not self.has_progress:
            return DayLine(heading, "")
        return DayLine(heading, day_progress(rows.day(row.day)))


def parts_of(
    line: ListLine, width: int, wanted: Sequence[str] | None, *, is_grouped: bool
) -> list[Part]:
    """Return what fills a line of `width` cells, or begins it: the last part goes on as blanks.

    The columns beside the title are the `wanted` ones, or those that have room; a list that
    `is_grouped` has the days in headings.
    """
    if isinstance(line, DayLine):
        return _day_parts(line, width)
    row = line.row
    if row is None:
        return [Part(" " * width, line.selected or BLANK)]
    # A blank stays at the right.
    title, beside = Columns.of(width - 1, wanted, is_grouped=is_grouped).texts(row)
    signs = signs_of(row, is_marked=line.is_marked, newest=line.newest)
    before = f"{''.join(signs)} "
    if line.selected:
        return [Part(before + title, line.selected), Part(beside, f"{line.selected}-meta")]
    look = _title_look(row)
    return [
        Part(signs.mark, "mark"),
        Part(before[1:], look if is_decided(row) else "mark"),
        Part(title, look),
        Part(beside, "meta"),
    ]


def _day_parts(line: DayLine, width: int) -> list[Part]:
    heading = f" {line.heading}"
    room = width - cell_len(heading) - cell_len(line.progress) - 3
    if not line.progress or room < 0:
        return [Part(fitted(heading, width), "day")]
    return [Part(heading, "day"), Part(f"{' ' * (room + 2)}{line.progress} ", "meta")]


def _title_look(row: Row) -> str:
    if is_decided(row):
        return "decided"
    return "unread" if "unread" in row.tags else "title"

"""The list of papers: one row each, painted line by line from the rows in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui.cells import fitted
from tui.columns import Columns, is_decided, signs_of
from tui.format import day_heading, day_progress
from tui.listing import ListView
from tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from rich.style import Style

    from store.models import Row
    from tui.rows import Rows

NO_MARKS: frozenset[int] = frozenset()


class PaperLine(NamedTuple):
    """A line with a paper."""

    row: Row | None
    """None for a paper that is no longer there."""
    selected: str = ""
    """Empty, `selected`, or `selected-away` where the keys move elsewhere."""
    is_marked: bool = False
    newest: int | None = None
    """As with `PaperList.show`, but for a paper that is new: it makes no difference there."""


class DayLine(NamedTuple):
    """A line with the heading of a day."""

    heading: str
    progress: str


_Line: TypeAlias = PaperLine | DayLine


class PaperList(RowList):
    """A window on a result; it shows what it is given and holds nothing else."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "paper-list--title",
        "paper-list--unread",
        "paper-list--decided",
        "paper-list--meta",
        "paper-list--mark",
        "paper-list--day",
        "paper-list--selected",
        "paper-list--selected-meta",
        "paper-list--selected-away",
        "paper-list--selected-away-meta",
    }

    def __init__(self, rows: Rows, columns: Sequence[str] | None = None) -> None:
        """Make a list with these columns beside the title, or with those that have room."""
        super().__init__(id="list")
        self._rows = rows
        self._wanted = columns
        self._view = ListView()
        self._is_active = True
        self._marks: Container[int] = NO_MARKS
        self._newest: int | None = None
        self._has_progress = True
        self._lines: tuple[_Line, ...] = ()

    def show(
        self,
        view: ListView,
        *,
        is_active: bool,
        marks: Container[int] = NO_MARKS,
        newest: int | None = None,
        has_progress: bool = True,
    ) -> None:
        """Show another view, repainting the lines that differ.

        Papers with a key greater than `newest` are new since the last visit; with None, all are.
        With `has_progress` the headings tell how far the reader has come with the whole day.
        """
        self._has_progress = has_progress
        was_grouped = bool(self._view.starts)
        self._view, self._is_active = view, is_active
        self._marks, self._newest = marks, newest
        self._renew()
        if was_grouped != bool(view.starts):
            self.refresh()  # other columns

    def show_changed(self, keys: tuple[int, ...]) -> None:
        """Repaint the rows of these papers, and the headings that say something else now."""
        if keys or self._view.starts:
            self._renew()

    def render_line(self, y: int) -> Strip:
        """Return line `y` of the window."""
        width = self.size.width
        if y >= len(self._lines):
            return Strip.blank(width, self.ground)
        line = self._lines[y]
        if isinstance(line, DayLine):
            segments = self._day_segments(line, width)
        else:
            segments = self._paper_segments(line, width)
        strip = Strip(segments).adjust_cell_length(width, segments[-1].style)
        return strip.simplify()

    def _renew(self) -> None:
        """Look at what is in sight, and repaint the lines that differ."""
        before, self._lines = self._lines, self._lines_in_sight()
        self.refresh_changed(before, self._lines)

    def _lines_in_sight(self) -> tuple[_Line, ...]:
        view = self._view
        places = view.places
        # With one look into the library: the paper below the last heading may be out of sight.
        keys = (view.keys[index] for place in places for index in place if index is not None)
        self._rows.fetch(list(dict.fromkeys(keys)))
        lines: list[_Line] = []
        for paper, day in places:
            if paper is not None:
                lines.append(self._paper_line(paper))
            elif day is not None:
                lines.append(self._day_line(day))
        return tuple(lines)

    def _paper_line(self, index: int) -> PaperLine:
        key = self._view.keys[index]
        row = self._rows.get(key)
        selected = ""
        if index == self._view.selected:
            selected = "selected" if self._is_active else "selected-away"
        newest = self._newest
        is_new = newest is None or key > newest
        return PaperLine(row, selected, key in self._marks, None if is_new else newest)

    def _day_line(self, index: int) -> DayLine:
        row = self._rows.get(self._view.keys[index])
        if row is None:
            return DayLine("", "")
        heading = day_heading(row.day, is_guess=row.day_is_guess)
        if not row.day or not self._has_progress:
            return DayLine(heading, "")
        return DayLine(heading, day_progress(self._rows.day(row.day)))

    def _paper_segments(self, line: PaperLine, width: int) -> list[Segment]:
        row = line.row
        if row is None:
            style = self._style(line.selected) if line.selected else self.ground
            return [Segment(" " * width, style)]
        grouped = bool(self._view.starts)
        # A blank stays at the right.
        columns = Columns.of(width - 1, self._wanted, is_grouped=grouped)
        title, beside = columns.texts(row)
        signs = signs_of(row, is_marked=line.is_marked, newest=line.newest)
        before = f"{''.join(signs)} "
        if line.selected:
            meta = self._style(f"{line.selected}-meta")
            return [Segment(before + title, self._style(line.selected)), Segment(beside, meta)]
        title_style = self._style(_title_look(row))
        mark = self._style("mark")
        return [
            Segment(signs.mark, mark),
            Segment(before[1:], title_style if is_decided(row) else mark),
            Segment(title, title_style),
            Segment(beside, self._style("meta")),
        ]

    def _day_segments(self, line: DayLine, width: int) -> list[Segment]:
        heading = f" {line.heading}"
        room = width - cell_len(heading) - cell_len(line.progress) - 3
        if not line.progress or room < 0:
            return [Segment(fitted(heading, width), self._style("day"))]
        progress = f"{' ' * (room + 2)}{line.progress} "
        return [Segment(heading, self._style("day")), Segment(progress, self._style("meta"))]

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"paper-list--{name}")


def _title_look(row: Row) -> str:
    if is_decided(row):
        return "decided"
    return "unread" if "unread" in row.tags else "title"

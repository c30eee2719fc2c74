"""The sidebar: views with what is unread in each, painted line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui.cells import fitted
from tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.style import Style

    from tui.shelf import ShelfLine, Unread

PRESENT = "▸"
DEEPEST = 3
"""Tags that are nested deeper are not set in further."""
NARROWEST_LABEL = 10


class Sidebar(RowList):
    """The rows in sight; it shows what it is given and holds nothing else."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "sidebar--label",
        "sidebar--present",
        "sidebar--heading",
        "sidebar--count",
        "sidebar--outdated",
        "sidebar--selected",
        "sidebar--selected-outdated",
        "sidebar--selected-away",
        "sidebar--selected-away-outdated",
    }

    def __init__(self) -> None:
        super().__init__(id="sidebar")
        self._shown: Sequence[ShelfLine] = ()

    def show(self, shown: Sequence[ShelfLine]) -> None:
        """Show other rows, repainting the lines that differ."""
        before, self._shown = self._shown, shown
        self.refresh_changed(before, shown)

    def render_line(self, y: int) -> Strip:
        """Return the row at line `y` of the window."""
        width = self.size.width
        if y >= len(self._shown):
            return Strip.blank(width, self.ground)
        segments = list(self._segments(self._shown[y], width))
        return Strip(segments).adjust_cell_length(width, segments[-1].style).simplify()

    def _segments(self, line: ShelfLine, width: int) -> Iterator[Segment]:
        row = line.row
        if not row.query:
            yield Segment(fitted(f" {row.label}", width), self._style("heading"))
            return
        # The sign says without colour which one is shown.
        sign = PRESENT if line.is_present else " "
        before = f"{sign}{row.key or ' '} {'  ' * min(row.depth, DEEPEST)}"
        # The last cell stays blank.
        room = width - 1 - cell_len(before)
        count = count_text(row.unread, room - min(NARROWEST_LABEL, cell_len(row.label)))
        name = line.selected or ("present" if line.is_present else "label")
        yield Segment(before + fitted(row.label, room - cell_len(count)), self._style(name))
        yield Segment(f"{count} ", self._style(_count_look(line)))

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"sidebar--{name}")


def count_text(unread: Unread, room: int) -> str:
    """Return what stands at the end of a row: ` +3 40`, ` …` before it was counted, or nothing.

    What is new is left out where there is less room.
    """
    if unread.papers is None:
        return " …"
    if not unread.papers:
        return ""
    whole = f" +{unread.new:,} {unread.papers:,}"
    return whole if unread.new and len(whole) <= room else f" {unread.papers:,}"


def _count_look(line: ShelfLine) -> str:
    is_fresh = line.row.unread.is_fresh
    if line.selected:
        return line.selected if is_fresh else f"{line.selected}-outdated"
    return "count" if is_fresh else "outdated"

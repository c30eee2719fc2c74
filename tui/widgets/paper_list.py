"""The list of papers: one row each, painted line by line from the rows in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.strip import Strip

from tui.listing import ListView
from tui.listlines import ListLine, ListLines, parts_of
from tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style

    from tui.rows import Rows


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
        self._shown = ListLines(ListView())
        self._lines: tuple[ListLine, ...] = ()

    def show(self, shown: ListLines) -> None:
        """Show another view, repainting the lines that differ."""
        was_grouped = bool(self._shown.view.starts)
        self._shown = shown
        self._renew()
        if was_grouped != bool(shown.view.starts):
            self.refresh()  # other columns

    def show_changed(self, keys: tuple[int, ...]) -> None:
        """Repaint the rows of these papers, and the headings that say something else now."""
        if keys or self._shown.view.starts:
            self._renew()

    def render_line(self, y: int) -> Strip:
        """Return line `y` of the window."""
        width = self.size.width
        if y >= len(self._lines):
            return Strip.blank(width, self.ground)
        is_grouped = bool(self._shown.view.starts)
        parts = parts_of(self._lines[y], width, self._wanted, is_grouped=is_grouped)
        segments = [Segment(text, self._style(look)) for text, look in parts]
        strip = Strip(segments).adjust_cell_length(width, segments[-1].style)
        return strip.simplify()

    def _renew(self) -> None:
        """Look at what is in sight, and repaint the lines that differ."""
        before, self._lines = self._lines, self._shown.in_sight(self._rows)
        self.refresh_changed(before, self._lines)

    def _style(self, look: str) -> Style:
        return self.get_component_rich_style(f"paper-list--{look}") if look else self.ground

"""The list of papers: one row each, painted line by line from the rows in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui.format import Columns, is_decided, mark_of, one_line, own_tags
from tui.state import ListView
from tui.widgets.row_list import RowList, fitted

if TYPE_CHECKING:
    from rich.style import Style

    from store.models import Row
    from tui.rows import Rows


class PaperList(RowList):
    """A window on a result; it shows a `ListView` and holds nothing else."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "paper-list--title",
        "paper-list--unread",
        "paper-list--decided",
        "paper-list--meta",
        "paper-list--mark",
        "paper-list--selected",
        "paper-list--selected-away",
    }

    def __init__(self, rows: Rows) -> None:
        super().__init__(id="list")
        self._rows = rows
        self._view = ListView()
        self._is_active = True

    def show(self, view: ListView, *, is_active: bool) -> None:
        """Show another view, repainting the lines that differ."""
        old, was_active = self._view, self._is_active
        self._view, self._is_active = view, is_active
        if old.keys is not view.keys or old.top != view.top or old.height != view.height:
            self.refresh()
        elif old.selected != view.selected or was_active != is_active:
            self.refresh_lines({old.selected - old.top, view.selected - view.top})

    def show_changed(self, keys: tuple[int, ...]) -> None:
        """Repaint the rows of these papers."""
        changed = set(keys)
        self.refresh_lines({n for n, key in enumerate(self._view.shown) if key in changed})

    def render_line(self, y: int) -> Strip:
        """Return the row at line `y` of the window."""
        width = self.size.width
        shown = self._view.shown
        if y >= len(shown):
            return Strip.blank(width, self.rich_style)
        if y == 0:
            self._rows.fetch(shown)
        row = self._rows.get(shown[y])
        if row is None:
            return Strip.blank(width, self.rich_style)
        is_selected = self._view.top + y == self._view.selected
        return self._strip(row, width, is_selected=is_selected)

    def _strip(self, row: Row, width: int, *, is_selected: bool) -> Strip:
        columns = Columns.of(width - 1)  # a blank stays at the right
        mark = mark_of(row)
        tags = one_line(" ".join(own_tags(row.tags)))
        # Half the room at the most goes to tags, and a gap stays before them.
        tags = fitted(tags, columns.title // 2 - 2).rstrip() if tags else ""
        title_width = columns.title - (cell_len(tags) + 2 if tags else 0)
        title = fitted(one_line(row.title), title_width)
        meta = f"  {tags}" if tags else ""
        if columns.day:
            meta += f" {row.day or '':<{columns.day}.{columns.day}}"
        if columns.votes:
            meta += "?" if columns.day and row.day_is_guess else " "
            meta += f"{'' if row.votes is None else row.votes:>{columns.votes}}"
        signs = f" {mark.state}{mark.star}{mark.queue} "
        if is_selected:
            name = "paper-list--selected" if self._is_active else "paper-list--selected-away"
            segments = [Segment(f"{signs}{title}{meta}", self._style(name))]
        else:
            title_style = self._style(_title_class(row))
            mark_style = title_style if is_decided(row) else self._style("paper-list--mark")
            segments = [
                Segment(signs, mark_style),
                Segment(title, title_style),
                Segment(meta, self._style("paper-list--meta")),
            ]
        strip = Strip(segments).adjust_cell_length(width, segments[-1].style)
        return strip.simplify()

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(name)


def _title_class(row: Row) -> str:
    if is_decided(row):
        return "paper-list--decided"
    return "paper-list--unread" if "unread" in row.tags else "paper-list--title"

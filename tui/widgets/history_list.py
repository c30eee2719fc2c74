"""The list of what was done to the library: an entry of its journal a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from store.changes.journal import EntryState
from tui.cells import fitted
from tui.format import one_line
from tui.widgets.row_list import RowList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style

    from store.changes.journal import Entry

PAPERS = 6


class HistoryRow(NamedTuple):
    """What a row shows."""

    entry: Entry
    time: str
    """When it was made on its day: `09:30`."""
    marks: str
    """What sets it apart."""
    is_selected: bool


HistoryLine: TypeAlias = HistoryRow | str
"""A row, or the heading of a day."""


class HistoryList(RowList):
    """The rows in sight; it shows what it is given and holds nothing else."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "history-list--day",
        "history-list--label",
        "history-list--undone",
        "history-list--meta",
        "history-list--selected",
    }

    def __init__(self) -> None:
        super().__init__(id="entries")
        self._shown: Sequence[HistoryLine] = ()

    def show(self, shown: Sequence[HistoryLine]) -> None:
        """Show other rows, repainting the lines that differ."""
        before, self._shown = self._shown, shown
        self.refresh_changed(before, shown)

    def render_line(self, y: int) -> Strip:
        """Return the row at line `y` of the window."""
        width = self.size.width
        if y >= len(self._shown):
            return Strip.blank(width, self.ground)
        line = self._shown[y]
        if isinstance(line, str):
            return Strip([Segment(fitted(f" {line}", width), self._style("day"))])
        return self._strip(line, width)

    def _strip(self, row: HistoryRow, width: int) -> Strip:
        entry = row.entry
        room = max(1, width - cell_len(row.time) - PAPERS - 5)
        # Half the room at the most goes to marks, and a gap stays before them.
        marks = fitted(row.marks, room // 2 - 2).rstrip() if row.marks else ""
        label = fitted(one_line(entry.label), room - (cell_len(marks) + 2 if marks else 0))
        papers = f"{entry.papers:>{PAPERS},}" if entry.papers else " " * PAPERS
        texts = (f" {row.time}  ", label, f"{f'  {marks}' if marks else ''} {papers} ")
        if row.is_selected:
            segments = [Segment("".join(texts), self._style("selected"))]
        else:
            is_standing = entry.state is EntryState.STANDING
            names = ("meta", "label" if is_standing else "undone", "meta")
            segments = [
                Segment(text, self._style(name)) for text, name in zip(texts, names, strict=True)
            ]
        strip = Strip(segments).adjust_cell_length(width, segments[-1].style)
        return strip.simplify()

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"history-list--{name}")

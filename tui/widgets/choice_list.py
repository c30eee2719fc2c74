"""The rows of a chooser: what can be chosen, why it is there, and the keys that do the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.segment import Segment
from textual.strip import Strip

from tui.cells import fitted
from tui.widgets.row_list import RowList
from tui.widgets.segments import found_segments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.style import Style

GAP = 2
KEYS_FROM = 32
"""Narrower lists have no room for the keys."""
WIDEST_KEYS = 16
NARROWEST_DETAIL = 12
"""With less room a detail is left out."""


class ChoiceRow(NamedTuple):
    """What a row shows."""

    label: str
    detail: str = ""
    keys: str = ""
    is_selected: bool = False
    found: tuple[int, ...] = ()
    """Places in the label of the characters that were typed."""
    found_aside: tuple[int, ...] = ()
    """Places in the detail."""


class ChoiceList(RowList):
    """The rows in sight; it shows what it is given and holds nothing else.

    `label_width` and `keys_width` are the cells of the widest label and keys of all the choices,
    also of those that are out of sight, so that the columns stay where they are.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "choice-list--label",
        "choice-list--detail",
        "choice-list--keys",
        "choice-list--found",
        "choice-list--selected",
        "choice-list--selected-detail",
    }

    def __init__(self, label_width: int, keys_width: int, nothing: str) -> None:
        super().__init__()
        self._label_width = label_width
        self._keys_width = min(keys_width, WIDEST_KEYS)
        self._nothing = nothing
        self._shown: Sequence[ChoiceRow] = ()

    def show(self, shown: Sequence[ChoiceRow]) -> None:
        """Show other rows, repainting the lines that differ."""
        before, self._shown = self._shown, shown
        # Where there is none the first line says so: it differs from no row and from one.
        nothing = (self._nothing,)
        self.refresh_changed(before or nothing, shown or nothing)

    def render_line(self, y: int) -> Strip:
        """Return the row at line `y` of the window."""
        width = self.size.width
        if y < len(self._shown):
            segments = list(self._segments(self._shown[y], width))
        elif y == 0:
            segments = [Segment(fitted(f"  {self._nothing}", width), self._style("detail"))]
        else:
            return Strip.blank(width, self.ground)
        return Strip(segments).adjust_cell_length(width, segments[-1].style).simplify()

    def _segments(self, row: ChoiceRow, width: int) -> Iterator[Segment]:
        label = self._style("selected" if row.is_selected else "label")
        detail = self._style("selected-detail" if row.is_selected else "detail")
        keys = label if row.is_selected else self._style("keys")
        found = self.get_component_rich_style("choice-list--found", partial=True)
        room = width - 3
        keys_room = self._keys_width + GAP if self._keys_width and width >= KEYS_FROM else 0
        room -= keys_room
        label_room = min(self._label_width, room * 3 // 5) if row.detail else room
        if room - label_room - GAP < NARROWEST_DETAIL:
            label_room = room
        # The sign says without colour which one is selected.
        yield Segment("> " if row.is_selected else "  ", label)
        yield from found_segments(row.label, label_room, row.found, label, found)
        if label_room < room:
            yield Segment(" " * GAP, detail)
            detail_room = room - label_room - GAP
            yield from found_segments(row.detail, detail_room, row.found_aside, detail, found)
        if keys_room:
            yield Segment(f"{' ' * GAP}{fitted(row.keys, keys_room - GAP)}", keys)
        yield Segment(" ", label)

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"choice-list--{name}")

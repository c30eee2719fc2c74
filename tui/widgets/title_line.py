"""The first line of a screen or box: what it shows, and where in it the reader is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui.cells import fitted
from tui.format import one_line
from tui.widgets.line_widget import LineWidget

if TYPE_CHECKING:
    from rich.style import Style

GAP = 2


class TitleLine(LineWidget):
    """A title and what it is about at the left, a place at the right."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"title-line--title", "title-line--about"}

    def __init__(self, title: str, about: str = "") -> None:
        super().__init__()
        self._title = one_line(title)
        self._about = one_line(about)
        self._place = ""

    @property
    def place(self) -> str:
        """Where the reader is, as shown."""
        return self._place

    def show_place(self, place: str) -> None:
        """Show where the reader is; that moves nothing else."""
        if place != self._place:
            self._place = place
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return the line; what has no room is cut, the place last."""
        width = self.size.width
        if y > 0:
            return Strip.blank(width, self.ground)
        title, about = self._style("title"), self._style("about")
        place = fitted(self._place, min(cell_len(self._place), width))
        left = width - cell_len(place) - GAP
        name = fitted(self._title, min(cell_len(self._title), left))
        left -= cell_len(name) + GAP
        segments = [Segment(name, title)]
        if self._about and left > 0:
            segments.append(Segment(f"{' ' * GAP}{fitted(self._about, left)}", about))
        strip = Strip(segments).adjust_cell_length(width - cell_len(place), about)
        return Strip.join([strip, Strip([Segment(place, about)])]).simplify()

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"title-line--{name}")

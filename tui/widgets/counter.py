"""The counter: a short text at the end of a line, as wide as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui.widgets.line_widget import LineWidget

if TYPE_CHECKING:
    from textual.geometry import Size


class Counter(LineWidget):
    """Shows a text, which costs less than with a label: it changes with each paper."""

    text = ""

    def show(self, text: str) -> None:
        """Show another text; one as wide as the last moves nothing else."""
        if text != self.text:
            is_as_wide = cell_len(text) == cell_len(self.text)
            self.text = text
            self.refresh(layout=not is_as_wide)

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002 as Textual has it
        """Return how many cells the text takes."""
        return cell_len(self.text)

    def render_line(self, y: int) -> Strip:
        """Return the text; there is no other line."""
        strip = Strip([Segment(self.text if y == 0 else "", self.ground)])
        return strip.adjust_cell_length(self.size.width, self.ground)

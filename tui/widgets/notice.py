"""What has to be seen in full, over the lowest lines of list and abstract, until the next key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import chop_cells
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from store.links import is_safe_url
from tui.format import counted
from tui.paging import wrapped
from tui.widgets.passages import leading_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MARGIN = 1
LARGEST_SHARE = 0.5
"""How much of the screen many lines may cover; a single one, such as a link, may cover all panes.
"""
LINES_AROUND = 2
"""What stands above and below the panes."""
REST = "… {} more: 'show the text copied last' is in the palette"


class Notice(Widget):
    """A heading and lines of text, each of which is broken where the width ends, and not cut.

    A line that is an address is a hyperlink. It lies over the panes, so that nothing of them moves.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"notice--heading", "notice--text"}

    def __init__(self) -> None:
        super().__init__(id="notice")
        self._heading = ""
        self._text: Sequence[str] = ()
        self._lines: list[tuple[str, Style]] = []

    def show(self, heading: str, lines: Sequence[str]) -> None:
        """Show a text until it is hidden."""
        self._heading, self._text = heading, lines
        self.display = True
        self._lay_out()

    def hide(self) -> None:
        """Let what lies below be seen again."""
        self.display = False

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._lay_out()

    def render_line(self, y: int) -> Strip:
        """Return line `y`."""
        width = self.size.width
        text, style = self._lines[y] if y < len(self._lines) else ("", Style())
        base = self._style("text")
        segments = [Segment(" " * MARGIN, base), Segment(text, base + style)]
        return Strip(segments).adjust_cell_length(width, base)

    def _lay_out(self) -> None:
        screen = self.screen.size
        width = max(1, screen.width - 2 * MARGIN)
        share = 1 if len(self._text) == 1 else LARGEST_SHARE
        most = max(2, int((screen.height - LINES_AROUND) * share))
        lines = [(part, self._style("heading")) for part in wrapped(self._heading, width)]
        left = len(self._text)
        for line in self._text:
            broken = list(_broken(line, width))
            room = most - len(lines) - (left > 1)
            if len(broken) > room:
                rest = REST.format(counted(left, "line"))
                lines += [*broken[: most - len(lines) - 1], (rest, self._style("heading"))]
                break
            lines += broken
            left -= 1
        self._lines = lines
        self.styles.height = len(lines)
        self.refresh()

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"notice--{name}")


def _broken(line: str, width: int) -> Iterator[tuple[str, Style]]:
    """Yield a line in parts of a width: words where it has any, and all of it in any case."""
    if is_safe_url(line):
        # All parts of an address lead to all of it.
        for part in chop_cells(line, width):
            yield part, leading_to(line)
    else:
        for part in wrapped(line, width) or [""]:
            yield part, Style()

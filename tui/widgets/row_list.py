"""What the lists have in common: rows painted one by one, and what the mouse does to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events

WHEEL_LINES = 3


class RowList(Widget):
    """A window on rows, one line each; what it shows is decided by the screen."""

    class Resized(Message):
        """The list has another number of rows."""

        def __init__(self, height: int) -> None:
            self.height = height
            super().__init__()

    class Clicked(Message):
        """A row was clicked, counted from the top of the window."""

        def __init__(self, line: int) -> None:
            self.line = line
            super().__init__()

    class Wheeled(Message):
        """The mouse wheel asks for so many lines."""

        def __init__(self, lines: int) -> None:
            self.lines = lines
            super().__init__()

    def on_resize(self, event: events.Resize) -> None:
        """Tell the screen how many rows there is room for."""
        self.post_message(self.Resized(event.size.height))

    def on_click(self, event: events.Click) -> None:
        """Select the row."""
        self.post_message(self.Clicked(event.y))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move the window down."""
        event.stop()
        self.post_message(self.Wheeled(WHEEL_LINES))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move the window up."""
        event.stop()
        self.post_message(self.Wheeled(-WHEEL_LINES))

    def refresh_lines(self, lines: Iterable[int]) -> None:
        """Repaint these lines of the window, as far as there are such."""
        width = self.size.width
        regions = [Region(0, y, width, 1) for y in sorted(lines) if 0 <= y < self.size.height]
        if regions:
            self.refresh(*regions)


def fitted(text: str, width: int) -> str:
    """Return `text` in exactly `width` cells, cut with an ellipsis where it is longer."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)

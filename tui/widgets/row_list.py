"""What the lists have in common: rows painted one by one, and what the mouse does to them."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.message import Message

from tui.widgets.line_widget import LineWidget

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events
    from textual.widget import Widget

WHEEL_LINES = 3


class RowList(LineWidget):
    """A window on rows, one line each; what it shows is decided by the screen."""

    class Told(Message):
        """Something happened to a list."""

        def __init__(self, row_list: RowList) -> None:
            self.row_list = row_list
            super().__init__()

        @property
        def control(self) -> RowList:
            """The list, by whose id handlers choose."""
            return self.row_list

    class Resized(Told):
        """The list has another number of rows."""

        def __init__(self, row_list: RowList, height: int) -> None:
            self.height = height
            super().__init__(row_list)

    class Clicked(Told):
        """A row was clicked, counted from the top of the window."""

        def __init__(self, row_list: RowList, line: int) -> None:
            self.line = line
            super().__init__(row_list)

    class Wheeled(Told):
        """The mouse wheel asks for so many lines."""

        def __init__(self, row_list: RowList, lines: int) -> None:
            self.lines = lines
            super().__init__(row_list)

    def on_resize(self, event: events.Resize) -> None:
        """Tell the screen how many rows there is room for."""
        self.post_message(self.Resized(self, event.size.height))

    def on_click(self, event: events.Click) -> None:
        """Select the row."""
        self.post_message(self.Clicked(self, event.y))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move the window down."""
        event.stop()
        self.post_message(self.Wheeled(self, WHEEL_LINES))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move the window up."""
        event.stop()
        self.post_message(self.Wheeled(self, -WHEEL_LINES))

    def refresh_changed(self, before: Iterable[object], after: Iterable[object]) -> None:
        """Repaint the lines of the window that differ."""
        refresh_changed(self, before, after)


def refresh_changed(widget: Widget, before: Iterable[object], after: Iterable[object]) -> None:
    """Repaint the lines of a widget that differ: each one left out saves a thin link its width."""
    width, height = widget.size
    pairs = enumerate(zip_longest(before, after))
    regions = [Region(0, y, width, 1) for y, (old, new) in pairs if old != new and y < height]
    if regions:
        widget.refresh(*regions)

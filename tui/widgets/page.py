"""A text that is longer than the screen, painted line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.paging import Line, Move, Piece, Window
from tui.widgets.row_list import WHEEL_LINES
from tui.widgets.segments import found_segments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.style import Style
    from textual import events

MARGIN = 1


class Page(Widget):
    """A window on the lines that `lay_out` makes for a number of cells.

    Only the lines in sight are ever turned into what a terminal is sent.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "page--text",
        "page--heading",
        "page--keys",
        "page--quiet",
        "page--found",
    }

    class Scrolled(Message):
        """Other lines are in sight, or it is another text."""

        def __init__(self, window: Window) -> None:
            self.window = window
            super().__init__()

    def __init__(self, lay_out: Callable[[int], Sequence[Line]]) -> None:
        super().__init__()
        self._lay_out = lay_out
        self._lines: Sequence[Line] = ()
        self._window = Window()

    def show(self, lay_out: Callable[[int], Sequence[Line]]) -> None:
        """Show another text, from its beginning."""
        self._lay_out = lay_out
        self._lay_out_again(0)

    def move(self, move: Move) -> None:
        """Move the window as a key asks for."""
        self._show(self._window.moved(move))

    def render_line(self, y: int) -> Strip:
        """Return line `y` of the window."""
        width = self.size.width
        index = self._window.top + y
        if index >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        base = self._style("text")
        segments = [Segment(" " * MARGIN, base)]
        for piece in self._lines[index].pieces:
            segments += self._segments(piece)
        strip = Strip(segments).adjust_cell_length(width - MARGIN, base)
        return strip.extend_cell_length(width, base).simplify()

    def on_resize(self, event: events.Resize) -> None:
        """Lay the text out for another width, with the line at the top still there."""
        event.stop()
        top = self._lines[self._window.top].source if self._lines else 0
        self._lay_out_again(top)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move the window down."""
        event.stop()
        self.move(Move(lines=WHEEL_LINES))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move the window up."""
        event.stop()
        self.move(Move(lines=-WHEEL_LINES))

    def _lay_out_again(self, source: int) -> None:
        self._lines = self._lay_out(max(1, self.size.width - 2 * MARGIN))
        self._window = self._window.on(self._lines, self.size.height, source)
        self.refresh()
        self.post_message(self.Scrolled(self._window))

    def _show(self, window: Window) -> None:
        if window != self._window:
            self._window = window
            self.refresh()
            self.post_message(self.Scrolled(window))

    def _segments(self, piece: Piece) -> Iterator[Segment]:
        style = self._style(piece.look)
        if piece.width:
            found = self.get_component_rich_style("page--found", partial=True)
            yield from found_segments(piece.text, piece.width, piece.found, style, found)
        else:
            yield Segment(piece.text, style)

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(f"page--{name}")

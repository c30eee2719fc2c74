"""The line at the top: the query, and where in its result the reader is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label

from tui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from textual.app import ComposeResult


class QueryInput(LineInput):
    """The query; up and down move in the list while it is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("ctrl+p", "move(-1)", show=False),
        Binding("ctrl+n", "move(1)", show=False),
        Binding("escape", "leave", show=False),
        Binding("ctrl+c", "leave", show=False),
        Binding("tab", "submit", show=False),
    ]

    class Moved(Message):
        """The reader asks for another paper without leaving the line."""

        def __init__(self, by: int) -> None:
            self.by = by
            super().__init__()

    class Left(Message):
        """The reader gave the search up."""

    def action_move(self, by: int) -> None:
        """Ask for a paper further up or down."""
        self.post_message(self.Moved(by))

    def action_leave(self) -> None:
        """Give the search up."""
        self.post_message(self.Left())


class SearchLine(Horizontal):
    """A prompt, the query and the counter."""

    def __init__(self) -> None:
        super().__init__(id="search")
        self.input = QueryInput(
            placeholder="everything", compact=True, select_on_focus=True, id="query"
        )
        self.input.can_focus = False  # only `/` leads here
        self._counter = Label("", id="counter", markup=False)
        self._counted = ""

    def compose(self) -> ComposeResult:
        """Put the parts side by side."""
        yield Label("/ ", id="prompt", markup=False)
        yield self.input
        yield self._counter

    @property
    def is_open(self) -> bool:
        """Whether the reader is writing."""
        return self.input.has_focus

    @property
    def text(self) -> str:
        """The query that stands there."""
        return self.input.value

    def open(self) -> None:
        """Let the reader write; what stands there is replaced by the first character."""
        self.input.can_focus = True
        self.input.focus()

    def close(self, text: str) -> None:
        """Show `text` as the query of what is seen, and take no keys."""
        self.input.can_focus = False
        self.screen.set_focus(None)
        self.show(text)

    def show(self, text: str) -> None:
        """Show a query without searching for it."""
        with self.input.prevent(Input.Changed):
            self.input.value = text
        self.input.cursor_position = len(text)

    def show_counter(self, text: str) -> None:
        """Show where the reader is."""
        if text != self._counted:
            # A layout costs more than all else that a key held down does.
            self._counter.update(text, layout=len(text) != len(self._counted))
            self._counted = text

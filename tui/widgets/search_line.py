"""The line at the top: the query, and where in its result the reader is."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label

from tui.facts import NeighbourWanted, QueryLeft, QuerySubmitted, QueryTyped, SuggestionTaken
from tui.linehistory import LineHistory
from tui.messages import Happened
from tui.widgets.counter import Counter
from tui.widgets.line_input import CompletedInput, to_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from tui.facts import Fact

PROMPT = "/ "
TAKE_KEY = "ctrl+y"
"""The key that takes a suggestion while a query is written; `=` writes itself."""
NARROWEST_QUERY = 20
"""The query keeps so many cells, whatever there is to count."""
_GAP = 2
"""Cells between the query and the counter, as in the style sheet."""


class QueryInput(CompletedInput):
    """The query; up and down move in the list while it is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("ctrl+p", "recall(True)", show=False),
        Binding("ctrl+n", "recall(False)", show=False),
        Binding(TAKE_KEY, "take_suggestion", show=False),
        Binding("escape", "leave", show=False),
        Binding("ctrl+c", "leave", show=False),
    ]

    searches: Sequence[str] = ()
    """Earlier searches, the latest last."""
    _walk: LineHistory | None = None

    class Moved(Message):
        """The reader asks for another paper without leaving the line."""

        def __init__(self, by: int) -> None:
            self.by = by
            super().__init__()

    class Left(Message):
        """The reader gave the search up."""

    class Meant(Message):
        """The reader takes the query that is suggested."""

    def action_move(self, by: int) -> None:
        """Ask for a paper further up or down."""
        self.post_message(self.Moved(by))

    def action_recall(self, is_older: bool) -> None:  # noqa: FBT001 a key has no keywords
        """Write an earlier or a later search that begins as the line does, up to the cursor."""
        walk = self._walk
        if walk is None or not walk.steps or walk.text != self.value:  # else the reader goes on
            kept = tuple(to_line(text) for text in self.searches)
            walk = LineHistory(kept, self.value, self.value[: min(self.selection)])
        self._walk = walk.older() if is_older else walk.newer()
        if self._walk.text != self.value:
            self.write(self._walk.text)

    def action_take_suggestion(self) -> None:
        """Ask for the query that is suggested in place of this one."""
        self.post_message(self.Meant())

    def forget_walk(self) -> None:
        """Begin at the latest search again."""
        self._walk = None

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
        self._counter = Counter(id="counter")
        self._counted = ""

    def compose(self) -> ComposeResult:
        """Put the parts side by side."""
        yield Label(PROMPT, id="prompt", markup=False)
        yield self.input
        yield self._counter

    @property
    def is_open(self) -> bool:
        """Whether the reader is writing."""
        # A terminal that is left takes the focus away, and gives it back.
        return self.input.can_focus

    @property
    def text(self) -> str:
        """The query that stands there."""
        return self.input.value

    @property
    def searches(self) -> Sequence[str]:
        """Earlier searches, the latest last."""
        return self.input.searches

    @searches.setter
    def searches(self, searches: Sequence[str]) -> None:
        self.input.searches = searches

    def complete_with(self, complete: Callable[[str], str | None] | None) -> None:
        """Complete the end of a query by a function that gives the whole of it, or None."""
        self.input.complete_with(complete)

    def open(self, text: str | None = None) -> None:
        """Let the reader write.

        What stands there is replaced by the first character; a `text` is put in its place and
        gone on with.
        """
        self.input.forget_walk()
        self.input.select_on_focus = text is None
        self.input.can_focus = True
        self.input.focus()
        if text is not None:
            self.input.write(text)

    def close(self, text: str) -> None:
        """Show `text` as the query of what is seen, and take no keys."""
        self.input.can_focus = False
        self.screen.set_focus(None)
        self.show(text)

    def show(self, text: str) -> None:
        """Show a query without searching for it."""
        with self.input.prevent(Input.Changed):
            self.input.write(text)

    def write(self, text: str) -> None:
        """Put another query in place of what the reader has written, and search for it."""
        self.input.write(text)

    def show_counter(self, text: str) -> None:
        """Show where the reader is; of parts joined by `·` the last ones, as many as fit."""
        if text != self._counted:
            self._counted = text
            self._show_counted()

    @on(QueryInput.Changed)
    def _typed(self, message: QueryInput.Changed) -> None:
        self._tell(message, QueryTyped(message.value))

    @on(QueryInput.Submitted)
    def _submitted(self, message: QueryInput.Submitted) -> None:
        self._tell(message, QuerySubmitted(message.value))

    @on(QueryInput.Moved)
    def _moved(self, message: QueryInput.Moved) -> None:
        self._tell(message, NeighbourWanted(message.by))

    @on(QueryInput.Meant)
    def _meant(self, message: QueryInput.Meant) -> None:
        self._tell(message, SuggestionTaken())

    @on(QueryInput.Left)
    def _left(self, message: QueryInput.Left) -> None:
        self._tell(message, QueryLeft())

    def _tell(self, message: Message, fact: Fact) -> None:
        message.stop()
        # Not by way of ourselves: what the next key finds has to know of this one.
        self.screen.post_message(Happened(fact))

    def on_resize(self) -> None:
        """Leave more or less out of the counter."""
        self._show_counted()

    def _show_counted(self) -> None:
        room = self.size.width - cell_len(PROMPT) - NARROWEST_QUERY - _GAP
        self._counter.show(_fitted(self._counted, max(room, 0)))


def _fitted(text: str, width: int) -> str:
    """Return `text` in `width` cells: without its first parts, then with its end cut off."""
    while cell_len(text) > width:
        _, separator, rest = text.partition(" · ")
        if not separator:
            return f"{set_cell_size(text, width - 1).rstrip()}…" if width > 1 else ""
        text = rest
    return text

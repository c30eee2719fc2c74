"""The line at the bottom: hints, or a question and what the reader answers it with."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Label

from tui.cells import fitted
from tui.facts import Answered, AnswerLeft, AnswerSwitched
from tui.format import one_line
from tui.messages import Happened
from tui.widgets.hints import Hints
from tui.widgets.line_input import CompletedInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from tui.facts import Fact


LEAST_ANSWER = 24
"""Cells that what the reader writes keeps beside what is said of it."""
LEAST_REASON = 20


class PromptInput(CompletedInput):
    """What the reader answers; Tab takes the completion."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+c", "leave", show=False),
    ]

    class Left(Message):
        """The reader gave the answer up."""

    class Tabbed(Message):
        """The reader pressed Tab where there is nothing to complete."""

    def action_leave(self) -> None:
        """Give the answer up."""
        self.post_message(self.Left())

    async def tabbed(self) -> None:
        """Tell that Tab completed nothing."""
        self.post_message(self.Tabbed())


class StatusLine(Horizontal):
    """Hints, and in their place a prompt while the reader writes into it."""

    def __init__(self, hints: Sequence[tuple[str, str]]) -> None:
        super().__init__(id="status")
        self.hints = Hints(hints)
        self.input = PromptInput(compact=True, select_on_focus=False, id="answer")
        self.input.can_focus = False
        self._label = Label("", id="question", markup=False)
        self._asked = ""
        self._is_refused = False

    def compose(self) -> ComposeResult:
        """Put hints and prompt into one place."""
        yield self.hints
        yield self._label
        yield self.input

    @property
    def is_open(self) -> bool:
        """Whether the reader is writing."""
        # A terminal that is left takes the focus away, and gives it back.
        return self.input.can_focus

    @property
    def label(self) -> str:
        """What stands before the line: what is asked for, or what is wrong with the answer."""
        return str(self._label.content)

    def ask(
        self,
        label: str,
        text: str = "",
        complete: Callable[[str], str | None] | None = None,
        after: str = "",
        *,
        is_selected: bool = False,
    ) -> None:
        """Let the reader write, beginning with `text`, which `complete` makes whole.

        `after` follows a completion that is taken. A text that `is_selected` is replaced by the
        first character.
        """
        self.relabel(label)
        self.input.complete_with(complete, after)
        self.input.write(text)
        self.reopen()
        if is_selected:
            self.input.action_select_all()

    @on(PromptInput.Changed)
    def _mended(self) -> None:
        if self._is_refused:
            self.relabel(self._asked)

    @on(PromptInput.Submitted)
    def _submitted(self, message: PromptInput.Submitted) -> None:
        self._tell(message, Answered(message.value))

    @on(PromptInput.Tabbed)
    def _tabbed(self, message: PromptInput.Tabbed) -> None:
        self._tell(message, AnswerSwitched())

    @on(PromptInput.Left)
    def _left(self, message: PromptInput.Left) -> None:
        self._tell(message, AnswerLeft())

    def _tell(self, message: Message, fact: Fact) -> None:
        message.stop()
        self.screen.post_message(Happened(fact))  # as the search line does

    def relabel(self, label: str) -> None:
        """Ask for something else; a colon follows a label that ends in a word."""
        self._asked, self._is_refused = label, False
        label = one_line(label)
        self._label.update(f"{label}:" if label[-1:].isalnum() else label)

    def reopen(self) -> None:
        """Let the reader go on with what stands there."""
        self.add_class("-writing")
        self.input.can_focus = True
        self.input.focus()

    def refuse(self, reason: str) -> None:
        """Say what is wrong with the answer, before it, until the reader mends it."""
        self.hints.tell(reason, is_trouble=True)
        room = max(LEAST_REASON, self.size.width - LEAST_ANSWER)
        self._label.update(f"{fitted(one_line(reason), room).rstrip()} ·")
        self._is_refused = True

    def close(self) -> None:
        """Show the hints again."""
        self.input.can_focus = False
        self.screen.set_focus(None)
        self.remove_class("-writing")

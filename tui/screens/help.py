"""Help: every command with its keys and what it would do now, and the search language."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal
from textual.widgets import Input, Label

from tui.format import one_line
from tui.guide import Guide
from tui.paging import MOVES_WHILE_WRITING
from tui.screens.reader import PagedScreen
from tui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from tui.guide import HelpRow

FILTER = "/"
HELP = "?"
CANCELLING = frozenset({"escape", "ctrl+c"})
KEYS = (("j k", "scroll"), (FILTER, "filter"), ("q", "back"))
FILTERED_KEYS = (("j k", "scroll"), (FILTER, "change the filter"), ("Esc", "show all"))


class HelpScreen(PagedScreen):
    """Commands and search language, which a filter shows less of.

    `syntax` are examples of the search language, which those of its fields follow, and what they
    mean; `subject` says what the commands would be done to, such as `on 12 marked papers`.
    """

    def __init__(
        self, rows: Sequence[HelpRow], syntax: Sequence[tuple[str, str]], subject: str = ""
    ) -> None:
        self._guide = Guide.of(rows, syntax)
        super().__init__("Help", subject, self._guide.lines, KEYS)
        self._text = ""
        self.input = LineInput(compact=True, select_on_focus=False)
        self.input.can_focus = False  # only `/` leads here

    def compose(self) -> ComposeResult:
        """Put the filter where the keys are."""
        yield self.heading
        yield self.page
        with Horizontal(id="help-line"):
            yield Label("/ ", id="help-prompt", markup=False)
            yield self.input
        yield self.hints

    def press(self, key: str) -> bool:
        """Open, change or end the filter; or move, or leave."""
        if self.has_class("-writing"):
            return self._press_while_writing(key)
        if key == FILTER:
            self._open()
        elif key == HELP:
            self.dismiss()
        elif key in CANCELLING and self._text:
            self._show_all()
        else:
            super().press(key)
        return True

    def _press_while_writing(self, key: str) -> bool:
        if key in MOVES_WHILE_WRITING:
            self._filter()
            self.page.move(MOVES_WHILE_WRITING[key])
        elif key == "enter":
            self._close()
        elif key in CANCELLING:
            self._show_all()
        else:
            return False
        return True

    def _open(self) -> None:
        self.add_class("-writing")
        self.input.can_focus = True
        self.set_focus(self.input)

    def _close(self) -> None:
        """Take no more letters; what was filtered stays."""
        self._filter()
        self.input.can_focus = False
        self.set_focus(None)
        self.remove_class("-writing")
        self.hints.note(f"/{one_line(self._text)}" if self._text else "")
        self.hints.use(FILTERED_KEYS if self._text else KEYS)

    def _show_all(self) -> None:
        self.input.value = ""
        self._close()

    def _filter(self) -> None:
        """Show what has the words that are written, if it is not what is shown."""
        text = self.input.value if self.input.value.strip() else ""
        if text != self._text:
            self._text = text
            self.page.show(partial(self._guide.lines, query=text))

    @on(Input.Changed)
    def _typed(self) -> None:
        self._filter()

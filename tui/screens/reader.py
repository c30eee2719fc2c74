"""Screens for what is longer than they are, and the keys that all of them have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.screen import Screen

from store.text import clean_note
from tui.keynames import name_of
from tui.paging import MOVES, Line, Piece, wrapped
from tui.widgets.hints import Hints
from tui.widgets.page import Page
from tui.widgets.title_line import TitleLine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.app import ComposeResult

LEAVING = frozenset({"q", "escape", "enter", "ctrl+c"})
KEYS = (("j k", "scroll"), ("space", "page"), ("g G", "first, last"), ("q", "back"))


class PagedScreen(Screen[None], inherit_bindings=False):
    """A title and what it is about, a page of lines, and the keys that move it.

    `lay_out` makes the lines for a number of cells.
    """

    AUTO_FOCUS = ""
    # The widths of the browser mean nothing here: a class of none of them is looked for.
    HORIZONTAL_BREAKPOINTS = []  # noqa: RUF012 as Textual has it

    def __init__(
        self,
        title: str,
        about: str,
        lay_out: Callable[[int], Sequence[Line]],
        hints: Sequence[tuple[str, str]] = KEYS,
    ) -> None:
        super().__init__()
        self.heading = TitleLine(title, about)
        self.page = Page(lay_out)
        self.hints = Hints(hints)

    def compose(self) -> ComposeResult:
        """Put the title above the page, and the keys below."""
        yield self.heading
        yield self.page
        yield self.hints

    def press(self, key: str) -> bool:
        """Move or leave: `key` is a character, or Textual's name of the key.

        Returns False where the key belongs to a line that is written.
        """
        if key in MOVES:
            self.page.move(MOVES[key])
        elif key in LEAVING:
            self.dismiss()
        return True

    def on_key(self, event: events.Key) -> None:
        """Take every key that no line takes."""
        if self.press(name_of(event.key, event.character)):
            event.stop()
            event.prevent_default()

    @on(Page.Scrolled)
    def _page_scrolled(self, message: Page.Scrolled) -> None:
        self.heading.show_place(message.window.place)


class TextScreen(PagedScreen):
    """A long plain text, such as the messages so far or what a command answered.

    Its lines stay apart and its blanks stay; control characters and escape sequences do not.
    """

    def __init__(self, title: str, text: str) -> None:
        lines = clean_note(text).split("\n")
        super().__init__(title, "", lambda width: _text_lines(lines, width))


def _text_lines(lines: Sequence[str], width: int) -> list[Line]:
    return [
        Line((Piece(part),), source)
        for source, line in enumerate(lines)
        for part in wrapped(line, width)
    ]

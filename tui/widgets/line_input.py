"""One line that the reader writes into, with or without completion."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.suggester import Suggester
from textual.widgets import Input

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events

LONGEST_LINE = 10_000
"""More characters are cut off: nobody writes so many, and a paste can hold any number."""

_JOINERS = frozenset("\u200c\u200d")
"""Format characters that words of some scripts, and emoji, need."""


def to_line(text: str) -> str:
    """Return what can be shown of `text` on one line.

    Line breaks with the blanks around them become one blank, or nothing at either end; any other
    blank becomes a plain one; controls and other characters without a shape are left out.
    """
    if not text.isascii() or not text.isprintable():
        # What is not shown anyway ends the text, so that a break before it parts two lines.
        first, *others = map(_shown, f"{text}\0".splitlines())
        if others:
            *inner, last = others
            lines = (first.rstrip(), *(line.strip() for line in inner), last.lstrip())
            first = " ".join(filter(None, lines))
        text = first
    return text[:LONGEST_LINE]


def _shown(text: str) -> str:
    plain = (" " if char.isspace() else char for char in text)
    return "".join(char for char in plain if char.isprintable() or char in _JOINERS)


class LineInput(Input):
    """An input that keeps out what a terminal would obey: a paste may hold anything."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # As in a shell: back to a blank, so that `tag:rl/offline` is one word.
        Binding("ctrl+w", "delete_last_word", show=False),
        # Textual deletes to the right with these.
        Binding("ctrl+backspace,alt+backspace", "delete_left_word", show=False),
    ]

    def on_mount(self) -> None:
        """Keep the cursor still: a blink every half second is traffic on a thin link."""
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        """Make one line of a text, wherever it comes from."""
        return to_line(value)

    def replace(self, text: str, start: int, end: int) -> None:
        """Put what can be shown of `text` in place of a part."""
        super().replace(to_line(text), start, end)

    def on_paste(self, event: events.Paste) -> None:
        """Take all of a paste, of which Textual takes the first line."""
        event.prevent_default()
        event.stop()
        self.replace(event.text, *self.selection)

    def write(self, text: str) -> None:
        """Put `text` into the line, with the cursor at its end and nothing selected."""
        self.value = text
        self.action_end()

    def action_delete_last_word(self) -> None:
        """Delete the word before the cursor, with the blanks that follow it."""
        if not self.selection.is_empty:
            self.delete_selection()
            return
        before = self.value[: self.cursor_position].rstrip()
        self.delete(before.rfind(" ") + 1, self.cursor_position)


class WordSuggester(Suggester):
    """Shows behind the cursor what `complete` makes of the text."""

    def __init__(self, complete: Callable[[str], str | None]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        """Return the whole text, or None where there is nothing to complete."""
        return self._complete(value)


class CompletedInput(LineInput):
    """A line whose end is completed: Tab, or the right arrow at the end, takes what is shown."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", show=False)]

    _complete: Callable[[str], str | None] | None = None
    _after = ""

    def complete_with(self, complete: Callable[[str], str | None] | None, after: str = "") -> None:
        """Complete by a function from the text to the whole text, or None for nothing to add.

        `after` is written behind a completion that is taken.
        """
        self._complete, self._after = complete, after
        self.suggester = WordSuggester(complete) if complete else None

    async def action_complete(self) -> None:
        """Take the completion, or do what Tab means where there is none."""
        whole = self._completion()
        if whole is None:
            await self.tabbed()
        else:
            self.write(f"{whole}{self._after}")

    async def tabbed(self) -> None:
        """Do what Tab means where there is nothing to complete."""

    def action_cursor_right(self, select: bool = False) -> None:  # noqa: FBT001, FBT002 as Textual has it
        """Move on, or at the end take the completion that is shown."""
        whole = None if select else self._completion()
        if whole is None or whole == self.value:
            super().action_cursor_right(select)
        else:
            self.write(f"{whole}{self._after}")

    def _completion(self) -> str | None:
        # Asked for anew: a quick reader presses Tab before the completion is shown.
        is_at_end = self.selection.is_empty and self.cursor_at_end
        return self._complete(self.value) if self._complete and is_at_end else None

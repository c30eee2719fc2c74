"""Help: every command with its keys, made of the table of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from store.queryfields import FIELDS
from tui.commands import COMMANDS

if TYPE_CHECKING:
    from textual.app import ComposeResult

SYNTAX = (
    ("diffusion video", "papers with both words"),
    ('"graph neural"', "the words in a row"),
    ("diffus*", "words that begin so"),
    ("-survey", "papers without the word"),
    ("(speech OR audio) codec", "either of two"),
)
"""Examples of what is no field, for the second part of the help."""


class HelpScreen(Screen[None], inherit_bindings=False):
    """Keys and search language; any of the usual keys leaves it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter,ctrl+c", "app.pop_screen", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("ctrl+d,pagedown,space,J", "page(1)", show=False),
        Binding("ctrl+u,pageup,K", "page(-1)", show=False),
    ]

    def compose(self) -> ComposeResult:
        """Show both parts, side by side where there is room."""
        with VerticalScroll(id="help", can_focus=False), Container(id="help-parts"):
            yield Static(self._keys())
            yield Static(self._search_language())

    def action_scroll(self, lines: int) -> None:
        """Scroll by lines."""
        self.query_one("#help").scroll_relative(y=lines, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by pages."""
        view = self.query_one("#help")
        view.scroll_relative(y=pages * (view.size.height - 1), animate=False)

    def _keys(self) -> Text:
        text = Text().append("Keys", "bold").append("   j k scroll, q closes\n", self._quiet)
        for group, commands in COMMANDS.items():
            text.append(f"\n{group}\n", "bold")
            for command in commands:
                text.append(f"  {command.shown_keys:<12}", self._accent)
                text.append(f"{command.summary}\n")
        return text

    def _search_language(self) -> Text:
        text = Text().append("Search language\n\n", "bold")
        fields = [(field.example, field.meaning) for field in FIELDS]
        for example, meaning in (*SYNTAX, *fields):
            text.append(f"  {example}\n", self._accent).append(f"    {meaning}\n")
        return text

    @property
    def _accent(self) -> str:
        return self.app.theme_variables["accent"]

    @property
    def _quiet(self) -> str:
        return self.app.theme_variables["quiet"]

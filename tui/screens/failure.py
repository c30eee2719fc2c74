"""What is shown when the browser had to end by an error that nobody foresaw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.widgets import Static

from tui.terminal.failing import FailingApp
from tui.themes import THEMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.driver import Driver
    from textual.events import Key

_LEAVING = frozenset({"enter", "q", "escape", "ctrl+c"})


class FailureApp(FailingApp[None], inherit_bindings=False):
    """Says what happened until the reader leaves.

    An application of its own, which shares nothing with the one that broke down but Textual.
    """

    TITLE = "paperdeck"
    ENABLE_COMMAND_PALETTE = False
    CSS = """
    Screen { background: $background; color: $foreground; overflow: hidden; }
    Static { width: 100%; max-width: 76; margin: 1 2 0 2; }
    #heading { color: $accent; text-style: bold; }
    #leaving { color: $text-muted; }
    """

    def __init__(
        self, heading: str, parts: Sequence[str], theme: str, driver: type[Driver] | None
    ) -> None:
        """Show a heading and paragraphs, in one of our themes."""
        super().__init__(driver_class=driver)
        self._heading, self._parts = heading, parts
        for one in THEMES.values():
            self.register_theme(one)
        self.theme = THEMES[theme].name

    def compose(self) -> ComposeResult:
        """Put the paragraphs one below the other."""
        # No text is read as markup.
        yield Static(Text(self._heading), id="heading")
        for part in self._parts:
            yield Static(Text(part))
        yield Static(Text("Enter leads back to the shell."), id="leaving")

    def on_key(self, event: Key) -> None:
        """Leave, but by no key that was typed before the reader saw this."""
        event.stop()
        if event.key in _LEAVING:
            self.exit()

"""The messages that pass between the application, the browser and the threads beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from tui.facts import is_superseded

if TYPE_CHECKING:
    from tui.facts import Fact


class Happened(Message):
    """A fact has come to the browser; `tui.facts` has them all."""

    def __init__(self, fact: Fact) -> None:
        self.fact = fact
        super().__init__()

    def can_replace(self, message: Message) -> bool:
        """Tell whether the message that follows this one in the queue may stand in for it."""
        return isinstance(message, Happened) and is_superseded(self.fact, message.fact)


class FirstShown(Message):
    """The browser has its first result, and all that belongs to it."""


class ThemeChosen(Message):
    """The reader has chosen other colours, one of `tui.themes.THEMES` by its name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__()


class ScreenLost(Message):
    """The reader sees another screen than the one that was painted."""

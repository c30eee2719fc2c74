"""The conversation in keys: commands, sequences that are begun, and ctrl+c."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.commands import all_commands
from tui.keymap import Keymap

if TYPE_CHECKING:
    from textual.timer import Timer

    from tui.commands import Command
    from tui.screens.browser import Browser

PENDING_SECONDS = 0.3
"""A key that begins a sequence shows what can follow after so long."""
CANCEL = "ctrl+c"


class Keyboard:
    """Runs the commands of the keys that the browser is given."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._keymap = Keymap(all_commands())
        self._timer: Timer | None = None
        self._is_cancelling = False

    def press(self, key: str) -> None:
        """Run the command of a key, or show what can follow it."""
        self._stop_timer()
        if key != CANCEL:
            self._is_cancelling = False
        pressed = self._keymap.press(key)
        if pressed.command:
            self._browser.status.hints.end_offer()
            pressed.command.action(self._browser)
        elif pressed.pending:
            self._timer = self._browser.set_timer(
                PENDING_SECONDS, lambda: self._offer(pressed.pending)
            )
        else:
            self._browser.status.hints.end_offer()

    def cancel(self) -> bool:
        """Return whether this is the second time in a row, when the reader wants to leave."""
        was_cancelling, self._is_cancelling = self._is_cancelling, True
        return was_cancelling

    def _offer(self, commands: tuple[Command, ...]) -> None:
        hints = [(command.keys[0].split(" ")[-1], command.word) for command in commands]
        self._browser.status.hints.offer(hints)

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.stop()
            self._timer = None

"""The conversation in keys: commands, sequences that are begun, questions, and ctrl+c."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.footer import key_of
from tui.keymap import Keymap, Pressed
from tui.widgets.question import Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.timer import Timer

    from tui.keymap import Bindings
    from tui.screens.browser import Browser

PENDING_SECONDS = 0.3
"""A key that begins a sequence shows what can follow after so long."""
CANCEL = "ctrl+c"


class Keyboard:
    """Runs the commands of the keys that the browser is given."""

    def __init__(self, browser: Browser, bindings: Bindings) -> None:
        self._browser = browser
        self._keymap = Keymap(bindings)
        self._timer: Timer | None = None
        self._is_cancelling = False
        self._question = Question(browser.status.hints)
        self.bindings = bindings
        """The keys in force."""
        self.presses = 0
        """How many keys the reader has pressed."""
        self._latest = Pressed()

    def press(self, key: str) -> None:
        """Run the command of a key, or show what can follow it; answer a question."""
        self._stop_timer()
        self._browser.panes.notice.hide()
        self.presses += 1
        if self.presses == 1:
            self._browser.resting.arrive()  # from now on somebody is here
        if self._question.take(key):
            return
        if key != CANCEL:
            self._is_cancelling = False
        pressed = self._keymap.press(key)
        if pressed.command:
            self._latest = pressed
            self._browser.status.hints.end_offer()
            pressed.command.action(self._browser)
        elif pressed.pending:
            self._timer = self._browser.set_timer(PENDING_SECONDS, self._offer)
        else:
            self._browser.status.hints.end_offer()

    @property
    def was_used(self) -> bool:
        """Whether the reader has pressed a key at all."""
        return self.presses > 0

    @property
    def place(self) -> int:
        """Which of its keys ran the latest command: 0 for the first."""
        command, keys = self._latest.command, " ".join(self._latest.keys)
        return self.bindings.keys(command).index(keys) if command else 0

    def confirm(self, question: str, act: Callable[[], object]) -> None:
        """Ask, and act if the next key says yes; any other leaves all as it is."""
        self._question.ask(question, act)

    def shown(self, name: str) -> str:
        """Return the first key of a command, as messages name it."""
        return key_of(self.bindings, name)

    def forget(self) -> None:
        """Forget the keys of a sequence that was begun: something else has come in between."""
        self._stop_timer()
        self._keymap.pressed = ()

    def cancel(self) -> bool:
        """Return whether this is the second time in a row, when the reader wants to leave."""
        was_cancelling, self._is_cancelling = self._is_cancelling, True
        return was_cancelling

    def _offer(self) -> None:
        following = self.bindings.following(self._keymap.pressed)
        hints = [(keys, command.word or command.summary) for keys, command in following]
        self._browser.status.hints.offer(hints)

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.stop()
            self._timer = None

"""A question before much is changed, which one key answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.widgets.hints import Hints

YES = frozenset({"y", "Y"})


class Question:
    """Asks in the place of `hints`; any key but `y` leaves all as it is."""

    def __init__(self, hints: Hints) -> None:
        self._hints = hints
        self._act: Callable[[], object] | None = None

    def ask(self, question: str, act: Callable[[], object]) -> None:
        """Ask, and act if the answer is yes."""
        self._act = act
        self._hints.ask_key(f"{question} y: yes · any other key: no")

    def take(self, key: str) -> bool:
        """Take a key as the answer; False where nothing was asked."""
        act, self._act = self._act, None
        if act is None:
            return False
        self._hints.end_question()
        if key in YES:
            act()
        else:
            self._hints.say("Nothing was changed")
        return True

"""The conversation in the line at the bottom: a question, and what the reader writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import StoreError
from tui.format import sentence
from tui.outside.errors import OutsideError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.screens.browser import Browser


class Asking:
    """Asks for a text, one at a time."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._answer: Callable[[str], object] | None = None
        self._tabbed: Callable[[], str] | None = None

    def begin(
        self,
        label: str,
        answer: Callable[[str], object],
        *,
        text: str = "",
        complete: Callable[[str], str | None] | None = None,
        after: str = "",
        tabbed: Callable[[], str] | None = None,
        is_selected: bool = False,
    ) -> None:
        """Let the reader write, with `text` to begin with.

        `answer` takes what was written; a `StoreError` or `OutsideError` that it raises says why
        that won't do. `complete` returns the whole text with its last word completed, and
        `after` follows one that was taken. `tabbed` returns another label: the Tab key asks
        for it where there is nothing to complete. A text that `is_selected` is only an offer,
        which the first character replaces.
        """
        self._answer, self._tabbed = answer, tabbed
        self._browser.resting.leave()
        self._browser.status.ask(label, text, complete, after, is_selected=is_selected)

    def submit(self, text: str) -> None:
        """Give the answer on, or say why it won't do."""
        answer = self._answer
        if answer is None:
            return
        # Closed first: what is answered may ask on.
        self.end()
        try:
            answer(text)
        except (StoreError, OutsideError) as error:
            self._answer = answer
            self._browser.status.reopen()
            self._browser.status.refuse(sentence(error))

    def switch(self) -> None:
        """Ask for something else instead, if there is such a thing."""
        if self._tabbed:
            self._browser.status.relabel(self._tabbed())

    def end(self) -> None:
        """Show the hints again."""
        self._answer = None
        self._browser.status.close()
        self._browser.resting.arrive()

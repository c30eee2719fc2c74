"""What comes of resting on a paper: it is read, and tags for it are suggested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.state import Pane

if TYPE_CHECKING:
    from textual.timer import Timer

    from tui.facts import TagsSuggested
    from tui.screens.browser import Browser

SUGGESTION_SECONDS = 0.2
"""A key held down asks for no suggestions."""


class Resting:
    """Watches the selection; a paper that is passed over is not read."""

    def __init__(self, browser: Browser, rest_seconds: float) -> None:
        self._browser = browser
        self._rest_seconds = rest_seconds
        self._timers: list[Timer] = []
        self._suggested: tuple[int, tuple[str, ...]] | None = None

    @property
    def suggested(self) -> tuple[str, ...]:
        """The tags that papers like the selected one have, and it has not."""
        row = self._browser.selected_row()
        if row is None or self._suggested is None or self._suggested[0] != row.key:
            return ()
        return tuple(name for name in self._suggested[1] if name not in row.tags)

    def arrive(self) -> None:
        """Another paper is selected: wait for the reader to rest on it."""
        self.leave()
        browser = self._browser
        if browser.state.list.key is None:
            return
        self._timers.append(browser.set_timer(SUGGESTION_SECONDS, self._ask))
        if self._rest_seconds:
            self._timers.append(browser.set_timer(self._rest_seconds, self._rested))

    def leave(self) -> None:
        """Wait no more."""
        while self._timers:
            self._timers.pop().stop()

    def forget(self) -> None:
        """Wait no more, and suggest nothing."""
        self.leave()
        self._suggested = None

    def read_now(self) -> None:
        """Mark the selected paper read, if it is not."""
        row = self._browser.selected_row()
        if row is not None and "unread" in row.tags and not self._browser.library.is_read_only:
            # Not a decision: `u` passes over it.
            self._browser.work.decisions.mark_read(row.key)

    def suggest(self, fact: TagsSuggested) -> None:
        """Show the tags that were found, if the reader is there still."""
        self._suggested = (fact.key, fact.names)
        # Under another screen it would repaint that; who comes back asks again.
        if self._browser.is_current and fact.key == self._browser.state.list.key:
            self._browser.show_abstract()

    def _ask(self) -> None:
        key = self._browser.state.list.key
        if key is not None:
            self._browser.work.likeness.suggest(key)

    def _rested(self) -> None:
        # While a line is written, or something lies over the papers, nobody reads them; nor does
        # anybody who has not touched a key yet.
        browser = self._browser
        is_here = browser.is_read and browser.state.pane is not Pane.SIDEBAR
        if is_here and browser.keyboard.was_used:
            self.read_now()

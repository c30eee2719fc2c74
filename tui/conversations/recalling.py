"""The conversation about what was done: the history over the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.facts import HistoryLoaded
    from tui.screens.browser import Browser
    from tui.screens.history import HistoryScreen


class Recalling:
    """Keeps the history, while it is shown, true to the library."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._screen: HistoryScreen | None = None

    def begin(self) -> None:
        """Show the history until the reader leaves it."""
        # Few look at the history each time.
        from tui.screens.history import HistoryScreen

        browser = self._browser
        self._screen = HistoryScreen(
            browser.work.decisions,
            browser.library.program,
            browser.keyboard.bindings,
            # In the browser's own turn, where errors of the library end.
            lambda: browser.call_later(browser.choosing.help),
        )
        browser.app.push_screen(self._screen, self._end)

    def look(self, *, is_changed: bool) -> None:
        """Load the entries anew if the library has changed, or an import may have been cut off."""
        if self._screen and (is_changed or self._screen.is_import_shown):
            self._browser.work.decisions.load_history()

    def loaded(self, fact: HistoryLoaded) -> None:
        """Show the entries."""
        if self._screen:
            self._screen.show_entries(fact)

    def say(self, news: str, *, is_trouble: bool) -> None:
        """Show news over the browser, where the reader looks."""
        if self._screen:
            self._screen.status.hints.say(news, is_trouble=is_trouble)

    def _end(self, _: None) -> None:
        self._screen = None

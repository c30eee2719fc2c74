"""Beginning: the first result is shown at once with all around it, and the rest is made ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.messages import FirstShown

if TYPE_CHECKING:
    from textual.timer import Timer

    from tui.screens.browser import Browser

PATIENCE_SECONDS = 0.5
"""No longer does the browser wait for its first result before it shows what there is."""
COUNTING_SECONDS = 0.3
"""No longer does a result wait for what the sidebar beside it shows."""
PREPARE_SECONDS = 0.25
"""After so long the browser prepares for the first search by words."""


class Beginning:
    """Knows when there is something to show."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._timer: Timer | None = None
        self.is_over = False
        """Whether all that there is was shown."""
        self.is_measured = False
        """Whether it is known how many lines the list has room for."""

    def start(self) -> None:
        """Ask for the first result, and say what there is to say."""
        browser, setting = self._browser, self._browser.setting
        browser.finding.start(setting.key, setting.top)
        browser.set_timer(PATIENCE_SECONDS, self._end)
        for warning in setting.warnings:
            browser.status.hints.tell(warning, is_trouble=True)
        if setting.first_words:
            browser.say(setting.first_words)  # no trouble, which the first result would end

    def look(self) -> None:
        """Show the first result, if it is there, its place too, and what stands beside it."""
        browser = self._browser
        is_found = browser.finding.has_found and (self.is_measured or browser.welcoming.is_empty)
        if not is_found or self.is_over:
            return
        if browser.is_writing or not browser.shelving.is_awaited:
            self._end()
        elif self._timer is None:
            self._timer = browser.set_timer(COUNTING_SECONDS, self._end)

    def _end(self) -> None:
        """Show all that there is, and prepare for what may come."""
        if self.is_over:
            return
        self.is_over = True
        browser = self._browser
        browser.post_message(FirstShown())
        with browser.guard():
            browser.lookout.begin()
            browser.placing.show()
        # Not before the keys that the reader has pressed meanwhile are answered.
        browser.set_timer(PREPARE_SECONDS, browser.work.searches.prepare)

"""Visits: what came into a view since the reader was there last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.state import view_of

if TYPE_CHECKING:
    from tui.facts import ResultFound
    from tui.screens.browser import Browser


class Visiting:
    """Knows the view that the reader is at, and the newest paper it could show."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._view: str | None = None
        self._newest = 0
        self.since: int | None = None
        """Papers with a greater key are new in this view; None if it was never visited."""

    def arrive(self, fact: ResultFound) -> None:
        """Begin a visit, if the result is one of another view than before."""
        view = view_of(fact.text, self._browser.state.home)
        if view != self._view:
            self.leave()
            self._view = view
            self.since = self._browser.work.decisions.visited(view) if view else None
        self._newest = fact.newest

    def leave(self) -> None:
        """End the visit: what was there now is not new the next time."""
        if self._view is None:
            return
        view, self._view = self._view, None
        self._browser.work.decisions.end_visit(view, self._newest)

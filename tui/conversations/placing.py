"""The counter: where in the result the reader is, and how much of the day is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.format import day_left

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.screens.browser import Browser


class Placing:
    """Keeps the counter in the search line true to what is shown."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def show(self) -> None:
        """Show the counter, what is known to matter least before the rest."""
        self._browser.search_line.show_counter(" · ".join(filter(None, self._parts())))

    def _parts(self) -> Iterator[str]:
        browser = self._browser
        state, view = browser.state, browser.state.list
        yield browser.lookout.progress()
        row = browser.selected_row()
        if row is not None and row.day and state.is_home and view.starts:
            day = browser.rows.day(row.day)
            yield day_left(day) if day.total else ""
        if state.marks:
            yield f"{len(state.marks):,} marked"
        if view.keys:
            yield f"{view.selected + 1:,} of {len(view.keys):,}"
        elif browser.finding.has_found:
            yield "nothing found"

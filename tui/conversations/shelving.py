"""The conversation with the reader of the sidebar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.shelf import Shelf
from tui.state import BESIDE_FROM, Pane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.timer import Timer

    from tui.facts import CountsFound
    from tui.listing import ListView
    from tui.screens.browser import Browser
    from tui.shelf import ShelfRow

PATIENCE_SECONDS = 0.2
"""How often is looked whether the reader's search has come to its end."""


class Shelving:
    """Keeps the sidebar's rows and its own window on them, and has them counted while shown."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._shelf = Shelf()
        self._shown: tuple[Shelf, str, bool] | None = None
        self._is_outdated = True
        self._timer: Timer | None = None
        self._is_active = False
        self._text = ""
        """The query that was shown when the rows were counted."""

    @property
    def row_count(self) -> int:
        """How many rows there are to choose from."""
        return len(self._shelf.view.keys)

    @property
    def rows(self) -> tuple[ShelfRow, ...]:
        """The rows as they were counted last, headings included."""
        return self._shelf.rows

    @property
    def is_shown(self) -> bool:
        """Whether the sidebar is on the screen."""
        browser = self._browser
        return browser.state.is_sidebar_shown and not browser.panes.is_stacked

    @property
    def is_awaited(self) -> bool:
        """Whether the sidebar is on the screen, and not yet all of it was counted."""
        rows = self._shelf.rows
        return self.is_shown and not (rows and all(row.unread.is_fresh for row in rows))

    def show(self) -> None:
        """Render the sidebar, if it is on the screen."""
        browser = self._browser
        state = browser.state
        if self._is_active is not (state.pane is Pane.SIDEBAR):
            self._is_active = not self._is_active
            browser.welcoming.show_keys()
            browser.status.hints.rest()
        if not self.is_shown:
            if state.pane is Pane.SIDEBAR:  # the screen has become too narrow for it
                browser.show(state.in_pane(Pane.LIST))
            return
        # Going on to another result ends a visit: what was new where the reader was is not now.
        if self._is_outdated or state.text != self._text:
            self._count()
        if browser.beginning.is_over:  # until then the whole screen waits for the counts
            browser.work.counting.hold()
        self._render(state.text, is_active=state.pane is Pane.SIDEBAR)

    def look(self) -> None:
        """Papers have changed: count anew, now or as soon as it is of use."""
        self._is_outdated = True
        if self.is_shown:
            self._count()

    def give_way(self) -> None:
        """Leave off counting while the reader searches, until that has come to its end."""
        if self.is_shown:
            self._browser.work.counting.abandon()
            self._is_outdated = True

    def counted(self, fact: CountsFound) -> None:
        """Show what was counted."""
        is_first = not self._shelf.rows
        state = self._browser.state
        self._shelf = self._shelf.with_rows(fact.counts)
        if is_first:
            self._shelf = self._shelf.on(state.text)
        if self.is_shown:
            self._render(state.text, is_active=state.pane is Pane.SIDEBAR)

    def begin_with(self, rows: Sequence[ShelfRow], text: str) -> None:
        """Have these rows as the first ones of a browser that shows what the query `text` finds."""
        empty = Shelf()
        shelf = empty.with_view(empty.view.resized(self._shelf.view.height))
        self._shelf = shelf.with_rows(rows).on(text)
        self._is_outdated, self._text = False, text

    def toggle(self) -> None:
        """Show the sidebar and let the keys move in it, or hide it."""
        browser = self._browser
        if browser.panes.is_stacked:
            pick = browser.keyboard.shown("pick-view")
            browser.say(f"The sidebar needs {BESIDE_FROM} columns · {pick} picks a view")
            return
        is_shown = not browser.state.is_sidebar_shown
        if is_shown:
            self._shelf = self._shelf.on(browser.state.text)
        browser.show(browser.state.with_sidebar(is_shown=is_shown))

    def move(self, by: int) -> None:
        """Select the row `by` further down, or up where it is negative."""
        self._show_view(self._shelf.view.moved(by))

    def move_to(self, index: int) -> None:
        """Select the row at `index` of those to choose from, or the nearest there is."""
        self._show_view(self._shelf.view.to(index))

    def open(self) -> None:
        """Go on to the view that is selected."""
        if self._shelf.query:
            self._browser.finding.open(self._shelf.query)

    def clicked(self, line: int) -> None:
        """Open the view on a line of the window."""
        index = self._shelf.view.row_at(line)
        if index is not None:
            self.move_to(index)
            self.open()

    def resized(self, height: int) -> None:
        """Show as many rows as there is room for."""
        self._show_view(self._shelf.view.resized(height))

    def wheeled(self, lines: int) -> None:
        """Show rows further down, or up where it is negative."""
        self._show_view(self._shelf.view.scrolled(lines))

    def _show_view(self, view: ListView) -> None:
        self._shelf = self._shelf.with_view(view)
        self.show()

    def _render(self, text: str, *, is_active: bool) -> None:
        shown = (self._shelf, text, is_active)
        if shown != self._shown:  # most keys change nothing here
            self._shown = shown
            self._browser.panes.sidebar.show(self._shelf.lines(text, is_active=is_active))

    def _count(self) -> None:
        """Have the rows counted, as soon as the reader waits for no search."""
        browser = self._browser
        if browser.finding.is_awaited or browser.search_line.is_open:
            if self._timer is None:
                self._timer = browser.set_timer(PATIENCE_SECONDS, self._count_after_all)
            return
        self._is_outdated = False
        self._text = browser.state.text
        browser.work.counting.count()

    def _count_after_all(self) -> None:
        self._timer = None
        self.show()

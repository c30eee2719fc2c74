"""Leaving: the screen becomes what the next start will show, once nobody sees it any more."""

from __future__ import annotations

import time
from sqlite3 import DatabaseError
from typing import TYPE_CHECKING, NamedTuple

from store.errors import SearchAbandonedError, StoreError
from tui.firstpaint.handover import cells_on
from tui.state import ViewState, view_of

if TYPE_CHECKING:
    from tui.facts import ResultFound
    from tui.screens.browser import Browser
    from tui.terminal.picture import Cells

SEARCH_SECONDS = 0.3
"""The shell does not wait for a search that takes longer."""


class Left(NamedTuple):
    """The screen as it is left, and what of the library it shows."""

    cells: Cells
    revision: int
    view: str | None
    """The view that is visited, if it is one."""
    newest: int | None
    """The newest paper at the end of its last visit."""


def show_next_start(browser: Browser) -> Left | None:
    """Show what the next start will show; None where that can't be told.

    That is the result found anew, on the same paper: those decided on since have left it.
    Decisions come to their end before, and the visit is over. What is wrong with the library is no
    matter of the reader's who leaves, other than that a decision was lost.
    """
    try:
        return _show_next_start(browser)
    except (StoreError, DatabaseError):
        return None


def _show_next_start(browser: Browser) -> Left | None:
    is_plain = browser.is_read and not browser.shelving.is_shown and not browser.setting.warnings
    if not (is_plain and browser.finding.has_found):
        return None
    work = browser.work
    browser.visiting.leave()
    work.decisions.close()
    if work.decisions.lost:
        return None
    revision = browser.library.revision
    fact = _found(browser)
    if not fact or not fact.result.papers or not browser.library.index.is_current():
        return None
    view = view_of(fact.text, browser.setting.home)
    newest = browser.library.visits.newest(view) if view else None
    _show(browser, fact, newest)
    cells = cells_on(browser.app)
    return Left(cells, revision, view, newest) if cells else None


def _found(browser: Browser) -> ResultFound | None:
    """Search again for what is shown."""
    until = time.monotonic() + SEARCH_SECONDS
    state = browser.state
    try:
        return browser.work.searches.found(
            state.text, state.list.key, cancelled=lambda: time.monotonic() > until
        )
    except SearchAbandonedError:
        return None


def _show(browser: Browser, fact: ResultFound, newest: int | None) -> None:
    """Show a result as the first one of a browser."""
    before = browser.state
    view = before.list.with_keys(fact.result.keys, fact.select, fact.starts)
    view = view.at(before.list.top).to(view.selected)
    fresh = ViewState(
        home=before.home, split=before.split, is_sidebar_shown=before.is_sidebar_shown
    )
    browser.resting.forget()
    browser.status.hints.rest()
    browser.search_line.show(fact.text)
    browser.rows.renew(view.shown)
    browser.show(fresh.with_result(fact.text, view, newest=newest))
    browser.show_abstract()
    browser.panes.abstract.scroll_to_line(0)

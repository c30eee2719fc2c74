"""Leaving: the screen becomes what the next start will show, once nobody sees it any more."""

from __future__ import annotations

import time
from sqlite3 import DatabaseError
from typing import TYPE_CHECKING, NamedTuple

from store.errors import SearchAbandonedError, StoreError
from tui.firstpaint.handover import cells_on
from tui.state import ViewState, view_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.facts import ResultFound
    from tui.screens.browser import Browser
    from tui.terminal.picture import Cells

LEAVING_SECONDS = 0.3
"""The shell does not wait for a search, or counts, that take longer."""


class Left(NamedTuple):
    """The screen as it is left, and what of the library it shows."""

    cells: Cells
    revision: int
    visits: Mapping[str, int]
    """Of each view, the newest paper at the end of its last visit."""


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
    until = time.monotonic() + LEAVING_SECONDS
    is_plain = browser.is_read and not browser.setting.warnings
    if not (is_plain and browser.finding.has_found):
        return None
    work = browser.work
    browser.visiting.leave()
    work.decisions.close()
    if work.decisions.lost:
        return None
    revision = browser.library.revision
    visits = browser.library.visits.to_dict()
    fact = _found(browser, until)
    if fact is None or not fact.result.papers or not browser.library.index.is_current():
        return None
    view = view_of(fact.text, browser.setting.home)
    if browser.shelving.is_shown:
        rows = work.counting.now(lambda: time.monotonic() > until)
        if rows is None:
            return None
        browser.shelving.begin_with(rows, fact.text)
    _show(browser, fact, visits.get(view) if view else None)
    cells = cells_on(browser.app)
    return Left(cells, revision, visits) if cells else None


def _found(browser: Browser, until: float) -> ResultFound | None:
    """Search again for what is shown; None where that is not over by then."""
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

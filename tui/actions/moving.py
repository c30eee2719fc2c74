"""Moving through the list, or through the abstract or the sidebar while the keys are there."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from tui.state import Pane

if TYPE_CHECKING:
    from tui.screens.browser import Browser


def down(browser: Browser) -> None:
    """Go one paper, or one line of the abstract, down."""
    _move(browser, 1)


def up(browser: Browser) -> None:
    """Go one paper, or one line of the abstract, up."""
    _move(browser, -1)


def first(browser: Browser) -> None:
    """Go to the beginning."""
    match browser.state.pane:
        case Pane.ABSTRACT:
            browser.reach_abstract().scroll_to_line(0)
        case Pane.SIDEBAR:
            browser.shelving.move_to(0)
        case Pane.LIST:
            browser.show_list(browser.state.list.to(0))


def last(browser: Browser) -> None:
    """Go to the end."""
    match browser.state.pane:
        case Pane.ABSTRACT:
            abstract = browser.reach_abstract()
            abstract.scroll_to_line(abstract.line_count)
        case Pane.SIDEBAR:
            browser.shelving.move_to(browser.shelving.row_count)
        case Pane.LIST:
            browser.show_list(browser.state.list.to(len(browser.state.list.keys)))


def half_page_down(browser: Browser) -> None:
    """Move down half a page."""
    _page(browser, 0.5)


def half_page_up(browser: Browser) -> None:
    """Move up half a page."""
    _page(browser, -0.5)


def page_down(browser: Browser) -> None:
    """Move down a page."""
    _page(browser, 1)


def page_up(browser: Browser) -> None:
    """Move up a page."""
    _page(browser, -1)


def next_unread(browser: Browser) -> None:
    """Go to the nearest unread paper below."""
    _go_to_unread(browser, 1, "No unread paper below")


def last_unread(browser: Browser) -> None:
    """Go to the nearest unread paper above."""
    _go_to_unread(browser, -1, "No unread paper above")


def next_day(browser: Browser) -> None:
    """Go to the first paper of the next day in the list."""
    _go_to_day(browser, _day_below(browser), "No other day below")


def last_day(browser: Browser) -> None:
    """Go to the first paper of the day before in the list."""
    _go_to_day(browser, _day_above(browser), "No other day above")


def _move(browser: Browser, by: int) -> None:
    match browser.state.pane:
        case Pane.ABSTRACT:
            browser.reach_abstract().scroll_by_lines(by)
        case Pane.SIDEBAR:
            browser.shelving.move(by)
        case Pane.LIST:
            browser.show_list(browser.state.list.moved(by))


def _page(browser: Browser, pages: float) -> None:
    match browser.state.pane:
        case Pane.ABSTRACT:
            abstract = browser.reach_abstract()
            abstract.scroll_by_lines(_lines(abstract.size.height, pages))
        case Pane.SIDEBAR:
            browser.shelving.move(_lines(browser.panes.sidebar.size.height, pages))
        case Pane.LIST:
            browser.show_list(browser.state.list.paged(pages))


def _lines(height: int, pages: float) -> int:
    return round(height * pages) or (1 if pages > 0 else -1)


def _go_to_day(browser: Browser, index: int | None, otherwise: str) -> None:
    if index is None:
        browser.say(otherwise)
    else:
        browser.show_list(browser.state.list.to(index))


def _day_below(browser: Browser) -> int | None:
    view = browser.state.list
    if view.starts:
        return next(iter(view.starts[bisect_right(view.starts, view.selected) :]), None)
    # No headings say it: we look from here on.
    below = browser.library.days.other(view.keys[view.selected :])
    return None if below is None else view.selected + below


def _day_above(browser: Browser) -> int | None:
    view, days = browser.state.list, browser.library.days
    if view.starts:
        above = bisect_right(view.starts, view.selected) - 2
        return view.starts[above] if above >= 0 else None
    by = days.other(view.keys[view.selected :: -1])
    if by is None:
        return None
    last = view.selected - by
    others = days.other(view.keys[last::-1])
    return 0 if others is None else last - others + 1


def _go_to_unread(browser: Browser, step: int, otherwise: str) -> None:
    view = browser.state.list
    way = view.keys[view.selected + 1 :] if step > 0 else view.keys[: view.selected][::-1]
    unread = browser.library.tags.first_with("unread", way)
    if unread is None:
        browser.say(otherwise)
    else:
        browser.show_list(view.to(view.keys.index(unread)))

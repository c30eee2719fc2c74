"""Moving through the list, or through the abstract while that is being read."""

from __future__ import annotations

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
    if browser.state.pane is Pane.ABSTRACT:
        browser.abstract.scroll_to_line(0)
    else:
        browser.show_list(browser.state.list.to(0))


def last(browser: Browser) -> None:
    """Go to the end."""
    if browser.state.pane is Pane.ABSTRACT:
        browser.abstract.scroll_to_line(browser.abstract.line_count)
    else:
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
    """Go to the first paper below that is of another day."""
    _go_to_other_day(browser, 1, "No other day below")


def last_day(browser: Browser) -> None:
    """Go to the nearest paper above that is of another day."""
    _go_to_other_day(browser, -1, "No other day above")


def _move(browser: Browser, by: int) -> None:
    if browser.state.pane is Pane.ABSTRACT:
        browser.abstract.scroll_by_lines(by)
    else:
        browser.show_list(browser.state.list.moved(by))


def _page(browser: Browser, pages: float) -> None:
    if browser.state.pane is Pane.ABSTRACT:
        lines = round(browser.abstract.size.height * pages) or (1 if pages > 0 else -1)
        browser.abstract.scroll_by_lines(lines)
    else:
        browser.show_list(browser.state.list.paged(pages))


def _go_to_unread(browser: Browser, step: int, otherwise: str) -> None:
    view = browser.state.list
    index = view.next_among(browser.library.keys_tagged("unread"), step)
    if index is None:
        browser.say(otherwise)
    else:
        browser.show_list(view.to(index))


def _go_to_other_day(browser: Browser, step: int, otherwise: str) -> None:
    view = browser.state.list
    day = next(browser.library.days(view.keys[view.selected : view.selected + 1]), None)
    keys = view.keys[view.selected :] if step > 0 else view.keys[: view.selected][::-1]
    for offset, other in enumerate(browser.library.days(keys)):
        if other != day:
            index = view.selected + offset if step > 0 else view.selected - 1 - offset
            browser.show_list(view.to(index))
            return
    browser.say(otherwise)

"""Moving through the list, or through the abstract while that is being read."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tui.state import Pane

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    """Go to the first paper of the next day in the list."""
    view = browser.state.list
    below = view.keys[view.selected :]
    offset = next(_changes_of_day(browser, below), None)
    if offset is None:
        browser.say("No other day below")
    else:
        browser.show_list(view.moved(offset))


def last_day(browser: Browser) -> None:
    """Go to the first paper of the day before in the list."""
    view = browser.state.list
    above = view.keys[: view.selected + 1][::-1]
    changes = _changes_of_day(browser, above)
    if next(changes, None) is None:
        browser.say("No other day above")
    else:
        # The day before ends where yet another one begins, or at the top.
        browser.show_list(view.moved(1 - next(changes, len(above))))


def _changes_of_day(browser: Browser, keys: tuple[int, ...]) -> Iterator[int]:
    """Yield the index of each paper whose day is not that of the one before."""
    days = browser.library.days(keys)
    for index, (before, after) in enumerate(pairwise(days), 1):
        if before != after:
            yield index


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

"""Reading the abstract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.journal import EntryKind
from store.tagnames import TagEdit
from tui.state import Pane

if TYPE_CHECKING:
    from tui.screens.browser import Browser


def read(browser: Browser) -> None:
    """Let the keys move through the abstract, and mark the paper read; from there, go back."""
    if browser.state.pane is Pane.ABSTRACT:
        browser.show(browser.state.in_pane(Pane.LIST))
        return
    row = browser.selected_row()
    if row is None:
        browser.open_sample()
        return
    browser.show(browser.state.in_pane(Pane.ABSTRACT))
    if "unread" in row.tags:
        # Opening is not a decision: `u` passes over it.
        browser.work.edit_tags(
            (row.key,), TagEdit(removed=("unread",)), label="read", kind=EntryKind.AUTOMATIC
        )


def other_pane(browser: Browser) -> None:
    """Change between list and abstract."""
    if not browser.state.is_abstract_alone:
        browser.show(browser.state.other_pane())


def scroll_down(browser: Browser) -> None:
    """Scroll the abstract down by half its height."""
    browser.abstract.scroll_by_lines(max(1, browser.abstract.size.height // 2))


def scroll_up(browser: Browser) -> None:
    """Scroll the abstract up by half its height."""
    browser.abstract.scroll_by_lines(-max(1, browser.abstract.size.height // 2))


def abstract_alone(browser: Browser) -> None:
    """Give the abstract the whole screen, or the list its place again."""
    if browser.selected_row() is not None:
        browser.show(browser.state.alone_or_beside())

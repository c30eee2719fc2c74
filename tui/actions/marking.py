"""Marking papers, to act on all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.format import counted

if TYPE_CHECKING:
    from tui.marks import Marks
    from tui.screens.browser import Browser
    from tui.situation import Situation


def mark(browser: Browser) -> None:
    """Mark the paper, or take its mark off, and go to the next."""
    state = browser.state
    key = state.list.key
    if key is not None and browser.chosen():
        marked = state.with_marks(state.marks.toggled(key))
        browser.show(marked.with_list(marked.list.moved(1)))


def mark_range(browser: Browser) -> None:
    """Begin to mark all from here to where the reader goes, or end it there."""
    view = browser.state.list
    if view.key is None:
        return
    _show(browser, browser.state.marks.ranging(view.selected, view.keys))
    if browser.state.marks.is_ranging:
        browser.say("Marking from here · move to the last one, then the same key again")
    else:
        _tell(browser)


def range_now(situation: Situation) -> str:
    """Say what `mark_range` would do."""
    return "end the range here" if situation.state.marks.is_ranging else ""


def invert(browser: Browser) -> None:
    """Mark what is not marked, and only that."""
    _show(browser, browser.state.marks.inverted(browser.state.list.keys))
    _tell(browser)


def mark_all(browser: Browser) -> None:
    """Mark everything shown, or nothing where all is marked."""
    _show(browser, browser.state.marks.everything(browser.state.list.keys))
    _tell(browser)


def all_now(situation: Situation) -> str:
    """Say what `mark_all` would do."""
    shown = len(situation.state.list.keys)
    if shown and len(situation.state.marks) == shown:
        return "take every mark off"
    return f"mark {counted(shown, 'paper')}" if shown else ""


def near_duplicates(browser: Browser) -> None:
    """Mark the paper and those of this result that say nearly the same."""
    view = browser.state.list
    if view.key is not None:
        browser.say(f"Comparing with {counted(len(view.keys), 'paper')} of this list …")
        browser.work.likeness.find_duplicates(view.key, view.keys)


def _show(browser: Browser, marks: Marks) -> None:
    browser.show(browser.state.with_marks(marks))


def _tell(browser: Browser) -> None:
    marked = len(browser.state.marks)
    browser.say(f"{counted(marked, 'paper')} marked" if marked else "No paper is marked")

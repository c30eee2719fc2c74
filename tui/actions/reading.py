"""Reading the abstract, and dividing the screen for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.texts.tex import has_tex
from tui.state import Pane

if TYPE_CHECKING:
    from tui.screens.browser import Browser
    from tui.situation import Situation

SHARE = 0.05
"""How much of the room one key gives to the list, or takes from it."""


def read(browser: Browser) -> None:
    """Let the keys move through the abstract, and mark the paper read; from there, go back.

    In the sidebar: open the view that is selected.
    """
    match browser.state.pane:
        case _ if browser.welcoming.is_empty:
            browser.welcoming.open_sample()
        case Pane.SIDEBAR:
            browser.shelving.open()
        case Pane.ABSTRACT:
            browser.show(browser.state.in_pane(Pane.LIST))
        case Pane.LIST if browser.state.list.key is not None:
            browser.show(browser.state.in_pane(Pane.ABSTRACT))
            browser.resting.read_now()


def read_now(situation: Situation) -> str:
    """Say what `read` would do."""
    if situation.paper is None or situation.state.pane is not Pane.LIST:
        return ""
    return "mark it read" if "unread" in situation.paper.tags else "it is read already"


def other_pane(browser: Browser) -> None:
    """Let the keys move in the next pane."""
    if not browser.state.is_abstract_alone:
        browser.show(browser.state.next_pane())


def scroll_down(browser: Browser) -> None:
    """Scroll the abstract down by half its height."""
    abstract = browser.reach_abstract()
    abstract.scroll_by_lines(max(1, abstract.size.height // 2))


def scroll_up(browser: Browser) -> None:
    """Scroll the abstract up by half its height."""
    abstract = browser.reach_abstract()
    abstract.scroll_by_lines(-max(1, abstract.size.height // 2))


def abstract_alone(browser: Browser) -> None:
    """Give the abstract the whole screen, or the list its place again."""
    if browser.state.list.key is not None:
        browser.show(browser.state.alone_or_beside())


def show_source(browser: Browser) -> None:
    """Show the abstract's TeX as it is written, or as Unicode again."""
    paper = browser.selected_paper()
    if paper is None:
        return
    browser.show(browser.state.with_source(is_shown=not browser.state.shows_source))
    if not has_tex(f"{paper.title} {paper.abstract}"):
        browser.say("This paper's title and abstract have no TeX")
    else:
        browser.say("TeX as it is written" if browser.state.shows_source else "TeX as Unicode")


def source_now(situation: Situation) -> str:
    """Say what `show_source` would do."""
    return "back to Unicode" if situation.state.shows_source else ""


def less_list(browser: Browser) -> None:
    """Give the abstract more of the room."""
    _move_split(browser, -SHARE)


def more_list(browser: Browser) -> None:
    """Give the list more of the room."""
    _move_split(browser, SHARE)


def _move_split(browser: Browser, by: float) -> None:
    state, panes = browser.state, browser.panes
    if state.is_abstract_alone:
        return
    share = state.split.stacked if panes.is_stacked else state.split.beside
    # Measured only at first: of keys that come at once, all but the first are ahead of the screen.
    share = panes.share if share is None else share
    browser.show(state.with_split(state.split.moved(share + by, is_stacked=panes.is_stacked)))

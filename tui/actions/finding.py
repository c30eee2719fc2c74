"""Searching, views, order, and going back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.query.nodes import Sort

if TYPE_CHECKING:
    from tui.screens.browser import Browser
    from tui.situation import Situation


def search(browser: Browser) -> None:
    """Put the cursor into the search line."""
    browser.searching.begin()


def narrow(browser: Browser) -> None:
    """Go on writing behind the query of what is shown."""
    browser.searching.narrow()


def related(browser: Browser) -> None:
    """Search for the papers like the selected one."""
    browser.relating.begin()


def search_suggestion(browser: Browser) -> None:
    """Search for the words that are suggested in place of these."""
    browser.suggesting.take()


def explain(browser: Browser) -> None:
    """Show how this search was read, and what the paper scores for it."""
    browser.suggesting.explain()


def back(browser: Browser) -> None:
    """Go back one step; at the first list there is none."""
    browser.go_back()


def search_again(browser: Browser) -> None:
    """Paint the whole screen anew and run the search again, on the same paper."""
    browser.repaint()
    browser.finding.again()


def pick_view(browser: Browser) -> None:
    """Choose a saved view."""
    browser.choosing.view()


def save_view(browser: Browser) -> None:
    """Save this search under a name."""
    browser.choosing.save_view()


def save_now(situation: Situation) -> str:
    """Say what `save_view` would do."""
    return f"save '{situation.state.text}'" if situation.state.text else ""


def delete_view(browser: Browser) -> None:
    """Ask for a saved view, and forget it."""
    browser.choosing.delete_view()


def open_view(browser: Browser) -> None:
    """Open the saved view whose number was pressed."""
    browser.choosing.view_at(browser.keyboard.place)


def views_now(situation: Situation) -> str:
    """Say what `open_view` would do."""
    return ", ".join(f"{number} {name}" for number, name in enumerate(situation.views[:9], 1))


def sidebar(browser: Browser) -> None:
    """Show the sidebar and let the keys move in it, or hide it."""
    browser.shelving.toggle()


def sort_by_day(browser: Browser) -> None:
    """Put the latest day first."""
    browser.finding.sort(Sort.DATE)


def sort_by_votes(browser: Browser) -> None:
    """Put the most votes first."""
    browser.finding.sort(Sort.VOTES)


def sort_by_score(browser: Browser) -> None:
    """Put what fits the words best first."""
    browser.finding.sort(Sort.SCORE)


def sort_by_title(browser: Browser) -> None:
    """Put titles in the order of the alphabet."""
    browser.finding.sort(Sort.TITLE)


def sort_by_added(browser: Browser) -> None:
    """Put what came in last first."""
    browser.finding.sort(Sort.ADDED)


def sort_by_trend(browser: Browser) -> None:
    """Put what gains the most votes a day first."""
    browser.finding.sort(Sort.TRENDING)

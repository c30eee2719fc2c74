"""Searching, and going back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.screens.browser import Browser


def search(browser: Browser) -> None:
    """Put the cursor into the search line."""
    browser.searching.begin()


def back(browser: Browser) -> None:
    """Go back one step; at the first list there is none."""
    browser.go_back()


def search_again(browser: Browser) -> None:
    """Paint the whole screen anew and run the search again, on the same paper."""
    browser.app.refresh(layout=True)
    browser.searching.again()

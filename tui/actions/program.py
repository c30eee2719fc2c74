"""Help and leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.screens.browser import Browser


def show_help(browser: Browser) -> None:
    """Show every command with its keys."""
    browser.show_help()


def back_or_quit(browser: Browser) -> None:
    """Go back one step, or quit where there is none."""
    if not browser.go_back():
        browser.app.exit()


def cancel(browser: Browser) -> None:
    """Cancel what is begun; pressed twice in a row, quit."""
    browser.cancel_or_quit()


def suspend(browser: Browser) -> None:
    """Go to the shell until the reader brings the program back."""
    browser.app.action_suspend_process()

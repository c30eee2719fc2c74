"""The program itself: the palette, help, messages, themes, and leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.copied import whole_text

if TYPE_CHECKING:
    from tui.screens.browser import Browser


def palette(browser: Browser) -> None:
    """Find a command, view or tag by its name."""
    browser.choosing.palette()


def show_help(browser: Browser) -> None:
    """Show every command with its keys and what it would do now."""
    browser.choosing.help()


def show_messages(browser: Browser) -> None:
    """Show the latest messages in full."""
    browser.choosing.messages()


def show_copied(browser: Browser) -> None:
    """Show the text that was copied last, or was to be, in full."""
    copied = browser.work.copies.latest
    if copied is None:
        browser.say("Nothing was copied yet")
    else:
        browser.choosing.read("Copied", whole_text(copied))


def choose_theme(browser: Browser) -> None:
    """Choose the colours."""
    browser.choosing.theme()


def back_or_quit(browser: Browser) -> None:
    """Go back one step, or quit where there is none."""
    if not browser.go_back():
        browser.app.exit()


def cancel(browser: Browser) -> None:
    """Cancel what is begun; pressed twice in a row, quit."""
    if browser.exchanging.stop():
        return
    if browser.keyboard.cancel():
        browser.app.exit()
    else:
        browser.say("Press ctrl+c again to quit")


def suspend(browser: Browser) -> None:
    """Go to the shell until the reader brings the program back."""
    browser.app.action_suspend_process()

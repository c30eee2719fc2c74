"""Giving papers to other programs and files, taking them in, and writing notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.screens.browser import Browser
    from tui.situation import Situation


def export(browser: Browser) -> None:
    """Ask for a file, and write the papers there."""
    browser.exchanging.export()


def import_papers(browser: Browser) -> None:
    """Ask for a file or folder, and bring its papers in."""
    browser.exchanging.import_papers()


def show_imported(browser: Browser) -> None:
    """Show what the latest import has added."""
    browser.exchanging.show_brought()


def pipe(browser: Browser) -> None:
    """Ask for a command, and give it the papers."""
    browser.exchanging.pipe()


def given_now(situation: Situation) -> str:
    """Say what `export` and `pipe` would give."""
    return situation.subject if situation.state.marks else ""


def note(browser: Browser) -> None:
    """Write a note on the paper in the reader's editor."""
    browser.exchanging.edit_note()


def note_now(situation: Situation) -> str:
    """Say what `note` would do."""
    return "edit the note" if situation.paper and situation.paper.note else ""

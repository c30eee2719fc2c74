"""Deciding on the selected paper: every act is durable, announced and can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.models import STATE_TAGS
from store.tagnames import TagEdit
from tui.tagging import TagsWanted, Wording

if TYPE_CHECKING:
    from tui.screens.browser import Browser


def archive(browser: Browser) -> None:
    """Take the paper out of the inbox and go to the next."""
    _decide(browser, TagEdit(removed=("inbox", "unread")), "archive", "Archived")


def dismiss(browser: Browser) -> None:
    """Take the paper out of the inbox as one not to see again, and go to the next."""
    edit = TagEdit(added=("dismissed",), removed=("inbox", "unread"))
    _decide(browser, edit, "dismiss", "Dismissed")


def star(browser: Browser) -> None:
    """Star the paper, or take its star off."""
    _toggle(browser, "starred", Wording("star", "Starred"), Wording("unstar", "Star taken off"))


def toggle_read(browser: Browser) -> None:
    """Mark the paper unread, or read."""
    unread = Wording("mark unread", "Marked unread")
    _toggle(browser, "unread", unread, Wording("mark read", "Marked read"))


def queue(browser: Browser) -> None:
    """Queue the paper for later, or take it off the queue."""
    taken_off = Wording("unqueue", "Taken off the queue")
    _toggle(browser, "queued", Wording("queue", "Queued"), taken_off)


def edit_tags(browser: Browser) -> None:
    """Edit the paper's own tags as a whole."""
    row = browser.selected_row()
    if row is not None:
        own = sorted(row.tags - set(STATE_TAGS), key=str.casefold)
        browser.tagging.begin(TagsWanted.SET, own)


def add_tags(browser: Browser) -> None:
    """Ask for tags to add."""
    if browser.selected_row() is not None:
        browser.tagging.begin(TagsWanted.ADD, [])


def remove_tags(browser: Browser) -> None:
    """Ask for tags to take off."""
    row = browser.selected_row()
    if row is None:
        return
    own = sorted(row.tags - set(STATE_TAGS), key=str.casefold)
    if own:
        browser.tagging.begin(TagsWanted.REMOVE, own)
    else:
        browser.say("This paper has no tags of yours")


def undo(browser: Browser) -> None:
    """Take back the latest decision made here."""
    browser.work.undo()


def redo(browser: Browser) -> None:
    """Make the decision again that was undone last."""
    browser.work.redo()


def show_history(browser: Browser) -> None:
    """Show what was done to the library, by whomever, to take any of it back."""
    browser.recalling.begin()


def _decide(browser: Browser, edit: TagEdit, label: str, done: str) -> None:
    row = browser.selected_row()
    if row is None:
        return
    browser.work.edit_tags((row.key,), edit, label=label, done=done)
    browser.show_list(browser.state.list.moved(1))


def _toggle(browser: Browser, tag: str, on: Wording, off: Wording) -> None:
    key = browser.state.list.key
    if key is not None:
        browser.work.toggle_tag(key, tag, on, off)

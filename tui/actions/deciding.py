"""Deciding on papers: every act is durable, announced and can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import acts

if TYPE_CHECKING:
    from tui.acts import Act
    from tui.screens.browser import Browser
    from tui.situation import Situation


def archive(browser: Browser) -> None:
    """Take the paper out of the inbox and go to the next."""
    browser.deciding.act(acts.ARCHIVE)


def archive_now(situation: Situation) -> str:
    """Say what `archive` would do."""
    tags = situation.tags
    if tags and tags.isdisjoint({"inbox", "unread"}):
        return "nothing: it has left the inbox"
    return f"archive {situation.them}" if situation.chosen else ""


def dismiss(browser: Browser) -> None:
    """Take the paper out of the inbox as one not to see again, and go to the next."""
    browser.deciding.act(acts.DISMISS)


def dismiss_now(situation: Situation) -> str:
    """Say what `dismiss` would do."""
    if "dismissed" in situation.tags and "inbox" not in situation.tags:
        return "nothing: it is dismissed"
    return f"dismiss {situation.them}" if situation.chosen else ""


def star(browser: Browser) -> None:
    """Star the paper, or take its star off."""
    browser.deciding.act(acts.STAR)


def star_now(situation: Situation) -> str:
    """Say what `star` would do."""
    return _toggle_now(situation, "starred", "star", "take the star off")


def toggle_read(browser: Browser) -> None:
    """Mark the paper read, or unread."""
    browser.resting.leave()  # a paper marked unread is not marked read for having been looked at
    browser.deciding.act(acts.READ)


def read_now(situation: Situation) -> str:
    """Say what `toggle_read` would do."""
    if situation.state.marks or not situation.paper:
        return _toggle_now(situation, "unread", "mark read", "")
    return "mark it read" if "unread" in situation.tags else "mark it unread"


def queue(browser: Browser) -> None:
    """Queue the paper for later, or take it off the queue."""
    browser.deciding.act(acts.QUEUE)


def queue_now(situation: Situation) -> str:
    """Say what `queue` would do."""
    return _toggle_now(situation, "queued", "queue", "take it off the queue")


def repeat(browser: Browser) -> None:
    """Do to this paper what was done last."""
    act = browser.deciding.latest
    if act is None:
        browser.say("Nothing to repeat yet: decide on a paper first")
    else:
        browser.deciding.act(act)


def repeat_now(situation: Situation) -> str:
    """Say what `repeat` would do."""
    return _named(situation, situation.repeatable)


def undo(browser: Browser) -> None:
    """Take back the latest decision made here."""
    browser.work.decisions.undo()


def undo_now(situation: Situation) -> str:
    """Say what `undo` would do."""
    return f"undo: {situation.undoable}" if situation.undoable else "nothing to undo"


def redo(browser: Browser) -> None:
    """Make the decision again that was undone last."""
    browser.work.decisions.redo()


def redo_now(situation: Situation) -> str:
    """Say what `redo` would do."""
    return f"redo: {situation.redoable}" if situation.redoable else "nothing to redo"


def show_history(browser: Browser) -> None:
    """Show what was done to the library, by whomever, to take any of it back."""
    browser.recalling.begin()


def _named(situation: Situation, act: Act | None) -> str:
    return f"{act.label} {situation.them}" if act and situation.chosen else ""


def _toggle_now(situation: Situation, tag: str, on: str, off: str) -> str:
    if not situation.chosen:
        return ""
    return off if tag in situation.tags and off else f"{on} {situation.them}"

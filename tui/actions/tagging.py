"""Editing tags: of papers, and of the whole library."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from store.tagnames import TagEdit
from tui.acts import tagging
from tui.format import counted, own_tags
from tui.tagging import TagsWanted

if TYPE_CHECKING:
    from tui.screens.browser import Browser
    from tui.situation import Situation


def edit_tags(browser: Browser) -> None:
    """Edit the paper's own tags as a whole, or write `+a -b` for marked ones."""
    browser.tagging.begin(TagsWanted.SET)


def edit_now(situation: Situation) -> str:
    """Say what `edit_tags` would do."""
    own = own_tags(situation.tags)
    return f"edit '{' '.join(own)}'" if own else ""


def add_tags(browser: Browser) -> None:
    """Ask for tags to add."""
    browser.tagging.begin(TagsWanted.ADD)


def remove_tags(browser: Browser) -> None:
    """Ask for tags to take off."""
    browser.tagging.begin(TagsWanted.REMOVE)


def take_suggestion(browser: Browser) -> None:
    """Add the tags that papers like this one have."""
    suggested = browser.resting.suggested
    if suggested:
        browser.deciding.act(tagging(TagEdit(added=suggested[:1])))
    else:
        browser.say("No tag is suggested: papers like this one have none of yours")


def suggestion_now(situation: Situation) -> str:
    """Say what `take_suggestion` would do."""
    if not situation.suggested:
        return "nothing is suggested"
    return f"add '{situation.suggested[0]}' to {situation.them}"


def rename_tag(browser: Browser) -> None:
    """Ask for a tag and its new name; one that is there already merges both."""

    def ask(old: str) -> None:
        browser.asking.begin(
            f"Rename '{old}' to", partial(browser.tagging.rename, old), text=old, is_selected=True
        )

    browser.choosing.tag("Rename or merge which tag?", ask)


def delete_tag(browser: Browser) -> None:
    """Ask for a tag, and take it off every paper."""

    def ask(name: str) -> None:
        papers = counted(len(browser.library.tags.papers_with(name)), "paper")
        browser.keyboard.confirm(
            f"Take the tag '{name}' off {papers}, and those nested in it?",
            lambda: browser.tagging.delete(name),
        )

    browser.choosing.tag("Delete which tag?", ask)

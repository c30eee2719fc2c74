"""The conversation about tags: of papers in the line at the bottom, and of the library."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui.acts import tagging
from tui.background.decisions import MANY_PAPERS
from tui.facts import UNDOES
from tui.format import counted, own_tags
from tui.tagging import TagsWanted, completed, tag_edit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.screens.browser import Browser


class Tagging:
    """Edits the tags of the papers that were chosen when the edit began."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def begin(self, wanted: TagsWanted) -> None:
        """Let the reader write tags, those of the paper to begin with if it is one."""
        browser = self._browser
        row = browser.selected_row()
        if row is None:
            return
        keys = browser.chosen()
        if not keys:
            return
        many = len(browser.state.marks)
        own = self._own(keys, wanted) if many else own_tags(row.tags)
        if wanted is TagsWanted.REMOVE and not own:
            which = "These papers have" if many else "This paper has"
            browser.say(f"{which} no tags of yours")
            return
        if many and wanted is TagsWanted.SET:
            # Papers with unlike tags have none in common to write down and edit.
            wanted = TagsWanted.ADD
        names = own if wanted is TagsWanted.REMOVE else browser.library.tags.ranked()
        text = " ".join(own) + " " if wanted is TagsWanted.SET and own else ""
        papers = f" {wanted.preposition} {counted(many, 'paper')}" if many else ""
        browser.asking.begin(
            f"{wanted.value}{papers}",
            partial(self._submit, wanted, tuple(own), keys),
            text=text,
            complete=lambda written: completed(written, names),
            after=" ",
        )

    def rename(self, old: str, new: str) -> None:
        """Rename a tag on every paper that has it, merging it with one that is there."""
        browser = self._browser
        tags = browser.library.tags

        def work() -> str:
            mentions = tags.mentions(old)
            papers = counted(len(tags.rename(old, new)), "paper")
            return f"Renamed '{old}' to '{new}' on {papers}{_still(mentions)}{UNDOES}"

        papers = len(tags.papers_with(old))
        if papers > MANY_PAPERS:
            question = f"Rename '{old}' to '{new}' on {counted(papers, 'paper')}?"
            browser.keyboard.confirm(question, lambda: browser.work.decisions.change(work))
        else:
            browser.work.decisions.change(work)

    def delete(self, name: str) -> None:
        """Take a tag off every paper."""
        tags = self._browser.library.tags

        def work() -> str:
            mentions = tags.mentions(name)
            papers = counted(len(tags.delete(name)), "paper")
            return f"Deleted '{name}' from {papers}{_still(mentions)}{UNDOES}"

        self._browser.work.decisions.change(work)

    def _submit(
        self, wanted: TagsWanted, own: Sequence[str], keys: tuple[int, ...], text: str
    ) -> None:
        edit = tag_edit(wanted, text, own)
        if edit:
            # Those that were chosen when the reader began to write, whatever came since.
            self._browser.deciding.act(tagging(edit), keys)

    def _own(self, keys: Sequence[int], wanted: TagsWanted) -> list[str]:
        if wanted is not TagsWanted.REMOVE:
            return []
        return own_tags(self._browser.library.tags.among(keys))


def _still(mentions: Sequence[str]) -> str:
    if not mentions:
        return ""
    named = ", ".join(f"'{name}'" for name in mentions)
    name = "names" if len(mentions) == 1 else "name"
    return f"; {counted(len(mentions), 'view')} still {name} it: {named}"

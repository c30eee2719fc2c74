"""The conversation in the tag line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import TagNameError
from store.models import STATE_TAGS
from store.text import fold_case
from tui.tagging import TagsWanted, tag_edit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.screens.browser import Browser


class Tagging:
    """Edits the tags of the paper that was selected when the edit began."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._wanted = TagsWanted.SET
        self._own: tuple[str, ...] = ()
        self._key: int | None = None

    def begin(self, wanted: TagsWanted, own: Sequence[str]) -> None:
        """Let the reader write; `own` are the tags that the paper has."""
        browser = self._browser
        self._wanted, self._own, self._key = wanted, tuple(own), browser.state.list.key
        if wanted is TagsWanted.REMOVE:
            names: Sequence[str] = own
        else:
            names = [tag.name for tag in browser.library.tag_counts()]
            names = [name for name in names if fold_case(name) not in STATE_TAGS]
        text = " ".join(own) + " " if wanted is TagsWanted.SET and own else ""
        browser.status.open(wanted, text, names)

    def submit(self, text: str) -> None:
        """Make the edit, or say what is wrong with a name."""
        browser = self._browser
        try:
            edit = tag_edit(self._wanted, text, self._own)
        except TagNameError as error:
            browser.status.refuse(str(error))
            return
        key = self._key
        self.end()
        if edit and key is not None:
            browser.work.edit_tags((key,), edit, label=f"tag {edit}", done=f"Tagged {edit}:")

    def end(self) -> None:
        """Show the hints again."""
        self._browser.status.close()
        self._key = None

"""Watching for what other programs do to the library, and for the index to catch up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import StoreError
from tui.format import counted

if TYPE_CHECKING:
    from tui.screens.browser import Browser

SECONDS = 1.0
"""How often is looked."""


class Lookout:
    """Looks at the library once a second; it tells of arrivals and never moves a row."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._revision = 0
        self._papers = 0
        self._is_current = True

    def begin(self) -> None:
        """Note how things stand, and look again from time to time."""
        self._revision = self._browser.library.revision
        self._papers = len(self._browser.library)
        self._is_current = self._is_index_current()
        self._browser.set_interval(SECONDS, self.look)
        self._catch_up()

    def note_own_change(self, keys: tuple[int, ...]) -> None:
        """Take the one commit that the browser made, if it changed any papers, as known.

        Where there are more, another program's may be among them, and the next look is for those.
        """
        revision = self._browser.library.revision
        if keys and revision == self._revision + 1:
            self._revision = revision

    def note_search(self) -> None:
        """Take the papers that are there now as seen by a search."""
        self._papers = len(self._browser.library)

    def progress(self) -> str:
        """Return how much of the library can be searched by words, while it is not all."""
        if self._is_current:
            return ""
        index = self._browser.library.index
        return f"{index.searchable():,} of {len(self._browser.library):,} searchable"

    def look(self) -> None:
        """Notice another program's changes and the index's progress."""
        library = self._browser.library
        revision = library.revision
        if revision != self._revision:
            self._revision = revision
            self._browser.show_changed()
            self._announce_arrivals(len(library) - self._papers)
            self._catch_up()
        was_current, self._is_current = self._is_current, self._is_index_current()
        if not self._is_current or not was_current:
            self._browser.show_counter()
        if self._is_current and not was_current and not self._browser.searching.is_complete:
            papers = counted(len(library), "paper")
            self._browser.say(f"All {papers} can be searched now · ctrl+l searches again")

    def _announce_arrivals(self, arrived: int) -> None:
        browser = self._browser
        if browser.has_class("-empty"):
            browser.searching.again()
        elif arrived > 0:
            browser.say(f"{counted(arrived, 'new paper')} · ctrl+l shows them")

    def _is_index_current(self) -> bool:
        try:
            return self._browser.library.index.is_current()
        except StoreError:
            return True  # nothing to wait for; whatever needs the index says what is wrong

    def _catch_up(self) -> None:
        self._browser.work.catch_up_index()

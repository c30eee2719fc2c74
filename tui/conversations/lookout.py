"""Watching for what other programs do to the library, and for the index to catch up."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from store.errors import StoreError
from tui.format import counted, error_line

if TYPE_CHECKING:
    from tui.screens.browser import Browser

SECONDS = 0.5
"""How often is looked: what another program does is seen within a second, painting included."""
INDEX_SECONDS = 0.05
"""So long after the first list the index is looked at, where nobody searched for words in it."""

RETRY_SECONDS = 3.0
"""So long after it was begun an index that can't be written, as on a full disk, is tried again."""

CARE_SECONDS = 600.0
"""How often is looked whether a backup is due, the first time after so long too."""
FAULTS_SECONDS = 2.0
"""So long after the first list it is said what the last check found."""


class Lookout:
    """Looks at the library twice a second; it tells of arrivals and never moves a row."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._revision = 0
        self._papers = 0
        self._is_filling = False
        self._is_current = True
        self._searchable = 0
        self._total = 0
        self._trouble = ""
        self._is_fault_told = False
        self._is_failure_told = False
        self._next_try = 0.0

    def begin(self) -> None:
        """Note how things stand, and look again from time to time."""
        self._browser.set_interval(SECONDS, self.look)
        self._browser.set_interval(CARE_SECONDS, self.look_after)
        self._browser.set_timer(FAULTS_SECONDS, self._tell_faults)
        self._revision = self._browser.library.revision
        self._papers = len(self._browser.library)
        if self._browser.finding.is_complete:
            # Costs a start 10 ms.
            self._browser.set_timer(INDEX_SECONDS, self._note_index)
        else:
            self._look_at_index()
            # It may have been completed since the first search, which has to be made again then.
            self._is_current = False

    def note_search(self, papers: int) -> None:
        """Take so many papers, which the library had at a search, as seen."""
        self._papers = papers

    def progress(self) -> str:
        """Return how much of the library can be searched by words, while it is not all."""
        if self._searchable >= self._total:
            return ""
        return f"{self._searchable:,} of {self._total:,} searchable"

    def look(self) -> None:
        """Notice changes in the library, by whomever, and the index's progress."""
        trouble, self._trouble = self._trouble, ""
        try:
            self._look()
        except StoreError as error:
            self._trouble = error_line(error)
            if self._trouble != trouble:  # once, and not each time
                self._browser.say(self._trouble, is_trouble=True)

    def _look(self) -> None:
        library = self._browser.library
        library.refuse_newer()
        revision = library.revision
        self._browser.recalling.look(is_changed=revision != self._revision)
        if revision != self._revision:
            self._revision = revision
            self._browser.show_changed()
            self._announce_arrivals(len(library) - self._papers)
        was_current, was_trouble = self._is_current, self._is_failure_told
        self._look_at_index()
        if not self._is_current or not was_current:
            self._browser.placing.show()
        if self._is_current and not was_current:
            self._browser.shelving.look()  # what views by words find can be counted now
        if self._is_current and not was_current and not self._browser.finding.is_complete:
            if not self._browser.state.list.keys:
                self._browser.finding.start(None)  # nothing moves under the reader's eyes
                return
            papers = counted(len(library), "paper")
            again = self._browser.keyboard.shown("search-again")
            news = f"All {papers} can be searched now · {again} searches again"
            # What was said of trouble is over, and stands before news of the list.
            (self._browser.say if was_trouble else self._tell)(news)

    def look_after(self) -> None:
        """Have a backup made, where one is due, and say what the last check found."""
        self._browser.work.searches.look_after()
        self._tell_faults()

    def _tell_faults(self) -> None:
        """Say once what the last thorough check of the library has found, or the last backup."""
        if self._is_fault_told:
            return
        care = self._browser.library.care()
        if care.faults:
            told = (
                f"The library is damaged ({care.faults[0]}): 'paperdeck doctor --repair' mends it"
            )
        elif care.failure:
            told = f"The library has no new backup: it {care.failure}"
        else:
            return
        self._is_fault_told = True
        self._browser.say(told, is_trouble=True)

    def _note_index(self) -> None:
        self._look_at_index()
        if not self._is_current:
            self._browser.placing.show()

    def _look_at_index(self) -> None:
        index = self._browser.library.index
        try:
            self._is_current = index.is_current()
            self._total = 0 if self._is_current else len(self._browser.library)
            self._searchable = 0 if self._is_current else index.searchable()
        except StoreError:
            self._is_current = True  # nothing to wait for; a search by words says what is wrong
        if self._is_current:
            self._is_failure_told = False
        else:
            self._write_index()

    def _write_index(self) -> None:
        """Have the index written; where that fails, say so once, and try again now and then."""
        browser = self._browser
        index = browser.library.index
        now = time.monotonic()
        if index.has_failed:
            if not self._is_failure_told:
                self._is_failure_told = True
                browser.say(
                    "What came in last can't be searched by words: 'paperdeck index --wait' says"
                    f" why ('{index.folder}')",
                    is_trouble=True,
                )
            if now < self._next_try:
                return
        self._next_try = now + RETRY_SECONDS
        # Each time: one at work is left alone.
        browser.work.searches.catch_up()

    def _announce_arrivals(self, arrived: int) -> None:
        browser = self._browser
        if browser.welcoming.is_empty or (self._is_filling and not browser.keyboard.was_used):
            # Nobody has looked at the first of them yet: more may stand above.
            self._is_filling = True
            browser.finding.start(None)
        elif arrived > 0 and not browser.work.transfers.is_importing:
            again = browser.keyboard.shown("search-again")
            self._tell(f"{counted(arrived, 'new paper')} · {again} shows them")

    def _tell(self, news: str) -> None:
        # Of the list, and so not in the history, which may be in front.
        self._browser.status.hints.remark(news)

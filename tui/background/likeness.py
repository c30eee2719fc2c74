"""Looking for papers that are like another: for the tags they have, or to decide on them as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import SearchAbandonedError
from tui.background.worker import LEAVING_SECONDS, Worker
from tui.facts import DuplicatesFound, TagsSuggested, WordsShared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.library import Library
    from tui.facts import Tell


class Likeness:
    """The comparisons of one browser: a newer one abandons the older of its kind."""

    def __init__(self, library: Library, tell: Tell) -> None:
        self._neighbours = library.neighbours
        self._tell = tell
        self._worker = Worker("likeness", tell, library.rest)
        self._suggestion = 0
        self._comparison = 0
        self._sharing = 0

    def close(self, seconds: float = LEAVING_SECONDS) -> None:
        """Abandon what is under way."""
        self._suggestion += 1
        self._comparison += 1
        self._sharing += 1
        self._worker.drop(seconds)

    def suggest(self, key: int) -> None:
        """Find the tags that the papers nearest to this one have."""
        self._suggestion += 1
        number = self._suggestion

        def work() -> None:
            if number == self._suggestion:
                self._tell(TagsSuggested(key, self._neighbours.suggested_tags(key)))

        self._worker.submit(work)

    def share(self, identifier: str, key: int) -> None:
        """Find the words for which a paper is like the one with an identifier."""
        self._sharing += 1
        number = self._sharing

        def work() -> None:
            if number == self._sharing:
                words = self._neighbours.shared_words(identifier, key)
                self._tell(WordsShared(identifier, key, words))

        self._worker.submit(work)

    def find_duplicates(self, key: int, among: Sequence[int]) -> None:
        """Find the papers of `among` that say nearly the same as this one."""
        self._comparison += 1
        number = self._comparison

        def is_outdated() -> bool:
            return number != self._comparison

        def work() -> None:
            try:
                found = self._neighbours.near_duplicates(key, among, is_outdated)
            except SearchAbandonedError:
                return
            if not is_outdated():
                self._tell(DuplicatesFound(found, key, among))

        self._worker.submit(work)

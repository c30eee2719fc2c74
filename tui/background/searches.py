"""Searching while the reader types: a newer search abandons the older."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from store.errors import LibraryError, SearchAbandonedError, StoreError
from store.query import Sort
from store.tex import readable
from tui.background.worker import LEAVING_SECONDS, Worker
from tui.facts import Explained, ResultFound, SearchFailed, SuggestionFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from store.library import Library
    from store.search import Result
    from tui.facts import Fact, Tell


class Searches:
    """The searches of one browser, and what else the search index needs."""

    def __init__(self, library: Library, tell: Tell) -> None:
        self._library = library
        self._tell = tell
        self._worker = Worker("search", tell)
        self._generation = 0

    @property
    def asked(self) -> int:
        """How many searches were asked for."""
        return self._generation

    def close(self, seconds: float = LEAVING_SECONDS) -> None:
        """Abandon what is under way."""
        self._generation += 1
        self._worker.drop(seconds)

    def search(self, text: str, *, select: int | None = None, is_typed: bool = False) -> None:
        """Search for `text`; a result that has the paper `select` is to stay on it."""
        self._generation += 1
        generation = self._generation
        self._worker.submit(lambda: self._search(text, select, generation, is_typed=is_typed))

    def found(self, text: str, select: int | None, cancelled: Callable[[], bool]) -> ResultFound:
        """Return what `text` finds, in the caller's own thread.

        Raises a `StoreError`, and `SearchAbandonedError` soon after `cancelled` says so.
        """
        return self._found(text, select, is_typed=False, cancelled=cancelled)

    def explain(self, text: str, key: int | None) -> None:
        """Find how `text` is read, and what the paper `key` scores for it; a search drops it."""
        generation = self._generation

        def work() -> None:
            if generation == self._generation:
                explanation = self._library.explain(text, typing=True, key=key)
                self._tell(Explained(text, key, explanation))

        self._worker.submit(work)

    def prepare(self) -> None:
        """Load what the first search by words and the first formula need, before they are met."""

        def load() -> None:
            with suppress(LibraryError):  # the lookout tells of it
                self._library.prepare()

        self._worker.submit(load)
        self._worker.submit(lambda: readable("$x^2$"))

    def catch_up(self) -> None:
        """Have the index written in the background, if it is behind."""
        self._worker.submit(self._library.index.catch_up)

    def _search(self, text: str, select: int | None, generation: int, *, is_typed: bool) -> None:
        def is_outdated() -> bool:
            return generation != self._generation

        if is_outdated():
            return
        try:
            for fact in self._facts(text, select, is_typed=is_typed, cancelled=is_outdated):
                if is_outdated():
                    return
                self._tell(fact)
        except SearchAbandonedError:
            return
        except StoreError as error:
            if not is_outdated():
                self._tell(SearchFailed(text, error))

    def _facts(
        self, text: str, select: int | None, *, is_typed: bool, cancelled: Callable[[], bool]
    ) -> Iterator[Fact]:
        """Yield what `text` finds and then, where that is little, what may have been meant."""
        found = self._found(text, select, is_typed=is_typed, cancelled=cancelled)
        yield found
        if found.is_little:
            # It may take longer than the search itself, whose result does not wait for it.
            suggestion = self._library.suggestion(text, typing=True, cancelled=cancelled)
            yield SuggestionFound(text, suggestion)

    def _found(
        self, text: str, select: int | None, *, is_typed: bool, cancelled: Callable[[], bool]
    ) -> ResultFound:
        library = self._library
        newest = library.newest
        query = library.parse(text, typing=True)
        result = library.search(query, closest=True, cancelled=cancelled)
        starts = result.starts
        if starts is None:
            starts = library.days.starts(result.keys) if _is_by_day(result) else ()
        return ResultFound(text, result, starts, newest, select, is_typed)


def _is_by_day(result: Result) -> bool:
    """Tell whether the papers come by their days: asked for, or for want of another order."""
    sort = result.query.sort
    return sort is Sort.DATE or (sort is None and result.scores is None)

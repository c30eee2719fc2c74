"""Searching while the reader types: a newer search abandons the older."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from sqlite3 import DatabaseError
from typing import TYPE_CHECKING

from store.errors import LibraryError, SearchAbandonedError, StoreError
from store.query.nodes import Sort
from store.texts.tex import readable
from tui.background.worker import LEAVING_SECONDS, Worker
from tui.facts import Explained, ResultFound, SearchFailed, SuggestionFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.library import Library
    from store.searching.search import Result
    from tui.facts import Tell


class Searches:
    """The searches of one browser, and what else the search index needs."""

    def __init__(self, library: Library, tell: Tell) -> None:
        self._library = library
        self._tell = tell
        self._worker = Worker("search", tell, library.rest)
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
        self._worker.submit(lambda: self._explain(text, key, generation))

    def prepare(self) -> None:
        """Load what the first search by words and the first formula need, before they are met."""

        def load() -> None:
            with suppress(LibraryError, DatabaseError):  # the lookout tells of it
                self._library.prepare()

        self._worker.submit(load)
        self._worker.submit(lambda: readable("$x^2$"))

    def catch_up(self) -> None:
        """Have the index written in the background, if it is behind."""
        self._worker.submit(self._library.index.catch_up)

    def look_after(self) -> None:
        """Have a backup made in the background, where one is due."""

        def begin() -> None:
            with suppress(LibraryError, DatabaseError):  # the lookout tells of it
                self._library.look_after()

        self._worker.submit(begin)

    def _is_outdated(self, generation: int) -> bool:
        return generation != self._generation

    def _explain(self, text: str, key: int | None, generation: int) -> None:
        cancelled = partial(self._is_outdated, generation)
        if cancelled():
            return
        library = self._library
        try:
            explanation = library.explain(text, typing=True, key=key, cancelled=cancelled)
        except SearchAbandonedError:
            return
        paper = None if key is None else next(library.papers((key,)), None)
        if not cancelled():
            self._tell(Explained(text, key, explanation, paper.title if paper else None))

    def _search(self, text: str, select: int | None, generation: int, *, is_typed: bool) -> None:
        cancelled = partial(self._is_outdated, generation)
        if cancelled():
            return
        try:
            found = self._found(text, select, is_typed=is_typed, cancelled=cancelled)
        except SearchAbandonedError:
            return
        except StoreError as error:
            if not cancelled():
                self._tell(SearchFailed(text, error))
            return
        if not cancelled():
            self._tell(found)
            if found.is_little:
                # It may take longer than the search itself, whose result does not wait for it.
                self._suggest(text, cancelled)

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

    def _suggest(self, text: str, cancelled: Callable[[], bool]) -> None:
        """Find what may have been meant by `text`."""
        try:
            suggestion = self._library.suggestion(text, typing=True, cancelled=cancelled)
        except SearchAbandonedError:
            return
        if not cancelled():
            self._tell(SuggestionFound(text, suggestion))


def _is_by_day(result: Result) -> bool:
    """Tell whether the papers come by their days: asked for, or for want of another order."""
    sort = result.query.sort
    return sort is Sort.DATE or (sort is None and result.scores is None)

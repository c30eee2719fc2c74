"""What is told of searches and explanations, by a clock at which other things may happen."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from store.errors import IndexUnavailableError
from store.library import Library
from tui.background.searches import Searches
from tui.facts import Explained, ResultFound, SuggestionFound, WorkFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import DeskOpener, RecordBuilder

    from tui.facts import Fact

NOW = datetime(2026, 3, 19, 9, 30, tzinfo=UTC)


class Clock:
    """A clock at which something may happen each time the thread that searches looks at it."""

    def __init__(self) -> None:
        self.events: list[Callable[[], object]] = []

    def __call__(self) -> datetime:
        if self.events and threading.current_thread().name == "search":
            self.events.pop(0)()
        return NOW


class Ears:
    """Hears what is told, until it is enough."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.at_result: Callable[[], object] | None = None
        self._heard = threading.Semaphore(0)

    def __call__(self, fact: Fact) -> None:
        self.facts.append(fact)
        if self.at_result and isinstance(fact, ResultFound):
            self.at_result()
        self._heard.release()

    def wait(self, count: int) -> None:
        for _ in range(count):
            assert self._heard.acquire(timeout=10)

    @property
    def kinds(self) -> list[type]:
        return [type(fact) for fact in self.facts]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def library(
    tmp_path: Path, desk_in: DeskOpener, record: RecordBuilder, clock: Clock
) -> Iterator[Library]:
    with desk_in(tmp_path / "library") as desk:
        desk.bring_in(record("Counting sheep"), record("Goats", abstract="Goats climb trees."))
    with Library(
        tmp_path / "library", index_folder=tmp_path / "index", program="test", clock=clock
    ) as library:
        assert library.index.wait(30)
        yield library


@pytest.fixture
def searches(library: Library, ears: Ears) -> Iterator[Searches]:
    made = Searches(library, ears)
    yield made
    made.close()


def nothing() -> None:
    """Let nothing happen."""


def test_an_explanation_comes_with_the_title_of_the_paper(searches: Searches, ears: Ears) -> None:
    searches.explain("goats", 2)
    searches.explain("goats", None)
    searches.explain("goats", 99)
    ears.wait(3)
    told = [fact for fact in ears.facts if isinstance(fact, Explained)]
    assert [(fact.key, fact.title) for fact in told] == [(2, "Goats"), (None, None), (99, None)]


@pytest.mark.parametrize("before", [0, 1])
def test_a_search_drops_the_explanation_that_is_under_way(
    searches: Searches, ears: Ears, clock: Clock, before: int
) -> None:
    # It asks for today when it reads the query, and for the zone before it looks for the parts.
    clock.events = [*[nothing] * before, lambda: searches.search("sheep OR goats")]
    searches.explain("goats trees", 2)
    ears.wait(1)
    searches.search("*")
    ears.wait(1)
    kinds = set(ears.kinds)
    assert Explained not in kinds
    assert WorkFailed not in kinds


def test_a_suggestion_that_fails_leaves_the_result_as_it_is(
    searches: Searches, ears: Ears, library: Library
) -> None:
    # Nobody trusts a folder in which all may write.
    ears.at_result = lambda: library.index.folder.chmod(0o777)
    searches.search("goast ")
    ears.wait(2)
    library.index.folder.chmod(0o700)
    assert ears.kinds == [ResultFound, WorkFailed]
    failed = ears.facts[1]
    assert isinstance(failed, WorkFailed)
    assert isinstance(failed.error, IndexUnavailableError)


def test_a_suggestion_follows_a_result_of_few_papers(searches: Searches, ears: Ears) -> None:
    searches.search("goast ")
    ears.wait(2)
    assert ears.kinds == [ResultFound, SuggestionFound]

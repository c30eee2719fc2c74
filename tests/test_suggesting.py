from __future__ import annotations

import re
import shutil
import threading
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

import pytest

from store.library import Library
from tui.format import suggestion_note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from browsing import Browse, Scene
    from conftest import DeskOpener, RecordBuilder

pytest_plugins = ["tests.browsing"]

OFFER = "Did you mean 'retrieval'?  "
LISTED = f"^{re.escape(OFFER)}= takes it  a archive "
WRITING = f"^{re.escape(OFFER)}ctrl\\+y takes it  Enter keep "


class Gate:
    """A clock that can be stopped for the thread that searches, which asks for today at times."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._left: int | None = None
        self._is_open = Event()
        self.asked = 0
        """How often that thread has asked."""
        self.is_reached = Event()

    def __call__(self) -> datetime:
        if threading.current_thread().name == "search":
            self.asked += 1
            if self._left == 0:
                self.is_reached.set()
                assert self._is_open.wait(30)
            elif self._left is not None:
                self._left -= 1
        return self._clock()

    def shut_after(self, count: int) -> None:
        """Stop whoever asks after so many times."""
        self.is_reached.clear()
        self._is_open.clear()
        self._left = count

    def open(self) -> None:
        """Let all through."""
        self._left = None
        self._is_open.set()


@pytest.fixture(scope="module")
def folders(
    tmp_path_factory: pytest.TempPathFactory, desk_in: DeskOpener, record: RecordBuilder
) -> tuple[Path, Path]:
    """A library of papers on retrieval, and one of goats, with its index: to be copied."""
    folder = tmp_path_factory.mktemp("retrieval")
    with desk_in(folder / "library") as desk:
        desk.bring_in(
            *(
                record(f"On retrieval {n}", abstract="Retrieval finds papers.", day="2026-03-01")
                for n in range(60)
            ),
            record("Goats", abstract="Goats climb trees.", day="2026-03-02"),
        )
    with Library(folder / "library", index_folder=folder / "index") as library:
        writer = library.index.catch_up()
        assert writer
        assert writer.wait(30) == 0
    return folder / "library", folder / "index"


@pytest.fixture
def gate(clock: Callable[[], datetime]) -> Gate:
    return Gate(clock)


@pytest.fixture
def papers(folders: tuple[Path, Path], tmp_path: Path, gate: Gate) -> Iterator[Library]:
    """That library for one test, by a clock that can be stopped."""
    copies = [shutil.copytree(folder, tmp_path / folder.name) for folder in folders]
    with Library(copies[0], index_folder=copies[1], program="test", clock=gate) as library:
        yield library
        gate.open()


def is_shown(scene: Scene, query: str) -> bool:
    return scene.browser.state.text == query


async def test_what_may_have_been_meant_is_one_key_away_and_esc_leads_back(
    papers: Library, browse: Browse
) -> None:
    async with browse(papers) as scene:
        await scene.press("/", *"retreival", "enter")
        await scene.found(0)
        await scene.said(LISTED)
        await scene.press("=")
        await scene.found(60)
        assert scene.query == "retrieval"
        assert "Did you mean" not in scene.hints
        for query in ("retreival", "is:inbox"):
            await scene.press("escape")
            await scene.until(partial(is_shown, scene, query))
        assert "Did you mean" not in scene.hints


async def test_a_suggestion_is_taken_into_the_line_while_a_query_is_written(
    papers: Library, browse: Browse
) -> None:
    async with browse(papers) as scene:
        await scene.press("/", *"retreival")
        await scene.said(WRITING)
        await scene.press("ctrl+y")
        await scene.found(60)
        assert scene.query == "retrieval"
        assert scene.browser.search_line.is_open
        await scene.press("=", "backspace", "enter")
        assert scene.query == "retrieval", "a character like any other"
        await scene.press("escape")
        await scene.until(partial(is_shown, scene, "is:inbox"))


async def test_the_key_that_is_named_is_the_one_that_means_something(
    papers: Library, browse: Browse
) -> None:
    async with browse(papers) as scene:
        await scene.press("/", *"retreival")
        await scene.said(WRITING)
        await scene.press("enter")
        await scene.said(LISTED)
        await scene.press("/")
        await scene.said(WRITING)
        await scene.press("escape")
        await scene.said(LISTED)


async def test_nothing_is_suggested_where_enough_is_found(papers: Library, browse: Browse) -> None:
    async with browse(papers) as scene:
        await scene.press("=")
        assert scene.hints == "There is no suggestion for this search"
        await scene.press("/", *"retrieval")
        await scene.found(60)
        await scene.press("ctrl+y")
        assert scene.query == "retrieval"
        await scene.press("escape")
        await scene.found(61)


async def write(scene: Scene, text: str) -> None:
    """Let another query stand in the search line at once, as a paste does."""
    scene.browser.search_line.input.value = text
    await scene.pilot.pause()


async def asks_of_a_search(scene: Scene, gate: Gate) -> int:
    """Return how often a search asks for today, by one for which nothing is suggested."""
    before = gate.asked
    await write(scene, "retrieval")
    await scene.found(60)
    return gate.asked - before


async def test_a_result_does_not_wait_for_what_may_have_been_meant(
    papers: Library, browse: Browse, gate: Gate
) -> None:
    async with browse(papers) as scene:
        await scene.press("/")
        gate.shut_after(await asks_of_a_search(scene, gate))
        await write(scene, "retreival")
        await scene.found(0)
        await scene.until(gate.is_reached.is_set)
        await scene.press("ctrl+y")
        assert scene.query == "retreival", "nothing is suggested yet"
        gate.open()
        await scene.said(WRITING)
        await scene.press("ctrl+y")
        await scene.found(60)


async def test_what_was_meant_by_one_query_is_never_taken_for_another(
    papers: Library, browse: Browse, gate: Gate
) -> None:
    async with browse(papers) as scene:
        await scene.press("/")
        asks = await asks_of_a_search(scene, gate)
        await write(scene, "retreival")
        await scene.said(WRITING)
        gate.shut_after(asks)
        await write(scene, "retreivall")
        await scene.until(partial(is_shown, scene, "retreivall"))
        await scene.until(gate.is_reached.is_set)
        await scene.press("ctrl+y")
        assert scene.query == "retreivall", "what was suggested was meant by another"
        await write(scene, "zebra")
        gate.open()
        await scene.said("^Nothing found · Esc goes back  Enter keep ")
        await scene.press("ctrl+y", "enter")
        assert scene.query == "zebra"
        await scene.press("=")
        assert scene.hints == "There is no suggestion for this search"


async def test_a_suggestion_stands_while_the_same_is_searched_for_again(
    papers: Library, browse: Browse, gate: Gate
) -> None:
    async with browse(papers) as scene:
        await scene.press("/")
        asks = await asks_of_a_search(scene, gate)
        await write(scene, "retreival")
        await scene.press("enter")
        await scene.said(LISTED)
        gate.shut_after(asks)
        await scene.press("ctrl+l")
        await scene.until(gate.is_reached.is_set)
        await scene.pilot.pause()
        assert re.search(LISTED, scene.hints)
        await scene.press("=")
        gate.open()
        await scene.found(60)
        assert scene.query == "retrieval"


async def test_what_comes_closest_and_what_may_have_been_meant_are_said_together(
    papers: Library, browse: Browse
) -> None:
    async with browse(papers) as scene:
        await scene.press("/", *"retreival papers goats", "enter")
        await scene.said("No paper has all 3 words: ")


async def test_a_search_is_explained_with_the_score_of_the_selected_paper(
    papers: Library, browse: Browse
) -> None:
    async with browse(papers) as scene:
        await scene.press("/", *"climb trees", "enter")
        await scene.found(1)
        await scene.press(":", *"explain this", "enter")
        await scene.until(lambda: scene.app.screen is not scene.browser)
        await scene.until(lambda: scene.screen[0].startswith(" Explanation"))
        text = "\n".join(line.rstrip() for line in scene.screen)
        assert " Search: climb trees\n" in text
        assert " 1 paper found\n" in text
        assert " 'Goats' scores " in text
        await scene.press("q")
        assert scene.app.screen is scene.browser


@pytest.mark.parametrize("key", ["=", ""])
def test_a_suggestion_is_one_line_that_has_room(key: str) -> None:
    note = suggestion_note("\x1b[31m" + "retrieval\n" * 20, key)
    assert note.isprintable()
    assert len(note) < 80
    assert note.endswith("  = takes it" if key else "…'?")

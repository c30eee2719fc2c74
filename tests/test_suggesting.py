from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tui.format import suggestion_note

if TYPE_CHECKING:
    from browsing import Browse, Scene
    from conftest import Desk, RecordBuilder

    from store.library import Library

pytest_plugins = ["tests.browsing"]

OFFER = "Did you mean 'retrieval'?  "
LISTED = f"^{re.escape(OFFER)}= takes it  a archive "
WRITING = f"^{re.escape(OFFER)}ctrl\\+y takes it  Enter keep "


@pytest.fixture
def papers(library: Library, desk: Desk, record: RecordBuilder) -> Library:
    """A library of papers on retrieval, and one of goats."""
    desk.bring_in(
        *(
            record(f"On retrieval {n}", abstract="Retrieval finds papers.", day="2026-03-01")
            for n in range(60)
        ),
        record("Goats", abstract="Goats climb trees.", day="2026-03-02"),
    )
    assert library.index.wait(30)
    return library


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


async def test_nothing_is_suggested_where_enough_is_found_or_the_reader_has_gone_on(
    papers: Library, browse: Browse
) -> None:
    async with browse(papers) as scene:
        await scene.press("=")
        assert scene.hints == "There is no suggestion for this search"
        await scene.press("/", *"retrieval")
        await scene.found(60)
        await scene.press("ctrl+y")
        assert scene.query == "retrieval"
        await scene.press("ctrl+u", *"retreival")
        await scene.said(WRITING)
        await scene.press(*" goats", "ctrl+y")
        assert "retreival goats" in scene.query or scene.query == "retrieval goats"
        await scene.press("escape")
        await scene.found(61)


async def test_most_words_and_what_may_have_been_meant_are_said_together(
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

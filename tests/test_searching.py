from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import pytest

from store.tagnames import TagEdit
from tui.conversations.searching import ERROR_SECONDS

if TYPE_CHECKING:
    from browsing import Browse, Scene

    from store.library import Library

pytest_plugins = ["tests.browsing"]

SEARCH_HINTS = "(^|them?  )Enter keep  Esc go back"
USUAL_HINTS = "^a archive  d dismiss  s star  t tag  u undo  / search  y y copy link  "


async def test_the_result_follows_each_key(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("/")
        for typed in ("v", "vi", "vid", "vide", "video"):
            await scene.press(typed[-1])
            expected = sample.search(sample.parse(typed, typing=True)).keys
            await scene.found(len(expected))
            assert scene.browser.state.list.keys == expected
            assert scene.counter == f"{scene.selected + 1} of {len(expected)}"
        assert scene.query == "video"
        assert scene.browser.search_line.is_open


async def test_the_list_moves_while_the_query_is_typed(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("/", *"language")
        await scene.until(partial(is_shown, scene, "language"))
        first = scene.selected
        await scene.press("up", "up", "down")
        assert scene.selected == first - 1
        await scene.press("enter")
        assert (scene.selected, scene.query) == (first - 1, "language")
        assert not scene.browser.search_line.is_open
        await scene.press("j", "s")
        await scene.said("^Starred")
        assert scene.selected == first


async def test_words_that_were_looked_for_are_marked_in_the_abstract(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("/", *"title:agents", "enter")
        await scene.found(1)
        assert marked(scene) == ["Agents"]
        await scene.press("escape")
        await scene.found(40)
        assert marked(scene) == []


async def test_giving_up_restores_the_result_and_the_paper(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("]", "j", "j", "/", *"diffusion")
        await scene.found(3)
        for leave in ("escape", "ctrl+c"):
            await scene.press(leave)
            await scene.found(40)
            assert (scene.query, scene.selected) == ("is:inbox", 7)
            assert not scene.browser.search_line.is_open
            assert scene.browser.state.path == ()
            await scene.press("/", *"speech")
            await scene.until(lambda: 0 < len(scene.papers) < 40)


async def test_back_leads_through_the_results_to_the_inbox(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("j", "j", "/", *"language", "enter")
        await scene.until(lambda: scene.browser.state.path)
        await scene.press("g", "g", "j", "/", *"diffusion", "tab")
        await scene.found(3)
        for back, query, selected in [("escape", "language", 1), ("q", "is:inbox", 2)]:
            await scene.press(back)
            await scene.until(partial(is_shown, scene, query))
            assert (scene.query, scene.selected) == (query, selected)
        await scene.press("escape")
        assert scene.app.is_running
        await scene.press("q")
        await scene.until(lambda: not scene.app.is_running)


def is_shown(scene: Scene, query: str) -> bool:
    return scene.browser.state.text == query


async def test_a_search_that_the_browser_was_opened_with_leads_back_to_the_inbox(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, text="diffusion") as scene:
        assert (scene.query, scene.counter) == ("diffusion", "1 of 3")
        await scene.press("escape")
        await scene.found(40)
        assert scene.query == "is:inbox"


async def test_the_query_is_replaced_by_the_first_character_or_gone_on_with(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("/", "x")
        assert scene.query == "x"
        await scene.press("escape", "/", "end", *" video")
        assert scene.query == "is:inbox video"
        await scene.press("enter", "/", "ctrl+u", "enter")
        await scene.until(lambda: scene.browser.state.text == "")
        assert len(scene.papers) == 40


async def test_an_incomplete_field_keeps_the_former_result(sample: Library, browse: Browse) -> None:
    sample.tags.edit(sample.search("diffusion").keys[:2], TagEdit(added=("starred",)))
    async with browse(sample) as scene:
        await scene.press("/", *"diffusion is")
        await scene.until(partial(is_shown, scene, "diffusion is"))
        count = len(scene.papers)
        await scene.press(*":starre")
        await scene.pilot.pause(ERROR_SECONDS + 0.1)
        assert re.search(SEARCH_HINTS, scene.hints)
        assert len(scene.papers) == count
        await scene.press("d")
        await scene.found(2)


async def test_an_error_is_shown_once_the_reader_pauses_and_goes_when_it_is_mended(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("/", *"video titel:x")
        assert re.search(SEARCH_HINTS, scene.hints)
        await scene.said("^Column 7: .*did you mean 'title:x'")
        await scene.press("y")
        assert re.search(SEARCH_HINTS, scene.hints)
        await scene.press("backspace", "enter")
        assert scene.hints.startswith("Column 7: ")
        assert scene.browser.search_line.is_open
        await scene.press("ctrl+u", *"diffusion")
        await scene.found(3)
        assert re.search(SEARCH_HINTS, scene.hints)
        await scene.press(*" titel:x", "enter")
        assert scene.hints.startswith("Column 11: ")
        await scene.press("escape")
        await scene.found(40)
        assert re.search(USUAL_HINTS, scene.hints)


async def test_searching_again_leaves_out_what_was_decided_and_stays_on_the_paper(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("a", "a", "j", "d")
        await scene.said("^Dismissed")
        title = scene.paper.title
        assert scene.counter == "2 of 5 left on 2026-04-14 · 5 of 40"
        await scene.press("ctrl+l")
        await scene.found(37)
        assert scene.paper.title == title
        assert scene.counter == "2 of 5 left on 2026-04-14 · 2 of 37"


async def test_accepting_the_same_query_again_adds_no_step_back(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("/", "enter", "/", "end", "enter")
        assert scene.browser.state.path == ()
        assert not scene.browser.search_line.is_open


async def test_where_no_paper_has_every_word_those_with_most_stand_in(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("/", *"diffusion video zebra")
        await scene.said("^No paper has all 3 words: [0-9]+ with most of them  Enter keep  Esc go")
        count = len(scene.papers)
        assert count > 0
        assert scene.counter == f"{scene.selected + 1} of {count}"
        assert {"diffusion", "video"} & {word.casefold() for word in marked(scene)}
        await scene.press("enter")
        await scene.said(f"^No paper has all 3 words: {count} with most of them  a archive ")
        await scene.press("s")
        await scene.said("^Starred")
        scene.browser.status.hints.rest()
        assert scene.hints.startswith("No paper has all 3 words")
        await scene.press("escape")
        await scene.found(40)
        assert re.search(USUAL_HINTS, scene.hints)
        await scene.press("/", *"video zebra")
        await scene.said("^No paper has both words: [0-9]+ with one of them ")


async def test_a_single_word_that_no_paper_has_finds_nothing(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("/", *"zebra ", "enter")
        await scene.found(0)
        assert scene.counter == "nothing found"
        assert re.search(USUAL_HINTS, scene.hints)


@pytest.mark.parametrize("text", ["[bold]x[/]", '"', "深度", "(((", "a" * 300, "-", "title:"])
async def test_whatever_is_typed_can_be_given_up(
    sample: Library, browse: Browse, text: str
) -> None:
    async with browse(sample) as scene:
        await scene.press("/")
        scene.browser.search_line.input.value = text
        await scene.pilot.pause()
        await scene.press("enter", "escape")
        await scene.until(lambda: not scene.browser.search_line.is_open)
        assert scene.app.is_running


def marked(scene: Scene) -> list[str]:
    """Return the words of the abstract pane that are underlined."""
    pane = scene.browser.panes.abstract
    return [
        segment.text
        for y in range(pane.size.height)
        for segment in pane.render_line(y)
        if segment.style and segment.style.underline and not segment.style.link
    ]

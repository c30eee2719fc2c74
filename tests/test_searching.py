from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest
from textual.events import Paste

from store.tagnames import TagEdit
from tui.conversations.finding import ERROR_SECONDS
from tui.conversations.searching import Staying

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
        await scene.press("down", "down", "down", "up", "up")
        assert scene.selected == 1
        await scene.press("enter")
        assert (scene.selected, scene.query) == (1, "language")
        assert not scene.browser.search_line.is_open
        await scene.press("j", "s")
        await scene.said("^Starred")
        assert scene.selected == 2


async def test_words_that_were_looked_for_are_marked_in_the_abstract(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("/", *'title:"agents"', "enter")
        await scene.found(1)
        assert marked(scene) == ["Agents"]
        await scene.press("escape", "/", *"title:agents", "enter")
        await scene.found(3)
        await scene.press("j")
        assert marked(scene) == ["Agent"]
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
        await scene.press("g", "g", "j", "/", *"diffusion", "enter")
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
        await scene.said("^Did you mean 'title:x'\\? Column 7: ")
        await scene.press("y")
        assert re.search(SEARCH_HINTS, scene.hints)
        await scene.press("backspace", "enter")
        assert scene.hints.startswith("Did you mean 'title:x'? Column 7: ")
        assert scene.browser.search_line.is_open
        await scene.press("ctrl+u", *"diffusion")
        await scene.found(3)
        assert re.search(SEARCH_HINTS, scene.hints)
        await scene.press(*" titel:x", "enter")
        assert scene.hints.startswith("Did you mean 'title:x'? Column 11: ")
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
        await scene.said("^No paper has all 3 words: [0-9]+ with some of them  Enter keep  Esc go")
        count = len(scene.papers)
        assert count > 0
        assert scene.counter == f"{scene.selected + 1} of {count}"
        assert {"diffusion", "video"} & {word.casefold() for word in marked(scene)}
        await scene.press("enter")
        await scene.said(f"^No paper has all 3 words: {count} with some of them  a archive ")
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
        assert scene.hints.startswith("Nothing found · Esc goes back  a archive  d dismiss ")


ORDERS = {
    "v": "votes",
    "t": "title",
    "a": "added",
    "r": "trending",
    "s": "score",
    "d": "date",
}


async def test_the_order_is_changed_and_the_paper_kept(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("]", "j", "j")
        title = scene.paper.title
        for key, sort in ORDERS.items():
            await scene.press(",", key)
            await scene.until(partial(is_shown, scene, f"is:inbox sort:{sort}"))
            assert scene.browser.state.list.keys == sample.search(f"is:inbox sort:{sort}").keys
            assert scene.paper.title == title
            assert bool(scene.browser.state.list.starts) == (sort == "date"), "days have headings"
        await scene.press(",", "v", ",", "t")
        await scene.until(partial(is_shown, scene, "is:inbox sort:title"))
        assert scene.paper.title == title
        await scene.press("escape")
        await scene.until(partial(is_shown, scene, "is:inbox"))
        assert scene.paper.title == title


async def test_what_was_found_by_the_beginning_of_a_word_stays_in_another_order(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("/", *"diffus", "enter")
        await scene.until(partial(is_shown, scene, "diffus"))
        found = set(scene.browser.state.list.keys)
        await scene.press(",", "v")
        await scene.until(partial(is_shown, scene, "sort:votes diffus"))
        assert set(scene.browser.state.list.keys) == found


async def test_a_pending_order_shows_what_can_follow(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press(",")
        await scene.said("^d day  v votes  s score  t title  a added  r trending$")
        await scene.press("x")
        assert re.search(USUAL_HINTS, scene.hints)


async def test_what_is_shown_is_narrowed(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("\\", *"title:omnishow")
        await scene.found(1)
        assert scene.query == "is:inbox title:omnishow"
        await scene.press("escape")
        await scene.found(40)
        assert scene.query == "is:inbox"
        await scene.press("/", *"diffusion OR video", "enter")
        await scene.until(partial(is_shown, scene, "diffusion OR video"))
        count = len(scene.papers)
        await scene.press("\\", *"title:omnishow", "enter")
        assert scene.query == "(diffusion OR video*) title:omnishow"
        await scene.found(1)
        for query in ("diffusion OR video", "is:inbox"):
            await scene.press("escape")
            await scene.until(partial(is_shown, scene, query))
        assert count > 1


async def test_earlier_searches_come_back_into_the_line(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        for query in ("diffusion", "video", "zebra"):
            await scene.press("/", *query)
            await scene.until(partial(is_shown, scene, query))
            await scene.press("escape" if query == "zebra" else "enter")
        await scene.until(partial(is_shown, scene, "video"))
        await scene.press("/", "ctrl+p")
        assert scene.query == "diffusion", "the one before what is shown"
        await scene.press("ctrl+p")
        assert scene.query == "diffusion", "there is none before"
        await scene.until(partial(is_shown, scene, "diffusion"))
        await scene.press("ctrl+n")
        assert scene.query == "video"
        await scene.press("ctrl+u", *"dif", "ctrl+p")
        assert scene.query == "diffusion", "one that begins so"
        await scene.press("enter")
        await scene.found(3)
        assert scene.browser.searching.searches == ("video", "diffusion")


async def test_the_end_of_a_query_is_completed(sample: Library, browse: Browse) -> None:
    sample.tags.edit(sample.search("*").keys[:2], TagEdit(added=("robotics",)))
    sample.views.save("weekend", "video")
    async with browse(sample) as scene:
        for typed, whole in [
            ("is:starr", "is:starred"),
            ("tag:ro", "tag:robotics"),
            ("view:we", "view:weekend"),
            ("vot", "votes:"),
            ("-tag:rob", "-tag:robotics"),
        ]:
            for take in ("tab", "right"):
                await scene.press("/", *typed, take)
                assert (scene.query, scene.browser.search_line.is_open) == (whole, True), take
                await scene.press("escape")
        await scene.press("/", *"tag:rob", "tab", "tab")
        await scene.found(2)
        assert scene.browser.search_line.is_open, "else the next letter would be a command"


def test_a_result_stays_on_the_paper_that_the_reader_went_to() -> None:
    staying = Staying(7, 7)
    assert staying.at(7).wanted == 7
    elsewhere = replace(staying, found=3)
    assert elsewhere.at(3).wanted == 7, "it was found on the way"
    assert elsewhere.at(4) == Staying(4, 4)


async def test_what_is_found_on_the_way_is_not_what_is_stayed_on(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        inbox = scene.browser.state.list.keys
        await scene.press("/")
        text = ""
        for letter in "models":
            text += letter
            await scene.press(letter)
            await scene.until(partial(is_shown, scene, text))
            first = scene.browser.state.list.keys.index(inbox[0]) if has(scene, inbox[0]) else 0
            assert scene.selected == first, "the paper of the inbox, or what fits best"
        await scene.press("ctrl+u", *"video")
        await scene.until(partial(is_shown, scene, "video"))
        await scene.press("down", "down")
        title = scene.paper.title
        await scene.press("backspace")
        await scene.until(partial(is_shown, scene, "vide"))
        assert scene.paper.title == title, "the reader has gone there"


def has(scene: Scene, key: int) -> bool:
    view = scene.browser.state.list
    return key in view.keys[: view.height]


async def test_the_selected_paper_stays_while_a_query_is_typed_if_it_is_in_sight(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("j", "/", *"title:omnishow")
        await scene.found(1)
        assert scene.paper.title.startswith("OmniShow")
        await scene.press("ctrl+u", *"video")
        await scene.until(partial(is_shown, scene, "video"))
        assert scene.paper.title.startswith("OmniShow")
    async with browse(sample, size=(120, 8)) as scene:
        await scene.press("G", "/", *"*")
        await scene.until(partial(is_shown, scene, "*"))
        assert scene.selected == 0, "it is pages below"
        await scene.press("escape")
        await scene.until(partial(is_shown, scene, "is:inbox"))
        assert scene.selected == 39


@pytest.mark.parametrize(
    "pasted", ["is:inbox\nvideo", "is:inbox\r\n\x1b[2J video", " is:inbox\u2028video\n"]
)
async def test_a_paste_with_line_breaks_is_one_query(
    sample: Library, browse: Browse, pasted: str
) -> None:
    async with browse(sample) as scene:
        await scene.press("/")
        scene.app.post_message(Paste(pasted))
        await scene.until(lambda: "video" in scene.query)
        assert scene.is_safe(scene.query)
        assert scene.query.split() in (["is:inbox", "video"], ["is:inbox", "[2J", "video"])
        await scene.press("escape", "+")
        scene.app.post_message(Paste("rl\nvideo\n"))
        await scene.until(lambda: scene.browser.status.input.value)
        await scene.press("enter")
        await scene.said(r"^Tagged \+rl \+video: ")


def marked(scene: Scene) -> list[str]:
    """Return the words of the abstract pane that are underlined."""
    pane = scene.browser.reach_abstract()
    return [
        segment.text
        for y in range(pane.size.height)
        for segment in pane.render_line(y)
        if segment.style and segment.style.underline and not segment.style.link
    ]

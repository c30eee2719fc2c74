from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from tui.format import MANY_SHARED, shared_note

if TYPE_CHECKING:
    from browsing import Browse, Scene
    from conftest import Desk, RecordBuilder

    from store.library import Library

pytest_plugins = ["tests.browsing"]

WOOL = (
    "Spinning wool from {0} fleeces: we card, comb and spin yarn of sheep on wheels, and weigh"
    " the skeins of {0} sheep."
)
BREAD = "Baking bread with rye flour: knead, prove and bake loaves in ovens of stone."


def is_shown(scene: Scene, query: str) -> bool:
    return scene.browser.state.text == query


async def test_papers_like_the_selected_one_are_a_result_that_esc_leads_back_from(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        keys = scene.browser.state.list.keys
        similar = sample.index.lookup().similar
        place = next(n for n, key in enumerate(keys) if similar(key).keys.tolist())
        await scene.press(*["j"] * place, "R")
        query = f"like:{sample.paper(keys[place]).id}"
        await scene.until(partial(is_shown, scene, query))
        assert scene.query == query
        assert scene.browser.state.list.keys == sample.search(query).keys
        await scene.said("^In common: ")
        await scene.press("escape")
        await scene.found(40)
        assert (scene.query, scene.selected) == ("is:inbox", place)
        assert scene.hints.startswith("a archive ")


async def test_what_each_paper_shares_is_said_as_long_as_it_is_selected(
    library: Library, desk: Desk, record: RecordBuilder, browse: Browse
) -> None:
    desk.bring_in(
        record("Wool", abstract=WOOL.format("old"), day="2026-03-04"),
        record("Yarn", abstract=WOOL.format("young").replace("wool", "cotton"), day="2026-03-03"),
        record("Fleece", abstract="Old sheep have old fleeces: comb them.", day="2026-03-02"),
        *(record(f"Bread {n}", abstract=BREAD, day="2026-03-01") for n in range(4)),
    )
    assert library.index.wait(30)
    async with browse(library) as scene:
        own = scene.browser.state.list.key
        await scene.press("R")
        await scene.until(partial(is_shown, scene, f"like:paperdeck:{own}"))
        keys = scene.browser.state.list.keys
        assert [paper.title for paper in scene.papers] == ["Yarn", "Fleece"]
        for keys_pressed, key in (("", keys[0]), ("j", keys[1]), ("k", keys[0])):
            await scene.press(*keys_pressed)
            note = shared_note(library.index.lookup().shared_words(own or 0, key))
            await scene.said(f"^{re.escape(note)}  a archive ")
        await scene.press("/", *"bread", "enter")
        await scene.found(4)
        assert "In common" not in scene.hints
        await scene.press("escape", "\\", *"comb", "enter")
        await scene.until(partial(is_shown, scene, f"like:paperdeck:{own} comb"))
        await scene.said("^In common: ")


async def test_a_paper_that_is_removed_meanwhile_shares_nothing_and_is_no_trouble(
    library: Library, desk: Desk, record: RecordBuilder, browse: Browse
) -> None:
    desk.bring_in(
        record("Wool", abstract=WOOL.format("old"), day="2026-03-04"),
        record("Yarn", abstract=WOOL.format("young"), day="2026-03-03"),
        record("Fleece", abstract=WOOL.format("fine"), day="2026-03-02"),
        *(record(f"Bread {n}", abstract=BREAD, day="2026-03-01") for n in range(4)),
    )
    assert library.index.wait(30)
    async with browse(library) as scene:
        own = scene.browser.state.list.key
        await scene.press("R")
        await scene.said("^In common: ")
        library.remove((own or 0,))
        await scene.press("j")
        await scene.said("^a archive ")
        assert not any(one.is_trouble for one in scene.browser.status.hints.told)


async def test_nothing_is_related_to_no_paper(library: Library, browse: Browse) -> None:
    async with browse(library) as scene:
        await scene.press("R")
        assert scene.query == "is:inbox"


def test_few_of_the_words_are_named_and_none_is_obeyed() -> None:
    words = tuple(f"w{n}" for n in range(20))
    assert shared_note(words) == f"In common: {', '.join(words[:MANY_SHARED])}"
    assert shared_note(()) == ""
    assert "\x1b" not in shared_note(("\x1b[31mred",))

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.actions import uniting

if TYPE_CHECKING:
    from browsing import Browse

    from store.library import Library

pytest_plugins = ["tests.browsing"]


async def test_marked_papers_become_one_and_several_again(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        keys = scene.browser.state.list.keys
        await scene.press("M")
        assert scene.hints == "Joining takes two papers or more: mark them first"
        await scene.press("space", "space", "M")
        await scene.said("^Joined 2 papers to '.*' · u undoes$")
        assert scene.marked == []
        assert len(sample) == len(keys) - 1
        joined = next(paper for paper in sample.papers(keys[:2]) if not paper.is_removed)
        assert len(joined.identifiers) == 2

        await scene.press("u")
        await scene.said("^Undone: join 2 papers to")
        assert len(sample) == len(keys)
        await scene.press("ctrl+r")
        await scene.said("^Done again: join 2 papers to")

        await scene.press("g", "g", *"j" * keys.index(joined.key))
        uniting.split(scene.browser)
        await scene.said("^Split into 2 papers: search again shows them · u undoes$")
        assert len(sample) == len(keys)
        uniting.split(scene.browser)
        await scene.said("^The library knows of one record of this paper")


async def test_many_papers_are_joined_only_after_a_question(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("*", "M")
        assert scene.hints.startswith("Make one paper of 40 papers?")
        await scene.press("n")
        assert len(sample) == 40
        uniting.split(scene.browser)
        assert scene.hints == "Splitting is for one paper: Esc takes the marks off"

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from browsing import Browse, Scene

    from store.library import Library

pytest_plugins = ["tests.browsing"]


def shown(scene: Scene) -> str:
    """Return the first line of the abstract pane as it is at this moment."""
    return scene.browser.panes.abstract.render_line(0).text.strip()


async def rested(scene: Scene) -> None:
    """Let the reader rest before the next key."""
    await asyncio.sleep(0.15)
    await scene.pilot.pause()


async def test_one_key_shows_the_abstract_at_once(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await rested(scene)
        await scene.press("j")
        assert scene.paper.title.startswith(shown(scene))


async def test_papers_that_are_passed_over_wait_until_the_key_is_let_go(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await rested(scene)
        first = scene.papers[1].title
        for _ in range(4):  # at once: a busy machine would make pauses between keys
            scene.browser.show_list(scene.browser.state.list.moved(1))
        assert scene.selected == 4
        assert first.startswith(shown(scene))
        await scene.until(lambda: scene.paper.title.startswith(shown(scene)))


async def test_who_moves_in_the_abstract_has_that_of_the_selected_paper(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, size=(80, 12)) as scene:
        await scene.press(*"jj", "tab", "j", "k")
        assert scene.paper.title.startswith(shown(scene))

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tui.state import Pane

if TYPE_CHECKING:
    from browsing import Browse

    from store.library import Library

pytest_plugins = ["tests.browsing"]


@pytest.mark.parametrize(
    ("keys", "query", "tags"),
    [
        ("/ d i f f u s i o n", "diffusion", ""),
        ("/ s u enter j /", "su", ""),
        ("+ d u s t enter", "is:inbox", "dust"),
        ("+ d escape", "is:inbox", ""),
        ("/ a d escape + s w enter", "is:inbox", "sw"),
        ("? q + a enter", "is:inbox", "a"),
        ("y y + y enter", "is:inbox", "y"),
        ("H q + a enter", "is:inbox", "a"),
    ],
)
async def test_keys_that_come_all_at_once_go_where_each_belongs(
    sample: Library, browse: Browse, keys: str, query: str, tags: str
) -> None:
    async with browse(sample) as scene:
        await scene.press(*keys.split())
        await scene.until(lambda: query == scene.query)
        await scene.until(lambda: set(tags.split()) == own(sample))
        assert sample.tags.papers_with("inbox") == sample.tags.papers_with("unread")
        assert len(sample.tags.papers_with("inbox")) == 40
        assert scene.browser.state.pane is Pane.LIST


async def test_a_key_after_a_search_is_meant_for_its_result(
    sample: Library, browse: Browse
) -> None:
    diffusion, video = (
        sample.search(sample.parse(text, typing=True)).keys for text in ("diffusion", "video")
    )
    async with browse(sample) as scene:
        inbox = scene.browser.state.list.keys
        await scene.press("/", *"diffusion", "enter", "s", "/", *"video", "enter", "s")
        await scene.press("escape", "j", "s", "escape", "j", "s")
        assert scene.browser.state.list.keys == inbox
        await scene.until(lambda: len(sample.tags.papers_with("starred")) == 4)
        assert sample.tags.papers_with("starred") == {*diffusion[:2], video[0], inbox[1]}


async def test_keys_are_taken_after_a_search_that_failed(sample: Library, browse: Browse) -> None:
    sample.index.folder.chmod(0o755)
    async with browse(sample) as scene:
        await scene.press("/", *"video", "enter", "j", "s")
        await scene.until(lambda: sample.tags.papers_with("starred"))
        assert scene.selected == 1


def own(library: Library) -> set[str]:
    return {count.name for count in library.tags.counts()} - {"inbox", "unread"}

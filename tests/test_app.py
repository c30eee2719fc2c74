from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from store.record import FILE_NAME
from store.tagnames import TagEdit
from tui.acts import tagging
from tui.state import Pane

if TYPE_CHECKING:
    from collections.abc import Iterator

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


async def test_keys_wait_a_second_for_what_does_not_come_and_no_longer(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        await scene.press("s")
        await scene.said("^Starred")
        with held(sample):
            started = time.monotonic()
            await scene.press("u", "j", "j", "j")
            await scene.until(lambda: scene.selected == 3)
            assert 0.9 < time.monotonic() - started < 2
        await scene.said("^Undone")


async def test_who_does_not_want_to_wait_need_not(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("tab", "s")
        await scene.said("^Starred")
        assert scene.browser.state.pane is Pane.ABSTRACT
        with held(sample):
            started = time.monotonic()
            await scene.press("u", "escape", "ctrl+c")
            await scene.until(lambda: scene.browser.state.pane is Pane.LIST)
            await scene.said("to quit")
            assert time.monotonic() - started < 0.8
        await scene.said("^Undone")


async def test_a_key_after_a_large_undo_answers_what_is_asked(
    whole_sample: Library, browse: Browse
) -> None:
    keys = whole_sample.search("*").keys
    async with browse(whole_sample) as scene:
        scene.browser.work.decisions.act(keys, tagging(TagEdit(added=("x",))))
        await scene.said("^Tagged")
        await scene.press("u", "j", "y")
        assert len(whole_sample.tags.papers_with("x")) == len(keys)
        assert scene.selected == 0, "j was the answer"
        await scene.press("escape", "u", "y")
        await scene.said("^Undone")
        assert not whole_sample.tags.papers_with("x")


async def test_esc_gives_up_a_search_that_is_not_done(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("j", "/", *"video", "enter", "escape", "j")
        await scene.until(lambda: scene.query == "is:inbox")
        await scene.found(40)
        assert scene.selected == 2


@contextmanager
def held(library: Library) -> Iterator[None]:
    """Hold the library as another program does that writes."""
    path = library.folder / FILE_NAME
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def own(library: Library) -> set[str]:
    return {count.name for count in library.tags.counts()} - {"inbox", "unread"}

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from store.record import FILE_NAME
from tui.state import view_of

if TYPE_CHECKING:
    from browsing import Browse, Scene
    from conftest import Desk, RecordBuilder

    from store.library import Library

pytest_plugins = ["tests.browsing"]


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("is:inbox", "is:inbox"),
        ("is:inbox sort:votes", "is:inbox"),
        ("sort:votes is:inbox", "is:inbox"),
        ("tag:rl", "tag:rl"),
        ("tag:rl/offline", "tag:rl/offline"),
        ("view:weekend", "view:weekend"),
        ("on:2026-04-14", "on:2026-04-14"),
        ('tag:"deep learning"', 'tag:"deep learning"'),
        ("my home query", "my home query"),
        ("my home query sort:title", "my home query"),
        ("diffusion", None),
        ("is:inbox diffusion", None),
        ("is:inbox tag:rl", None),
        ("-tag:rl", None),
        ("tag:", None),
        ("(tag:rl)", None),
        ("title:rl", None),
        ("", None),
        ("*", None),
    ],
)
def test_what_the_sidebar_leads_to_is_a_view_in_whatever_order(text: str, view: str | None) -> None:
    assert view_of(text, "my home query") == view


def new(scene: Scene) -> list[int]:
    """Return the indices of the papers in sight that are shown as new."""
    signs = scene.signs(len(scene.browser.state.list.shown))
    return [index for index, sign in enumerate(signs) if "●" in sign]


async def test_what_came_since_the_last_visit_is_new_across_restarts(
    sample: Library, browse: Browse, desk: Desk, record: RecordBuilder
) -> None:
    async with browse(sample, size=(120, 60)) as scene:
        assert len(new(scene)) == 40, "nothing was seen yet"
    async with browse(sample, size=(120, 60)) as scene:
        assert new(scene) == []
        assert scene.signs(1) == [" ○"], "unread still"
    desk.bring_in(*(record(f"Sheep {n}", day="2026-05-01") for n in range(2)))
    assert sample.index.wait(30)
    async with browse(sample, size=(120, 60)) as scene:
        assert new(scene) == [0, 1]
        await scene.press("r")
        await scene.until(lambda: new(scene) == [1])
    async with browse(sample, size=(120, 60)) as scene:
        assert new(scene) == []


async def test_going_on_to_another_view_ends_a_visit(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        await scene.press("/", *"on:2026-04-14", "enter")
        await scene.found(5)
        assert len(new(scene)) == 5, "never seen as a view of its own"
        await scene.press("escape")
        await scene.found(40)
        assert new(scene) == []


async def test_searching_and_giving_up_ends_no_visit(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        shown = new(scene)
        await scene.press("/", *"title:omnishow")
        await scene.found(1)
        await scene.press("escape")
        await scene.found(40)
        assert new(scene) == shown
        await scene.press("ctrl+l")
        await scene.press(",", "v")
        await scene.until(lambda: scene.browser.state.text == "is:inbox sort:votes")
        assert len(new(scene)) == len(scene.browser.state.list.shown), "in another order"
        assert sample.visits.newest("is:inbox") is None


async def test_what_arrives_during_a_visit_is_new_until_it_ends(
    sample: Library, browse: Browse, desk: Desk, record: RecordBuilder
) -> None:
    sample.visits.end("is:inbox", sample.newest)
    async with browse(sample) as scene:
        assert new(scene) == []
        (key,) = desk.bring_in(record("Sheep", day="2026-05-01")).papers
        await scene.said("^1 new paper")
        await scene.press("ctrl+l")
        await scene.found(41)
        assert new(scene) == [0]
        assert sample.index.wait(30)
    assert sample.visits.newest("is:inbox") == key


async def test_what_was_never_shown_is_new_the_next_time(
    sample: Library, browse: Browse, desk: Desk, record: RecordBuilder
) -> None:
    newest = sample.newest
    async with browse(sample) as scene:
        desk.bring_in(record("Sheep", day="2026-05-01"))
        await scene.said("^1 new paper")
        assert sample.index.wait(30)
    assert sample.visits.newest("is:inbox") == newest
    async with browse(sample) as scene:
        assert new(scene) == [0]


async def test_a_search_by_words_is_no_visit(sample: Library, browse: Browse) -> None:
    async with browse(sample, text="diffusion") as scene:
        assert len(new(scene)) == 3
    assert sample.visits.to_dict() == {}


async def test_going_back_at_once_shows_nothing_as_new_that_was_seen_a_moment_ago(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        assert new(scene)
        path = sample.folder / FILE_NAME
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")  # while the end of a visit can't be noted
            await scene.press("/", *"on:2026-04-14", "enter")
            await scene.found(5)
            await scene.press("escape")
            await scene.found(40)
            assert new(scene) == []

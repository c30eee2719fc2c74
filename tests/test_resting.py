from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from store.changes.journal import EntryKind
from store.tagnames import TagEdit
from tui.format import own_tags
from tui.setting import Setting

if TYPE_CHECKING:
    from browsing import Browse, Scene
    from conftest import Desk, RecordBuilder

    from store.library import Library

pytest_plugins = ["tests.browsing"]

BRIEF = 0.05
"""Seconds after which a paper is read where a test waits for it."""
SOON = Setting(rest_seconds=BRIEF)
NEVER = Setting(rest_seconds=0)


async def rested(scene: Scene) -> None:
    """Let the time pass in which a paper would be read: nothing tells that it was not."""
    await scene.pilot.pause(BRIEF * 3)
    scene.browser.work.decisions.change(lambda: "Nothing more is to be done")
    await scene.said("^Nothing more is to be done$")


def unread(scene: Scene) -> list[int]:
    return [index for index, paper in enumerate(scene.papers) if "unread" in paper.tags]


async def test_a_paper_is_read_by_resting_on_it(sample: Library, browse: Browse) -> None:
    async with browse(sample, setting=SOON) as scene:
        await scene.press("j", "k")
        await scene.until(lambda: "unread" not in scene.paper.tags)
        await scene.until(lambda: scene.signs(2) == ["", " ●"])
        assert scene.selected == 0
        entry = sample.history.entries()[0]
        assert (entry.label.split(" '")[0], entry.kind) == ("read", EntryKind.AUTOMATIC)
        await scene.press("u")
        await scene.said("^Nothing to undo here$")
        await scene.press("j")
        await scene.until(lambda: unread(scene) == [*range(2, 40)])


async def test_while_no_key_was_pressed_nobody_is_there_to_read(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, setting=SOON) as scene:
        await rested(scene)
        assert len(unread(scene)) == 40


async def test_a_paper_that_is_passed_over_is_not_read(sample: Library, browse: Browse) -> None:
    async with browse(sample, setting=replace(SOON, key=sample.search("*").keys[5])) as scene:
        await scene.press("j", "k")
        await scene.until(lambda: 5 not in unread(scene))
        await scene.press(*"jjjjjjjj", "G")
        await scene.until(lambda: 39 not in unread(scene))
        assert unread(scene) == [*range(5), *range(6, 39)]


async def test_where_nothing_is_read_by_rest_suggestions_come_all_the_same(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, setting=NEVER) as scene:
        await rested(scene)
        assert len(unread(scene)) == 40


async def test_a_paper_that_is_marked_unread_stays_so(sample: Library, browse: Browse) -> None:
    keys = sample.search("*").keys
    sample.tags.edit(keys[:1], TagEdit(removed=("unread",)))
    async with browse(sample, setting=SOON) as scene:
        await scene.press("r")
        await scene.said("^Marked unread")
        await rested(scene)
        assert 0 in unread(scene)
        await scene.press("j", "k")
        await scene.until(lambda: 0 not in unread(scene))


@pytest.mark.parametrize("keys", ["/ z", "+ x", "?", ":", "H", "F", "\\"])
async def test_nobody_rests_while_something_else_is_in_front(
    sample: Library, browse: Browse, keys: str
) -> None:
    async with browse(sample, setting=Setting(rest_seconds=0.3)) as scene:
        await scene.press(*keys.split())
        await scene.pilot.pause(0.4)
        assert len(sample.tags.papers_with("unread")) == 40


async def test_deciding_marks_read_without_resting(sample: Library, browse: Browse) -> None:
    async with browse(sample, setting=NEVER) as scene:
        await scene.press("a", "d")
        await scene.said("^Dismissed")
        assert unread(scene) == [*range(2, 40)]
        await scene.press("u")
        await scene.said("^Undone")
        assert unread(scene) == [*range(1, 40)]


async def test_the_paper_that_a_search_leads_to_is_read_after_a_rest(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, setting=SOON) as scene:
        await scene.press("/", *"title:omnishow", "enter")
        await scene.found(1)
        await scene.until(lambda: "unread" not in scene.paper.tags)


SHEEP = "Shepherds count sheep at dusk; drones count the flock from above and disagree with them"


def bring_in_sheep(desk: Desk, record: RecordBuilder, library: Library) -> tuple[int, ...]:
    """Bring in four papers on one subject, the first of them without the tag of the others."""
    keys = desk.bring_in(
        *(
            record(
                f"Counting sheep, part {number}",
                f"arxiv:2605.0000{number}",
                abstract=f"{SHEEP}. Field {number}.",
                day="2026-05-01",
                votes=9 - number,
            )
            for number in range(4)
        )
    ).papers
    library.tags.edit(keys[1:], TagEdit(added=("flocks",)))
    assert library.index.wait(30)
    return keys


async def test_a_tag_is_suggested_and_taken_by_its_key(
    sample: Library, browse: Browse, desk: Desk, record: RecordBuilder
) -> None:
    bring_in_sheep(desk, record, sample)
    async with browse(sample, size=(160, 36), setting=NEVER) as scene:
        await scene.until(lambda: "T +flocks?" in scene.abstract)
        await scene.press("T")
        await scene.said(r"^Tagged \+flocks: 'Counting sheep, part 0' · u undoes$")
        assert own_tags(scene.paper.tags) == ["flocks"]
        await scene.until(lambda: "+flocks?" not in scene.abstract)
        await scene.press("T")
        assert scene.hints.startswith("No tag is suggested")
        await scene.press("u")
        await scene.said("^Undone: ")
        assert own_tags(scene.paper.tags) == []


async def test_a_suggestion_is_for_the_paper_that_is_selected(
    sample: Library, browse: Browse, desk: Desk, record: RecordBuilder
) -> None:
    bring_in_sheep(desk, record, sample)
    async with browse(sample, size=(160, 36), setting=NEVER) as scene:
        await scene.until(lambda: "T +flocks?" in scene.abstract)
        await scene.press("j", "T")
        assert scene.hints.startswith("No tag is suggested")
        assert len(sample.tags.papers_with("flocks")) == 3


async def test_a_suggestion_is_taken_for_all_marked_papers(
    sample: Library, browse: Browse, desk: Desk, record: RecordBuilder
) -> None:
    keys = bring_in_sheep(desk, record, sample)
    async with browse(sample, size=(160, 36), setting=NEVER) as scene:
        await scene.press("space", "]", "space", "g", "g")
        await scene.until(lambda: "T +flocks?" in scene.abstract)
        await scene.press("T")
        await scene.said(r"^Tagged \+flocks: 2 papers")
        assert {*keys} < sample.tags.papers_with("flocks")
        assert sample.history.entries()[0].papers == 2


async def test_without_tags_of_the_reader_none_is_suggested(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample, setting=NEVER) as scene:
        await scene.press("T")
        assert scene.hints == "No tag is suggested: papers like this one have none of yours"

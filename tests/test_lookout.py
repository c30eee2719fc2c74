from __future__ import annotations

import fcntl
import json
from typing import TYPE_CHECKING

from store.index.state import LOCK_NAME
from store.library import Library
from store.tagnames import TagEdit
from tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse
    from conftest import Desk, RecordBuilder

pytest_plugins = ["tests.browsing"]

STAR = TagEdit(added=("starred",))


async def test_arrivals_are_announced_and_move_no_row(
    sample: Library, folder: Path, browse: Browse, desk: Desk, record: RecordBuilder
) -> None:
    async with browse(sample) as scene:
        await scene.press("j", "j")
        rows = scene.rows
        with Library(folder, index_folder=sample.index.folder, program="other") as other:
            assert len(other) == 40
            desk.bring_in(*(record(f"Sheep {n}", day="2026-05-01") for n in range(38)))
            assert other.index.wait(30)
        await scene.said(r"^38 new papers · ctrl\+l shows them$")
        assert scene.rows == rows
        assert scene.place == "3 of 40"
        await scene.press("ctrl+l")
        await scene.found(78)
        assert scene.place == "41 of 78", "on the same paper still"
        await scene.press("/", *"sheep")
        await scene.found(38)


async def test_another_program_s_decisions_are_shown(
    sample: Library, browse: Browse, desk: Desk
) -> None:
    async with browse(sample) as scene:
        key = scene.browser.state.list.keys[1]
        desk.tag("+starred +goats -unread", key)
        await scene.until(lambda: scene.row(1).startswith("  ★ "))
        assert "goats" in scene.row(1)
        assert "new" not in scene.hints


async def test_arrivals_just_before_a_decision_are_announced_too(
    sample: Library, browse: Browse, desk: Desk, record: RecordBuilder
) -> None:
    async with browse(sample) as scene:
        desk.bring_in(record("Counting sheep"))
        await scene.press("s")
        hints = scene.browser.status.hints
        await scene.until(lambda: hints.told[-1].text.startswith("1 new paper · "))
        assert scene.hints.startswith("Starred"), "what answers an act is read first"
        hints.rest()
        assert scene.hints.startswith("1 new paper · ")
        assert sample.index.wait(30)


async def test_the_papers_of_an_empty_library_appear_as_they_come_in(
    library: Library, browse: Browse, desk: Desk, record: RecordBuilder
) -> None:
    async with browse(library) as scene:
        assert scene.browser.query_one(Welcome).display
        desk.bring_in(record("Counting sheep"), record("Counting goats"))
        await scene.found(2)
        await scene.until(lambda: any("Counting" in row for row in scene.rows))
        assert not scene.browser.query_one(Welcome).display
        assert library.index.wait(30)
        await scene.until(lambda: scene.counter == "1 of 2")


async def test_the_counter_shows_how_much_can_be_searched_until_all_can(
    library: Library, browse: Browse, desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(*(record(f"Sheep {number}") for number in range(3)))
    assert not library.index.is_current()
    async with browse(library, text="sheep") as scene:
        assert scene.counter.endswith("of 3 searchable · nothing found")
        await scene.found(3)  # by itself: there was nothing to stay on


async def test_a_result_stays_as_it_is_when_more_papers_can_be_searched(
    library: Library, browse: Browse, desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(record("Sheep"))
    assert library.index.wait(30)
    desk.bring_in(*(record(f"Sheep {number}") for number in range(3)))
    with (library.index.folder / LOCK_NAME).open("a") as lock:
        # The index may only be written once the result is there.
        fcntl.flock(lock, fcntl.LOCK_EX)
        async with browse(library, text="sheep") as scene:
            await scene.found(1)
            fcntl.flock(lock, fcntl.LOCK_UN)
            await scene.said(r"^All 4 papers can be searched now · ctrl\+l searches again$")
            await scene.found(1)
            await scene.press("ctrl+l")
            await scene.found(4)


async def test_an_index_that_can_t_be_used_is_trouble_and_the_list_works_on(
    sample: Library, browse: Browse
) -> None:
    sample.index.folder.chmod(0o755)
    trouble = "can be opened by other users"
    async with browse(sample) as scene:
        told = scene.browser.status.hints.told
        await scene.until(lambda: [one for one in told if trouble in one.text])
        await scene.press("j", "s")
        await scene.said("^Starred")
        told.clear()
        await scene.press("/", *"sheep", "enter")
        await scene.until(lambda: [one for one in told if trouble in one.text])
        assert scene.app.is_running
        sample.index.folder.chmod(0o700)
        await scene.press("/", *"diffusion", "enter")
        await scene.found(3)


async def test_what_a_check_found_is_said_once(sample: Library, browse: Browse) -> None:
    (sample.folder / "backups").mkdir(mode=0o700)
    state = {"tried_at": "", "failure": "", "checked_at": "2026-03-12T12:00:00Z"}
    kept = json.dumps({**state, "faults": ["a page is torn"]})
    (sample.folder / "backups" / "state.json").write_text(kept, encoding="utf-8")
    async with browse(sample) as scene:
        await scene.said(r"^The library is damaged \(a page is torn\): 'paperdeck doctor --repair'")
        scene.browser.status.hints.rest()
        scene.browser.lookout.look_after()
        assert "damaged" not in scene.hints

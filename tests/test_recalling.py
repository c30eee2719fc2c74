from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Label

from store.changes.journal import EntryKind, EntryState
from store.library import Library
from store.record.locks import at_work
from store.tagnames import TagEdit
from tui.screens.browser import Browser
from tui.screens.help import HelpScreen
from tui.screens.history import HistoryScreen

if TYPE_CHECKING:
    from pathlib import Path

    from browsing import Browse, Scene
    from conftest import Desk, RecordBuilder

pytest_plugins = ["tests.browsing"]

ATTENTION = "Attention Sink in Transformers: A Survey on Utilization"
OMNISHOW = "OmniShow: Unifying Multimodal Conditions for Human-Object Interaction Video"
STAR = TagEdit(added=("starred",))
READ = TagEdit(removed=("unread",))


def history(scene: Scene) -> HistoryScreen:
    screen = scene.app.screen
    assert isinstance(screen, HistoryScreen)
    return screen


def rows(scene: Scene) -> list[str]:
    """Return the entries as they are painted, each with single blanks and without its time."""
    return [line[6:] for line in lines(scene) if not is_day(line)]


def lines(scene: Scene) -> list[str]:
    """Return the list as it is painted, headings of days among the entries."""
    shown = history(scene).list
    painted = (shown.render_line(y).text for y in range(shown.size.height))
    return [" ".join(line.split()) for line in painted]


def is_day(line: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\d [A-Z][a-z]+day", line) is not None


def row(scene: Scene, text: str) -> str:
    """Return the entry that says something, or nothing."""
    return next((line for line in rows(scene) if text in line), "")


def counter(scene: Scene) -> str:
    return str(history(scene).query_one("#history-counter", Label).content)


def hints(scene: Scene) -> str:
    return history(scene).status.hints.render().plain


async def said(scene: Scene, pattern: str) -> None:
    await scene.until(lambda: re.search(pattern, hints(scene)))


async def settled(scene: Scene) -> None:
    await scene.until(lambda: not history(scene).is_awaited)
    await scene.pilot.pause()


def star_many(library: Library, count: int) -> tuple[int, ...]:
    """Star so many papers, each by itself; return them."""
    keys = tuple(library.search("*").keys[:count])
    for key in keys:
        library.tags.edit((key,), STAR, label="star")
    return keys


async def test_the_history_lists_what_was_done_with_its_marks(
    sample: Library, folder: Path, browse: Browse
) -> None:
    keys = star_many(sample, 2)
    sample.tags.edit(keys[:1], READ, label="read", kind=EntryKind.AUTOMATIC)
    for program in ("command line", "browser 7 other 00ff"):
        with Library(folder, index_folder=sample.index.folder, program=program) as other:
            other.tags.edit(keys, TagEdit(added=(program[:3],)), label=f"tag +{program[:3]}")
    sample.history.undo()
    async with browse(sample, size=(110, 30)) as scene:
        await scene.press("H")
        await settled(scene)
        assert [line for line in rows(scene) if line] == [
            "tag +bro 2 papers browser 2",
            "tag +com 2 papers command line 2",
            f"read '{ATTENTION}, Interpretation, and… automatic 1",
            f"star '{OMNISHOW} Gen… undone 1",
            f"star '{ATTENTION}, Interpretation, and Mitigation' 1",
            "import: 40 added, 0 updated library 40",
        ]
        days = [line for line in lines(scene) if is_day(line)]
        assert days[1:] == ["2026-03-12 Thursday"], "the others are of today, by the real clock"
        assert hints(scene) == "u undo it  ctrl+r redo it  ? help  q back"


async def test_keys_move_through_the_history_as_through_the_list(
    sample: Library, browse: Browse
) -> None:
    star_many(sample, 40)
    async with browse(sample, size=(80, 12)) as scene:
        await scene.press("H")
        for keys, place in [
            ("j", 2),
            ("down j k", 3),
            ("up", 2),
            ("ctrl+d", 7),
            ("pagedown", 17),
            ("G", 41),
            ("j", 41),
            ("ctrl+u", 36),
            ("pageup", 26),
            ("g g", 1),
            ("k", 1),
            ("end", 41),
            ("home", 1),
            ("g j", 1),
        ]:
            await scene.press(*keys.split())
            assert counter(scene) == f"{place} of 41", keys


async def test_any_entry_is_undone_and_redone_by_name(sample: Library, browse: Browse) -> None:
    keys = star_many(sample, 5)
    async with browse(sample, size=(80, 24)) as scene:
        await scene.press("H", "j", "j", "u")
        await said(scene, "^Undone: star ")
        assert sample.tags.papers_with("starred") == {*keys} - {keys[2]}
        await scene.until(lambda: rows(scene)[2].endswith("undone 1"))
        assert not any("undone" in line for line in (*rows(scene)[:2], *rows(scene)[3:]))
        await scene.press("u")
        await said(scene, "^This is undone already$")
        await scene.press("ctrl+r")
        await said(scene, "^Done again: star ")
        assert sample.tags.papers_with("starred") == {*keys}
        await scene.until(lambda: "undone" not in rows(scene)[2])
        await scene.press("ctrl+r")
        await said(scene, "^This stands: there is nothing to redo$")
        await scene.press("u", "q")
        await scene.until(lambda: [sign[2:] for sign in scene.signs(5)] == ["★", "★", "", "★", "★"])


@pytest.mark.parametrize("leave", ["q", "escape", "H", "ctrl+c"])
async def test_the_history_is_left_for_the_list_as_it_was(
    sample: Library, browse: Browse, leave: str
) -> None:
    async with browse(sample) as scene:
        await scene.press("j", "j", "H", "?")
        assert isinstance(scene.app.screen, HelpScreen)
        await scene.press("q")
        assert isinstance(scene.app.screen, HistoryScreen)
        await scene.press("ctrl+l", "ctrl+z", "x", "a", leave)
        assert isinstance(scene.app.screen, Browser)
        assert scene.selected == 2
        assert scene.app.is_running
        await scene.press("j")
        assert scene.selected == 3
        assert len(sample.tags.papers_with("inbox")) == 40


async def test_keys_after_h_wait_for_the_entries(sample: Library, browse: Browse) -> None:
    keys = star_many(sample, 3)
    async with browse(sample) as scene:
        await scene.press("H", "j", "u", "q", "s")
        await scene.until(lambda: sample.tags.papers_with("starred") == {keys[2]})


async def test_what_was_changed_since_is_kept_and_told(
    sample: Library, folder: Path, browse: Browse
) -> None:
    keys = sample.search("*").keys
    sample.tags.edit(keys[:5], STAR, label="star")
    with Library(folder, index_folder=sample.index.folder, program="other") as other:
        other.tags.edit(keys[:2], TagEdit(removed=("starred",)), label="unstar")
    async with browse(sample) as scene:
        await scene.press("H", "j", "u")
        await said(scene, "^Undone: star 5 papers; 2 changed since and kept: '.*' and '.*$")


async def test_an_import_is_undone_while_its_papers_are_listed(
    sample: Library, browse: Browse
) -> None:
    kept = sample.search("*").keys[0]
    sample.tags.edit((kept,), STAR, label="star")
    async with browse(sample) as scene:
        keys = scene.browser.state.list.keys
        await scene.press("H", "G", "u")
        await said(scene, "^Undone: import: 40 added, 0 updated; 1 changed since and kept: '.*$")
        assert len(sample) == 1
        await scene.press("q")
        await scene.until(lambda: scene.signs(3) == [" ●★", " ⊘", " ⊘"])
        assert scene.browser.state.list.keys == keys, "each keeps its place"
        await scene.press("j", "enter", "J", "tab", "s")
        await scene.said("^This paper is in the library no more$")
        await scene.press("d")
        await scene.until(lambda: scene.selected == 2)
        await scene.press("+", "x", "enter", "y", "y", "ctrl+l")
        await scene.found(1)
        await scene.press("H", "G", "ctrl+r")
        await said(scene, "^Done again: import: ")
        assert len(sample) == 40


async def test_what_others_do_appears_and_the_place_is_kept(
    sample: Library, browse: Browse, desk: Desk
) -> None:
    keys = star_many(sample, 20)
    async with browse(sample, size=(80, 12)) as scene:
        await scene.press("H", "j")
        await settled(scene)
        before = lines(scene)
        desk.tag("+goats", keys[0])
        await scene.until(lambda: counter(scene) == "3 of 22")
        assert lines(scene)[1:] == before[1:], "the new one stands where the heading was"
        await scene.press("k", "k")
        assert rows(scene)[0] == "+goats 1"


async def test_an_import_that_is_not_finished_is_under_way_or_interrupted(
    sample: Library, folder: Path, browse: Browse, desk: Desk, record: RecordBuilder
) -> None:
    desk.run().write([record("Counting sheep")])
    assert sample.index.wait(30)
    async with browse(sample) as scene:
        with at_work(folder):
            await scene.press("H")
            await scene.until(partial(row, scene, "import under way 1"))
            await scene.press("j", "j", "k")
        await scene.until(partial(row, scene, "import interrupted 1"))
        assert not history(scene).is_import_shown


async def test_a_thousand_entries_are_painted_a_window_at_a_time(
    library: Library, desk: Desk, record: RecordBuilder, browse: Browse
) -> None:
    (key,) = desk.bring_in(record("Counting [bold]sheep[/] \x1b[2J\u202e")).papers
    for number in range(1_200):
        desk.tag(f"{'+-'[number % 2]}[red]goats", key)
    assert library.index.wait(30)
    async with browse(library, size=(80, 24)) as scene:
        await scene.press("H")
        await settled(scene)
        shown = history(scene).list
        assert rows(scene)[0] == "-[red]goats 1"
        for keys in ("G", "ctrl+u", "pageup", "k", "g g"):
            await scene.press(*keys.split())
            lines = [shown.render_line(y) for y in range(shown.size.height)]
            assert all(strip.cell_length == shown.size.width for strip in lines)
            assert all(scene.is_safe(strip.text) for strip in lines)
        await scene.until(lambda: not shown._repaint_regions)  # noqa: SLF001 no other way to see them
        scene.messages.clear()
        history(scene)._actions["next"]()  # noqa: SLF001 before the screen has painted it
        assert {region.y for region in shown._repaint_regions} == {1, 2}  # noqa: SLF001 as above


async def test_the_mouse_selects_and_scrolls_in_the_history(
    sample: Library, browse: Browse
) -> None:
    star_many(sample, 40)
    async with browse(sample, size=(80, 13)) as scene:
        await scene.press("H")
        await scene.pilot.click(history(scene).list, offset=(10, 4))
        assert counter(scene) == "4 of 41", "below the heading"
        await scene.pilot.click(history(scene).list, offset=(10, 0))
        assert counter(scene) == "4 of 41", "which can't be selected"
        shown = history(scene).list
        shown.post_message(shown.Wheeled(shown, 9))
        await scene.until(lambda: counter(scene) == "9 of 41")


@pytest.mark.parametrize("size", [(60, 20), (20, 5), (3, 3), (1, 1)])
async def test_every_size_of_the_history_is_survived(
    sample: Library, browse: Browse, size: tuple[int, int]
) -> None:
    star_many(sample, 30)
    async with browse(sample) as scene:
        await scene.press("H", "G")
        await scene.pilot.resize_terminal(*size)
        await scene.press("k", "j", "pageup", "G")
        shown = history(scene).list
        for y in range(shown.size.height):
            assert shown.render_line(y).cell_length == shown.size.width
        await scene.press("u")
        await scene.until(lambda: len(sample) == 30)
        assert sample.history.entries()[-1].state is EntryState.UNDONE


async def test_an_empty_library_has_an_empty_history(library: Library, browse: Browse) -> None:
    async with browse(library) as scene:
        await scene.press("H", "u", "ctrl+r", "enter", "j", "G")
        assert counter(scene) == "nothing yet"
        assert not any(rows(scene))
        await scene.press("q")
        assert isinstance(scene.app.screen, Browser)

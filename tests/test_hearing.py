from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager
from sqlite3 import IntegrityError
from typing import TYPE_CHECKING

import pytest

from store.record import FILE_NAME
from tui.facts import PapersChanged, WorkFailed
from tui.messages import Happened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from browsing import Browse, Scene
    from terminal import Home

    from store.library import Library

pytest_plugins = ["tests.browsing", "tests.terminal"]


def damage(library: Library) -> None:
    """Write something else over the library that is open, behind its first page."""
    path = library.folder / FILE_NAME
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE library SET revision = revision + 1")  # what is cached is old
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek(4_096)
        file.write(b"something else " * 40_000)


@contextmanager
def held(library: Library, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """Hold the library as another program does that writes."""
    path = library.folder / FILE_NAME
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as connection:
        connection.execute(begin)
        yield
        connection.execute("ROLLBACK")


def told(scene: Scene) -> list[str]:
    """Return the trouble that was told."""
    return [one.text for one in scene.browser.status.hints.told if one.is_trouble]


@pytest.mark.parametrize(
    "keys",
    [
        *("G", "a", "a u", "space G", "/ x enter", "H", "H ?", "?", ": a", "f", "F x enter"),
        *("+ x enter", "R", "T", "ctrl+l", ", v", "L", "* a", "y y", ". .", "S", "b j"),
    ],
)
async def test_a_library_that_is_damaged_while_it_is_open_is_told_and_the_program_goes_on(
    sample: Library, browse: Browse, keys: str
) -> None:
    async with browse(sample) as scene:
        damage(sample)
        await scene.press(*keys.split())
        await scene.press("escape", "escape", "G")
        await scene.until(lambda: any("is damaged" in one for one in told(scene)))
        assert scene.app.is_running


async def test_no_key_acts_on_a_paper_that_could_not_be_shown(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        before, rows, abstract = scene.browser.state, scene.rows, scene.abstract
        damage(sample)
        await scene.press("G")
        assert any("is damaged" in one for one in told(scene))
        assert scene.browser.state == before
        assert scene.rows == rows
        assert scene.abstract == abstract


async def test_a_library_that_is_held_freezes_nothing_and_keys_mean_again_what_they_meant(
    sample: Library, browse: Browse
) -> None:
    # As on a disk that can't have a write-ahead log: readers wait for writers there.
    database = sample._database  # noqa: SLF001 no caller should wish for that
    assert database.connection.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    async with browse(sample) as scene:
        with held(sample, "BEGIN EXCLUSIVE"):
            started = time.monotonic()
            await scene.press("G")
            assert time.monotonic() - started < 2.5
            assert "is in use by" in scene.hints
            assert scene.selected == 0
        await scene.press("G")
        assert scene.selected == 39
        await scene.press("s")
        await scene.said("^Starred")


async def test_trouble_that_lasts_is_told_once(sample: Library, browse: Browse) -> None:
    async with browse(sample) as scene:
        damage(sample)
        await scene.until(lambda: told(scene))
        await scene.pilot.pause(2.2)
        assert len(told(scene)) < 3


async def test_what_a_thread_finds_wrong_with_the_record_is_a_message(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        scene.browser.post_message(Happened(WorkFailed(IntegrityError("not so"))))
        await scene.said("not so")
        assert told(scene) == ["not so"]


async def test_papers_that_change_in_a_burst_are_shown_once(
    sample: Library, browse: Browse
) -> None:
    async with browse(sample) as scene:
        scene.messages.clear()
        for news in ("", "", "one", "", "", "two"):
            scene.browser.post_message(Happened(PapersChanged(news)))
        await scene.said("two")
        heard = {
            id(message): message.fact for message in scene.messages if isinstance(message, Happened)
        }
        changes = [fact for fact in heard.values() if isinstance(fact, PapersChanged)]
        assert [fact.news for fact in changes] == ["one", "two"]
        assert [one.text for one in scene.browser.status.hints.told][-2:] == ["one", "two"]


def test_a_decision_that_is_lost_while_leaving_is_told_on_the_shell_s_screen(home: Home) -> None:
    record = '{"id": "2403.00001", "title": "Counting sheep", "abstract": "They jump."}\n'
    home.run("import", "-", stdin=record)
    (path,) = home.folder.rglob(FILE_NAME)
    with home.browse() as terminal:
        terminal.shows("Counting sheep")
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            terminal.send("aq")
            assert terminal.ended() == 4
        assert terminal.is_restored
        assert terminal.picture.count("paperdeck: not done: archive 1 paper (the library") == 1
    assert home.run("count", "is:inbox").strip() == "1"


def test_a_library_that_is_broken_while_it_is_open_is_left_as_any_other(home: Home) -> None:
    record = '{"id": "2403.00001", "title": "Counting sheep", "abstract": "They jump."}\n'
    home.run("import", "-", stdin=record)
    home.run("index", "--wait")
    home.configure("rest_seconds = 0\n")  # a paper is read anew once it was rested on
    (path,) = home.folder.rglob(FILE_NAME)
    with home.browse() as terminal:
        terminal.shows("1 of 1")
        terminal.settle()
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("DROP TABLE paper_tags")
        terminal.send("q")
        assert terminal.ended() == 0
        assert terminal.is_restored
        assert "Traceback" not in terminal.picture
        assert "paper_tags" not in terminal.picture

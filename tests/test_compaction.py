"""A record stays as small as what it holds, and nothing that anybody needs goes."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from shutil import copytree
from typing import TYPE_CHECKING

import pytest

from store.changes.change import Change
from store.citations import cite_all
from store.importers import source_from_stream
from store.imports.joining import Joining
from store.index.writing import catch_up
from store.library import Library
from store.record import FILE_NAME
from store.record.backups import backups_in, is_due, look_after
from store.record.compaction import compact
from store.record.database import LOG_BYTES, Database
from store.record.forgetting import KEPT_COMMITS
from store.record.freepages import MANY_PAGES, gives_back, has_many_free
from store.record.inspection import faults
from store.record.touches import KEPT_PAPERS, note_touches, touched_since
from store.recovery.repairing import repair

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Desk, DeskOpener, RecordBuilder
    from terminal import Home

pytest_plugins = ["tests.terminal"]

LATER = "2026-09-01T08:00:00Z"
"""When what was done until now has expired, once there are enough later entries."""
LONG = "A sheep jumps over a fence, and the next one follows it. " * 60


def expire(desk: Desk) -> Desk:
    """Let all entries of the journal expire, as a summer of other ones would; return the desk."""
    desk.connection.execute("DELETE FROM journal")
    return replace(desk, now=LATER)


def bring_many(desk: Desk, record: RecordBuilder, first: int, count: int) -> tuple[int, ...]:
    numbers = range(first, first + count)
    return desk.bring_in(
        *(
            record(f"Sheep {n}", f"arxiv:2401.{n:05}", abstract=LONG, day="2024-01-02")
            for n in numbers
        )
    ).papers


def pages_of(desk: Desk) -> tuple[int, int]:
    """Return how many pages the file has, and how many of them are free."""
    return (
        desk.column("PRAGMA page_count")[0],
        desk.column("PRAGMA freelist_count")[0],
    )


def is_sound(desk: Desk) -> bool:
    return not faults(desk.connection) and desk.counts_are_right()


def test_rounds_of_imports_that_are_taken_back_leave_nothing_behind(
    desk_in: DeskOpener, tmp_path: Path, record: RecordBuilder
) -> None:
    sizes = []
    for rounds in (1, 3):
        with desk_in(tmp_path / str(rounds)) as desk:
            for number in range(rounds):
                bring_many(desk, record, 1 + 400 * number, 400)
                desk.undo()
            kept = bring_many(expire(desk), record, 9_000, 50)
            compact(desk.database.path, pause=0)
            assert desk.column("SELECT key FROM papers") == list(kept)
            assert desk.column("SELECT count(*) FROM identifier_sources") == [50]
            assert is_sound(desk)
            sizes.append(pages_of(desk))
    (once, free), (often, also_free) = sizes
    assert (free, also_free) == (0, 0)
    assert often <= once + 8


def test_a_file_is_as_long_as_its_pages_and_its_log_is_empty(
    desk: Desk, record: RecordBuilder
) -> None:
    bring_many(desk, record, 1, 600)
    desk.undo()
    desk = expire(desk)
    bring_many(desk, record, 9_000, 1)
    before = pages_of(desk)[0]
    compact(desk.database.path, pause=0)
    pages, free = pages_of(desk)
    assert free == 0
    assert pages < before / 3
    assert desk.database.path.stat().st_size == 4096 * pages
    assert desk.database.path.with_name(f"{FILE_NAME}-wal").stat().st_size == 0


def test_commits_keep_no_more_papers_than_are_worth_looking_at(desk: Desk) -> None:
    for number in range(KEPT_PAPERS // 1_000 + 5):
        note_touches(desk.connection, 1 + number, range(1_000))
    assert desk.column("SELECT sum(length(papers)) / 8 FROM touches") == [KEPT_PAPERS]
    assert touched_since(desk.connection, number, number + 1) == set(range(1_000))
    assert touched_since(desk.connection, 0, number + 1) is None


def test_the_latest_commits_are_known(desk: Desk) -> None:
    with desk.database.atomic() as connection:
        connection.executemany(
            "INSERT INTO text_commits VALUES (?, 'token')",
            [(number,) for number in range(1, KEPT_COMMITS + 5_001)],
        )
    compact(desk.database.path, pause=0)
    assert desk.column("SELECT min(revision) FROM text_commits") == [5_001]
    assert desk.column("SELECT count(*) FROM text_commits") == [KEPT_COMMITS]


def test_who_looks_after_a_library_makes_it_smaller_once_it_has_its_backup(
    desk: Desk, record: RecordBuilder
) -> None:
    bring_many(desk, record, 1, 400)
    desk.undo()
    bring_many(expire(desk), record, 9_000, 1)
    folder, noon = desk.database.folder, datetime(2026, 9, 1, 12, tzinfo=UTC)
    look_after(desk.database.path, noon)
    assert desk.column("SELECT count(*) FROM papers") == [1]
    assert pages_of(desk)[1] == 0
    assert len(backups_in(folder)) == 1
    later = noon + timedelta(hours=2)
    begun = "2026-01-01T00:00:00Z"
    (revision,) = desk.column("SELECT revision FROM library")
    assert not is_due(folder, revision, begun, later)
    assert is_due(folder, revision, begun, later, is_large=True)


def test_what_undo_needs_stays(desk: Desk, record: RecordBuilder) -> None:
    papers = bring_many(desk, record, 1, 300)
    desk.tag("+wool", papers[0])
    before = desk.dump()
    desk.act(*(Change(key, "paper", '["inbox","unread"]', None) for key in papers[1:]))
    compact(desk.database.path, pause=0)
    assert len(desk.keys()) == 1
    desk.undo()
    assert desk.dump() == before
    assert is_sound(desk)


def test_what_the_reader_wrote_named_or_joined_stays(desk: Desk, record: RecordBuilder) -> None:
    noted, cited, joined, target, apart, other, gone, _ = bring_many(desk, record, 1, 8)
    desk.act(Change(noted, "note", "", "Ask Ana."))
    cite_all(desk.database, (cited,))
    Joining(desk.database, desk.history, lambda: desk.now).join((target, joined))
    desk.act(Change(apart, "apart", None, str(other)))
    tags = '["inbox","unread"]'
    desk.act(*(Change(key, "paper", tags, None) for key in (noted, cited, apart, other, gone)))
    desk = expire(desk)
    bring_many(desk, record, 9_000, 1)
    compact(desk.database.path, pause=0)
    rows = desk.column("SELECT key FROM papers")
    assert {noted, cited, joined, target, apart, other} <= set(rows)
    assert gone not in rows
    assert is_sound(desk)


def test_a_paper_that_is_gone_for_good_comes_in_as_a_new_one(
    desk: Desk, record: RecordBuilder
) -> None:
    (paper,) = bring_many(desk, record, 1, 1)
    bring_many(desk, record, 2, 1)
    desk.undo(1)
    desk = expire(desk)
    compact(desk.database.path, pause=0)
    (again,) = bring_many(desk, record, 1, 1)
    assert again > paper + 1
    assert desk.tags(again) == {"inbox", "unread"}


@pytest.mark.parametrize("seed", range(4))
def test_undo_does_the_same_as_if_nothing_had_gone(
    desk_in: DeskOpener, tmp_path: Path, record: RecordBuilder, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 the same each time
    with desk_in(tmp_path / "one") as desk:
        live_through(desk, record, chance)
    copytree(tmp_path / "one", tmp_path / "two")
    with desk_in(tmp_path / "one") as desk, desk_in(tmp_path / "two") as other:
        compact(desk.database.path, pause=0)
        held = desk.column("SELECT count(*) FROM papers")[0]
        assert held < other.column("SELECT count(*) FROM papers")[0]
        for entry, state in desk.connection.execute(
            "SELECT key, state FROM journal ORDER BY key DESC"
        ).fetchall():
            for one in (desk, other):
                (one.undo if state == "standing" else one.redo)(entry)
            assert desk.dump() == other.dump()
            assert desk.entries() == other.entries()
        assert is_sound(desk)


def live_through(desk: Desk, record: RecordBuilder, chance: random.Random) -> None:
    """Decide by chance, and let some of what was done be forgotten by the journal."""
    bring_many(desk, record, 1, 20)
    for number in range(60):
        keys = desk.keys()
        some = chance.sample(keys, min(3, len(keys)))
        match chance.randrange(6):
            case 0:
                bring_many(desk, record, 1 + chance.randrange(60), 4)
            case 1:
                desk.tag(f"+t{number % 5}", *some)
            case 2:
                desk.undo()
            case 3:
                desk.redo()
            case 4 if len(some) > 1:
                Joining(desk.database, desk.history, lambda: desk.now).join(some[:2])
            case _:
                tags = {key: sorted(desk.tags(key)) for key in some}
                desk.act(*(Change(key, "paper", as_json(tags[key]), None) for key in some))
    entries = desk.column("SELECT key FROM journal ORDER BY key")
    desk.connection.executemany(
        "DELETE FROM journal WHERE key = ?", [(key,) for key in entries[: len(entries) * 2 // 3]]
    )


def as_json(names: list[str]) -> str:
    return "[" + ",".join(f'"{name}"' for name in names) + "]"


def test_an_index_of_before_is_made_anew(
    folder: Path, tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    lines = "".join(
        f'{{"id": "2401.{number:05}", "title": "Sheep {number}"}}\n' for number in range(1, 41)
    )
    index = tmp_path / "index"
    with (
        Library(folder, index_folder=index, clock=clock) as library,
        closing(Database(folder)) as database,
    ):
        bring_lines(library, lines)
        catch_up(database, index)
        last = library.search("").keys[0]
        keys = [key for key in library.search("sheep").keys if key != last]
        library.remove(keys)
        database.connection.execute("DELETE FROM journal")
        compact(database.path, pause=0)
        assert len(library) == 1
        assert len(library.search("sheep").keys) <= 1
        catch_up(database, index)
        assert list(library.search("sheep").keys) == [last]


def bring_lines(library: Library, lines: str) -> None:
    source = source_from_stream(BytesIO(lines.encode()), date(2026, 3, 1))
    library.imports.bring_in([source])


def test_nothing_is_done_to_a_library_of_another_version(desk: Desk, record: RecordBuilder) -> None:
    bring_many(desk, record, 1, 600)
    desk.undo()
    desk = expire(desk)
    bring_many(desk, record, 9_000, 1)
    desk.connection.execute("INSERT INTO migrations VALUES ('9999 second sight', '2030')")
    before = desk.column("SELECT key FROM papers"), pages_of(desk)
    compact(desk.database.path, pause=0)
    assert (desk.column("SELECT key FROM papers"), pages_of(desk)) == before


KILLED = """
import sys
from pathlib import Path
from store.record.backups import backups_in, is_due, look_after
from store.record.compaction import compact
print(flush=True)
compact(Path(sys.argv[1]), pause=0.002)
"""


def test_compaction_that_is_killed_leaves_the_library_whole(
    desk: Desk, record: RecordBuilder
) -> None:
    bring_many(desk, record, 1, 1_200)
    desk.undo()
    desk = expire(desk)
    (kept,) = bring_many(desk, record, 9_000, 1)
    for milliseconds in (15, 40, 80):
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, str(desk.database.path)], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(milliseconds / 1_000)
            process.kill()
        assert is_sound(desk)
        assert desk.keys() == [kept]
    compact(desk.database.path, pause=0)
    assert desk.column("SELECT count(*) FROM papers") == [1]
    assert pages_of(desk)[1] == 0
    assert is_sound(desk)


def test_beside_an_open_browser_keys_go_on_and_nothing_is_lost(
    home: Home, desk_in: DeskOpener, record: RecordBuilder
) -> None:
    with desk_in(home.folder / "data" / "paperdeck") as desk:
        bring_many(desk, record, 1, 400)
        desk.undo()
        goats = record("Counting goats", "arxiv:2401.09000")
        (kept,) = expire(desk).bring_in(goats).papers
        with home.browse() as browser:
            browser.shows("Counting goats")
            browser.settle()
            browser.send("s+wool\r")
            compact(desk.database.path, pause=0.001)
            browser.shows("wool")
            browser.send("+goats\ru")
            browser.shows("Undone")
            assert "in use" not in browser.picture
            browser.send("q")
            assert browser.ended() == 0
        assert desk.column("SELECT key FROM papers") == [kept]
        assert desk.tags(kept) == {"inbox", "unread", "starred", "wool"}
        assert pages_of(desk)[1] < MANY_PAGES
        assert is_sound(desk)


def test_a_reader_at_rest_keeps_the_log_and_lets_go_of_it(
    desk: Desk, record: RecordBuilder
) -> None:
    log = desk.database.path.with_name(f"{FILE_NAME}-wal")
    with closing(sqlite3.connect(desk.database.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM papers").fetchone()
        with desk.database.writing_much():
            bring_many(desk, record, 1, 1_000)
        assert log.stat().st_size > LOG_BYTES
        reader.execute("COMMIT")
        with desk.database.writing_much():
            bring_many(desk, record, 9_000, 1)
        assert log.stat().st_size == 0
        bring_many(desk, record, 9_001, 1)
        assert log.stat().st_size <= LOG_BYTES


def test_a_small_library_of_a_version_before_learns_to_give_pages_back(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.connection.execute("PRAGMA auto_vacuum = NONE")
    desk.connection.execute("VACUUM")
    bring_many(desk, record, 1, 400)
    desk.undo()
    desk = expire(desk)
    bring_many(desk, record, 9_000, 1)
    compact(desk.database.path, pause=0)
    with closing(sqlite3.connect(desk.database.path)) as connection:
        assert gives_back(connection)
    assert pages_of(desk)[1] == 0


def test_a_repair_of_a_sound_library_teaches_a_large_one(desk: Desk, record: RecordBuilder) -> None:
    folder = desk.database.folder
    bring_many(desk, record, 1, 5)
    before = desk.dump()
    desk.connection.execute("PRAGMA auto_vacuum = NONE")
    desk.connection.execute("VACUUM")
    desk.database.close()
    repair(folder)
    with closing(Database(folder)) as database:
        again = replace(desk, database=database)
        assert gives_back(again.connection)
        assert again.dump() == before


def test_a_file_of_which_little_is_free_is_left_alone(desk: Desk, record: RecordBuilder) -> None:
    bring_many(desk, record, 1, 100)
    assert not has_many_free(desk.connection)
    before = pages_of(desk)
    compact(desk.database.path, pause=0)
    assert pages_of(desk) == before

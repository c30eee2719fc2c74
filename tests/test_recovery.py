from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from store.errors import (
    BackupError,
    LibraryBusyError,
    LibraryError,
    LibraryNotPrivateError,
    LibraryTooNewError,
    NotALibraryError,
)
from store.library import Library
from store.record import FILE_NAME, locks
from store.record.backups import Occasion, backups_in, make_backup, prepare_folder, read_care
from store.record.database import Database
from store.record.inspection import faults
from store.recovery.repairing import repair
from store.recovery.restoring import restore_backup
from store.tagnames import read_tag_edit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import DeskOpener, RecordBuilder

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
PAGE = 4096


@pytest.fixture
def folder(desk_in: DeskOpener, record: RecordBuilder, tmp_path: Path) -> Path:
    """A library that nobody has open, with a backup from before its last decisions."""
    place = tmp_path / "library"
    with desk_in(place) as desk:
        papers = desk.bring_in(
            *(record(f"Counting {n} sheep", f"arxiv:2401.{n:05}") for n in range(200))
        ).papers
        desk.tag("+wool -inbox", *papers[:9])
        make_backup(desk.database.path, Occasion.DAY, NOON)
        desk.tag("+later", *papers[50:60])
        desk.tag("-wool", papers[0])
    return place


def dump(folder: Path) -> list[str]:
    with Library(folder, index_folder=folder.parent / "index") as library:
        return list(library.decisions.dump())


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def ruin(folder: Path, *pages: int) -> None:
    """Overwrite pages, counted from 0."""
    file = folder / FILE_NAME
    damaged = bytearray(file.read_bytes())
    for page in pages:
        damaged[PAGE * page : PAGE * page + PAGE] = os.urandom(PAGE)
    file.write_bytes(damaged)


def test_restoring_a_backup_brings_all_of_it_back_and_is_taken_back(folder: Path) -> None:
    later = dump(folder)
    (backup,) = backups_in(folder)
    restored = restore_backup(folder, backup.name)
    earlier = dump(folder)
    assert earlier != later
    assert any("+wool" in line and "00000" in line for line in earlier)
    assert restored.before is not None
    assert restore_backup(folder, restored.before.name).backup == restored.before
    assert dump(folder) == later


def test_a_browser_that_is_open_goes_on_with_what_was_restored(
    folder: Path, tmp_path: Path
) -> None:
    (backup,) = backups_in(folder)
    with Library(folder, index_folder=tmp_path / "index") as library:
        library.prepare()
        assert len(library.search("tag:later").keys) == 10
        before = library.revision
        restore_backup(folder, backup.name)
        assert len(library.search("tag:later").keys) == 0
        assert len(library.search("tag:wool").keys) == 9
        assert library.revision > before
        library.tags.edit(library.search("tag:wool").keys, read_tag_edit(["+more"]))
        assert len(library.search("tag:more").keys) == 9
        assert library.index.wait(30)
    with closing(Database(folder)) as database:
        assert faults(database.connection) == []


def test_a_backup_takes_the_place_of_a_damaged_library(folder: Path) -> None:
    (backup,) = backups_in(folder)
    ruin(folder, 0)
    damaged = (folder / FILE_NAME).read_bytes()
    restored = restore_backup(folder, "newest")
    assert restored.before is None
    assert restored.kept is not None
    assert restored.kept.read_bytes() == damaged
    assert restored.kept.stat().st_mode & 0o077 == 0
    assert any("+wool" in line for line in dump(folder))
    assert backups_in(folder) == [backup]


def test_a_library_that_was_deleted_comes_back(folder: Path) -> None:
    (folder / FILE_NAME).unlink()
    assert restore_backup(folder, "newest").kept is None
    assert any("+wool" in line for line in dump(folder))


def test_a_name_that_no_backup_has_changes_nothing(folder: Path) -> None:
    before = content(folder)
    with pytest.raises(BackupError, match="--list"):
        restore_backup(folder, "yesterday")
    assert content(folder) == before


def test_a_damaged_backup_is_not_restored(folder: Path) -> None:
    (backup,) = backups_in(folder)
    before = dump(folder)
    packed = bytearray(backup.path.read_bytes())
    packed[len(packed) // 2] ^= 0xFF
    backup.path.write_bytes(packed)
    with pytest.raises(BackupError):
        restore_backup(folder, backup.name)
    assert dump(folder) == before


HALF_DONE = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode = DELETE").fetchone()
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN")
connection.execute("DELETE FROM paper_tags")
connection.execute("UPDATE papers SET title = title || hex(randomblob(4096))")
os.kill(os.getpid(), signal.SIGKILL)
"""
"""As on another machine's disk, where what is being changed is kept in a journal."""


def test_what_was_half_done_when_its_program_was_killed_is_none_of_what_is_salvaged(
    folder: Path,
) -> None:
    before = dump(folder)
    file = folder / FILE_NAME
    whole = file.read_bytes()
    subprocess.run([sys.executable, "-c", HALF_DONE, file], check=False)
    journal = folder / f"{FILE_NAME}-journal"
    assert journal.stat().st_size > PAGE
    assert file.read_bytes()[: len(whole)] != whole
    ruin(folder, 0, 11, 12)
    assert repair(folder).faults
    assert not journal.exists()
    assert dump(folder) == before


def test_what_is_sound_is_left_alone(folder: Path) -> None:
    before = content(folder)
    assert repair(folder).faults == ()
    assert content(folder) == before


def test_a_repair_keeps_what_can_be_read_and_takes_the_rest_from_the_backup(folder: Path) -> None:
    before = dump(folder)
    ruin(folder, 0, 11, 12)
    damaged = (folder / FILE_NAME).read_bytes()
    repaired = repair(folder)
    assert repaired.salvaged is not None
    assert repaired.backup == backups_in(folder)[0]
    assert repaired.kept is not None
    assert repaired.kept.read_bytes() == damaged
    assert dump(folder) == before
    assert repair(folder).faults == ()
    assert read_care(folder).faults == ()
    assert sorted(content(folder)) == [FILE_NAME, repaired.kept.name]


@pytest.mark.parametrize(
    "spoil",
    [
        "DROP INDEX papers_by_day",
        "DROP TRIGGER note_decision",
        "UPDATE tags SET papers = papers + 1",
        "UPDATE tags SET unread = 0",
        "UPDATE library SET papers = 7",
        "PRAGMA application_id = 0",
        "INSERT INTO paper_tags VALUES (1000, 1, NULL, NULL)",
        "DELETE FROM papers WHERE key = 3",
        "UPDATE paper_tags SET votes = 77 WHERE paper = 3",
    ],
)
def test_what_is_missing_or_counted_wrong_is_made_anew(folder: Path, spoil: str) -> None:
    before = dump(folder)
    with closing(Database(folder)) as database:
        database.connection.execute("PRAGMA foreign_keys = OFF")
        database.connection.execute(spoil)
    repaired = repair(folder)
    assert repaired.faults
    with closing(Database(folder)) as database:
        assert faults(database.connection) == []
    decided = [line.partition("  #")[0] for line in before]
    now = [line.partition("  #")[0] for line in dump(folder)]
    assert [line for line in decided if line not in now] == []


def test_a_tag_that_has_lost_its_name_keeps_its_papers(folder: Path) -> None:
    with closing(Database(folder)) as database:
        database.connection.execute("PRAGMA foreign_keys = OFF")
        database.connection.execute("INSERT INTO paper_tags VALUES (3, 1000, NULL, NULL)")
    assert repair(folder).faults
    assert [line for line in dump(folder) if "+lost/1000" in line]


def test_nobody_else_may_have_it_open(folder: Path) -> None:
    ruin(folder, 11)
    before = content(folder)
    with closing(Database(folder)), pytest.raises(LibraryBusyError, match="close every browser"):
        repair(folder)
    assert (folder / FILE_NAME).read_bytes() == before[FILE_NAME]


def newer(folder: Path) -> None:
    with closing(Database(folder)) as database:
        database.connection.execute("INSERT INTO migrations VALUES ('9999 beyond', 'then')")


def another(folder: Path) -> None:
    import sqlite3

    (folder / FILE_NAME).unlink()
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        connection.execute("CREATE TABLE theirs (one TEXT)")


def nothing(folder: Path) -> None:
    (folder / FILE_NAME).write_bytes(os.urandom(100_000))
    for one in backups_in(folder):
        one.path.unlink()


@pytest.mark.parametrize(
    ("spoil", "error"),
    [(newer, LibraryTooNewError), (another, NotALibraryError), (nothing, NotALibraryError)],
)
def test_what_is_not_to_be_repaired_stays_as_it_is(
    folder: Path, spoil: Callable[[Path], None], error: type[LibraryError]
) -> None:
    spoil(folder)
    before = content(folder)
    with pytest.raises(error):
        repair(folder)
    assert content(folder) == before


def test_what_a_repair_left_that_was_killed_when_all_was_done_is_taken_away(folder: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    place = prepare_folder(folder) / f"unfinished-{ended.pid}-0123abcd"
    place.mkdir()
    (place / "salvaged.db").write_bytes(b"half of it")
    assert repair(folder).faults == ()
    assert not place.exists()


REPAIR = """
import sys
from pathlib import Path
from store.recovery.repairing import repair
print("ready", flush=True)
repair(Path(sys.argv[1]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is killed there as here")
@pytest.mark.parametrize("milliseconds", [5, 20, 60, 120])
def test_a_repair_that_is_killed_leaves_what_was_there_or_what_it_made(
    folder: Path, milliseconds: int
) -> None:
    before = dump(folder)
    ruin(folder, 0, 11)
    with subprocess.Popen(
        [sys.executable, "-c", REPAIR, str(folder)], stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        try:
            child.wait(milliseconds / 1000)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
    repair(folder)
    assert dump(folder) == before


@pytest.mark.parametrize("what", ["repair", "restore"])
def test_nothing_is_put_through_a_link(folder: Path, tmp_path: Path, what: str) -> None:
    (backup,) = backups_in(folder)
    ruin(folder, 11, 12)
    other = tmp_path / "other.db"
    (folder / FILE_NAME).rename(other)
    (folder / FILE_NAME).symlink_to(other)
    before = other.read_bytes()
    with pytest.raises(LibraryNotPrivateError):
        repair(folder) if what == "repair" else restore_backup(folder, backup.name)
    assert other.read_bytes() == before
    assert [path.name for path in folder.iterdir() if path.is_file()] == [FILE_NAME]


@pytest.mark.parametrize("what", ["repair", "restore"])
def test_on_another_machine_s_disk_there_is_no_log_afterwards(folder: Path, what: str) -> None:
    (backup,) = backups_in(folder)
    if what == "repair":
        ruin(folder, 11, 12)
        assert repair(folder, on_network=True).faults
    else:
        restore_backup(folder, backup.name, on_network=True)
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_browser_on_another_machine_s_disk_keeps_a_repair_away(folder: Path) -> None:
    ruin(folder, 11, 12)
    with (
        closing(sqlite3.connect(folder / FILE_NAME)),
        locks.alone(folder, is_remote=True),
        pytest.raises(LibraryBusyError),
    ):
        repair(folder, on_network=True)


def test_bytes_that_are_no_text_are_repaired(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        connection.execute(
            "UPDATE migrations SET name = CAST(x'ff' AS TEXT) WHERE name LIKE '0001%'"
        )
        connection.commit()
    before = len(repair(folder).faults)
    assert before
    assert repair(folder).faults == ()
    assert any("+wool" in line for line in dump(folder))


def test_a_backup_of_a_library_that_was_begun_anew_fills_nothing_in(folder: Path) -> None:
    before = dump(folder)
    make_backup(folder / FILE_NAME, Occasion.ASKED, NOON + timedelta(days=1))
    away = folder.with_name("away")
    (folder / FILE_NAME).rename(away)
    other = folder.with_name("other")
    Database(other).close()
    (other / FILE_NAME).rename(folder / FILE_NAME)
    make_backup(folder / FILE_NAME, Occasion.RESTORE, NOON + timedelta(days=2))
    away.rename(folder / FILE_NAME)
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        connection.execute("UPDATE papers SET title = x'ff' WHERE key = 3")
    repaired = repair(folder)
    assert repaired.backup == backups_in(folder)[1]
    assert repaired.righted.counts == {"papers": {"backup": 1}}
    assert dump(folder) == before

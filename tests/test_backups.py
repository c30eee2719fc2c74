from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from store.errors import BackupError, LibraryLostError
from store.record import FILE_NAME
from store.record.backups import (
    FOLDER,
    Backup,
    Care,
    DamagedRecordError,
    Occasion,
    about,
    backups_in,
    is_due,
    is_whole,
    look_after,
    make_backup,
    read_care,
    superfluous,
    unpack,
)
from store.record.database import Database
from store.record.inspection import faults

if TYPE_CHECKING:
    from conftest import Desk, DeskOpener, LibraryWriter, RecordBuilder

NOON = datetime(2026, 3, 12, 12, tzinfo=UTC)
BEGUN = "2026-01-01T00:00:00Z"


def backup(age: timedelta, size: int = 1, occasion: Occasion = Occasion.DAY) -> Backup:
    made_at = NOON - age
    return Backup(Path(made_at.isoformat()), made_at, 7, occasion, size)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / FOLDER).iterdir())


@pytest.fixture
def filled(desk: Desk, record: RecordBuilder) -> Desk:
    """A library with some papers, one of them tagged."""
    papers = desk.bring_in(*(record(f"Counting {number} sheep") for number in range(300))).papers
    desk.tag("+wool -inbox", papers[0])
    return desk


def test_a_backup_holds_the_record_of_that_moment(filled: Desk, tmp_path: Path) -> None:
    before = filled.dump()
    made = make_backup(filled.database.path, Occasion.ASKED, NOON)
    filled.tag("+later", *filled.keys())
    assert backups_in(filled.database.folder) == [made]
    said = about(made.path)
    assert said is not None
    assert (said.papers, is_whole(made.path, said)) == (300, True)
    assert names(filled.database.folder) == [made.path.name]
    (tmp_path / "restored").mkdir(mode=0o700)
    unpack(made.path, tmp_path / "restored" / FILE_NAME)
    with closing(Database(tmp_path / "restored")) as database:
        assert faults(database.connection) == []
        assert type(filled)(database).dump() == before


def test_of_many_in_a_moment_the_last_one_is_the_newest(filled: Desk) -> None:
    made = []
    for number in range(12):  # their revisions get another digit, and most of them go
        filled.tag(f"+tag{number}", *filled.keys()[:5])
        made.append(make_backup(filled.database.path, Occasion.ASKED, NOON))
        assert backups_in(filled.database.folder)[0] == made[-1]
    assert len({one.made_at for one in made}) == len(made)
    far = make_backup(filled.database.path, Occasion.ASKED, NOON + timedelta(days=900))
    assert make_backup(filled.database.path, Occasion.ASKED, NOON).made_at < far.made_at


def test_it_is_its_owner_s_alone(filled: Desk) -> None:
    made = make_backup(filled.database.path, Occasion.ASKED, NOON)
    assert made.path.stat().st_mode & 0o077 == 0
    assert made.path.parent.stat().st_mode & 0o077 == 0


def test_decisions_go_on_while_it_is_made(filled: Desk) -> None:
    def make() -> None:
        make_backup(filled.database.path, Occasion.ASKED, NOON, pause=0.05)

    thread = threading.Thread(target=make)
    thread.start()
    number = 0
    with filled.database.waiting(0):  # a decision that had to wait would fail
        while thread.is_alive():
            filled.tag(f"+tag{number}", *filled.keys()[:5])
            number += 1
    thread.join()
    assert number
    (made,) = backups_in(filled.database.folder)
    assert about(made.path)


def test_an_archive_that_changed_on_the_disk_is_not_whole(filled: Desk, tmp_path: Path) -> None:
    made = make_backup(filled.database.path, Occasion.ASKED, NOON)
    said = about(made.path)
    assert said is not None
    content = bytearray(made.path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 40] = bytes(40)
    made.path.write_bytes(content)
    assert not is_whole(made.path, said)
    with pytest.raises(BackupError):
        unpack(made.path, tmp_path / "restored.db")


@pytest.mark.parametrize("content", [b"", b"PK", b"something else" * 100])
def test_what_is_no_archive_says_nothing(filled: Desk, content: bytes) -> None:
    made = make_backup(filled.database.path, Occasion.ASKED, NOON)
    made.path.write_bytes(content)
    assert about(made.path) is None


def test_no_backup_is_made_of_a_damaged_record(filled: Desk) -> None:
    filled.database.close()
    file = filled.database.path
    content = bytearray(file.read_bytes())
    content[4096 * 5 : 4096 * 30] = os.urandom(4096 * 25)
    file.write_bytes(content)
    with pytest.raises(DamagedRecordError):
        make_backup(file, Occasion.ASKED, NOON)
    assert names(file.parent) == []


def test_what_a_program_left_behind_that_was_killed_is_taken_away(filled: Desk) -> None:
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                          capture_output=True, text=True, check=True)  # fmt: skip
    folder = filled.database.folder / FOLDER
    left = folder / f"unfinished-{gone.stdout.strip()}-00"
    left.mkdir(parents=True)
    (left / "library.db").write_bytes(b"half")
    made = make_backup(filled.database.path, Occasion.ASKED, NOON)
    assert names(filled.database.folder) == [made.path.name]


def test_nothing_is_written_through_a_link(filled: Desk, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (filled.database.folder / FOLDER).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BackupError, match="link"):
        make_backup(filled.database.path, Occasion.ASKED, NOON)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_the_last_of_each_day_and_week_are_kept() -> None:
    hourly = [backup(timedelta(hours=hours)) for hours in range(24 * 60)]
    gone = superfluous(hourly, NOON, ceiling=10**9)
    kept = [one for one in hourly if one not in gone]
    days = [one for one in kept if NOON - one.made_at < timedelta(days=7)]
    assert kept[0] is hourly[0]
    assert len({one.made_at.astimezone().date() for one in days}) == len(days) in {7, 8}
    assert 9 <= len(kept) <= 13
    assert NOON - kept[-1].made_at > timedelta(weeks=4)


def test_what_was_made_on_purpose_is_kept_for_a_month() -> None:
    found = [backup(timedelta(hours=1)), backup(timedelta(hours=2), 1, Occasion.MIGRATION)]
    assert superfluous(found, NOON, ceiling=10) == []
    old = backup(timedelta(days=40), 1, Occasion.MIGRATION)
    assert superfluous([*found, old], NOON, ceiling=10) == [old]


def test_they_take_no_more_room_than_they_may_and_are_spread_over_the_time() -> None:
    daily = [backup(timedelta(days=days), size=10) for days in range(7)]
    gone = superfluous(daily, NOON, ceiling=40)
    kept = [one for one in daily if one not in gone]
    assert len(kept) == 4
    assert kept[0] is daily[0]
    assert kept[-1].made_at <= NOON - timedelta(days=4)
    assert superfluous(daily[:2], NOON, ceiling=1) == []


def test_one_a_day_is_due_where_something_was_decided(filled: Desk) -> None:
    file, folder = filled.database.path, filled.database.folder
    (revision,) = filled.column("SELECT revision FROM library")
    assert is_due(folder, revision, BEGUN, NOON)
    look_after(file, NOON)
    assert not is_due(folder, revision + 1, BEGUN, NOON + timedelta(minutes=5))
    assert not is_due(folder, revision + 1, BEGUN, NOON + timedelta(hours=2))
    assert not is_due(folder, revision, BEGUN, NOON + timedelta(days=2))
    assert is_due(folder, revision + 1, BEGUN, NOON + timedelta(days=2))
    assert is_due(folder, revision, BEGUN, NOON + timedelta(days=8)), "for the check"


def test_a_library_that_was_just_made_needs_none(filled: Desk) -> None:
    begun = (NOON - timedelta(minutes=10)).isoformat()
    assert not is_due(filled.database.folder, 3, begun, NOON)


def test_looking_after_it_makes_a_backup_and_keeps_what_the_check_found(filled: Desk) -> None:
    file = filled.database.path
    look_after(file, NOON)
    assert len(backups_in(file.parent)) == 1
    noted = "2026-03-12T12:00:00Z"
    assert read_care(file.parent) == Care(noted, "", noted, ())
    filled.connection.execute("DROP INDEX papers_by_added")
    look_after(file, NOON + timedelta(days=8))
    assert read_care(file.parent).faults == ("the index 'papers_by_added' is not there",)
    assert len(backups_in(file.parent)) == 1, "none of a damaged one"


def test_a_process_of_its_own_does_it(filled: Desk) -> None:
    folder = filled.database.folder
    done = subprocess.run(
        [sys.executable, "-P", "-m", "store.record.backups", str(folder)], check=True
    )
    assert done.returncode == 0
    assert len(backups_in(folder)) == 1


OUT_OF_SPACE = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from store.record.backups import backups_in, look_after, read_care
file = Path(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
look_after(file, datetime(2026, 3, 12, 12, tzinfo=UTC))
print(len(backups_in(file.parent)), read_care(file.parent).failure)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
@pytest.mark.parametrize("limit", [2_000, 20_000, 100_000])
def test_a_full_disk_is_noted_and_no_obstacle(filled: Desk, limit: int) -> None:
    file = filled.database.path
    done = subprocess.run(
        [sys.executable, "-c", OUT_OF_SPACE, str(file), str(limit)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("0 can't be made"), done.stdout
    assert names(file.parent) == ["making.lock", "state.json"]
    look_after(file, NOON + timedelta(days=1))
    assert len(backups_in(file.parent)) == 1
    assert read_care(file.parent).failure == ""


def test_a_backup_is_made_before_a_migration(folder: Path, write_library_of: LibraryWriter) -> None:
    write_library_of("0.4", folder / FILE_NAME)
    Database(folder).close()
    (made,) = backups_in(folder)
    assert made.occasion is Occasion.MIGRATION
    said = about(made.path)
    assert said is not None
    assert said.steps[-1] == "0004 search fast"


def test_a_migration_goes_on_where_no_backup_can_be_made(
    folder: Path, write_library_of: LibraryWriter, desk_in: DeskOpener
) -> None:
    write_library_of("0.4", folder / FILE_NAME)
    (folder / FOLDER).write_text("in the way")
    with desk_in(folder) as desk:
        assert desk.keys()


def test_the_file_in_an_archive_is_a_record_for_any_program(filled: Desk, tmp_path: Path) -> None:
    made = make_backup(filled.database.path, Occasion.ASKED, NOON)
    with zipfile.ZipFile(made.path) as archive:
        archive.extract("library.db", tmp_path)
    with closing(sqlite3.connect(tmp_path / "library.db")) as connection:
        assert connection.execute("SELECT count(*) FROM papers").fetchone() == (300,)


def test_a_link_among_the_leftovers_leads_nowhere(filled: Desk, tmp_path: Path) -> None:
    others = tmp_path / "letters"
    others.mkdir()
    (others / "to-ana.txt").write_text("Dear Ana")
    folder = filled.database.folder / FOLDER
    folder.mkdir()
    link = folder / f"unfinished-{2**22 - 5}-00000000"  # of a process that no system has
    link.symlink_to(others)
    make_backup(filled.database.path, Occasion.ASKED, NOON)
    assert not link.is_symlink()
    assert (others / "to-ana.txt").read_text() == "Dear Ana"


def test_a_library_that_was_lost_keeps_the_backups_of_what_it_held(
    filled: Desk, new_library: Path
) -> None:
    folder, file = filled.database.folder, filled.database.path
    for day in range(4):
        filled.tag(f"+day{day}", 1)
        make_backup(file, Occasion.DAY, NOON + timedelta(days=day))
    before = {one.name for one in backups_in(folder)}
    filled.database.close()
    for part in folder.glob(f"{FILE_NAME}*"):
        part.unlink()
    with pytest.raises(LibraryLostError, match="backup --restore newest"):
        Database(folder)
    assert not file.exists()
    shutil.copy(new_library / FILE_NAME, file)
    make_backup(file, Occasion.DAY, NOON + timedelta(days=4))
    assert before < {one.name for one in backups_in(folder)}


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes among its files")
def test_whatever_stands_in_the_place_of_what_came_of_it_nobody_waits(tmp_path: Path) -> None:
    state = tmp_path / FOLDER / "state.json"
    state.parent.mkdir()
    for text in ("[" * 100_000, '{"tried_at": 1}', "\x00", '{"faults": [["x"]]}'):
        state.write_text(text)
        assert read_care(tmp_path) == Care()
    state.unlink()
    os.mkfifo(state)
    assert read_care(tmp_path) == Care()


def test_bytes_that_are_no_text_are_damage(filled: Desk) -> None:
    filled.connection.execute(
        "UPDATE migrations SET name = CAST(x'ff' AS TEXT) WHERE name LIKE '0001%'"
    )
    with pytest.raises(DamagedRecordError):
        make_backup(filled.database.path, Occasion.ASKED, NOON)

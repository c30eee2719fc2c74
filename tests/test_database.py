from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from store import migrations
from store.changes.change import Change
from store.errors import (
    LibraryBusyError,
    LibraryError,
    LibraryNotPrivateError,
    LibraryNotWritableError,
    LibraryTooNewError,
    NotALibraryError,
)
from store.record import FILE_NAME
from store.record.database import Database, grow_revision, note_text_commit, one_commit

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Desk, RecordBuilder

AT_ONCE = 4
OPEN_WHEN_TOLD = """
import sys
from pathlib import Path
from store.record.database import Database
print("ready", flush=True)
sys.stdin.read()
Database(Path(sys.argv[1])).close()
"""


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def pragma(database: Database, name: str) -> object:
    return database.connection.execute(f"PRAGMA {name}").fetchone()[0]


def revision_of(database: Database) -> int:
    (revision,) = database.connection.execute("SELECT revision FROM library").fetchone()
    return int(revision)


def sqlite_file(folder: Path, *statements: str) -> Path:
    folder.mkdir()
    path = folder / FILE_NAME
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path


def open_and_close(folder: Path, errors: list[str]) -> None:
    try:
        Database(folder).close()
    except LibraryError as error:
        errors.append(str(error))


def test_a_library_is_created_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "library"
    with closing(Database(folder)) as database:
        assert mode_of(folder) == 0o700
        assert [mode_of(path) for path in sorted(folder.iterdir())] == [0o600] * 3
        assert database.path == folder / FILE_NAME


def test_a_commit_is_durable_and_leaves_readers_alone(database: Database) -> None:
    assert pragma(database, "journal_mode") == "wal"
    assert pragma(database, "synchronous") == 2
    assert pragma(database, "foreign_keys") == 1


def test_the_file_is_marked_as_a_library_and_tells_its_migrations(database: Database) -> None:
    assert pragma(database, "application_id") == migrations.APPLICATION_ID
    assert migrations.recorded(database.connection) == list(migrations.MIGRATIONS)


def test_opening_a_library_again_changes_nothing(folder: Path) -> None:
    Database(folder).close()
    before = (folder / FILE_NAME).read_bytes()
    Database(folder).close()
    assert (folder / FILE_NAME).read_bytes() == before
    assert [path.name for path in folder.iterdir()] == [FILE_NAME]


def test_two_libraries_have_identities_of_their_own(tmp_path: Path) -> None:
    identities = set()
    for name in ("one", "two"):
        with closing(Database(tmp_path / name)) as database:
            identities.add(database.connection.execute("SELECT id FROM library").fetchone())
    assert len(identities) == 2


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, GeneratorExit])
@pytest.mark.parametrize("depth", [1, 3])
def test_any_exception_takes_everything_of_nested_atomic_blocks_back(
    database: Database, error: type[BaseException], depth: int
) -> None:
    with pytest.raises(error):
        grow_in_blocks(database, depth, error)
    assert not database.connection.in_transaction
    assert revision_of(database) == 0


def grow_in_blocks(database: Database, depth: int, error: type[BaseException]) -> None:
    """Grow the revision in each of so many blocks, and raise in the innermost one's end."""
    with database.atomic() as connection:
        grow_revision(connection)
        if depth == 1:
            raise error
        grow_in_blocks(database, depth - 1, error)


def test_an_inner_atomic_block_commits_with_the_outer_one(database: Database, folder: Path) -> None:
    with closing(Database(folder)) as other:
        with database.atomic() as outer:
            with database.atomic() as inner:
                assert inner is outer
                grow_revision(inner)
            assert revision_of(other) == 0
        assert revision_of(other) == 1


def test_an_outer_block_that_catches_an_exception_keeps_what_is_its_own(
    database: Database,
) -> None:
    with database.atomic() as connection:
        grow_revision(connection)
        with pytest.raises(KeyError):
            grow_in_blocks(database, 2, KeyError)
        grow_revision(connection)
    assert revision_of(database) == 2


def test_an_error_of_a_statement_stays_what_it_is(database: Database) -> None:
    with (
        pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY") as caught,
        database.atomic() as connection,
    ):
        connection.execute("INSERT INTO paper_tags (paper, tag) VALUES (1, 1)")
    assert caught.value.__cause__ is None
    assert not database.connection.in_transaction


def test_what_is_read_at_one_commit_sees_no_later_one(database: Database, folder: Path) -> None:
    with closing(Database(folder)) as other, one_commit(database.connection):
        before = revision_of(database)
        with other.atomic() as connection:
            grow_revision(connection)
        with one_commit(database.connection):
            assert revision_of(database) == before
        assert database.connection.in_transaction
        assert revision_of(database) == before
    assert not database.connection.in_transaction
    assert revision_of(database) == before + 1


def test_what_ended_the_reading_of_one_commit_is_told(database: Database) -> None:
    def fail() -> None:
        with one_commit(database.connection) as connection:
            connection.execute("ROLLBACK")  # as SQLite does of itself, where its disk fails
            connection.execute("SELECT nonsense")

    with pytest.raises(sqlite3.OperationalError, match="nonsense"):
        fail()


def test_each_text_commit_is_noted_once_with_a_token_of_its_own(database: Database) -> None:
    with database.atomic() as connection:
        for revision in (1, 1, 2):
            note_text_commit(connection, revision)
    rows = database.connection.execute("SELECT revision, token FROM text_commits").fetchall()
    assert [revision for revision, _ in rows] == [1, 2]
    assert len({token for _, token in rows}) == 2


def test_every_thread_has_a_connection_that_closing_closes(folder: Path) -> None:
    database = Database(folder)
    seen: list[sqlite3.Connection] = [database.connection]
    thread = threading.Thread(target=lambda: seen.append(database.connection))
    thread.start()
    thread.join()
    assert len(set(map(id, seen))) == 2
    database.close()
    for connection in seen:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")


def test_a_thread_that_is_at_work_when_a_library_is_closed_is_left_alone(folder: Path) -> None:
    database = Database(folder)
    is_begun, is_closed, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        with database.atomic() as connection:
            is_begun.set()
            assert is_closed.wait(10)
            with database.atomic() as inner:
                assert inner is connection
                grow_revision(inner)
        assert revision_of(database) == 1
        assert database.connection is not connection
        database.connection.close()
        ended.set()

    thread = threading.Thread(target=work)
    thread.start()
    assert is_begun.wait(10)
    database.close()
    is_closed.set()
    thread.join()
    assert ended.is_set()


def test_a_thread_waits_for_others_as_long_as_it_wants(folder: Path, database: Database) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        database.wait_at_most(30)
        with database.waiting(0.05):
            assert milliseconds_of_patience(database) == 50
            started = time.monotonic()
            with pytest.raises(LibraryBusyError), database.atomic():
                pass
            assert time.monotonic() - started < 15, "not as long as before"
        assert milliseconds_of_patience(database) == 30_000


def milliseconds_of_patience(database: Database) -> int:
    (found,) = database.connection.execute("PRAGMA busy_timeout").fetchone()
    assert isinstance(found, int)
    return found


@pytest.mark.parametrize(
    ("code", "kind", "said"),
    [
        (sqlite3.SQLITE_PROTOCOL, LibraryBusyError, "in use by another program"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, LibraryBusyError, "in use by another program"),
        (sqlite3.SQLITE_INTERNAL, LibraryError, r"can't be used \(odd\)"),
        (sqlite3.SQLITE_AUTH, LibraryError, "try again"),
        (sqlite3.SQLITE_SCHEMA, LibraryError, "try again"),
    ],
)
def test_what_the_file_gives_as_a_reason_is_an_error_of_the_library(
    database: Database, code: int, kind: type[LibraryError], said: str
) -> None:
    error = sqlite3.DatabaseError("odd")
    error.sqlite_errorcode = code
    with pytest.raises(kind, match=said) as caught, database.reading():
        raise error
    assert type(caught.value) is kind


def test_want_of_memory_is_an_error_of_the_library(database: Database) -> None:
    with pytest.raises(LibraryError, match="memory"), database.reading():
        raise MemoryError


@pytest.mark.parametrize("code", [sqlite3.SQLITE_ERROR, sqlite3.SQLITE_INTERRUPT])
def test_what_is_wrong_with_a_statement_is_no_error_of_the_library(
    database: Database, code: int
) -> None:
    error = sqlite3.OperationalError("odd")
    error.sqlite_errorcode = code
    with pytest.raises(sqlite3.OperationalError, match="odd"), database.reading():
        raise error


def test_a_writer_waits_for_another_thread(database: Database) -> None:
    def grow() -> None:
        for _ in range(20):
            with database.atomic() as connection:
                grow_revision(connection)

    threads = [threading.Thread(target=grow) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert revision_of(database) == 20 * AT_ONCE


@pytest.mark.parametrize("begin", ["BEGIN", "BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_making_a_library_waits_for_another_that_is_at_work_on_the_file(
    folder: Path, begin: str
) -> None:
    path = sqlite_file(folder)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute(begin)
    other.execute("SELECT count(*) FROM sqlite_master").fetchone()
    timer = threading.Timer(0.1, other.close)
    timer.start()
    with closing(Database(folder)) as database:
        assert pragma(database, "journal_mode") == "wal"
    timer.join()


def test_threads_may_make_a_library_at_the_same_time(tmp_path: Path) -> None:
    errors: list[str] = []
    for attempt in range(10):
        folder = tmp_path / str(attempt)
        threads = [
            threading.Thread(target=open_and_close, args=(folder, errors)) for _ in range(AT_ONCE)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with closing(Database(folder)) as database:
            assert migrations.recorded(database.connection) == list(migrations.MIGRATIONS)
    assert errors == []


def test_processes_may_make_a_library_at_the_same_time(folder: Path) -> None:
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", OPEN_WHEN_TOLD, folder],
                    cwd=Path(__file__).resolve().parents[1],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(AT_ONCE)
        ]
        for process in processes:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin
            process.stdin.close()
    assert [process.returncode for process in processes] == [0] * AT_ONCE


def put_a_file_in_the_folders_place(folder: Path) -> None:
    folder.write_text("here already", encoding="utf-8")


def put_a_folder_in_the_files_place(folder: Path) -> None:
    (folder / FILE_NAME).mkdir(parents=True)


def put_garbage_in_the_files_place(folder: Path) -> None:
    folder.mkdir()
    (folder / FILE_NAME).write_bytes(b"this is no database at all. " * 200)


def cut_the_file_short(folder: Path) -> None:
    Database(folder).close()
    content = (folder / FILE_NAME).read_bytes()
    (folder / FILE_NAME).write_bytes(content[: len(content) // 2])


def put_another_programs_file_there(folder: Path) -> None:
    sqlite_file(folder, "CREATE TABLE bookmarks (url TEXT)")


def let_a_newer_version_write_it(folder: Path) -> None:
    Database(folder).close()
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as connection:
        connection.execute("INSERT INTO migrations VALUES ('9999 second sight', '2030')")


@pytest.mark.parametrize(
    ("spoil", "error", "reason", "remedy"),
    [
        (put_a_file_in_the_folders_place, LibraryNotWritableError, "created", "--library"),
        (put_a_folder_in_the_files_place, LibraryNotPrivateError, "something else", "remove"),
        (put_garbage_in_the_files_place, NotALibraryError, "damaged", "--repair"),
        (cut_the_file_short, NotALibraryError, "damaged", "--repair"),
        (put_another_programs_file_there, NotALibraryError, "another program", "--library"),
        (let_a_newer_version_write_it, LibraryTooNewError, "9999 second sight", "upgrade"),
    ],
)
def test_what_can_not_be_used_is_refused_with_a_remedy_and_left_as_it_is(
    folder: Path,
    spoil: Callable[[Path], None],
    error: type[LibraryError],
    reason: str,
    remedy: str,
) -> None:
    spoil(folder)
    before = contents(folder)
    with pytest.raises(error) as caught:
        Database(folder)
    assert reason in caught.value.reason
    assert remedy in caught.value.remedy
    assert caught.value.folder == folder
    assert str(folder) in str(caught.value)
    assert contents(folder) == before


def contents(path: Path) -> object:
    """Return all that is in a file or folder."""
    if path.is_dir():
        return {child.name: contents(child) for child in path.iterdir()}
    return path.read_bytes()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_to_write_is_said_to_be_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(LibraryNotWritableError, match="Permission denied"):
        Database(tmp_path / "library")
    tmp_path.chmod(0o700)


def test_an_empty_file_becomes_a_library(folder: Path) -> None:
    folder.mkdir()
    (folder / FILE_NAME).touch()
    with closing(Database(folder)) as database:
        assert migrations.recorded(database.connection) == list(migrations.MIGRATIONS)


def test_the_schema_keeps_what_refers_to_a_paper_together(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(
        record("Sheep", "2401.00001", day="2026-03-01", votes=3, abstract="They jump."),
        record("Sheep", "2401.00001", source="page", day="2026-03-02", abstract="They leap."),
        record("Goats", citation_key="goats"),
        record("Goats", source="page", abstract="They bleat."),
        tags=("rl",),
    )
    desk.act(Change(None, "view", None, '["wool","sheep"]'), Change(1, "apart", None, "2"))
    tables = desk.column("SELECT name FROM sqlite_master WHERE type = 'table'")
    empty = {name for name in tables if not desk.column(f"SELECT 1 FROM {name}")}  # noqa: S608 - our names
    assert empty <= {"digests", "guessed_days", "sqlite_stat1", "visits"}
    assert desk.column("PRAGMA integrity_check") == ["ok"]
    assert desk.column("PRAGMA foreign_key_check") == []

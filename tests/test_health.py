from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from store.errors import LibraryTooNewError, NotALibraryError
from store.health import look
from store.migrations import MIGRATIONS

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Desk, DeskOpener, LibraryWriter, RecordBuilder

    from store.library import Library


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_what_is_not_there_is_not_made(tmp_path: Path) -> None:
    health = look(tmp_path / "none", tmp_path / "index")
    assert (health.exists, health.papers, health.error, health.index_error) == (
        False,
        None,
        None,
        None,
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["file/library", "long" * 100], ids=["below a file", "too long"])
def test_a_place_where_no_library_can_be_is_told_as_an_error(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("a file")
    health = look(tmp_path / place, tmp_path / "index")
    assert health.exists
    assert health.error is not None
    assert health.error.reason.startswith("can't be opened (")


@pytest.mark.skipif(os.geteuid() == 0, reason="root enters every folder")
def test_a_folder_that_can_not_be_entered_is_told_as_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    folder.mkdir(mode=0)
    health = look(folder, tmp_path / "index")
    assert health.error is not None
    assert health.error.reason == "can't be opened (Permission denied)"


def test_a_library_tells_its_papers_and_how_many_can_be_searched(
    desk: Desk, folder: Path, tmp_path: Path, record: RecordBuilder
) -> None:
    desk.bring_in(record("Counting sheep"), record("Counting wolves"))
    before = files(folder)
    health = look(folder, tmp_path / "index")
    assert (health.papers, health.searchable, health.is_index_current) == (2, 0, False)
    assert health.steps == tuple(MIGRATIONS)
    assert (health.missing_steps, health.error) == ((), None)
    assert health.bytes == sum(len(before[name]) for name in ("library.db", "library.db-wal"))
    # What others have open has a file of locks besides, which every reader is noted in.
    assert {**files(folder), "library.db-shm": b""} == {**before, "library.db-shm": b""}


def test_an_index_that_is_current_is_told_as_such(library: Library, tmp_path: Path) -> None:
    library.index.wait(30)
    health = look(library.folder, tmp_path / "index")
    assert (health.papers, health.searchable, health.is_index_current) == (0, 0, True)


@pytest.mark.parametrize("version", ["0.1", "0.2", "0.3", "0.4", "0.5"])
def test_an_older_library_stays_as_it_is(
    tmp_path: Path, version: str, write_library_of: LibraryWriter
) -> None:
    write_library_of(version, tmp_path / "library.db")
    before = files(tmp_path)
    health = look(tmp_path, tmp_path / "index")
    assert health.error is None
    assert health.papers
    assert health.missing_steps[-1] == list(MIGRATIONS)[-1]
    assert files(tmp_path) == before


def test_a_newer_library_is_named_as_such(desk: Desk, folder: Path, tmp_path: Path) -> None:
    desk.connection.execute("INSERT INTO migrations VALUES ('9999 beyond', 'then')")
    assert isinstance(look(folder, tmp_path / "index").error, LibraryTooNewError)


def test_damage_is_found_whatever_it_is(
    desk_in: DeskOpener, tmp_path: Path, record: RecordBuilder
) -> None:
    with desk_in(tmp_path / "whole") as desk:
        desk.bring_in(*(record(f"Counting {number} sheep") for number in range(200)))
    whole = (tmp_path / "whole" / "library.db").read_bytes()
    torn = bytearray(whole)
    for page in range(4, len(torn) // 4096):
        torn[4096 * page : 4096 * page + 200] = b"\xff" * 200
    for name, content in {
        "garbage": b"something else" * 1000,
        "cut": whole[: len(whole) // 3],
        "torn": bytes(torn),
        "other": b"SQLite format 3\0" + b"\0" * 4000,
    }.items():
        folder = shutil.copytree(tmp_path / "whole", tmp_path / name)
        (folder / "library.db").write_bytes(content)
        health = look(folder, tmp_path / "index")
        assert isinstance(health.error, NotALibraryError), name
        assert health.error.remedy
        assert (folder / "library.db").read_bytes() == content


def test_an_index_that_others_could_have_written_is_a_fault(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "index").mkdir(mode=0o777)
    (tmp_path / "index").chmod(0o777)
    health = look(desk.database.folder, tmp_path / "index")
    assert health.index_error
    assert health.searchable is None

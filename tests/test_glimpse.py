from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from store.glimpse import tag_names, view_names

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Desk, DeskOpener, RecordBuilder


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def fill(desk: Desk, record: RecordBuilder) -> None:
    desk.bring_in(record("Counting sheep"))
    desk.tag("+Wool +wolves/grey +Übung", *desk.keys())
    desk.tag("-inbox -unread", *desk.keys())
    with desk.database.atomic() as connection:
        connection.execute("INSERT INTO views VALUES ('Monday', 'monday', 'is:inbox')")


def test_tags_in_use_are_named_without_regard_to_case(
    desk: Desk, folder: Path, record: RecordBuilder
) -> None:
    fill(desk, record)
    assert tag_names(folder) == ("Wool", "wolves/grey", "Übung")
    assert tag_names(folder, "W") == ("Wool", "wolves/grey")
    assert tag_names(folder, "ÜB") == ("Übung",)
    assert tag_names(folder, "%") == ()


def test_views_are_named(desk: Desk, folder: Path, record: RecordBuilder) -> None:
    fill(desk, record)
    assert view_names(folder, "m") == ("Monday",)
    assert view_names(folder, "t") == ()


def test_a_library_that_is_open_is_read_with_what_was_just_written(
    desk: Desk, folder: Path, record: RecordBuilder
) -> None:
    fill(desk, record)
    with desk.database.atomic():
        assert "Wool" in tag_names(folder)


def test_nothing_is_written_into_the_library(
    desk_in: DeskOpener, tmp_path: Path, record: RecordBuilder
) -> None:
    closed, left = tmp_path / "closed 100% #1", tmp_path / "left"
    with desk_in(closed) as desk:
        fill(desk, record)
        # As a program leaves it that was killed.
        shutil.copytree(closed, left)
    torn = shutil.copytree(left, tmp_path / "torn")
    (torn / "library.db-shm").unlink()
    for folder in (closed, left, torn):
        before = files(folder)
        assert "Wool" in tag_names(folder) or folder == torn
        assert files(folder) == before


def test_what_is_no_library_has_no_names_and_stays_as_it_is(tmp_path: Path) -> None:
    assert tag_names(tmp_path / "none") == ()
    assert not (tmp_path / "none").exists()
    (tmp_path / "library.db").write_bytes(b"something else" * 100)
    assert (tag_names(tmp_path), view_names(tmp_path)) == ((), ())
    assert [path.name for path in tmp_path.iterdir()] == ["library.db"]

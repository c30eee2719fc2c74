from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from store.record import FILE_NAME
from store.record.backups import backups_in
from tui.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import DeskOpener, RecordBuilder


@pytest.fixture
def folder(desk_in: DeskOpener, record: RecordBuilder, tmp_path: Path) -> Path:
    place = tmp_path / "library"
    with desk_in(place) as desk:
        papers = desk.bring_in(*(record(f"Counting {n} sheep") for n in range(120))).papers
        desk.tag("+wool", *papers[:3])
    return place


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))


def test_backups_are_made_listed_and_restored(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = ("--library", str(folder))
    assert main(["backup", "--list", *named]) == 0
    assert "no backup yet" in capsys.readouterr().err
    assert main(["backup", *named]) == 0
    (made,) = backups_in(folder)
    assert f"backed up 120 papers as {made.name}" in capsys.readouterr().out
    assert main(["tag", *named, "+later", "--", "*"]) == 0
    capsys.readouterr()
    assert main(["backup", "--restore", made.name, *named]) == 0
    told = capsys.readouterr()
    assert told.out.startswith(f"restored {made.name}")
    before = next(one for one in backups_in(folder) if one != made)
    assert before.name in told.err
    assert main(["count", *named, "tag:later"]) == 0
    assert capsys.readouterr().out == "0\n"
    assert main(["backup", "--json", *named]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {one["name"] for one in listed} == {made.name, before.name}
    assert {one["papers"] for one in listed} == {120}
    assert main(["backup", "--list", *named]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


@pytest.mark.parametrize(
    ("words", "status"),
    [(["now"], 2), (["--list", "--restore", "x"], 2), (["--restore", "yesterday"], 4)],
)
def test_a_mistake_changes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], status: int
) -> None:
    assert main(["backup", *words, "--library", str(folder)]) == status
    assert capsys.readouterr().err.startswith("paperdeck: ")
    assert backups_in(folder) == []


def test_a_repair_says_what_came_from_where(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = ("--library", str(folder))
    assert main(["doctor", "--repair", *named]) == 0
    assert "nothing to repair" in capsys.readouterr().out
    assert main(["backup", *named]) == 0
    file = folder / "library.db"
    content = bytearray(file.read_bytes())
    for page in range(4, len(content) // 4096):
        content[4096 * page : 4096 * page + 4096] = os.urandom(4096)
    file.write_bytes(content)
    assert main(["doctor", *named]) == 4
    assert "doctor --repair" in capsys.readouterr().out
    assert main(["doctor", "--repair", *named]) == 5
    told = capsys.readouterr()
    assert "papers: 0 read, 120 from the backup of" in told.out
    assert "library.db.damaged-" in told.err
    assert main(["count", *named, "tag:wool"]) == 0
    assert capsys.readouterr().out == "3\n"
    assert main(["doctor", "--repair", "--json", *named]) == 2


def test_what_could_not_be_read_in_a_backup_is_told_as_it_is_put_back(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection, connection:
        connection.execute("UPDATE papers SET title = x'ff', votes = 'abc' WHERE key = 3")
    named = ("--library", str(folder))
    assert main(["backup", *named]) == 0
    (made,) = backups_in(folder)
    capsys.readouterr()
    assert main(["backup", "--restore", str(made.path), *named]) == 0
    told = capsys.readouterr().err
    assert (
        "could not be read in that backup, and was righted: papers: 1 value taken from what stands"
        " beside it, 1 value left empty\n"
    ) in told
    assert main(["backup", "--restore", "nothing", *named]) == 4
    assert f"'{folder / 'backups' / 'nothing'}' is not there" in capsys.readouterr().err

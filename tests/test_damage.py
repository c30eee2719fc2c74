"""A short run of `tests/attacks/damage.py`."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import damage
import pytest

from store.record.inspection import faults
from store.salvage import salvage

if TYPE_CHECKING:
    from conftest import LibraryWriter

TAGGED = "SELECT paper, name FROM paper_tags JOIN tags ON key = tag ORDER BY 1, 2"

NAMES = list(damage.damages())


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> damage.Original:
    return damage.make_original(tmp_path_factory.mktemp("logged"), 0, is_logged=True)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> damage.Original:
    return damage.make_original(tmp_path_factory.mktemp("original"), 0, is_logged=False)


@pytest.mark.parametrize(
    ("name", "with_backup"), [(name, number % 2 == 1) for number, name in enumerate(NAMES)]
)
def test_all_that_can_be_read_is_there_and_no_decision_is_invented(
    original: damage.Original, logged: damage.Original, name: str, *, with_backup: bool
) -> None:
    library = logged if name in damage.LOG else original
    assert damage.attack(library, name, 1, with_backup=with_backup) == []


@pytest.mark.parametrize(("name", "seed"), [("bytes", 5407)])
def test_what_longer_runs_have_found_is_mended(
    original: damage.Original, name: str, seed: int
) -> None:
    assert damage.attack(original, name, seed, with_backup=False) == []


@pytest.mark.parametrize("version", ["0.1", "0.2", "0.3", "0.4", "0.5", "0.6"])
def test_a_library_of_every_version_is_salvaged(
    tmp_path: Path, version: str, write_library_of: LibraryWriter
) -> None:
    file, new = write_library_of(version, tmp_path / "library.db"), tmp_path / "new.db"
    with closing(sqlite3.connect(file)) as connection:
        before = connection.execute(TAGGED).fetchall()
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'paper_tags'"
        ).fetchone()
    content = bytearray(file.read_bytes())
    content[4096 * (root - 1) : 4096 * root] = bytes(4096)
    file.write_bytes(content)
    salvage(file, new, None, damage.NOW)
    with closing(sqlite3.connect(new)) as connection:
        assert faults(connection) == []
        assert connection.execute(TAGGED).fetchall() == before


def test_what_is_not_damaged_is_as_it_was(logged: damage.Original, tmp_path: Path) -> None:
    file = tmp_path / "library.db"
    file.write_bytes(logged.file)
    Path(f"{file}-wal").write_bytes(logged.log)
    salvaged = salvage(file, tmp_path / "new.db", None, damage.NOW)
    assert all(one.is_whole for one in salvaged.tables)
    assert salvaged.mended == (0, 0, 0)
    assert damage.same_rows(file, tmp_path / "new.db") == []

"""A short run of `tests/attacks/damage.py`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path += [str(Path(__file__).parent / "attacks")]

import damage

from store.salvage import salvage

NAMES = list(damage.damages())


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> damage.Original:
    return damage.make_original(tmp_path_factory.mktemp("logged"), 0, is_logged=True)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> damage.Original:
    return damage.make_original(tmp_path_factory.mktemp("original"), 0, is_logged=False)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("with_backup", [False, True], ids=["alone", "with a backup"])
def test_all_that_can_be_read_is_there_and_no_decision_is_invented(
    original: damage.Original, logged: damage.Original, name: str, *, with_backup: bool
) -> None:
    library = logged if name in damage.LOG else original
    assert damage.attack(library, name, 1, with_backup=with_backup) == []


def test_what_is_not_damaged_is_as_it_was(logged: damage.Original, tmp_path: Path) -> None:
    file = tmp_path / "library.db"
    file.write_bytes(logged.file)
    Path(f"{file}-wal").write_bytes(logged.log)
    salvaged = salvage(file, tmp_path / "new.db", None, damage.NOW)
    assert all(one.is_whole for one in salvaged.tables)
    assert salvaged.mended == (0, 0, 0)
    assert damage.same_rows(file, tmp_path / "new.db") == []

"""A short run of `tests/attacks/fulldisk.py`, and what longer ones have found."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import fulldisk
import pytest

from store.errors import LibraryNotWritableError
from store.record import FILE_NAME
from store.record.database import Database
from tui.outside.errors import FileError
from tui.outside.files import write_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Desk

FOLDER = Path(__file__).parent


@pytest.mark.skipif(sys.platform != "linux", reason="disks are mounted as there")
def test_whatever_fills_the_disk_what_is_said_is_so_and_work_goes_on_then() -> None:
    if not fulldisk.can_mount():
        pytest.skip("no disk of one's own can be mounted here: unshare -rm")
    command = [sys.executable, str(FOLDER / "attacks" / "fulldisk.py")]
    done = subprocess.run(
        [*command, "--times", "4", "--briefly"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_library_that_is_gone_or_another_while_it_is_open_is_not_written(desk: Desk) -> None:
    folder = desk.database.folder
    away = folder.rename(folder.with_name("away"))
    for _ in range(2):
        with pytest.raises(LibraryNotWritableError, match="not there any more"):
            desk.database.refuse_newer()
    with pytest.raises(LibraryNotWritableError, match="not there any more"), desk.database.atomic():
        pytest.fail("this would be written into what nobody sees")
    Database(folder).close()
    with pytest.raises(LibraryNotWritableError, match="replaced"), desk.database.atomic():
        pytest.fail("this would be written into what nobody sees")
    (folder / FILE_NAME).unlink()
    folder.rmdir()
    away.rename(folder)
    with desk.database.atomic() as connection:
        connection.execute("INSERT INTO visits VALUES ('back', 1)")
    with closing(Database(folder)) as other:
        assert other.connection.execute("SELECT view FROM visits").fetchall() == [("back",)]


def test_a_file_for_which_there_is_no_space_says_what_helps(tmp_path: Path) -> None:
    def parts() -> Iterator[str]:
        yield "begun"
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(FileError, match="free some space there, or name another place"):
        write_file(tmp_path / "dump.txt", parts())
    assert list(tmp_path.iterdir()) == []

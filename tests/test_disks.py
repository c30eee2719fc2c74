from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from store.errors import LibraryBusyError
from store.record import FILE_NAME
from store.record.database import Database
from store.record.disks import is_on_network
from store.record.locks import REMOTE_FILE_NAME
from tui.locations import find_locations

if TYPE_CHECKING:
    from conftest import Desk
    from terminal import Home

pytest_plugins = ["tests.terminal"]

MOUNTS = r"""
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:45 / /home rw,relatime shared:2 - nfs4 server:/home rw,vers=4.2
41 40 254:1 / /home/ana/disk rw - xfs /dev/vdb rw
42 22 0:46 / /mnt/two\040words rw - cifs //server/share rw
43 22 0:47 / /net rw - autofs systemd-1 rw
44 22 0:48 / /net rw - fuse.sshfs ana@server: rw
45 22 0:49 / /mem rw - tmpfs tmpfs rw
broken line
"""


@pytest.mark.parametrize(
    ("folder", "is_network"),
    [
        ("/home/ana/.local/share/paperdeck", True),
        ("/home", True),
        ("/homes/ana", False),
        ("/home/ana/disk/papers", False),
        ("/mnt/two words/papers", True),
        ("/mnt/two", False),
        ("/net/papers", True),
        ("/mem/papers", False),
        ("/", False),
    ],
)
def test_what_is_mounted_where_tells_other_machines_disks(
    tmp_path: Path, folder: str, *, is_network: bool
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS.removeprefix("\n"))
    assert is_on_network(Path(folder), mounts) is is_network


def test_a_link_is_followed_to_where_the_folder_is(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"1 1 0:45 / {tmp_path}/far rw - nfs server:/ rw\n")
    (tmp_path / "far").mkdir()
    (tmp_path / "near").symlink_to(tmp_path / "far")
    assert is_on_network(tmp_path / "near" / "papers", mounts)
    assert not is_on_network(tmp_path / "papers", mounts)


def test_a_system_that_tells_nothing_is_taken_for_a_machine_of_its_own(tmp_path: Path) -> None:
    assert not is_on_network(tmp_path, tmp_path / "none")


def journal_mode(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    return str(mode)


def test_on_another_machine_s_disk_there_is_no_log_that_needs_shared_memory(desk: Desk) -> None:
    folder, file = desk.database.folder, desk.database.path
    desk.database.close()
    assert journal_mode(file) == "wal"
    with closing(Database(folder, on_network=True)) as far:
        assert journal_mode(file) == "delete"
        with far.atomic() as connection:
            connection.execute("UPDATE library SET revision = revision + 1")
            assert sorted(one.name for one in folder.iterdir()) == [
                FILE_NAME,
                f"{FILE_NAME}-journal",
                REMOTE_FILE_NAME,
            ]
        # As section 2 of "Atomic Commit In SQLite" has it: the journal's name goes for good too.
        assert far.connection.execute("PRAGMA synchronous").fetchone() == (3,)
    with closing(Database(folder)):
        assert journal_mode(file) == "wal"


def test_a_library_with_a_log_that_is_open_elsewhere_is_waited_for(desk: Desk) -> None:
    folder, file = desk.database.folder, desk.database.path
    assert desk.keys() == []
    opening = Thread(target=lambda: Database(folder, on_network=True).close())
    opening.start()
    opening.join(0.2)
    assert opening.is_alive()
    desk.database.close()
    opening.join()
    assert journal_mode(file) == "delete"


def test_one_writes_there_while_others_read(folder: Path) -> None:
    with (
        closing(Database(folder, on_network=True)) as one,
        closing(Database(folder, on_network=True)) as other,
    ):
        with one.atomic() as connection:
            connection.execute("UPDATE library SET revision = 7")
            assert other.connection.execute("SELECT revision FROM library").fetchone() == (0,)
            other.wait_at_most(0)
            with pytest.raises(LibraryBusyError), other.atomic():
                pass
        assert other.connection.execute("SELECT revision FROM library").fetchone() == (7,)


def test_a_writer_that_is_killed_there_leaves_what_was(folder: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from store.record.database import Database\n"
        "database = Database(Path(sys.argv[1]), on_network=True)\n"
        "with database.atomic() as connection:\n"
        "    connection.execute('PRAGMA cache_size = 1')\n"
        "    connection.execute('CREATE TABLE much (text)')\n"
        "    connection.executemany('INSERT INTO much VALUES (?)', [('x' * 5000,)] * 500)\n"
        "    print('written', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, cwd=Path.cwd()
    ) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == b"written\n"
        writer.kill()
    with closing(Database(folder, on_network=True)) as database:
        names = database.connection.execute("SELECT name FROM sqlite_master WHERE name = 'much'")
        assert names.fetchall() == []
        assert database.connection.execute("PRAGMA quick_check").fetchone() == ("ok",)


def test_the_installed_program_works_there_and_keeps_its_cache_on_this_machine(home: Home) -> None:
    file = home.folder / "data" / "paperdeck" / FILE_NAME
    environ = {**home.environ, "PAPERDECK_DISK": "network"}

    def run(*words: str, stdin: str = "") -> str:
        return subprocess.run(
            [home.program, *words],
            input=stdin,
            capture_output=True,
            text=True,
            env=environ,
            check=True,
        ).stdout

    run("import", "-", stdin='{"id": "2603.00001", "title": "Counting sheep"}\n')
    run("index", "--wait")
    assert journal_mode(file) == "delete"
    assert "Counting sheep" in run("search", "sheep")
    assert "papers" in run("doctor")
    assert not (home.folder / "cache" / "paperdeck" / "index").exists()
    with home.browse(environ={"PAPERDECK_DISK": "network"}) as browser:
        browser.shows("Counting sheep")
        browser.send("s")
        browser.shows("Starred")
        run("tag", "+by-hand", "--", "sheep")
        browser.shows("by-hand")
        assert journal_mode(file) == "delete"
    assert run("count", "tag:starred tag:by-hand") == "1\n"


@pytest.mark.skipif(sys.platform == "win32", reason="the cache stays there")
def test_a_local_cache_is_a_folder_of_the_reader_s_alone() -> None:
    found = find_locations({"PAPERDECK_DISK": "network", "PAPERDECK_LIBRARY": "/x"})
    assert found.cache == Path(f"/var/tmp/paperdeck-{os.getuid()}")  # noqa: S108 the place itself
    assert found.cache.lstat().st_mode & 0o777 == 0o700
    assert found.frames != found.cache
    assert find_locations({"PAPERDECK_DISK": "local"}).cache == found.frames

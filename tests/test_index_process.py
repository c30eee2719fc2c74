"""The index is written by a process of its own, which may be killed, doubled or out of space."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from store.imports.importing import ImportOptions, ImportRun
from store.index import TextIndex
from store.index.state import LOCK_NAME, STATE_NAME, read_state
from store.index.writing import FIRST_BATCH
from store.models import Record
from store.query.words import Term
from store.record import FILE_NAME
from store.record.database import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

PAPERS = 1_600
SECONDS = 60.0
"""How long a writer may take, on the slowest of machines."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(tmp_path / "library")) as database:
        yield database


@pytest.fixture
def index(tmp_path: Path, database: Database) -> Iterator[TextIndex]:
    with closing(TextIndex(tmp_path / "index", database)) as index:
        yield index


def bring_in(database: Database, count: int, word: str = "soup") -> None:
    run = ImportRun(database, ImportOptions(), "test", "import", "2026-03-12T08:00:00Z")
    titles = (f"Graph {word} number {number}" for number in range(count))
    run.write([Record(title=title, source="feed", abstract=title * 9) for title in titles])
    run.finish((), 0.0)


def write(database: Database, folder: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "store.index", str(database.folder), str(folder)]
    return subprocess.Popen([*command, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def output_of(process: subprocess.Popen[bytes], status: int = 0) -> bytes:
    output, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == status, output
    return output


def test_waiting_starts_the_writer_and_tells_its_progress(
    database: Database, index: TextIndex
) -> None:
    bring_in(database, PAPERS)
    told: list[int] = []
    assert index.wait(SECONDS, told.append)
    assert told == sorted(told)
    assert told[0] == 0
    assert (
        told[-1] == index.searchable() == len(index.lookup().matches(Term("soup")).keys) == PAPERS
    )
    assert index.catch_up() is None


def test_waiting_ends_in_time(database: Database, index: TextIndex) -> None:
    bring_in(database, 10)
    assert not index.wait(0)
    assert index.wait(SECONDS)


def test_a_search_sees_what_the_writer_commits_meanwhile(
    database: Database, index: TextIndex
) -> None:
    bring_in(database, PAPERS)
    process = index.catch_up()
    assert process is not None
    assert index.catch_up() is process
    counts = set()
    while process.poll() is None:
        counts.add(len(index.lookup().matches(Term("soup")).keys))
    assert process.returncode == 0
    counts.add(len(index.lookup().matches(Term("soup")).keys))
    assert len(counts) > 1
    assert max(counts) == PAPERS


def test_the_writer_prints_nothing_and_catches_up(database: Database, index: TextIndex) -> None:
    bring_in(database, 10)
    assert output_of(write(database, index.folder)) == b""
    assert index.is_current()
    bring_in(database, 10, "stew")
    assert output_of(write(database, index.folder)) == b""
    assert (index.searchable(), len(index.lookup().matches(Term("stew")).keys)) == (20, 10)


def test_a_folder_named_store_is_no_danger(
    tmp_path: Path, database: Database, index: TextIndex
) -> None:
    root = Path(__file__).resolve().parents[1]
    trap = tmp_path / "here" / "store"
    trap.mkdir(parents=True)
    (trap / "__init__.py").write_text("raise SystemExit(5)")
    bring_in(database, 10)
    # As a program that a reader starts wherever the trap lies; the package comes from elsewhere.
    program = (
        f"import os, sys; sys.path.insert(0, {str(root)!r});"
        "from pathlib import Path; from store.record.database import Database;"
        "from store.index import TextIndex; os.chdir(sys.argv[3]);"
        "index = TextIndex(Path(sys.argv[2]), Database(Path(sys.argv[1])));"
        "sys.exit(index.catch_up().wait())"
    )
    folders = [str(database.folder), str(index.folder), str(trap.parent)]
    result = subprocess.run(
        [sys.executable, "-P", "-c", program, *folders],
        env={"PYTHONPATH": str(root)},
        timeout=SECONDS,
        check=False,
    )
    assert result.returncode == 0
    assert index.is_current()


def test_an_index_can_be_made_anew(database: Database, index: TextIndex) -> None:
    bring_in(database, 10)
    assert index.wait(SECONDS)
    before = read_state(index.folder)
    process = index.catch_up(rebuild=True)
    assert process is not None
    assert process.wait(SECONDS) == 0
    after = read_state(index.folder)
    assert before is not None
    assert after is not None
    assert {file.name for file in before.files} != {file.name for file in after.files}
    assert len(index.lookup().matches(Term("soup")).keys) == 10


def test_what_the_search_could_not_read_is_made_anew(database: Database, index: TextIndex) -> None:
    bring_in(database, 10)
    assert index.wait(SECONDS)
    (path,) = index.folder.glob("*.postings")
    path.write_bytes(path.read_bytes()[::-1])
    with closing(TextIndex(index.folder, database)) as anew:
        assert not anew.is_current()
        assert len(anew.lookup().matches(Term("soup")).keys) == 0
        assert anew.wait(SECONDS)
        assert len(anew.lookup().matches(Term("soup")).keys) == 10


KILLED = """
import os, runpy, signal, sys
commits = int(sys.argv.pop(1))
def hook(event, arguments):
    global commits
    if event == "os.rename" and str(arguments[1]).endswith("state.json"):
        if not commits:
            os.kill(os.getpid(), signal.SIGKILL)
        commits -= 1
sys.addaudithook(hook)
runpy.run_module("store.index", run_name="__main__")
"""


@pytest.mark.parametrize("commits", [0, 1])
def test_a_killed_writer_is_followed_by_the_next(
    database: Database, index: TextIndex, commits: int
) -> None:
    bring_in(database, PAPERS // 2, "soup")
    bring_in(database, PAPERS // 2, "stew")
    command = [sys.executable, "-c", KILLED, str(commits)]
    result = subprocess.run(
        [*command, str(database.folder), str(index.folder)], check=False, timeout=SECONDS
    )
    assert result.returncode == -signal.SIGKILL
    held = index.searchable()
    assert commits * FIRST_BATCH <= held <= commits * PAPERS // 2
    assert len(index.lookup().matches(Term("graph")).keys) == held
    assert index.wait(SECONDS)
    assert len(index.lookup().matches(Term("graph")).keys) == PAPERS


def test_two_writers_at_once_do_the_work_of_one(database: Database, index: TextIndex) -> None:
    bring_in(database, PAPERS)
    processes = [write(database, index.folder) for _ in range(3)]
    assert [output_of(process) for process in processes] == [b"", b"", b""]
    assert index.is_current()
    assert len(index.lookup().matches(Term("soup")).keys) == PAPERS
    state = read_state(index.folder)
    assert state is not None
    assert state.generation < 5


def test_what_comes_in_while_the_writer_works_goes_in_too(
    database: Database, index: TextIndex
) -> None:
    bring_in(database, PAPERS)
    process = write(database, index.folder)
    for number in range(20):
        bring_in(database, 5, f"stew{number}")
        time.sleep(0.02)
    output_of(process)
    assert index.wait(SECONDS)
    assert len(index.lookup().matches(Term("graph")).keys) == index.searchable() == PAPERS + 100


LIMITED = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2)
runpy.run_module("store.index", run_name="__main__")
"""


def test_without_space_the_index_stays_as_it_was(database: Database, index: TextIndex) -> None:
    bring_in(database, 20)
    assert index.wait(SECONDS)
    before = index.lookup().matches(Term("soup")).keys.tolist()
    bring_in(database, PAPERS, "stew")
    largest = max(path.stat().st_size for path in index.folder.iterdir())
    command = [sys.executable, "-c", LIMITED, str(largest + 4096)]
    result = subprocess.run(
        [*command, str(database.folder), str(index.folder)], check=False, timeout=SECONDS
    )
    assert result.returncode == 1
    assert index.lookup().matches(Term("soup")).keys.tolist() == before
    with closing(TextIndex(index.folder, database)) as anew:
        assert (anew.searchable(), anew.is_current()) == (20, False)
        assert anew.lookup().matches(Term("soup")).keys.tolist() == before
        assert anew.wait(SECONDS)
        assert len(anew.lookup().matches(Term("graph")).keys) == PAPERS + 20


def test_a_writer_that_fails_is_not_waited_for(database: Database, index: TextIndex) -> None:
    bring_in(database, 10)
    away = database.path.rename(database.folder / "away.db")
    assert not index.wait(SECONDS)
    assert index.has_failed
    away.rename(database.path)
    assert index.wait(SECONDS)
    assert not index.has_failed


def test_what_stands_in_the_place_of_the_lock_is_put_aside(
    database: Database, index: TextIndex
) -> None:
    bring_in(database, 10)
    index.folder.mkdir(mode=0o700)
    (index.folder / LOCK_NAME).mkdir()
    assert index.wait(SECONDS)
    assert (index.folder / LOCK_NAME).is_file()


def test_no_library_is_made_where_none_is(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "store.index"]
    folders = [str(tmp_path / "library"), str(tmp_path / "index")]
    result = subprocess.run([*command, *folders], check=False, timeout=SECONDS)
    assert result.returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_closing_leaves_a_writer_at_work(database: Database, index: TextIndex) -> None:
    bring_in(database, 10)
    process = index.catch_up()
    index.close()
    assert process is not None
    assert process.wait(SECONDS) == 0
    assert (index.folder / STATE_NAME).exists()
    assert (database.folder / FILE_NAME).exists()

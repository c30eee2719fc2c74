from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from store.importers import sources
from store.imports.importing import BATCH_RECORDS
from store.record.locks import FILE_NAME, at_work, is_at_work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.library import Library

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="an import that was cut off is not told apart there"
)
WRITTEN = 2 * BATCH_RECORDS
IMPORT_AND_STOP = """
import sys
from pathlib import Path
from store.importers import sources
from store.library import Library

def stop(so_far):
    if so_far.records == int(sys.argv[4]):
        print("ready", flush=True)
        sys.stdin.read()

folder, index_folder, file = map(Path, sys.argv[1:4])
with Library(folder, index_folder=index_folder, program="child") as library:
    library.imports.bring_in(sources([file]), progress=stop)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Papers in our own format: some more than two batches."""
    path = tmp_path / "papers.jsonl"
    papers = (
        {"identifiers": [f"arxiv:2401.{number:05}"], "title": f"Paper {number}"}
        for number in range(WRITTEN + 10)
    )
    path.write_text("\n".join(map(json.dumps, papers)), encoding="utf-8")
    return path


@contextmanager
def importing(library: Library, file: Path) -> Iterator[subprocess.Popen[str]]:
    """Have another process import `file`, held where two batches are written."""
    index_folder = file.parent / "index"
    with subprocess.Popen(
        [
            *(sys.executable, "-c", IMPORT_AND_STOP),
            *map(str, (library.folder, index_folder, file, WRITTEN + 5)),
        ],
        cwd=Path(__file__).resolve().parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def test_nobody_is_at_work_where_there_is_no_library(tmp_path: Path) -> None:
    assert not is_at_work(tmp_path)
    assert not is_at_work(tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == []


def test_any_number_may_be_at_work_at_once(tmp_path: Path) -> None:
    with at_work(tmp_path):
        assert is_at_work(tmp_path)
        with at_work(tmp_path):
            assert is_at_work(tmp_path)
        assert is_at_work(tmp_path)
    assert not is_at_work(tmp_path)
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_an_exception_ends_the_work(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), at_work(tmp_path):
        raise KeyboardInterrupt
    assert not is_at_work(tmp_path)


def test_asking_in_one_folder_tells_nothing_of_another(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    with at_work(one):
        assert not is_at_work(other)


def test_an_import_of_another_process_is_seen_while_it_goes_on(
    library: Library, file: Path
) -> None:
    assert not library.history.is_import_at_work()
    with importing(library, file) as process:
        assert library.history.is_import_at_work()
        (entry,) = library.history.entries()
        assert (entry.is_finished, entry.papers, entry.program) == (False, WRITTEN, "child")
        assert process.stdin
        process.stdin.close()
        assert process.wait() == 0
    assert not library.history.is_import_at_work()
    (entry,) = library.history.entries()
    assert (entry.is_finished, entry.papers) == (True, WRITTEN + 10)
    assert len(library) == WRITTEN + 10


def test_an_import_that_was_killed_is_known_as_cut_off_and_completed_by_a_repetition(
    library: Library, file: Path
) -> None:
    with importing(library, file) as process:
        process.kill()
        process.wait()
    assert not library.history.is_import_at_work()
    (cut_off,) = library.history.entries()
    assert (cut_off.is_finished, cut_off.label) == (False, "import")
    assert len(library) == WRITTEN
    report = library.imports.bring_in(sources([file]))
    assert (report.added, report.updated, report.unchanged) == (10, 0, WRITTEN)
    assert not library.history.is_import_at_work()
    completed, still = library.history.entries()
    assert (completed.is_finished, completed.papers) == (True, 10)
    assert still == cut_off


def test_an_import_that_was_killed_can_be_undone_and_redone(library: Library, file: Path) -> None:
    with importing(library, file) as process:
        process.kill()
        process.wait()
    (cut_off,) = library.history.entries()
    undone = library.history.undo(cut_off.key)
    assert undone
    assert (len(undone.changed), undone.kept) == (WRITTEN, ())
    assert len(library) == 0
    assert library.history.redo()
    assert len(library) == WRITTEN


def test_an_import_of_this_process_is_seen_too(library: Library, file: Path) -> None:
    seen: set[bool] = set()
    library.imports.bring_in(
        sources([file]), progress=lambda _: seen.add(library.history.is_import_at_work())
    )
    assert seen == {True}
    assert not library.history.is_import_at_work()

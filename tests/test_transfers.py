from __future__ import annotations

import json
import os
import shlex
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tui.background.transfers import Transfers
from tui.facts import ImportEnded, ImportMoved, OutputCame, Reported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from store.library import Library

PATIENCE = 10.0


class Told(list[object]):
    """The facts that were told, in their order."""

    def until(self, condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self
            time.sleep(0.005)

    def next(self) -> object:
        """Wait for a fact but for the progress of imports, and take it."""
        self.until(lambda: [fact for fact in self if not isinstance(fact, ImportMoved)])
        fact = next(fact for fact in self if not isinstance(fact, ImportMoved))
        self.remove(fact)
        return fact


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def transfers(library: Library, told: Told) -> Iterator[Transfers]:
    with closing(Transfers(library, told.append)) as opened:
        yield opened


def write_papers(path: Path, count: int, first: int = 0) -> Path:
    """Write a file of so many papers that can be imported."""
    with path.open("w") as stream:
        for number in range(first, first + count):
            paper = {
                "title": f"Counting sheep {number}",
                "abstract": f"We count sheep, and there are {number} of them.",
                "identifiers": [f"arxiv:2603.{number:05}"],
            }
            stream.write(f"{json.dumps(paper)}\n")
    return path


@pytest.fixture
def keys(library: Library, transfers: Transfers, told: Told, tmp_path: Path) -> tuple[int, ...]:
    """The papers of a library of twelve."""
    transfers.import_papers(write_papers(tmp_path / "twelve.jsonl", 12))
    assert isinstance(told.next(), ImportEnded)
    return tuple(library.search("").keys)


def test_papers_are_piped_to_a_command(
    transfers: Transfers, told: Told, keys: tuple[int, ...]
) -> None:
    transfers.pipe(("wc", "-l"), "jsonl", keys)
    fact = told.next()
    assert isinstance(fact, OutputCame)
    assert (fact.command, fact.text.strip()) == ("wc -l", "12")
    assert (fact.news, fact.is_trouble) == ("Piped 12 papers to 'wc -l'", False)
    assert not transfers.is_running


@pytest.mark.parametrize(
    ("format_name", "word"), [("bibtex", "@"), ("markdown", "- "), ("jsonl", "{")]
)
def test_papers_are_piped_in_each_format(
    transfers: Transfers, told: Told, keys: tuple[int, ...], format_name: str, word: str
) -> None:
    transfers.pipe(("head", "-n", "1"), format_name, keys[:1])
    fact = told.next()
    assert isinstance(fact, OutputCame)
    assert fact.text.startswith(word)


@pytest.mark.parametrize(
    ("words", "news"),
    [
        (("sh", "-c", "exit 3"), "'sh -c 'exit 3'' ended with status 3"),
        (("sh", "-c", "kill -9 $$"), "'sh -c 'kill -9 $$'' was killed by SIGKILL"),
        (("no-such-command-here",), "There is no command 'no-such-command-here'"),
        (("/",), "'/' can't be run: Permission denied"),
    ],
)
def test_a_command_that_fails_is_told(
    transfers: Transfers, told: Told, keys: tuple[int, ...], words: tuple[str, ...], news: str
) -> None:
    transfers.pipe(words, "jsonl", keys)
    fact = told.next()
    assert isinstance(fact, OutputCame)
    assert (fact.text, fact.news, fact.is_trouble) == ("", news, True)


def test_output_that_is_left_out_is_counted(
    transfers: Transfers, told: Told, keys: tuple[int, ...]
) -> None:
    transfers.pipe((sys.executable, "-c", "print('x' * 1_234_567)"), "jsonl", keys)
    fact = told.next()
    assert isinstance(fact, OutputCame)
    assert fact.text.endswith("x\n… and 234,568 more bytes, which were left out")


def test_a_command_that_hangs_is_stopped_once(
    transfers: Transfers, told: Told, keys: tuple[int, ...]
) -> None:
    assert not transfers.stop_command()
    transfers.pipe(("sleep", "60"), "jsonl", keys)
    assert transfers.is_running
    assert transfers.stop_command()
    assert not transfers.stop_command()
    assert told.next() == OutputCame("sleep 60", "", "Stopped 'sleep 60'")
    assert not transfers.is_running
    transfers.pipe(("true",), "jsonl", keys)
    assert told.next() == OutputCame("true", "", "Piped 12 papers to 'true'")


def test_leaving_ends_a_command_and_tells_nothing(
    library: Library, keys: tuple[int, ...], tmp_path: Path
) -> None:
    told = Told()
    transfers = Transfers(library, told.append)
    ready = tmp_path / "ready"
    script = f"echo $$ > {shlex.quote(str(ready))}.new; mv {ready}.new {ready}; sleep 60; true"
    transfers.pipe(("sh", "-c", script), "jsonl", keys)
    told.until(ready.exists)
    started = time.monotonic()
    transfers.close()
    assert time.monotonic() - started < 1.5
    assert told == []
    with pytest.raises(ProcessLookupError):
        os.kill(int(ready.read_text()), 0)


def test_papers_are_written_to_a_file(
    transfers: Transfers, told: Told, keys: tuple[int, ...], tmp_path: Path
) -> None:
    path = tmp_path / "x.bib"
    transfers.export(path, "~/x.bib", "bibtex", keys)
    assert told.next() == Reported("12 papers written to ~/x.bib")
    assert path.read_text().count("@") == 12
    transfers.export(tmp_path / "none" / "x.md", "none/x.md", "markdown", keys[:1])
    fact = told.next()
    assert isinstance(fact, Reported)
    assert fact.is_trouble
    assert fact.news.endswith("can't be written: No such file or directory")


def test_papers_of_a_folder_are_brought_in(
    library: Library, transfers: Transfers, told: Told, tmp_path: Path
) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    write_papers(folder / "a.jsonl", 3)
    write_papers(folder / "b.jsonl", 3, first=3)
    (folder / "c.bin").write_bytes(b"\0\1\2")
    transfers.import_papers(folder)
    fact = told.next()
    assert isinstance(fact, ImportEnded)
    assert fact.name == "papers"
    assert fact.report
    assert fact.report.added == 6
    assert [one.source for one in fact.report.refused] == [str(folder / "c.bin")]
    assert library.history.entries()[0].label == "import papers: 6 added, 0 updated"
    told.until(lambda: not transfers.is_importing)


def test_imports_wait_for_their_turn(
    library: Library, transfers: Transfers, told: Told, tmp_path: Path
) -> None:
    for number in range(3):
        transfers.import_papers(write_papers(tmp_path / f"{number}.jsonl", 300, first=number * 300))
    assert transfers.is_importing
    ended = [told.next() for _ in range(3)]
    assert [fact.name for fact in ended if isinstance(fact, ImportEnded)] == [
        "0.jsonl",
        "1.jsonl",
        "2.jsonl",
    ]
    assert len(library) == 900


def test_a_long_import_tells_how_far_it_is(
    transfers: Transfers, told: Told, tmp_path: Path
) -> None:
    transfers.import_papers(write_papers(tmp_path / "many.jsonl", 4_000))
    end = told.next()
    assert isinstance(end, ImportEnded)
    assert end.report
    moved = [fact for fact in told if isinstance(fact, ImportMoved)]
    assert moved
    assert len(moved) <= end.report.seconds / 0.2
    assert {fact.name for fact in moved} == {"many.jsonl"}


def test_an_import_that_was_stopped_is_completed_by_the_same_again(
    library: Library, transfers: Transfers, told: Told, tmp_path: Path
) -> None:
    assert not transfers.stop_import()
    path = write_papers(tmp_path / "many.jsonl", 4_000)
    transfers.import_papers(path)
    told.until(lambda: len(library))
    assert transfers.stop_import()
    assert told.next() == ImportEnded("many.jsonl", None)
    told.until(lambda: not transfers.is_importing)
    assert 0 < len(library) < 4_000
    assert not library.history.entries()[0].is_finished
    transfers.import_papers(path)
    end = told.next()
    assert isinstance(end, ImportEnded)
    assert len(library) == 4_000


def test_leaving_abandons_an_import_and_those_that_wait(library: Library, tmp_path: Path) -> None:
    told = Told()
    transfers = Transfers(library, told.append)
    transfers.import_papers(write_papers(tmp_path / "many.jsonl", 4_000))
    transfers.import_papers(write_papers(tmp_path / "more.jsonl", 10, first=50_000))
    told.until(lambda: len(library))
    started = time.monotonic()
    transfers.close()
    assert time.monotonic() - started < 0.5
    assert 0 < len(library) < 4_000
    assert not any(isinstance(fact, ImportEnded) for fact in told)
    assert not library.history.is_import_at_work()


def test_a_file_that_never_answers_keeps_nobody(library: Library, tmp_path: Path) -> None:
    """As a named pipe that nobody writes into."""
    os.mkfifo(tmp_path / "endless")
    told = Told()
    transfers = Transfers(library, told.append)
    transfers.import_papers(tmp_path / "endless")
    time.sleep(0.1)
    assert transfers.stop_import()
    assert not transfers.stop_import()
    started = time.monotonic()
    transfers.close()
    assert time.monotonic() - started < 3
    # It is let go at last, and there is nothing left of it then.
    (tmp_path / "endless").write_text("")
    assert told == []


def test_what_is_no_library_any_more_is_told(
    library: Library, transfers: Transfers, told: Told, keys: tuple[int, ...], tmp_path: Path
) -> None:
    library.close()
    (tmp_path / "library" / "library.db").write_bytes(b"something else" * 1_000)
    transfers.pipe(("cat",), "jsonl", keys)
    fact = told.next()
    assert isinstance(fact, OutputCame)
    assert fact.is_trouble
    transfers.import_papers(tmp_path / "twelve.jsonl")
    end = told.next()
    assert isinstance(end, ImportEnded)
    assert end.trouble

from __future__ import annotations

import time
from threading import Event
from typing import TYPE_CHECKING

import pytest

from store.errors import IncompleteQueryError, QuerySyntaxError
from store.importers import sources
from store.library import Library
from store.tagnames import TagEdit
from tui.acts import ARCHIVE, STAR, Act, tagging
from tui.background.decisions import GONE
from tui.background.work import Work
from tui.clipboard import Clipboard
from tui.facts import (
    HistoryLoaded,
    PapersChanged,
    Reported,
    ResultFound,
    ReversalAsked,
    SearchFailed,
    WorkFailed,
)
from tui.format import NAMED_LENGTH
from tui.sample import sample_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from tui.facts import Fact


class Gate:
    """A clock that can be stopped, and with it every search, which begins by asking for today."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.is_open = Event()
        self.is_reached = Event()
        self.is_open.set()

    def __call__(self) -> datetime:
        self.is_reached.set()
        assert self.is_open.wait(10)
        return self._clock()

    def shut(self) -> None:
        """Stop whoever comes next."""
        self.is_reached.clear()
        self.is_open.clear()


def forty(folder: Path) -> Path:
    """Write the first forty papers of the sample into a file."""
    file = folder / "forty.jsonl"
    lines = sample_path().read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:40]), encoding="utf-8")
    return file


@pytest.fixture
def gate(clock: Callable[[], datetime]) -> Gate:
    return Gate(clock)


@pytest.fixture
def library(folder: Path, tmp_path: Path, gate: Gate) -> Iterator[Library]:
    index = tmp_path / "index"
    with Library(folder, index_folder=index, program="other", clock=gate) as other:
        other.import_sources(sources([forty(tmp_path)]))
    with Library(folder, index_folder=index, program="test", clock=gate) as opened:
        yield opened


@pytest.fixture
def posted() -> list[Fact]:
    return []


def fail(url: str) -> bool:
    raise OSError(url)


@pytest.fixture
def work(library: Library, posted: list[Fact], tmp_path: Path) -> Iterator[Work]:
    clipboard = Clipboard({"SSH_TTY": "x"}, None, lambda _: None, tmp_path / "copied")
    made = Work(library, clipboard, fail, posted.append)
    yield made
    made.close()


def wait(posted: list[Fact], count: int) -> None:
    """Wait for so many messages."""
    deadline = time.monotonic() + 10
    while len(posted) < count and time.monotonic() < deadline:
        time.sleep(0.002)
    assert len(posted) == count


def found(message: Fact) -> tuple[str, int, int | None]:
    assert isinstance(message, ResultFound)
    return message.text, len(message.result.keys), message.select


def news(message: Fact) -> str:
    assert isinstance(message, PapersChanged | Reported)
    return message.news


def test_a_search_reports_its_result_and_the_paper_to_stay_on(
    work: Work, posted: list[Fact]
) -> None:
    work.searches.search("on:2024-06-03", select=3)
    wait(posted, 1)
    assert found(posted[0]) == ("on:2024-06-03", 5, 3)


def test_a_newer_search_takes_the_place_of_those_that_wait_and_of_the_one_under_way(
    work: Work, posted: list[Fact], gate: Gate
) -> None:
    gate.shut()
    work.searches.search("on:2024-06-03")
    assert gate.is_reached.wait(10)
    for text in ("is:star", "is:read", "nonsense:", "on:2024-08-02"):
        work.searches.search(text)
    gate.is_open.set()
    wait(posted, 1)
    work.searches.search("*")
    wait(posted, 2)
    assert [found(message)[:2] for message in posted] == [("on:2024-08-02", 5), ("*", 40)]


def test_a_search_that_fails_late_is_not_reported(
    work: Work, posted: list[Fact], gate: Gate
) -> None:
    gate.shut()
    work.searches.search("titel:x ")
    assert gate.is_reached.wait(10)
    work.searches.search("*")
    gate.is_open.set()
    wait(posted, 1)
    assert found(posted[0])[0] == "*"


@pytest.mark.parametrize(
    ("text", "kind"), [("titel:x ", QuerySyntaxError), ("is:unre", IncompleteQueryError)]
)
def test_a_query_that_can_t_be_read_is_reported(
    work: Work, posted: list[Fact], text: str, kind: type[QuerySyntaxError]
) -> None:
    work.searches.search(text)
    wait(posted, 1)
    (message,) = posted
    assert isinstance(message, SearchFailed)
    assert (message.text, type(message.error)) == (text, kind)


def test_decisions_name_the_paper_and_are_undone_in_turn(
    work: Work, library: Library, posted: list[Fact]
) -> None:
    work.decisions.undo()
    short = next(key for key in range(1, 41) if len(library.paper(key).title) <= NAMED_LENGTH)
    work.decisions.act((short,), STAR)
    work.decisions.act((short, 18), STAR)
    work.decisions.act((36,), STAR)
    work.decisions.act((16,), tagging(TagEdit(added=("rl",))))
    work.decisions.undo()
    work.decisions.redo()
    work.decisions.redo()
    wait(posted, 8)
    tagged = f"tag +rl '{library.paper(16).title}'"
    assert [news(message) for message in posted] == [
        "Nothing to undo here",
        f"Starred '{library.paper(short).title}' · u undoes",
        f"Starred '{cut(library.paper(18).title)}' · u undoes",
        f"Starred '{cut(library.paper(36).title)}' · u undoes",
        f"Tagged +rl: '{cut(library.paper(16).title)}' · u undoes",
        f"Undone: {cut(tagged)}",
        f"Done again: {cut(tagged)}",
        "Nothing to redo here",
    ]


def test_an_act_by_another_program_is_undone_by_its_name_alone(
    work: Work, library: Library, posted: list[Fact]
) -> None:
    work.decisions.load_history()
    work.decisions.undo()
    work.decisions.undo(1)
    work.decisions.load_history()
    work.decisions.undo(1)
    work.decisions.redo(1)
    work.decisions.redo(1)
    work.decisions.undo(99)
    wait(posted, 8)
    loaded = [message for message in posted if isinstance(message, HistoryLoaded)]
    assert [entry.state.value for message in loaded for entry in message.entries] == [
        "standing",
        "undone",
    ]
    assert not any(message.is_import_at_work for message in loaded)
    assert [news(message) for message in posted if message not in loaded] == [
        "Nothing to undo here",
        "Undone: import: 40 added, 0 updated",
        "This is undone already",
        "Done again: import: 40 added, 0 updated",
        "This stands: there is nothing to redo",
        "This is not in the history",
    ]
    assert len(library) == 40


def test_decisions_on_a_paper_that_is_gone_say_so(
    work: Work, library: Library, posted: list[Fact]
) -> None:
    library.remove((17,))
    work.decisions.act((17,), STAR)
    work.decisions.act((17,), ARCHIVE)
    work.decisions.act((17,), tagging(TagEdit(removed=("rl",))))
    wait(posted, 3)
    assert [news(message) for message in posted] == [
        GONE,
        GONE,
        GONE,
    ]


def cut(text: str) -> str:
    assert len(text) > NAMED_LENGTH
    return f"{text[: NAMED_LENGTH - 1]}…"


def test_what_cannot_be_done_is_reported(work: Work, posted: list[Fact]) -> None:
    work.copies.open("https://example.org")
    wait(posted, 1)
    (message,) = posted
    assert isinstance(message, WorkFailed)
    assert isinstance(message.error, OSError)


def test_closing_finishes_decisions_and_abandons_searches(
    library: Library, posted: list[Fact], gate: Gate, tmp_path: Path
) -> None:
    clipboard = Clipboard({"SSH_TTY": "x"}, None, lambda _: None, tmp_path / "copied")
    work = Work(library, clipboard, fail, posted.append)
    gate.shut()
    work.searches.search("*")
    assert gate.is_reached.wait(10)
    for key in range(1, 11):
        work.decisions.act((key,), STAR)
    gate.is_open.set()
    work.close()
    assert len(library.tags.papers_with("starred")) == 10
    assert not any(isinstance(message, ResultFound) for message in posted)


def test_a_key_that_goes_both_ways_takes_the_way_that_changes_something(
    work: Work, library: Library, posted: list[Fact]
) -> None:
    work.decisions.act((17,), STAR)
    work.decisions.act((17, 18), STAR)
    work.decisions.act((17, 18), STAR)
    wait(posted, 3)
    assert [news(fact).split(" '")[0] for fact in posted] == [
        "Starred",
        "Starred",
        "Star taken off 2 papers · u undoes",
    ]
    assert not library.tags.papers_with("starred")


def test_the_last_paper_of_a_day_says_so_and_which_day_is_next(
    work: Work, library: Library, posted: list[Fact]
) -> None:
    keys = library.search("on:2024-08-02").keys
    work.decisions.act(keys[:4], ARCHIVE)
    work.decisions.act(keys[4:], ARCHIVE)
    wait(posted, 2)
    assert "is done" not in news(posted[0])
    assert "2024-08-02 is done · next 2024-06-03, 5 papers left" in news(posted[1])


def test_much_is_undone_only_after_asking_and_by_its_name_at_once(
    work: Work, library: Library, posted: list[Fact]
) -> None:
    many = Act(TagEdit(added=("x",)), "tag +x", "Tagged")
    library.import_sources(sources([sample_path()]))
    keys = library.search("*").keys
    work.decisions.act(keys, many)
    work.decisions.undo()
    wait(posted, 2)
    asked = posted[1]
    assert isinstance(asked, ReversalAsked)
    assert (asked.verb, asked.entry.papers) == ("undo", len(keys))
    assert len(library.tags.papers_with("x")) == len(keys)
    work.decisions.undo(asked.entry.key)
    wait(posted, 3)
    assert not library.tags.papers_with("x")
    work.decisions.redo()
    wait(posted, 4)
    assert isinstance(posted[3], ReversalAsked)


def test_a_visit_is_noted_after_what_was_decided_before(
    work: Work, library: Library, posted: list[Fact]
) -> None:
    work.decisions.end_visit("is:inbox", 7)
    work.decisions.act((1,), STAR)
    wait(posted, 1)
    assert library.visits.newest("is:inbox") == 7

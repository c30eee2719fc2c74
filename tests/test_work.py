from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from threading import Event
from typing import TYPE_CHECKING

import pytest

from store.errors import IncompleteQueryError, QuerySyntaxError, StoreError
from store.importers import sources
from store.library import Library
from store.tagnames import TagEdit
from tui.acts import ARCHIVE, STAR, Act, tagging
from tui.background.decisions import GONE, Decisions
from tui.background.work import Work
from tui.clipboard import Clipboard
from tui.facts import (
    CountsFound,
    HistoryLoaded,
    ImportMoved,
    PapersChanged,
    Reported,
    ResultFound,
    ReversalAsked,
    ReversalHeard,
    SearchFailed,
    SuggestionFound,
    WorkFailed,
    is_superseded,
)
from tui.format import NAMED_LENGTH
from tui.sample import sample_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
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
        other.imports.bring_in(sources([forty(tmp_path)]))
    with Library(folder, index_folder=index, program="test", clock=gate) as opened:
        yield opened


@pytest.fixture
def posted() -> list[Fact]:
    return []


def fail(urls: Sequence[str]) -> Sequence[str]:
    raise OSError(*urls)


@pytest.fixture
def work(library: Library, posted: list[Fact], tmp_path: Path) -> Iterator[Work]:
    clipboard = Clipboard({"SSH_TTY": "x"}, None, lambda _: None, tmp_path / "copied")

    def tell(fact: Fact) -> None:
        # What follows what is told of each, or of a result that is little.
        if not isinstance(fact, ReversalHeard | SuggestionFound):
            posted.append(fact)

    made = Work(library, clipboard, fail, tell)
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
        f"Undone: {cut(tagged)}'",
        f"Done again: {cut(tagged)}'",
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
    work.copies.open(("https://example.org",))
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
    assert "2024-08-02 is done · next 2024-06-03, 5 left" in news(posted[1])


def test_much_is_undone_only_after_asking_and_by_its_name_at_once(
    work: Work, library: Library, posted: list[Fact]
) -> None:
    many = Act(TagEdit(added=("x",)), "tag +x", "Tagged")
    library.imports.bring_in(sources([sample_path()]))
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


@pytest.mark.parametrize(("times", "done"), [(1, "star"), (2, "unstar")])
def test_what_took_effect_is_told_so_that_it_can_be_done_again(
    work: Work, posted: list[Fact], times: int, done: str
) -> None:
    for _ in range(times):
        work.decisions.act((17,), STAR)
    wait(posted, times)
    fact = posted[-1]
    assert isinstance(fact, PapersChanged)
    assert fact.act
    assert (fact.act.label, fact.act.otherwise) == (done, None)


def test_keys_wait_for_an_undo_until_what_came_of_it_is_heard(
    library: Library,
) -> None:
    heard: list[Fact] = []
    decisions = Decisions(library, heard.append)
    assert not decisions.is_asked_to_reverse
    decisions.undo()
    decisions.redo()
    wait(heard, 4)
    assert decisions.is_asked_to_reverse
    assert [type(fact) for fact in heard] == [Reported, ReversalHeard] * 2
    for fact in heard:
        if isinstance(fact, ReversalHeard):
            assert decisions.is_asked_to_reverse
            decisions.hear_reversal(fact)
    assert not decisions.is_asked_to_reverse
    decisions.undo(1)  # named, and so asked for before
    assert not decisions.is_asked_to_reverse
    decisions.close()


def test_no_question_comes_up_once_the_reader_has_gone_on(
    work: Work, library: Library, posted: list[Fact]
) -> None:
    library.imports.bring_in(sources([sample_path()]))
    keys = library.search("*").keys
    go_on = Event()
    work.decisions.act(keys, tagging(TagEdit(added=("x",))))
    work.decisions.change(lambda: "waited" if go_on.wait(10) else "")
    work.decisions.undo()
    work.decisions.want_no_question()
    go_on.set()
    wait(posted, 3)
    assert news(posted[2]) == "Nothing was changed: to undo it for 120 papers is asked for again"
    assert len(library.tags.papers_with("x")) == 120


def test_a_decision_that_fails_is_told_with_what_it_was(
    work: Work, library: Library, posted: list[Fact]
) -> None:
    damage(library)
    work.decisions.act((17, 18), STAR)
    wait(posted, 1)
    assert news(posted[0]).startswith("Not done: star 2 papers. The library ")


def test_decisions_that_wait_too_long_when_the_reader_leaves_are_lost_by_name(
    library: Library, posted: list[Fact]
) -> None:
    decisions = Decisions(library, posted.append)
    with closing(sqlite3.connect(library.folder / "library.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        decisions.act((17,), ARCHIVE)
        decisions.mark_read(18)
        decisions.act((17, 18), STAR)
        started = time.monotonic()
        decisions.close(0.3)
        assert time.monotonic() - started < 1
    why = f"(the library '{library.folder}' is in use by another program)"
    assert decisions.lost == (f"not done: archive 1 paper {why}", f"not done: star 2 papers {why}")
    assert posted == []


def test_what_fails_while_the_reader_leaves_is_lost_and_not_told(
    library: Library, posted: list[Fact]
) -> None:
    decisions = Decisions(library, posted.append)
    decisions.leave()
    decisions.change(refuse)
    decisions.close()
    assert decisions.lost == ("can't be: the draft is kept",)
    assert posted == []


def refuse() -> str:
    reason = "can't be: the draft is kept"
    raise StoreError(reason)


def damage(library: Library) -> None:
    """Let the record refuse every change of tags, as one that is damaged does."""
    path = library.folder / "library.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("UPDATE library SET revision = revision + 1")
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek(4_096)
        file.write(b"something else " * 40_000)


def test_a_visit_that_waits_to_be_noted_counts_already(
    library: Library, posted: list[Fact]
) -> None:
    decisions = Decisions(library, posted.append)
    go_on = Event()
    assert decisions.visited("is:inbox") is None
    decisions.change(lambda: "waited" if go_on.wait(10) else "")
    decisions.end_visit("is:inbox", 7)
    decisions.end_visit("is:inbox", 5)
    assert library.visits.newest("is:inbox") is None
    assert decisions.visited("is:inbox") == 7
    go_on.set()
    decisions.close()
    assert library.visits.newest("is:inbox") == 7


def test_nothing_that_hangs_keeps_the_reader_who_leaves(
    library: Library, posted: list[Fact], tmp_path: Path
) -> None:
    go_on = Event()

    def hang(_: Sequence[str]) -> Sequence[str]:
        go_on.wait(20)
        return ()

    clipboard = Clipboard({"SSH_TTY": "x"}, None, lambda _: None, tmp_path / "copied")
    work = Work(library, clipboard, hang, posted.append)
    work.copies.open(("https://example.org",))
    started = time.monotonic()
    work.close()
    assert time.monotonic() - started < 3
    go_on.set()


@pytest.mark.parametrize(
    ("fact", "newer", "is_one"),
    [
        (PapersChanged(), PapersChanged(), True),
        (PapersChanged(), PapersChanged("Starred"), True),
        (PapersChanged("Starred"), PapersChanged(), False),
        (CountsFound(()), CountsFound(()), True),
        (CountsFound(()), PapersChanged(), False),
        (ImportMoved("a", 1), ImportMoved("a", 2), True),
        (Reported("a"), Reported("b"), False),
        (ReversalHeard(), ReversalHeard(), False),
    ],
)
def test_only_what_has_nothing_to_say_is_superseded(
    fact: Fact, newer: Fact, *, is_one: bool
) -> None:
    assert is_superseded(fact, newer) == is_one

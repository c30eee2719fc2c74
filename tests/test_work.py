from __future__ import annotations

import time
from threading import Event
from typing import TYPE_CHECKING

import pytest

from store.errors import IncompleteQueryError, QuerySyntaxError
from store.importers import sources
from store.library import Library
from store.tagnames import TagEdit
from tui.clipboard import Clipboard
from tui.format import NAMED_LENGTH
from tui.messages import (
    HistoryLoaded,
    PapersChanged,
    Reported,
    ResultFound,
    SearchFailed,
    WorkFailed,
)
from tui.sample import sample_path
from tui.tagging import Wording
from tui.work import GONE, LibraryWork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from textual.message import Message

STAR = TagEdit(added=("starred",))


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


@pytest.fixture
def gate(clock: Callable[[], datetime]) -> Gate:
    return Gate(clock)


@pytest.fixture
def library(folder: Path, tmp_path: Path, gate: Gate) -> Iterator[Library]:
    index = tmp_path / "index"
    with Library(folder, index_folder=index, program="other", clock=gate) as other:
        other.import_sources(sources([sample_path()]))
    with Library(folder, index_folder=index, program="test", clock=gate) as opened:
        yield opened


@pytest.fixture
def posted() -> list[Message]:
    return []


def fail(url: str) -> bool:
    raise OSError(url)


@pytest.fixture
def work(library: Library, posted: list[Message], tmp_path: Path) -> Iterator[LibraryWork]:
    clipboard = Clipboard({"SSH_TTY": "x"}, None, lambda _: None, tmp_path / "copied")
    made = LibraryWork(library, clipboard, fail, posted.append)
    yield made
    made.close()


def wait(posted: list[Message], count: int) -> None:
    """Wait for so many messages."""
    deadline = time.monotonic() + 10
    while len(posted) < count and time.monotonic() < deadline:
        time.sleep(0.002)
    assert len(posted) == count


def found(message: Message) -> tuple[str, int, int | None]:
    assert isinstance(message, ResultFound)
    return message.text, len(message.result.keys), message.select


def news(message: Message) -> str:
    assert isinstance(message, PapersChanged | Reported)
    return message.news


def test_a_search_reports_its_result_and_the_paper_to_stay_on(
    work: LibraryWork, posted: list[Message]
) -> None:
    work.search("on:2024-06-03", select=3)
    wait(posted, 1)
    assert found(posted[0]) == ("on:2024-06-03", 5, 3)


def test_a_newer_search_takes_the_place_of_those_that_wait_and_of_the_one_under_way(
    work: LibraryWork, posted: list[Message], gate: Gate
) -> None:
    gate.shut()
    work.search("on:2024-06-03")
    assert gate.is_reached.wait(10)
    for text in ("is:star", "is:read", "nonsense:", "on:2024-08-02"):
        work.search(text)
    gate.is_open.set()
    wait(posted, 1)
    work.search("*")
    wait(posted, 2)
    assert [found(message)[:2] for message in posted] == [("on:2024-08-02", 5), ("*", 40)]


def test_a_search_that_fails_late_is_not_reported(
    work: LibraryWork, posted: list[Message], gate: Gate
) -> None:
    gate.shut()
    work.search("titel:x ")
    assert gate.is_reached.wait(10)
    work.search("*")
    gate.is_open.set()
    wait(posted, 1)
    assert found(posted[0])[0] == "*"


@pytest.mark.parametrize(
    ("text", "kind"), [("titel:x ", QuerySyntaxError), ("is:unre", IncompleteQueryError)]
)
def test_a_query_that_can_t_be_read_is_reported(
    work: LibraryWork, posted: list[Message], text: str, kind: type[QuerySyntaxError]
) -> None:
    work.search(text)
    wait(posted, 1)
    (message,) = posted
    assert isinstance(message, SearchFailed)
    assert (message.text, type(message.error)) == (text, kind)


def test_decisions_name_the_paper_and_are_undone_in_turn(
    work: LibraryWork, library: Library, posted: list[Message]
) -> None:
    work.undo()
    work.edit_tags((17,), STAR, label="star", done="Starred")
    work.edit_tags((17, 18), STAR, label="star", done="Starred")
    work.edit_tags((36,), STAR, label="star", done="Starred")
    work.edit_tags((16,), STAR)
    work.undo()
    work.redo()
    work.redo()
    wait(posted, 8)
    tagged = f"tag '{library.paper(16).title}'"
    assert [news(message) for message in posted] == [
        "Nothing to undo here",
        "Starred 'Impossible Videos' · u undoes",
        f"Starred '{cut(library.paper(18).title)}' · u undoes",
        f"Starred '{cut(library.paper(36).title)}' · u undoes",
        "",
        f"Undone: {cut(tagged)}",
        f"Done again: {cut(tagged)}",
        "Nothing to redo here",
    ]


def test_an_act_by_another_program_is_undone_by_its_name_alone(
    work: LibraryWork, library: Library, posted: list[Message]
) -> None:
    work.load_history()
    work.undo()
    work.undo(1)
    work.load_history()
    work.undo(1)
    work.redo(1)
    work.redo(1)
    work.undo(99)
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
    work: LibraryWork, library: Library, posted: list[Message]
) -> None:
    library.remove((17,))
    unstar = Wording("unstar", "Star taken off")
    work.toggle_tag(17, "starred", Wording("star", "Starred"), unstar)
    work.edit_tags((17,), STAR, label="star", done="Starred")
    work.edit_tags((17,), TagEdit(removed=("rl",)), label="tag", done="Tagged")
    wait(posted, 3)
    assert [news(message) for message in posted] == [
        GONE,
        GONE,
        GONE,
    ]


def cut(text: str) -> str:
    return f"{text[: NAMED_LENGTH - 1]}…"


def test_what_cannot_be_done_is_reported(work: LibraryWork, posted: list[Message]) -> None:
    work.open("https://example.org")
    wait(posted, 1)
    (message,) = posted
    assert isinstance(message, WorkFailed)
    assert isinstance(message.error, OSError)


def test_closing_finishes_decisions_and_abandons_searches(
    library: Library, posted: list[Message], gate: Gate, tmp_path: Path
) -> None:
    clipboard = Clipboard({"SSH_TTY": "x"}, None, lambda _: None, tmp_path / "copied")
    work = LibraryWork(library, clipboard, fail, posted.append)
    gate.shut()
    work.search("*")
    assert gate.is_reached.wait(10)
    for key in range(1, 11):
        work.edit_tags((key,), STAR)
    gate.is_open.set()
    work.close()
    assert len(library.keys_tagged("starred")) == 10
    assert not any(isinstance(message, ResultFound) for message in posted)

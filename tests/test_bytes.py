"""How much the installed program sends for a key: medians over papers with full abstracts."""

from __future__ import annotations

import json
import random
import statistics
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from terminal import Answer, Home, HomeMaker, Terminal

pytest_plugins = ["tests.terminal"]

PAPERS = 400
STEPS = 24
PAGES = 3
SECONDS_HELD = 1.5
A_SECOND = 30
"""So often a key that is held down is sent."""
REST = 0.3
"""After so long a key that follows is no longer held."""
TEXT = (
    "field work of eleven winters gathers one table that anyone may correct two observers reach the"
    " same figure small model reads backwards guesses which rows were written rain mistakes fall"
    " mondays reasons appendix plausible without every result shrinks third baselines given twice"
    " time better instruments warmer room unit beside each number however obvious seems"
)
WORDS = TEXT.split()


class Budget(NamedTuple):
    """The most bytes for a key in a terminal of this size."""

    size: tuple[int, int]
    start: int
    down: int
    held: int
    page: int


NARROW = Budget((80, 24), start=9_000, down=1_200, held=305, page=2_200)
WIDE = Budget((200, 50), start=22_000, down=2_600, held=450, page=8_000)


def record(number: int) -> dict[str, object]:
    """Return a paper with an abstract of more lines than a small terminal shows."""
    chance = random.Random(number)  # noqa: S311 no secret

    def sentence(words: int) -> str:
        return " ".join(chance.choices(WORDS, k=words)).capitalize()

    return {
        "id": f"arxiv:2603.{number:05}",
        "title": sentence(chance.randint(6, 12)),
        "abstract": " ".join(f"{sentence(chance.randint(9, 24))}." for _ in range(12)),
        "authors": [f"{sentence(1)} {sentence(1)}" for _ in range(chance.randint(2, 6))],
        "published": "2026-03-01",
        "votes": chance.randint(0, 99),
    }


@pytest.fixture(scope="module")
def stocked(make_home: HomeMaker, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home folder with a library of many papers."""
    home = make_home(tmp_path_factory.mktemp("home"))
    home.configure('rest_seconds = 0\ndefault_view = ""\n')
    path = home.folder / "papers.jsonl"
    path.write_text("\n".join(json.dumps(record(n)) for n in range(PAPERS)), encoding="utf-8")
    home.run("import", str(path))
    home.run("index", "--wait")
    return home


@pytest.fixture(params=[NARROW, WIDE], ids=["80x24", "200x50"])
def budget(request: pytest.FixtureRequest) -> Budget:
    """The budget of a size."""
    found: Budget = request.param
    return found


@pytest.fixture
def terminal(stocked: Home, budget: Budget) -> Iterator[Terminal]:
    """The browser at rest, in the middle of its list."""
    with stocked.browse(size=budget.size) as opened:
        opened.shows(f"1 of {PAPERS}")
        opened.settle(REST)
        assert len(opened.output) <= budget.start
        opened.press("\x1b[6~" * 2)
        opened.settle(2 * REST)
        yield opened


def pressed(terminal: Terminal, key: str, times: int) -> list[Answer]:
    """Press a key again and again, resting in between."""
    answers = []
    for _ in range(times):
        answers.append(terminal.press(key, 0.1))
        terminal.settle(REST)
    return answers


def median(answers: list[Answer]) -> float:
    """Return how many bytes half of the answers have at the most."""
    return statistics.median(len(answer.output) for answer in answers)


def test_a_paper_down_or_a_page_is_a_frame_of_few_bytes(terminal: Terminal, budget: Budget) -> None:
    steps = pressed(terminal, "j", STEPS)
    assert [answer.frames for answer in steps] == [1] * STEPS
    assert median(steps) <= budget.down
    pages = pressed(terminal, "\x1b[6~", PAGES)
    assert [answer.frames for answer in pages] == [1] * PAGES
    assert median(pages) <= budget.page
    sent = len(terminal.output)
    terminal.settle(1.5)
    assert len(terminal.output) == sent, "at rest nothing is sent"


def test_a_key_held_down_sends_the_rows_alone(terminal: Terminal, budget: Budget) -> None:
    before = len(terminal.output)
    began = time.monotonic()
    for number in range(1, int(SECONDS_HELD * A_SECOND)):
        terminal.send("j")
        while (left := began + number / A_SECOND - time.monotonic()) > 0:
            terminal.read(left)
    frames = terminal.output[before:].split(b"\x1b[?2026l")[1:-1]
    assert statistics.median(len(frame) + len(b"\x1b[?2026l") for frame in frames) <= budget.held


def test_typing_and_tagging_are_few_bytes(stocked: Home) -> None:
    with stocked.browse(size=NARROW.size) as terminal:
        terminal.shows(f"1 of {PAPERS}")
        terminal.settle(REST)
        terminal.press("/")
        terminal.settle(REST)
        letters = [terminal.press(letter, REST) for letter in "winters room"]
        assert median(letters) <= 2_500
        terminal.press("\x1b", REST)
        terminal.settle(2 * REST)
        assert len(terminal.press("t", REST).output) <= 1_000
        assert len(terminal.press("x", REST).output) <= 300
        assert len(terminal.press("y\r", REST).output) <= 1_000

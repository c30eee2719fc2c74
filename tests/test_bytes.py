"""How much the installed program sends for a key: medians over papers with full abstracts."""

from __future__ import annotations

import json
import random
import statistics
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from terminal import Answer, Home, HomeMaker, Terminal

pytest_plugins = ["tests.terminal"]

PAPERS = 400
STEPS = 50
PAGES = 5
KEYS_HELD = 24
A_SECOND = 30
"""So often a key that is held down is sent."""
REST = 0.12
"""After so long a key that follows is no longer held."""
QUIET = 0.05
FRAME_ENDS = b"\x1b[?2026l"
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


NARROW = Budget((80, 24), start=9_000, down=1_200, held=300, page=2_200)
WIDE = Budget((200, 50), start=22_000, down=2_400, held=450, page=6_800)
BUDGETS = (NARROW, WIDE)


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


def test_a_key_is_a_frame_of_few_bytes(stocked: Home) -> None:
    with ExitStack() as stack:
        terminals = [stack.enter_context(stocked.browse(size=one.size)) for one in BUDGETS]
        for terminal in terminals:
            terminal.shows(f"1 of {PAPERS}")
            terminal.settle()
        started = [len(terminal.output) for terminal in terminals]
        assert exceeded(started, "start") == {}
        pressed(terminals, "\x1b[6~", 2)
        for key, times, figure in (("j", STEPS, "down"), ("\x1b[6~", PAGES, "page")):
            answers = pressed(terminals, key, times)
            assert {one.frames for ours in answers for one in ours} == {1}
            assert exceeded(list(map(median, answers)), figure) == {}
        frames = [held(terminal, "j") for terminal in terminals]
        assert exceeded([statistics.median(map(len, ours)) for ours in frames], "held") == {}
        for terminal in terminals:
            terminal.settle(2 * REST)
        sent = [len(terminal.output) for terminal in terminals]
        for terminal in terminals:
            terminal.settle(0.5)
        assert [len(terminal.output) for terminal in terminals] == sent, "nothing at rest"


def test_typing_and_tagging_are_few_bytes(stocked: Home) -> None:
    with stocked.browse(size=NARROW.size) as terminal:
        terminal.shows(f"1 of {PAPERS}")
        terminal.settle()
        terminal.press("/")
        letters = [terminal.press(letter, 2 * REST) for letter in "winters"]
        assert median(letters) <= 2_500
        terminal.press("\x1b", 2 * REST)
        assert len(terminal.press("t", 2 * REST).output) <= 1_000
        assert len(terminal.press("x", 2 * REST).output) <= 300
        assert len(terminal.press("y\r", 2 * REST).output) <= 1_000


def exceeded(figures: Sequence[float], name: str) -> dict[tuple[int, int], float]:
    """Return the figures of terminals that are above the budget of their size."""
    pairs = zip(BUDGETS, figures, strict=True)
    return {budget.size: found for budget, found in pairs if found > getattr(budget, name)}


def pressed(terminals: Sequence[Terminal], key: str, times: int) -> list[list[Answer]]:
    """Press a key again and again in all of them, resting in between; return what each answers."""
    answers: list[list[Answer]] = [[] for _ in terminals]
    for _ in range(times):
        began = time.monotonic()
        for terminal, ours in zip(terminals, answers, strict=True):
            ours.append(terminal.press(key, QUIET))
        time.sleep(max(0, began + REST - time.monotonic()))
    return answers


def held(terminal: Terminal, key: str) -> list[bytes]:
    """Hold a key down, and return the frames until it is let go."""
    before = len(terminal.output)
    began = time.monotonic()
    for number in range(1, KEYS_HELD + 1):
        terminal.send(key)
        while (left := began + number / A_SECOND - time.monotonic()) > 0:
            terminal.read(left)
    # The first one is not known yet to be held.
    frames = terminal.output[before:].split(FRAME_ENDS)[1:-1]
    return [frame + FRAME_ENDS for frame in frames]


def median(answers: list[Answer]) -> float:
    """Return how many bytes half of the answers have at the most."""
    return statistics.median(len(answer.output) for answer in answers)

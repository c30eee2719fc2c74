from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.hints import MOST_KEYS, MOST_TOLD, Hints, fitting
from tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from stage import PutOnStage, Stage

pytest_plugins = ["tests.stage"]

KEYS = (("j", "next"), ("a", "archive"), ("d", "dismiss"), ("s", "star"), ("?", "help"))
LONG = "A message that goes on and on, and says what to do about it at its end · u undoes"


def shown(status: StatusLine) -> str:
    return status.hints.render().plain


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (80, "next archive dismiss star help"),
        (44, "next archive dismiss star help"),
        (43, "next archive dismiss help"),
        (36, "next archive dismiss help"),
        (35, "next archive help"),
        (24, "next help"),
        (13, "help"),
        (3, "help"),
        (0, "help"),
    ],
)
def test_hints_are_whole_and_the_last_one_stays(width: int, words: str) -> None:
    assert " ".join(word for _, word in fitting(KEYS, width)) == words


hint = st.tuples(st.sampled_from(["j", "ctrl+l", "↑ ↓"]), st.sampled_from(["next", "看", "search"]))


@given(st.lists(hint), st.integers(0, 100))
def test_the_hints_that_fit_are_the_first_ones_and_the_last(
    hints: list[tuple[str, str]], width: int
) -> None:
    found = fitting(hints, width)
    assert list(found[:-1]) == hints[: max(len(found) - 1, 0)]
    assert found[-1:] == tuple(hints[-1:])


@pytest.mark.parametrize("width", [24, 40, 60, 200])
async def test_the_line_is_one_line_whatever_it_shows(put_on_stage: PutOnStage, width: int) -> None:
    status = StatusLine(KEYS)
    async with put_on_stage(status, size=(width, 6)) as stage:
        room = width - 2
        acts: list[tuple[Callable[[], object], str]] = [
            (lambda: None, "j next"),
            (lambda: status.hints.say(LONG), LONG[:10]),
            (lambda: status.hints.say(f"{LONG}\n{LONG}", is_trouble=True), LONG[:10]),
            (lambda: status.hints.ask_key(LONG), LONG[:10]),
            (status.hints.end_question, LONG[:10]),
            (lambda: status.hints.note(LONG), LONG[:10]),
            (status.hints.rest, LONG[:3]),
            (lambda: status.hints.offer(KEYS * 9), "j next"),
        ]
        for act, beginning in acts:
            act()
            await stage.pilot.pause()
            line = status.hints.render()
            assert line.plain.startswith(beginning)
            assert line.cell_len <= room
            assert "\n" not in line.plain
            assert is_in_place(stage, status)


def is_in_place(stage: Stage, status: StatusLine) -> bool:
    above = stage.pilot.app.query_one("#above")
    bottom = stage.pilot.app.size.height - 1
    return status.region.y == bottom and status.region.height == 1 and above.region.y == 0


async def test_news_that_are_too_long_are_cut_and_kept_in_full(put_on_stage: PutOnStage) -> None:
    status = StatusLine(KEYS)
    async with put_on_stage(status, size=(40, 6)):
        status.hints.say(LONG)
        assert shown(status) == f"{LONG[:37]}…"
        assert status.hints.told[-1].text == LONG


async def test_a_footer_has_eight_keys_at_the_most_and_an_offer_any_number(
    put_on_stage: PutOnStage,
) -> None:
    many = tuple((str(number), "do") for number in range(12))
    status = StatusLine(many)
    async with put_on_stage(status, size=(120, 6)):
        assert shown(status) == "0 do  1 do  2 do  3 do  4 do  5 do  6 do  11 do"
        assert shown(status).count("do") == MOST_KEYS
        status.hints.offer(many[1:])
        assert shown(status).count("do") == len(many[1:])


async def test_a_note_stands_before_the_usual_keys_and_leaves_room_for_help(
    put_on_stage: PutOnStage,
) -> None:
    status = StatusLine(KEYS)
    async with put_on_stage(status, size=(34, 6)) as stage:
        status.hints.note("12 of 40 left")
        assert shown(status) == "12 of 40 left  j next  ? help"
        status.hints.note(LONG)
        assert shown(status) == f"{LONG[:23]}…  ? help"
        status.hints.offer(KEYS[:2])
        assert shown(status) == "j next  a archive"
        status.hints.end_offer()
        await stage.pilot.resize_terminal(20, 6)
        await stage.pilot.pause()
        assert shown(status) == "j next  ? help"


async def test_what_is_told_is_kept_with_its_local_time(put_on_stage: PutOnStage) -> None:
    status = StatusLine(KEYS)
    async with put_on_stage(status):
        hints = status.hints
        hints.say("Archived 'Sheep'")
        hints.remark("3 new papers")
        hints.remark("5 new papers")
        hints.say("It is\nlocked", is_trouble=True)
        assert [(told.text, told.is_trouble) for told in hints.told] == [
            ("Archived 'Sheep'", False),
            ("3 new papers", False),
            ("5 new papers", False),
            ("It is locked", True),
        ]
        now = datetime.now(UTC)
        for told in hints.told:
            assert told.at.utcoffset() == now.astimezone().utcoffset()
            assert timedelta() <= now - told.at < timedelta(minutes=1)
        for number in range(MOST_TOLD):
            hints.say(str(number))
        assert (len(hints.told), hints.told[0].text) == (MOST_TOLD, "0")


async def test_a_remark_waits_until_what_answers_an_act_has_been_read(
    put_on_stage: PutOnStage,
) -> None:
    status = StatusLine(KEYS)
    async with put_on_stage(status):
        hints = status.hints
        hints.say("Archived")
        hints.remark("3 new papers")
        assert shown(status) == "Archived"
        hints.rest()
        assert shown(status) == "3 new papers"
        hints.remark("5 new papers")
        assert shown(status) == "5 new papers"
        hints.rest()
        assert shown(status).startswith("j next")
        assert len(hints.told) == 3


async def test_a_question_stands_before_all_else_until_it_is_answered(
    put_on_stage: PutOnStage,
) -> None:
    status = StatusLine(KEYS)
    async with put_on_stage(status):
        hints = status.hints
        hints.ask_key("Archive 312 papers? y n")
        acts: list[Callable[[], None]] = [
            lambda: hints.say("Archived"),
            hints.rest,
            lambda: hints.offer(KEYS[:1]),
            hints.end_offer,
            lambda: hints.use(KEYS[1:]),
            lambda: hints.say("3 new papers"),
        ]
        for act in acts:
            act()
            assert shown(status) == "Archive 312 papers? y n"
        hints.end_question()
        assert shown(status) == "3 new papers"
        hints.rest()
        assert shown(status).startswith("a archive")
        hints.end_question()
        assert shown(status).startswith("a archive")


async def test_trouble_stays_until_it_is_over_and_other_news_are_left(
    put_on_stage: PutOnStage,
) -> None:
    status = StatusLine(KEYS)
    async with put_on_stage(status):
        hints = status.hints
        hints.say("The disk is full", is_trouble=True)
        hints.use(KEYS[1:])
        hints.end_offer()
        assert shown(status) == "The disk is full"
        hints.end_trouble()
        assert shown(status).startswith("a archive")
        hints.use(None)
        assert shown(status).startswith("j next")
        hints.say("Archived")
        hints.end_trouble()
        assert shown(status) == "Archived"


async def test_hints_may_be_none(put_on_stage: PutOnStage) -> None:
    status = StatusLine(())
    async with put_on_stage(status):
        assert shown(status) == ""
        status.hints.note("12 of 40 left")
        assert shown(status) == "12 of 40 left"
        assert isinstance(status.hints, Hints)

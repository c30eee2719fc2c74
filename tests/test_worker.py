from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tui.background.worker import Worker
from tui.facts import WorkFailed

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.library import Library
    from tui.facts import Fact

SOON = 0.02
PATIENCE = 10.0


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(SOON)


def named(name: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == name]


@pytest.fixture
def told() -> list[Fact]:
    return []


def test_all_is_done_in_its_order_in_one_thread(told: list[Fact]) -> None:
    one = Worker("ordered", told.append)
    done: list[tuple[int, int]] = []
    for number in range(100):
        one.submit(partial(lambda number: done.append((number, threading.get_ident())), number))
    assert one.finish(PATIENCE)
    assert [number for number, _ in done] == list(range(100))
    assert len({thread for _, thread in done}) == 1
    assert told == []


def test_what_fails_is_told_and_the_rest_is_done(told: list[Fact]) -> None:
    one = Worker("failing", told.append)
    done: list[str] = []
    one.submit(lambda: 1 // 0)
    one.submit(lambda: done.append("after"))
    assert one.finish(PATIENCE)
    (failed,) = told
    assert isinstance(failed, WorkFailed)
    assert isinstance(failed.error, ZeroDivisionError)
    assert done == ["after"]


def test_a_thread_without_work_ends_and_the_next_work_begins_another(
    told: list[Fact],
) -> None:
    rested: list[str] = []
    one = Worker(
        "resting", told.append, lambda: rested.append(threading.current_thread().name), SOON
    )
    assert not named("resting")
    done: list[int] = []
    for number in range(3):
        one.submit(partial(done.append, number))
        until(lambda: not named("resting"))
        assert done == list(range(number + 1))
        assert rested == ["resting"] * (number + 1)
    assert one.finish(PATIENCE)


def test_nothing_is_lost_where_work_comes_as_the_thread_ends(
    told: list[Fact],
) -> None:
    one = Worker("racing", told.append, seconds=0.0005)
    done: list[int] = []
    for number in range(400):
        one.submit(partial(done.append, number))
        time.sleep(0.0005 * (number % 3))
    assert one.finish(PATIENCE)
    assert done == list(range(400))


def test_a_thread_that_rests_has_no_connection_to_the_library_left(
    library: Library, told: list[Fact]
) -> None:
    assert len(library) >= 0
    before = len(library._database._connections)  # noqa: SLF001 what nobody else can see
    one = Worker("reading", told.append, library.rest, SOON)
    sizes: list[int] = []
    for _ in range(3):
        one.submit(lambda: sizes.append(len(library)))
        until(lambda: not named("reading"))
        assert len(library._database._connections) == before  # noqa: SLF001 as above
    assert one.finish(PATIENCE)
    assert sizes == [len(library)] * 3
    assert told == []


def test_what_comes_while_the_thread_rests_is_done_by_it(told: list[Fact]) -> None:
    done: list[str] = []

    def rest() -> None:
        if len(done) < 3:
            one.submit(partial(done.append, "late"))

    one = Worker("late", told.append, rest, SOON)
    one.submit(partial(done.append, "first"))
    until(lambda: len(done) >= 3 and not named("late"))
    assert done == ["first", "late", "late"]


def test_a_rest_that_fails_is_told_and_costs_no_work(told: list[Fact]) -> None:
    done: list[str] = []
    one = Worker("restless", told.append, lambda: 1 // 0, SOON)
    for _ in range(2):
        one.submit(partial(done.append, "done"))
        until(lambda: not named("restless"))
    assert one.finish(PATIENCE)
    assert done == ["done", "done"]
    assert [type(one) for one in told] == [WorkFailed, WorkFailed]

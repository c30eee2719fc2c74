from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from store.days import DayCount, DayProgress, Days
from store.searching.masks import Masks

if TYPE_CHECKING:
    from conftest import Desk, RecordBuilder

DAYS = ("2026-03-12", "2026-03-12", "2026-03-12", "2026-03-10", "2026-03", None, None)


@pytest.fixture(params=["asked of the record", "kept in memory"])
def days(desk: Desk, request: pytest.FixtureRequest) -> Days:
    masks = Masks(desk.database)
    if request.param == "kept in memory":
        masks.load()
    return Days(desk.database, masks)


@pytest.fixture
def keys(desk: Desk, record: RecordBuilder) -> tuple[int, ...]:
    """Papers of the `DAYS`, in the inbox and unread."""
    return desk.bring_in(
        *(record(f"Paper {n}", f"2401.0000{n}", day=day) for n, day in enumerate(DAYS))
    ).papers


def test_a_library_without_papers_has_no_days(days: Days) -> None:
    assert (list(days.of(())), days.starts(()), days.recent(7)) == ([], (), ())
    assert days.progress("2026-03-12") == DayProgress("2026-03-12", 0, 0)
    assert (days.next_waiting("2026-03-12"), days.next_waiting(None)) == (None, None)


def test_the_day_of_a_paper_is_the_listed_else_the_published_one(
    desk: Desk, days: Days, record: RecordBuilder
) -> None:
    keys = desk.bring_in(
        record("One", day="2026-03-02", published="2026-02-01"),
        record("Two", published="2026-01"),
        record("Three"),
    ).papers
    assert list(days.of(keys)) == ["2026-03-02", "2026-01", None]
    assert list(days.of(keys[::-1])) == [None, "2026-01", "2026-03-02"]


@pytest.mark.parametrize(
    ("order", "starts"),
    [
        ((0, 1, 2, 3, 4, 5, 6), (0, 3, 4, 5)),
        ((6, 3, 5, 0), (0, 1, 2, 3)),
        ((1,), (0,)),
        ((5, 6), (0,)),
        ((0, 3, 1, 2), (0, 1, 2)),
    ],
)
def test_a_day_starts_where_it_is_not_that_of_the_paper_before(
    days: Days, keys: tuple[int, ...], order: tuple[int, ...], starts: tuple[int, ...]
) -> None:
    assert days.starts([keys[place] for place in order]) == starts


def test_days_start_in_a_part_of_many_papers_as_they_do_in_all(
    desk: Desk, days: Days, record: RecordBuilder
) -> None:
    known = [None, *(f"2026-03-{day:02}" for day in range(1, 29))]
    records = [record(f"Paper {n}", day=known[n * n // 7 % len(known)]) for n in range(700)]
    keys = list(desk.bring_in(*records).papers)
    gone = keys[:200:3]
    for key in gone:
        desk.connection.execute("UPDATE papers SET removed = 1 WHERE key = ?", (key,))
    for part in (keys, keys[:50], keys[::-1][:600], gone, [*keys, 9_999]):
        of_each = list(days.of(part))
        expected = [place for place, (a, b) in enumerate(pairwise(of_each), 1) if a != b]
        assert days.starts(part) == (0, *expected)


@pytest.mark.parametrize(
    ("order", "place"),
    [((0, 1, 2, 3, 4), 3), ((3, 0), 1), ((5, 6), None), ((5, 6, 0), 2), ((1,), None), ((), None)],
)
def test_another_day_is_looked_for_from_the_first_paper_on(
    days: Days, keys: tuple[int, ...], order: tuple[int, ...], place: int | None
) -> None:
    assert days.other([keys[index] for index in order]) == place


def test_another_day_is_found_far_away(days: Days, keys: tuple[int, ...]) -> None:
    one_day = keys[:3] * 1_000
    assert days.other((*one_day, keys[3], keys[0])) == 3_000
    assert days.other(one_day) is None


def test_the_progress_of_a_day_is_what_has_left_the_inbox(
    desk: Desk, days: Days, keys: tuple[int, ...]
) -> None:
    desk.tag("-inbox", keys[1], keys[5])
    assert days.progress("2026-03-12") == DayProgress("2026-03-12", 2, 3)
    assert days.progress("2026-03") == DayProgress("2026-03", 1, 1)
    assert days.progress(None) == DayProgress(None, 1, 2)
    desk.connection.execute("UPDATE papers SET removed = 1 WHERE key = ?", (keys[1],))
    assert days.progress("2026-03-12").total == 2


def test_the_newest_days_are_counted_with_what_is_unread_and_what_waits(
    desk: Desk, days: Days, keys: tuple[int, ...]
) -> None:
    desk.tag("-inbox -unread", keys[0])
    desk.tag("-unread", keys[1], keys[3])
    newest = (
        DayCount("2026-03-12", 1, 2),
        DayCount("2026-03-10", 0, 1),
        DayCount("2026-03", 1, 1),
    )
    assert days.recent(7) == newest
    assert (days.recent(2), days.recent(0), days.recent(-1)) == (newest[:2], (), ())


def test_the_next_day_that_waits_is_the_nearest_older_else_the_nearest_newer_one(
    desk: Desk, days: Days, keys: tuple[int, ...]
) -> None:
    def after(day: str | None) -> DayProgress | None:
        return days.next_waiting(day)

    assert after("2026-03-12") == DayProgress("2026-03-10", 1, 1)
    assert after("2026-03-11") == DayProgress("2026-03-10", 1, 1)
    desk.tag("-inbox", keys[3])
    assert after("2026-03-12") == DayProgress("2026-03", 1, 1)
    assert after("2026-03") == DayProgress(None, 2, 2)
    assert after(None) == DayProgress("2026-03", 1, 1)
    desk.tag("-inbox", keys[4], keys[5], keys[6])
    assert after(None) == after("2026-03") == DayProgress("2026-03-12", 3, 3)
    assert after("2026-03-12") is None

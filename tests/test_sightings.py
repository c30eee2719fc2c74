from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import reading
from store.models import Sighting
from store.sightings import Standing, distinct, is_news, standing, trend, united

if TYPE_CHECKING:
    from conftest import Desk, RecordBuilder

SHEEP = "2401.00001"
DAY = "2026-03-10"
MORNING = "2026-03-10T07:00:00Z"
EVENING = "2026-03-10T19:00:00Z"
LATER = "2026-03-14T07:00:00Z"


def seen(day: str, votes: int | None = None, at: str = "") -> Sighting:
    return Sighting("feed", day, votes=votes, seen=at)


def votes_of(desk: Desk) -> list[tuple[str, int | None]]:
    """Return when the votes of the one paper were counted, and how many there were."""
    (paper,) = desk.papers()
    return [(one.seen, one.votes) for one in paper.sightings]


def trend_of(desk: Desk) -> float | None:
    (found,) = desk.column("SELECT trend FROM papers")
    return None if found is None else float(found)


def test_a_day_that_is_read_again_with_more_votes_is_another_sighting(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(record("Sheep", SHEEP, day=DAY, votes=4), now=MORNING)
    report = desk.bring_in(record("Sheep", SHEEP, day=DAY, votes=12), now=LATER)
    assert (report.added, report.updated) == (0, 1)
    assert votes_of(desk) == [(MORNING, 4), (LATER, 12)]
    (paper,) = desk.papers()
    assert (paper.listed, paper.votes) == (DAY, 12)
    assert trend_of(desk) == (12 - 4) / 4


@pytest.mark.parametrize("votes", [12, 11, 0, None])
def test_a_day_that_is_read_again_with_no_more_votes_adds_nothing(
    desk: Desk, record: RecordBuilder, votes: int | None
) -> None:
    desk.bring_in(record("Sheep", SHEEP, day=DAY, votes=12), now=MORNING)
    before, entries = desk.papers(), desk.entries()
    assert desk.bring_in(record("Sheep", SHEEP, day=DAY, votes=votes), now=LATER).unchanged == 1
    assert (desk.papers(), desk.entries()) == (before, entries)


def test_files_of_one_import_that_tell_of_one_day_are_one_sighting(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(
        record("Sheep", SHEEP, day=DAY, votes=4),
        record("Sheep", SHEEP, day=DAY, votes=12),
        record("Sheep", SHEEP, day=DAY, votes=7),
        now=MORNING,
    )
    assert votes_of(desk) == [(MORNING, 12)]


def test_undo_takes_the_second_reading_away_and_redo_brings_it_back(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(record("Sheep", SHEEP, day=DAY, votes=4), now=MORNING)
    first = (desk.papers(), trend_of(desk))
    desk.bring_in(record("Sheep", SHEEP, day=DAY, votes=12), now=LATER)
    second = (desk.papers(), trend_of(desk))
    assert desk.undo()
    assert (desk.papers(), trend_of(desk)) == first
    assert desk.redo()
    assert (desk.papers(), trend_of(desk)) == second


def test_a_reading_in_between_that_is_undone_leaves_the_later_one(
    desk: Desk, record: RecordBuilder
) -> None:
    for votes, at in ((4, MORNING), (8, EVENING), (12, LATER)):
        desk.bring_in(record("Sheep", SHEEP, day=DAY, votes=votes), now=at)
    _, second, _ = desk.column("SELECT key FROM journal ORDER BY key")
    assert desk.undo(second)
    assert votes_of(desk) == [(MORNING, 4), (LATER, 12)]


def test_the_votes_that_another_library_counted_keep_their_times(
    desk: Desk, record: RecordBuilder
) -> None:
    history = (seen(DAY, 4, MORNING), seen(DAY, 12, LATER))
    known = record("Sheep", SHEEP, sightings=history)
    desk.bring_in(known, now="2026-04-01T00:00:00Z")
    assert votes_of(desk) == [(MORNING, 4), (LATER, 12)]
    assert desk.bring_in(known, now="2026-05-01T00:00:00Z").unchanged == 1


@pytest.mark.parametrize(
    ("sightings", "expected"),
    [
        ([], None),
        ([seen(DAY)], None),
        # One count: from the listed day on.
        ([seen(DAY, 12)], 12.0),
        ([seen(DAY, 0)], 0.0),
        ([seen(DAY, 12, EVENING)], 12.0),
        ([seen(DAY, 12, LATER)], 3.0),
        ([seen("2026-03-06"), seen(DAY, 12)], 3.0),
        # A clock that is behind counts no votes before the day itself.
        ([seen(DAY, 12, "2026-03-01T00:00:00Z")], 12.0),
        # Two days: the gain between them, however they are written.
        ([seen("2026-03-01", 10), seen("2026-03-05", 30)], 5.0),
        ([seen("2026-03-05", 30), seen("2026-03-01", 10)], 5.0),
        ([seen(DAY, 4, MORNING), seen(DAY, 12, LATER)], 2.0),
        ([seen(DAY, 4), seen(DAY, 12, LATER)], 2.0),
        # Two counts of one day are one.
        ([seen(DAY, 4, MORNING), seen(DAY, 12, EVENING)], 12.0),
        # The two latest days of more, and a day without a count does not matter.
        ([seen("2026-01-01", 0), seen("2026-03-01", 10), seen("2026-03-05", 30)], 5.0),
        ([seen("2026-03-01", 10), seen("2026-03-05", 30), seen("2026-03-09")], 5.0),
        # Votes that fell are no gain.
        ([seen("2026-03-01", 30), seen("2026-03-05", 10)], 0.0),
        # A month or a year is its first day.
        ([seen("2026-03", 4)], 4.0),
        ([seen("2026-03", 4, "2026-03-05T00:00:00Z")], 1.0),
        ([seen("2025", 0), seen("2026", 365)], 1.0),
    ],
)
def test_the_trend_is_the_votes_gained_per_day(
    sightings: list[Sighting], expected: float | None
) -> None:
    assert trend(sightings) == expected


def test_the_trend_is_kept_with_the_paper(desk: Desk, record: RecordBuilder) -> None:
    desk.bring_in(record("Sheep", SHEEP))
    assert trend_of(desk) is None
    desk.bring_in(record("Sheep", SHEEP, day=DAY, votes=12), now=LATER)
    assert trend_of(desk) == 3.0
    desk.bring_in(record("Sheep", SHEEP, day="2026-03-15", votes=20), now="2026-03-18T00:00:00Z")
    assert trend_of(desk) == 2.0
    desk.undo()
    desk.undo()
    assert trend_of(desk) is None


def test_no_sighting_is_no_standing() -> None:
    assert standing([]) == Standing(None, None, None, None)


def test_the_counts_are_the_highest_of_the_latest_day_that_has_any() -> None:
    sightings = [
        Sighting("feed", "2026-03-01", votes=90, comments=9),
        Sighting("feed", "2026-03-05", votes=4, seen=MORNING),
        Sighting("page", "2026-03-05", votes=7, seen=MORNING),
        Sighting("feed", "2026-03-09"),
    ]
    found = standing(sightings)
    assert (found.listed, found.votes, found.comments) == ("2026-03-01", 7, 9)
    assert standing(sightings[::-1]) == found


def guess(day: str, source: str = "page") -> Sighting:
    return Sighting(source, day, day_is_guess=True)


@pytest.mark.parametrize(
    ("sightings", "expected"),
    [
        ((), (None, False)),
        ((guess("2026-03-01"),), ("2026-03-01", True)),
        ((seen("2026-03-01"),), ("2026-03-01", False)),
        # Another source is sure of that day.
        ((guess("2026-03-01"), seen("2026-03-01")), ("2026-03-01", False)),
        # Only the first day matters.
        ((guess("2026-03-01"), seen("2026-03-02")), ("2026-03-01", True)),
        ((seen("2026-03-01"), guess("2026-03-02")), ("2026-03-01", False)),
        ((guess("2026-03-01"), guess("2026-03-01", "other")), ("2026-03-01", True)),
    ],
)
def test_the_listed_day_is_a_guess_if_all_that_saw_it_guessed(
    desk: Desk,
    record: RecordBuilder,
    sightings: tuple[Sighting, ...],
    expected: tuple[str | None, bool],
) -> None:
    desk.bring_in(record("Sheep", SHEEP, sightings=sightings))
    (paper,) = desk.papers()
    assert (paper.listed, paper.listed_is_guess) == expected
    (row,) = reading.rows(desk.connection, [paper.key])
    assert (row.day, row.day_is_guess) == expected


def test_a_day_that_was_guessed_becomes_certain(desk: Desk, record: RecordBuilder) -> None:
    desk.bring_in(record("Sheep", SHEEP, sightings=(guess(DAY, "feed"),)), now=MORNING)
    assert desk.bring_in(record("Sheep", SHEEP, day=DAY), now=LATER).updated == 1
    assert not desk.papers()[0].listed_is_guess
    desk.undo()
    assert desk.papers()[0].listed_is_guess
    assert desk.bring_in(record("Sheep", SHEEP, day=DAY), now=LATER).updated == 1
    again = record("Sheep", SHEEP, sightings=(guess(DAY, "feed"),))
    assert desk.bring_in(again, now="2026-03-20T00:00:00Z").unchanged == 1


def test_sightings_without_a_time_get_that_of_their_reading() -> None:
    other = Sighting("page", DAY)
    sightings = [seen(DAY, 4), seen(DAY, 9), seen(DAY, 2, EVENING), other]
    expected = [seen(DAY, 9, MORNING), seen(DAY, 2, EVENING), replace(other, seen=MORNING)]
    assert distinct(sightings, MORNING) == expected


NUMBERS = st.none() | st.integers(0, 5)
OF_ONE_DAY = st.builds(
    Sighting, st.just("feed"), st.just(DAY), NUMBERS, NUMBERS, NUMBERS, st.booleans(), st.just("")
)


@given(st.lists(OF_ONE_DAY, min_size=1, max_size=4))
def test_any_order_unites_sightings_to_the_same_one(known: list[Sighting]) -> None:
    together = known[0]
    for one in known:
        together = united(together, one)
    assert not any(is_news(known, one) for one in [*known, together])
    backwards = known[-1]
    for one in reversed(known):
        backwards = united(backwards, one)
    assert backwards == together

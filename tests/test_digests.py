from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from store.digests import Rise, Since
from store.errors import QuerySyntaxError
from store.models import Sighting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conftest import Desk, RecordBuilder

    from store.digests import Digest
    from store.library import Library
    from store.query.nodes import Query

ZONE = timezone(timedelta(hours=2))


def make(library: Library, since: Since | None = None, *, limit: int | None = None) -> Digest:
    return library.digests.make(lambda query: library.search(query).keys, since=since, limit=limit)


def titles(digest: Digest) -> list[str]:
    return [one.paper.title for one in digest.papers]


def test_the_first_digest_goes_back_a_week_and_the_next_to_the_last(
    library: Library, desk: Desk, record: RecordBuilder
) -> None:
    desk.run(now="2026-03-01T00:00:00Z").write(
        [record("Old", "2401.00001", votes=9, day="2026-03-01")]
    )
    desk.bring_in(
        record("Few", "2401.00002", day="2026-03-12", votes=3),
        record("Many", "2401.00003", day="2026-03-12", votes=30),
        record("None", "2401.00004"),
    )
    first = make(library)

    assert str(first.since) == "2026-03-05"
    assert titles(first) == ["Many", "Few", "None"]
    assert (first.all_new, first.all_risen, first.beyond) == (3, 0, 0)
    assert library.digests.last("") is None

    library.digests.note(first)
    assert library.digests.last("") == Since(first.made_at.replace(microsecond=0), first.newest)
    assert titles(make(library)) == []
    desk.bring_in(record("Later", "2401.00005"))
    again = make(library)
    assert (titles(again), str(again.since)) == (["Later"], "2026-03-12 09:30")


def test_what_comes_in_while_papers_are_searched_for_is_in_the_next_digest(
    library: Library, desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(record("Sheep", "2401.00001"))

    def find_while_more_comes_in(query: Query) -> Sequence[int]:
        early = library.search(query).keys
        desk.bring_in(record("Goats", "2401.00002"))
        return (*library.search(query).keys, *early)

    told = library.digests.make(find_while_more_comes_in)
    assert titles(told) == ["Sheep"]
    library.digests.note(told)
    assert titles(make(library)) == ["Goats"]


def test_a_removed_paper_that_an_import_brings_back_is_new_once(
    library: Library, desk: Desk, record: RecordBuilder
) -> None:
    desk.run(now="2026-01-02T00:00:00Z").write([record("Sheep", "2401.00001")])
    library.digests.note(make(library))
    library.remove(desk.keys())
    assert titles(make(library)) == []

    again = desk.run(now="2026-03-12T08:00:00Z")
    again.write([record("Sheep", "2401.00001")])
    again.finish((), 0.0)

    assert titles(make(library)) == ["Sheep"]
    assert titles(make(library, library.digests.since("1d"))) == ["Sheep"]
    after = Since(datetime(2026, 3, 12, 10, 1, tzinfo=ZONE), newest=1)
    assert titles(make(library, after)) == []


def test_a_digest_belongs_to_its_query_and_is_no_act(
    library: Library, desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(record("Sheep", "2401.00001"))
    revision, entries = library.revision, library.history.entries()
    library.digests.note(make(library))

    assert library.digests.last("tag:rl") is None
    assert (library.revision, library.history.entries()) == (revision, entries)


def test_a_digest_that_is_noted_late_takes_nothing_back(
    library: Library, desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(record("Sheep", "2401.00001"))
    early = make(library)
    desk.bring_in(record("Goats", "2401.00002"))
    late = make(library)
    library.digests.note(late)
    library.digests.note(early)

    last = library.digests.last("")
    assert last is not None
    assert last.newest == late.newest


def test_papers_whose_votes_doubled_since_the_decision_are_told_of_once(
    library: Library, desk: Desk, record: RecordBuilder
) -> None:
    seen = "2026-03-02T08:00:00Z"
    (key,) = desk.bring_in(
        record(
            "Sheep", "2401.00001", sightings=(Sighting("feed", "2026-03-02", votes=10, seen=seen),)
        )
    ).papers
    desk.tag("-inbox -unread", key)
    library.digests.note(make(library))
    desk.run(now="2026-03-12T07:30:01Z").write(
        [record("Sheep", "2401.00001", day="2026-03-12", votes=25)]
    )
    digest = make(library)

    assert [(one.paper.title, one.rise) for one in digest.papers] == [("Sheep", Rise(10, 25))]
    assert (digest.new, digest.risen, digest.all_risen) == ((), digest.papers, 1)
    after = Since(datetime(2026, 3, 12, 9, 31, tzinfo=ZONE))
    assert titles(make(library, after)) == []


def test_the_best_are_told_of_and_the_others_counted(
    library: Library, desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(*(record(f"{n}", f"2401.{n:05}", day="2026-03-12", votes=n) for n in range(1, 6)))
    digest = make(library, limit=2)

    assert (titles(digest), digest.beyond, digest.all_new) == (["5", "4"], 3, 5)


@pytest.mark.parametrize(
    ("span", "day"),
    [
        ("7d", "2026-03-05"),
        ("2w", "2026-02-26"),
        ("yesterday", "2026-03-11"),
        (" 2026-03-01 ", "2026-03-01"),
        ("2026-W10", "2026-03-02"),
        ("2026-02", "2026-02-01"),
    ],
)
def test_a_span_begins_with_its_first_day(library: Library, span: str, day: str) -> None:
    since = library.digests.since(span)

    assert (str(since), since.newest, since.moment.hour) == (day, None, 0)


@pytest.mark.parametrize("span", ["", "..today", "soon", "<2026"])
def test_what_has_no_first_day_is_no_span(library: Library, span: str) -> None:
    with pytest.raises(QuerySyntaxError):
        library.digests.since(span)

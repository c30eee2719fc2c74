from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from store import reading
from store.changes.fields import FACT_COLUMNS
from store.models import (
    Identifier,
    Link,
    LinkKind,
    OtherAbstract,
    Paper,
    Provenance,
    Row,
    Sighting,
)
from store.reading import CHUNK

if TYPE_CHECKING:
    from conftest import Desk, RecordBuilder

PAGE = 50


@pytest.fixture
def keys(desk: Desk, record: RecordBuilder) -> tuple[int, ...]:
    """As many papers as a long page of a list shows, each with tags."""
    days = [f"2026-03-{n % 28 + 1:02}" for n in range(PAGE)]
    records = [record(f"Paper {n}", day=day, votes=n) for n, day in enumerate(days)]
    return desk.bring_in(*records, tags=("rl", "Agents")).papers


def statements_of(desk: Desk, keys: tuple[int, ...]) -> tuple[list[str], list[Row]]:
    statements: list[str] = []
    desk.connection.set_trace_callback(statements.append)
    rows = reading.rows(desk.connection, keys)
    desk.connection.set_trace_callback(None)
    return statements, rows


def test_a_page_of_rows_takes_three_statements(desk: Desk, keys: tuple[int, ...]) -> None:
    statements, rows = statements_of(desk, keys)
    assert len(rows) == PAGE
    assert len(statements) == 3


def test_rows_come_in_the_order_of_the_keys_without_the_unknown(
    desk: Desk, keys: tuple[int, ...]
) -> None:
    wanted = (keys[7], 10_000, keys[2], keys[7])
    rows = reading.rows(desk.connection, wanted)
    tags = frozenset({"inbox", "unread", "rl", "Agents"})
    seven = Row(keys[7], "Paper 7", "2026-03-08", 7, tags)
    assert rows == [seven, Row(keys[2], "Paper 2", "2026-03-03", 2, tags), seven]
    assert reading.rows(desk.connection, ()) == []


def test_more_rows_than_one_statement_takes_are_read_in_chunks(
    desk: Desk, record: RecordBuilder
) -> None:
    count = 2 * CHUNK + 1
    keys = desk.bring_in(*(record(f"Number {n}") for n in range(count))).papers[::-1]
    statements, rows = statements_of(desk, keys)
    assert len(statements) == 3 * 3
    assert tuple(row.key for row in rows) == keys
    assert [paper.key for paper in reading.papers(desk.connection, keys)] == list(keys)


def test_a_row_has_what_wide_lists_show(desk: Desk, record: RecordBuilder) -> None:
    key, bare = desk.bring_in(
        record(
            "Sheep",
            *("doi:10.1000/xyz", "2401.00001"),
            authors=("Ana García", "Li Lei"),
            note="Ask Ana.",
            sightings=(Sighting("feed", "2026-03-05", votes=4, comments=2),),
        ),
        record("Goats"),
    ).papers
    row, other = reading.rows(desk.connection, (key, bare))
    assert (row.id, row.authors, row.comments) == (
        *("arxiv:2401.00001", ("Ana García", "Li Lei")),
        2,
    )
    assert (row.has_note, row.is_rising) == (True, False)
    assert other == Row(bare, "Goats", None, None, frozenset({"inbox", "unread"}))


def test_a_paper_rises_once_its_votes_have_doubled_since_it_left_the_inbox(
    desk: Desk, record: RecordBuilder
) -> None:
    def is_rising(votes: int) -> bool:
        desk.run(now=f"2026-03-13T{votes:02}:00:00Z").write(
            [record("Sheep", "2401.00001", day="2026-03-05", votes=votes)]
        )
        (row,) = reading.rows(desk.connection, desk.keys())
        return row.is_rising

    assert not is_rising(1)
    (key,) = desk.keys()
    assert not is_rising(4), "it is in the inbox"
    desk.tag("-inbox", key)
    assert [is_rising(5), is_rising(7), is_rising(8)] == [False, False, True]
    desk.tag("+inbox", key)
    assert not is_rising(9)
    desk.tag("-inbox", key)
    assert not is_rising(10), "it has left the inbox anew, with 9 votes"
    assert is_rising(18)


def test_a_row_has_the_listed_day_else_the_published_one(desk: Desk, record: RecordBuilder) -> None:
    desk.bring_in(
        record("Both", day="2026-03-02", published="2026-01-01"),
        record("Published", published="2026-01"),
        record("Neither"),
    )
    keys = desk.keys()
    assert list(reading.days(desk.connection, keys)) == ["2026-03-02", "2026-01", None]
    assert [row.day for row in reading.rows(desk.connection, keys)] == [
        *("2026-03-02", "2026-01"),
        None,
    ]
    assert list(reading.days(desk.connection, [10_000, keys[1]])) == [None, "2026-01"]


def test_a_paper_is_read_as_a_whole(desk: Desk, record: RecordBuilder) -> None:
    code = Link(LinkKind.CODE, "https://example.org/sheep")
    seen = (
        Sighting("feed", "2026-03-05", rank=1, votes=4, comments=2),
        Sighting("page", "2026-03-01", day_is_guess=True),
    )
    new = record(
        "Counting sheep",
        *("doi:10.1000/xyz", "2401.00001"),
        abstract="They jump.",
        authors=("Ana García", "Li Lei"),
        published="2026-02-01",
        links=(code,),
        categories=("cs.CL",),
        keywords=("sheep", "jumping"),
        venue="Meadow",
        organisation="Farm",
        summary="Sheep are counted.",
        sightings=seen,
        tags=("Zebra", "rl", "Agents"),
        note="Ask Ana.\nSoon.",
        other_abstracts=(OtherAbstract("page", "2026-03-01", "They stand."),),
    )
    (key,) = desk.bring_in(new).papers
    paper = desk.paper(key)
    assert paper == Paper(
        key=key,
        title="Counting sheep",
        abstract="They jump.",
        authors=("Ana García", "Li Lei"),
        identifiers=(Identifier("arxiv", "2401.00001"), Identifier("doi", "10.1000/xyz")),
        published="2026-02-01",
        listed="2026-03-01",
        listed_is_guess=True,
        votes=4,
        comments=2,
        links=paper.links,
        categories=("cs.CL",),
        keywords=("sheep", "jumping"),
        venue="Meadow",
        organisation="Farm",
        summary="Sheep are counted.",
        sightings=tuple(replace(one, seen="2026-03-12T07:30:00Z") for one in seen[::-1]),
        other_abstracts=(OtherAbstract("page", "2026-03-01", "They stand."),),
        provenance=tuple(Provenance(name, "feed", "2026-03-05") for name in FACT_COLUMNS),
        tags=("Agents", "rl", "Zebra"),
        note="Ask Ana.\nSoon.",
        added="2026-03-12T07:30:00Z",
    )
    assert paper.id == "arxiv:2401.00001"
    assert paper.links[0] == code


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("feed", "https://huggingface.co/papers/2401.00001"),
        ("page", "https://arxiv.org/abs/2401.00001"),
    ],
)
def test_only_a_paper_that_the_feed_listed_has_a_page_there(
    desk: Desk, record: RecordBuilder, source: str, page: str
) -> None:
    (key,) = desk.bring_in(record("Sheep", "2401.00001", source=source, day="2026-03-01")).papers
    assert desk.paper(key).link(LinkKind.PAGE) == Link(LinkKind.PAGE, page)


def test_a_paper_without_identifier_is_called_by_its_key(desk: Desk, record: RecordBuilder) -> None:
    (key,) = desk.bring_in(record()).papers
    paper = desk.paper(key)
    assert (paper.id, paper.identifiers) == (f"paperdeck:{key}", ())
    assert [link.kind for link in paper.links] == [LinkKind.SEARCH]

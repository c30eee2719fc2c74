from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import reading
from store.changes.fields import FACT_COLUMNS
from store.imports.importing import ImportOptions, ImportRun
from store.links import links_from_column
from store.merging import facts_of, to_json
from store.models import (
    RECORD_SOURCES,
    Identifier,
    Link,
    LinkKind,
    OtherAbstract,
    Provenance,
    Record,
    Sighting,
)

if TYPE_CHECKING:
    from conftest import Desk, DeskOpener, RecordBuilder

    from store.models import Paper
    from store.record.database import Database

SHEEP = "2401.00001"
ARXIV = Identifier("arxiv", SHEEP)
NOW_AS_NOTED = "2026-03-12T07:30:00Z"


def merged(desk: Desk, *records: Record) -> Paper:
    """Return the one paper that these records, imported one by one, come to."""
    for one in records:
        desk.bring_in(one)
    (paper,) = desk.papers()
    return paper


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        ({"source": "page", "day": "2026-03-09"}, {"source": "paperdeck", "day": "2026-03-01"}),
        ({"source": "paperdeck", "day": "2026-03-09"}, {"source": "feed", "day": "2026-03-01"}),
        ({"source": "page"}, {"source": "feed"}),
        ({"source": "feed", "day": "2026-03-01"}, {"source": "feed", "day": "2026-03-02"}),
        ({"source": "feed"}, {"source": "feed", "day": "2026-03-02"}),
    ],
)
def test_the_better_source_and_then_the_later_day_decide_in_any_order(
    desk: Desk,
    record: RecordBuilder,
    weaker: dict[str, Any],
    stronger: dict[str, Any],
    *,
    reverse: bool,
) -> None:
    records = [
        record("A title that is long", SHEEP, abstract="Much is said of sheep.", **weaker),
        record("Short", SHEEP, abstract="Sheep.", **stronger),
    ]
    paper = merged(desk, *(reversed(records) if reverse else records))
    assert (paper.title, paper.abstract) == ("Short", "Sheep.")


@pytest.mark.parametrize("reverse", [False, True])
def test_of_two_values_with_the_same_stamp_the_longer_and_then_the_last_wins(
    desk: Desk, record: RecordBuilder, *, reverse: bool
) -> None:
    records = [
        record("Counting sheep", SHEEP, abstract="They jump.", venue="A"),
        record("Counting sheep", SHEEP, abstract="They jump high.", venue="B"),
    ]
    paper = merged(desk, *(reversed(records) if reverse else records))
    assert (paper.abstract, paper.venue) == ("They jump high.", "B")


def test_an_empty_value_never_wins_and_a_missing_one_is_filled(
    desk: Desk, record: RecordBuilder
) -> None:
    full = record(
        "Counting sheep",
        SHEEP,
        source="page",
        day="2026-03-01",
        abstract="They jump.",
        authors=("Ana",),
        published="2026-02-01",
        links=(Link(LinkKind.CODE, "https://example.org/sheep"),),
        categories=("cs.CL",),
        keywords=("sheep",),
        venue="Meadow",
        organisation="Farm",
        summary="Sheep are counted.",
    )
    bare = record("Sheep", SHEEP, day="2026-03-05")
    paper = merged(desk, full, bare)
    assert paper.title == "Sheep"
    for name in FACT_COLUMNS[1:]:
        if name != "links":
            assert getattr(paper, name) == getattr(full, name), name
    assert paper.link(LinkKind.CODE) == full.links[0]


def test_each_field_is_stamped_with_where_it_came_from(desk: Desk, record: RecordBuilder) -> None:
    page = record("Sheep", SHEEP, source="page", day="2026-03-01", abstract="They jump.")
    feed = record("Counting sheep", SHEEP, day="2026-02-01", venue="Meadow")
    assert facts_of(page).stamps == {"title": "page 2026-03-01", "abstract": "page 2026-03-01"}
    merged(desk, page, feed)
    (provenance,) = desk.column("SELECT provenance FROM papers")
    assert json.loads(provenance) == {
        "title": "feed 2026-02-01",
        "abstract": "page 2026-03-01",
        "venue": "feed 2026-02-01",
    }


def test_a_value_that_is_said_again_by_a_better_source_is_safe_from_a_worse_one(
    desk: Desk, record: RecordBuilder
) -> None:
    paper = merged(
        desk,
        record("Sheep", SHEEP, source="page", day="2026-03-01"),
        record("Sheep", SHEEP, source="feed", day="2026-01-01"),
        record("Goats", SHEEP, source="page", day="2026-03-09"),
    )
    assert paper.title == "Sheep"


def test_a_paper_is_listed_since_its_first_sighting_and_has_the_votes_of_its_latest(
    desk: Desk, record: RecordBuilder
) -> None:
    paper = merged(
        desk,
        record(day="2026-03-05", votes=40),
        record(day="2026-03-01", votes=2),
        record(day="2026-03-09", votes=30),
        record(day="2026-03-12"),
    )
    assert paper.listed == "2026-03-01"
    assert paper.votes == 30
    assert [(seen.day, seen.votes) for seen in paper.sightings] == [
        ("2026-03-01", 2),
        ("2026-03-05", 40),
        ("2026-03-09", 30),
        ("2026-03-12", None),
    ]


def test_two_sightings_of_a_day_in_one_source_are_one_with_the_best_of_both(
    desk: Desk, record: RecordBuilder
) -> None:
    day = "2026-03-05"
    paper = merged(
        desk,
        record(sightings=(Sighting("feed", day, rank=4, votes=9, day_is_guess=True),)),
        record(sightings=(Sighting("feed", day, rank=2, comments=1),)),
        record(sightings=(Sighting("feed", day, rank=7, votes=3, day_is_guess=True),)),
        record(sightings=(Sighting("page", day, rank=1, day_is_guess=True),)),
    )
    assert paper.sightings == (
        Sighting("feed", day, rank=2, votes=9, comments=1, seen=NOW_AS_NOTED),
        Sighting("page", day, rank=1, day_is_guess=True, seen=NOW_AS_NOTED),
    )
    assert not paper.listed_is_guess


def test_a_record_may_bring_several_sightings_of_one_day(desk: Desk, record: RecordBuilder) -> None:
    seen = [Sighting("feed", "2026-03-05", rank=rank, votes=5 - rank) for rank in (3, 1)]
    for sightings in (seen, seen[::-1], seen):
        desk.bring_in(record(sightings=tuple(sightings)))
    united = Sighting("feed", "2026-03-05", rank=1, votes=4, seen=NOW_AS_NOTED)
    assert desk.papers()[0].sightings == (united,)
    assert len(desk.entries()) == 1


def test_columns_hold_lists_as_compact_json(record: RecordBuilder) -> None:
    links = (Link(LinkKind.CODE, "https://example.org/sheep"),)
    columns = facts_of(record(authors=("Ana García", "Li"), links=links)).columns
    assert set(columns) == set(FACT_COLUMNS)
    assert columns["authors"] == '["Ana García","Li"]'
    assert links_from_column(str(columns["links"])) == links
    assert to_json({"a": [1, None]}) == '{"a":[1,null]}'


DAYS = st.sampled_from(["2026-03-01", "2026-03-02", "2026-03-03"])
NUMBERS = st.none() | st.integers(0, 3)
SIGHTINGS = st.lists(
    st.builds(
        Sighting,
        source=st.sampled_from(["feed", "page"]),
        day=DAYS,
        rank=NUMBERS,
        votes=NUMBERS,
        comments=NUMBERS,
        day_is_guess=st.booleans(),
    ),
    max_size=3,
).map(tuple)
WORDS = st.sampled_from(["", "a", "A", "b", "ab"])
ABSTRACTS = st.lists(
    st.builds(
        OtherAbstract,
        source=st.sampled_from([*RECORD_SOURCES, "elsewhere"]),
        day=st.just("") | DAYS,
        text=WORDS.filter(bool),
    ),
    max_size=2,
).map(tuple)
LISTS = st.lists(st.sampled_from("ab"), max_size=2).map(tuple)
RECORDS = st.builds(
    Record,
    title=st.sampled_from(["Sheep", "Goats", "Counting sheep"]),
    source=st.sampled_from(RECORD_SOURCES),
    abstract=WORDS,
    authors=LISTS,
    identifiers=st.lists(
        st.sampled_from([Identifier("doi", "10.1000/s"), Identifier("pubmed", "7")]), max_size=2
    ).map(lambda more: (ARXIV, *more)),
    published=st.none() | DAYS,
    links=st.lists(
        st.sampled_from([Link(LinkKind.CODE, "https://a.org"), Link(LinkKind.WEB, "https://b.org")])
    ).map(tuple),
    categories=LISTS,
    keywords=LISTS,
    venue=WORDS,
    organisation=WORDS,
    summary=WORDS,
    sightings=SIGHTINGS,
    other_abstracts=ABSTRACTS,
    provenance=st.lists(
        st.builds(
            Provenance,
            field=st.sampled_from(["title", "abstract", "venue"]),
            source=st.sampled_from([*RECORD_SOURCES, "elsewhere"]),
            day=st.just("") | DAYS,
        ),
        max_size=2,
    ).map(tuple),
)

NAMED_BY_TITLE = st.builds(
    replace,
    RECORDS,
    title=st.sampled_from(["Counting sheep", "COUNTING: Sheep"]),
    identifiers=st.sampled_from([(), (ARXIV,)]),
)
"""Of one paper too, which some of them know by its title only."""


@settings(max_examples=60, deadline=None)
@given(
    data=st.data(),
    records=st.lists(RECORDS, min_size=1, max_size=5)
    | st.lists(NAMED_BY_TITLE, min_size=1, max_size=5),
)
def test_neither_order_nor_repetition_of_imports_matters(
    desk_in: DeskOpener, data: st.DataObject, records: list[Record]
) -> None:
    again = data.draw(st.lists(st.sampled_from(records), max_size=3))
    shuffled = data.draw(st.permutations([*records, *again]))
    assert all_known_of(records, desk_in) == all_known_of(shuffled, desk_in)


def all_known_of(records: list[Record], desk_in: DeskOpener) -> tuple[object, ...]:
    """Return all that a library of these records, each imported by itself, knows."""
    with TemporaryDirectory() as folder, desk_in(Path(folder) / "library") as desk:
        database = desk.database
        for one in records:
            bring_in(database, one)
        revision = database.connection.execute("SELECT revision FROM library").fetchone()
        for one in records:
            bring_in(database, one)
        assert revision == database.connection.execute("SELECT revision FROM library").fetchone()
        (paper,) = reading.papers(database.connection, [1])
        ((provenance, title_fold),) = database.connection.execute(
            "SELECT provenance, title_fold FROM papers"
        ).fetchall()
        return paper, json.loads(provenance), title_fold


def bring_in(database: Database, one: Record) -> None:
    run = ImportRun(database, ImportOptions(), "test", "import", "2026-03-12T07:30:00Z")
    run.write([one])
    run.finish((), 0.0)

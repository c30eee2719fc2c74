from __future__ import annotations

from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.changes.change import Change
from store.identifiers import read_identifier
from store.imports.report import Conflict
from store.models import Link, LinkKind

if TYPE_CHECKING:
    from conftest import Desk, DeskOpener, RecordBuilder

    from store.models import Record

SHEEP, GOATS = "2401.00001", "2401.00002"
DOI = "doi:10.1000/s"
CODE = Link(LinkKind.CODE, "https://github.com/sheep/wool")


def titles(desk: Desk) -> list[tuple[str, list[str]]]:
    """Return the title and the identifiers of every paper."""
    return [(paper.title, list(map(str, paper.identifiers))) for paper in desk.papers()]


def conflict(record: Record, identifier: str, other: str) -> Conflict:
    found = read_identifier(identifier)
    assert found
    return Conflict("", record.position, found, record.title, other)


# Where values come from


def test_a_value_that_a_better_source_only_repeats_is_no_update(
    desk: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(record("Sheep", SHEEP, source="page", venue="Meadow")).papers
    report = desk.bring_in(record("Sheep", SHEEP, source="feed", venue="Meadow"))
    assert (report.added, report.updated, report.unchanged) == (0, 0, 1)
    assert [desk.stamp(key, field) for field in ("title", "venue")] == ["feed ", "feed "]
    desk.undo()
    assert [desk.stamp(key, field) for field in ("title", "venue")] == ["page ", "page "]


def test_undo_restores_where_a_field_came_from_though_another_was_changed_since(
    desk: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(
        record("Sheep", SHEEP, source="paperdeck", day="2026-03-01", venue="Meadow")
    ).papers
    desk.bring_in(record("Counting sheep", SHEEP, source="feed", day="2026-03-01"))
    (entry,) = desk.column("SELECT max(key) FROM journal")
    desk.bring_in(
        record("Ewes", SHEEP, source="paperdeck", day="2026-03-05", venue="Hill", summary="Short.")
    )
    undone = desk.undo(entry)
    assert undone
    assert (undone.changed, undone.kept) == ((key,), ())
    paper = desk.paper(key)
    assert (paper.title, paper.venue, paper.summary) == ("Sheep", "Hill", "Short.")
    stamps = [desk.stamp(key, field) for field in ("title", "venue", "summary")]
    assert stamps == ["paperdeck 2026-03-01", "paperdeck 2026-03-05", "paperdeck 2026-03-05"]
    redone = desk.redo()
    assert redone
    assert redone.kept == ()
    assert desk.paper(key).title == "Counting sheep"
    assert desk.stamp(key, "title") == "feed 2026-03-01"


def test_provenance_names_the_filled_fields_in_a_fixed_order(
    desk: Desk, record: RecordBuilder
) -> None:
    first = record("Sheep", SHEEP, source="page", day="2026-03-01", summary="Short.", venue="Hill")
    desk.bring_in(first)
    desk.bring_in(record("Ewes", SHEEP, day="2026-03-02", authors=("Ana",), published="2026"))
    (paper,) = desk.papers()
    assert [(one.field, one.source, one.day) for one in paper.provenance] == [
        ("title", "feed", "2026-03-02"),
        ("authors", "feed", "2026-03-02"),
        ("venue", "page", "2026-03-01"),
        ("published", "feed", "2026-03-02"),
        ("summary", "page", "2026-03-01"),
    ]


# Conflicts


def test_a_doi_with_unlike_titles_is_reported_and_not_merged(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(record("Counting sheep at night", DOI, abstract="They jump."))
    mistaken = record("Wool prices", DOI, position="record 7", day="2026-03-01")
    report = desk.bring_in(mistaken)
    assert (report.added, report.updated) == (1, 0)
    assert report.conflicts == (conflict(mistaken, DOI, "Counting sheep at night"),)
    expected = [("Counting sheep at night", [DOI]), ("Wool prices", [])]
    assert titles(desk) == expected
    entries = desk.entries()
    again = desk.bring_in(mistaken)
    assert (again.added, again.updated, again.unchanged) == (0, 0, 1)
    assert again.conflicts == report.conflicts
    assert (titles(desk), desk.entries()) == (expected, entries)


@pytest.mark.parametrize(
    "title", ["Counting sheep", "Counting Sheep at Night: a Study", "Sheep, counting them", "…"]
)
def test_a_doi_with_titles_that_are_alike_is_one_paper(
    desk: Desk, record: RecordBuilder, title: str
) -> None:
    desk.bring_in(record("Counting sheep at night", DOI))
    report = desk.bring_in(record(title, DOI))
    assert (report.added, report.conflicts) == (0, ())
    assert len(desk.keys()) == 1


def test_a_record_whose_identifiers_belong_to_two_papers_is_the_firsts(
    desk: Desk, record: RecordBuilder
) -> None:
    sheep, _ = desk.bring_in(record("Sheep", SHEEP), record("Goats", DOI)).papers
    both = record("Sheep", DOI, SHEEP, "pubmed:7", abstract="They jump.")
    report = desk.bring_in(both)
    assert (report.added, report.updated) == (0, 1)
    assert report.conflicts == (conflict(both, DOI, "Goats"),)
    assert titles(desk) == [("Sheep", [f"arxiv:{SHEEP}", "pubmed:7"]), ("Goats", [DOI])]
    assert desk.paper(sheep).abstract == "They jump."
    again = desk.bring_in(both)
    assert (again.unchanged, again.conflicts) == (1, report.conflicts)
    assert len(desk.entries()) == 2


def test_a_doi_of_another_paper_does_not_keep_a_record_from_its_own(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(record("Counting sheep", DOI))
    mistaken = record("Wool prices", GOATS, DOI)
    for unchanged in (0, 1):
        report = desk.bring_in(mistaken)
        assert report.unchanged == unchanged
        assert report.conflicts == (conflict(mistaken, DOI, "Counting sheep"),)
    assert titles(desk) == [("Counting sheep", [DOI]), ("Wool prices", [f"arxiv:{GOATS}"])]


def test_records_under_a_generic_title_with_a_doi_of_another_are_kept_apart(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(record("Counting sheep", DOI))
    editorials = [record("Editorial", DOI, abstract=text) for text in ("One.", "Another.")]
    report = desk.bring_in(*editorials)
    assert (report.added, len(report.conflicts)) == (2, 2)
    assert desk.bring_in(*editorials).unchanged == 2
    assert len(desk.keys()) == 3


def test_a_conflict_within_one_import_is_reported_too(desk: Desk, record: RecordBuilder) -> None:
    report = desk.bring_in(record("Counting sheep", DOI), record("Wool prices", DOI))
    assert [one.identifier.scheme for one in report.conflicts] == ["doi"]
    assert report.added == 2


def test_an_import_without_conflicts_reports_none(desk: Desk, record: RecordBuilder) -> None:
    assert desk.bring_in(record("Sheep", SHEEP), record("Goats", DOI)).conflicts == ()


# Code


def has_code(desk: Desk) -> list[bool]:
    kept = desk.column("SELECT has_code FROM papers WHERE removed = 0 ORDER BY key")
    return [bool(found) for found in kept]


def test_whether_a_paper_has_code_follows_its_abstract_and_its_links(
    desk: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(record("Sheep", SHEEP, source="page", abstract="They jump.")).papers
    assert has_code(desk) == [False]
    desk.bring_in(record("Sheep", SHEEP, abstract=f"They jump: {CODE.url}."))
    assert has_code(desk) == [True]
    desk.undo()
    assert has_code(desk) == [False]
    desk.bring_in(record("Sheep", SHEEP, links=(CODE,)))
    assert has_code(desk) == [True]
    links = f'[["code","{CODE.url}"]]'
    assert desk.act(Change(key, "links", links, "[]"))
    assert has_code(desk) == [False]
    desk.redo()
    desk.undo()
    assert has_code(desk) == [True]


URLS = st.sampled_from(
    [
        CODE.url,
        "https://www.gitlab.com/a",
        "https://example.org/code",
        f"https://arxiv.org/abs/{SHEEP}",
        "https://doi.org/10.1000/s",
        "javascript:alert(1)",
        "https://github.com@example.org/x",
    ]
)
LINKS = st.lists(st.builds(Link, st.sampled_from(LinkKind), URLS), max_size=3).map(tuple)
ABSTRACT = st.lists(URLS.map("See {}.".format) | st.just("They jump."), max_size=2).map(" ".join)
IDENTIFIERS = st.lists(st.sampled_from([SHEEP, DOI, "pubmed:7"]), max_size=3, unique=True)


@settings(max_examples=60, deadline=None)
@given(
    said=st.lists(
        st.tuples(LINKS, ABSTRACT, IDENTIFIERS, st.sampled_from(["page", "feed"])),
        min_size=1,
        max_size=3,
    )
)
def test_a_paper_has_code_if_it_has_a_link_to_code(
    desk_in: DeskOpener,
    record: RecordBuilder,
    tmp_path_factory: pytest.TempPathFactory,
    said: list[tuple[tuple[Link, ...], str, list[str], str]],
) -> None:
    base = tmp_path_factory.getbasetemp()
    with TemporaryDirectory(dir=base) as folder, desk_in(base / folder) as desk:
        for links, abstract, identifiers, source in said:
            told = record("Sheep", *identifiers, source=source, day="2026-03-01")
            desk.bring_in(replace(told, links=links, abstract=abstract))
        is_left = True
        while is_left:
            assert has_code(desk) == [
                paper.link(LinkKind.CODE) is not None for paper in desk.papers()
            ]
            is_left = desk.undo() is not None

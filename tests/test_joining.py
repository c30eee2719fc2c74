from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import JoinError, UnknownPaperError
from store.imports.joining import Joining
from store.models import Identifier, OtherAbstract, Record, Sighting

if TYPE_CHECKING:
    from conftest import Desk, DeskOpener, RecordBuilder

SHEEP = "2401.00001"
GOATS = "2401.00002"
DOI = "doi:10.1000/s"
OURS = "SELECT text FROM joins UNION ALL SELECT other FROM apart"


def joining(desk: Desk) -> Joining:
    return Joining(desk.database, desk.history, lambda: desk.now)


def known(desk: Desk) -> list[Any]:
    """Return all that the library says of the papers that are there, and of what they were."""
    return [
        desk.papers(),
        sorted(map(str, desk.column(OURS))),
        desk.column("SELECT name FROM citation_keys"),
    ]


def ids(desk: Desk) -> dict[int, list[str]]:
    return {paper.key: [str(one) for one in paper.identifiers] for paper in desk.papers()}


def two(desk: Desk, record: RecordBuilder) -> tuple[int, int]:
    """Bring in a preprint and its article, each decided on and noted on."""
    preprint, article = desk.bring_in(
        record("Counting sheep", SHEEP, abstract="We count.", day="2026-03-01", votes=4),
        record(
            "Sheep, counted",
            DOI,
            source="bibtex",
            abstract="We counted.",
            venue="Meadow",
            day="2026-03-05",
            votes=7,
            note="Page 3.",
            citation_key="lei2024",
        ),
    ).papers
    desk.tag("+starred -inbox -unread", preprint)
    desk.tag("+wool", article)
    return preprint, article


def test_papers_that_are_joined_are_one_with_all_that_both_had(
    desk: Desk, record: RecordBuilder
) -> None:
    preprint, article = two(desk, record)
    assert joining(desk).join([preprint, article]) == preprint
    (paper,) = desk.papers()
    assert paper.key == preprint
    assert [str(one) for one in paper.identifiers] == [f"arxiv:{SHEEP}", DOI]
    assert (paper.title, paper.venue, paper.note) == ("Counting sheep", "Meadow", "Page 3.")
    assert [one.text for one in paper.other_abstracts] == ["We counted."]
    assert [(one.day, one.votes) for one in paper.sightings] == [
        ("2026-03-01", 4),
        ("2026-03-05", 7),
    ]
    assert (paper.votes, paper.citation_key) == (7, "lei2024")
    assert set(paper.tags) == {"starred", "wool"}, "what one was decided on is decided"
    assert desk.counts_are_right()


def test_joining_and_splitting_are_an_entry_each_that_undo_takes_back_and_redo_makes_again(
    desk: Desk, record: RecordBuilder
) -> None:
    keys = two(desk, record)
    before = known(desk)
    joining(desk).join(keys)
    joined = known(desk)
    assert joining(desk).split(keys[0]) == (keys[1],)
    apart = known(desk)
    labels = [label for label, _ in desk.entries()][-2:]
    assert labels == ["join 2 papers to 'Counting sheep'", "split 'Counting sheep'"]
    desk.undo()
    assert known(desk) == joined
    desk.undo()
    assert known(desk) == before
    desk.redo()
    assert known(desk) == joined
    desk.redo()
    assert known(desk) == apart
    assert desk.counts_are_right()


def test_a_split_paper_is_what_its_papers_were_and_what_was_decided_since_holds(
    desk: Desk, record: RecordBuilder
) -> None:
    keys = two(desk, record)
    before = desk.papers()
    joining(desk).join(keys)
    desk.tag("+barn", keys[0])
    joining(desk).split(keys[0])
    first, second = desk.papers()
    assert (first.identifiers, second.identifiers) == tuple(one.identifiers for one in before)
    assert (first.venue, second.venue) == ("", "Meadow")
    assert (first.votes, second.votes) == (4, 7)
    assert (first.note, second.note) == ("", "Page 3.")
    assert (first.citation_key, second.citation_key) == ("", "lei2024")
    assert first.other_abstracts == ()
    assert set(first.tags) == {"starred", "barn"}
    assert set(second.tags) == {"wool"}, "it was decided on with the other"


def test_an_import_does_not_part_what_was_joined(desk: Desk, record: RecordBuilder) -> None:
    one = record("Counting sheep", abstract="We count.", source="page", day="2026-03-01")
    other = record("Sheep, counted", abstract="We counted.", source="bibtex")
    keys = desk.bring_in(one, other).papers
    joining(desk).join(keys)
    before = desk.papers()
    for again in (other, one, record("Sheep counted", source="bibtex")):
        report = desk.bring_in(again)
        assert (report.added, report.updated) == (0, 0)
    assert desk.papers() == before
    report = desk.bring_in(record("Sheep, counted", DOI))
    assert (report.added, report.updated) == (0, 1)
    assert ids(desk) == {keys[1]: [DOI]}, "whose title is more trusted"


def test_an_import_does_not_join_again_what_was_split(desk: Desk, record: RecordBuilder) -> None:
    preprint = record("Counting sheep", SHEEP, DOI, abstract="We count.")
    talk = record("Counting sheep, again", DOI, source="bibtex", abstract="A talk.", venue="Barn")
    (key,) = desk.bring_in(preprint, talk).papers
    (other,) = joining(desk).split(key)
    assert ids(desk) == {key: [f"arxiv:{SHEEP}", DOI], other: []}
    assert desk.paper(other).venue == "Barn"
    assert (desk.paper(key).venue, desk.paper(key).other_abstracts) == ("", ())
    before = desk.papers()
    for again in (talk, preprint, talk):
        report = desk.bring_in(again)
        assert (report.added, report.updated, report.conflicts) == (0, 0, ())
    assert desk.papers() == before


def test_records_that_a_title_joined_are_papers_again(desk: Desk, record: RecordBuilder) -> None:
    talk = record(source="table", published="2020", venue="Barn", abstract="A talk.")
    article = record("Counting sheep", DOI, source="table", published="2021", venue="Barn Journal")
    (key,) = desk.bring_in(article, talk).papers
    desk.tag("+wool -inbox", key)
    (other,) = joining(desk).split(key)
    first, second = desk.papers()
    assert (first.key, second.key) == (key, other)
    assert (first.published, first.venue, first.abstract) == ("2021", "Barn Journal", "")
    assert (second.published, second.venue, second.abstract) == ("2020", "Barn", "A talk.")
    assert set(first.tags) == set(second.tags) == {"unread", "wool"}
    for again in (talk, article):
        assert desk.bring_in(again).unchanged == 1


def test_a_split_paper_shows_the_best_abstract_that_is_left(
    desk: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(
        record("Counting sheep", SHEEP, source="page"),
        record("Counting sheep", source="feed", abstract="We count."),
        record("Counting sheep", SHEEP, source="page", abstract="Sheep."),
    ).papers
    (other,) = joining(desk).split(key)
    assert (desk.paper(key).abstract, desk.paper(other).abstract) == ("Sheep.", "We count.")
    assert desk.paper(key).other_abstracts == ()


def test_a_paper_that_several_sources_know_is_split_by_them(
    desk: Desk, record: RecordBuilder
) -> None:
    arxiv = record("Counting sheep", SHEEP, source="arxiv", abstract="We count.")
    entry = record(
        "Sheep counted", SHEEP, source="bibtex", abstract="Sheep.", venue="Barn", day="2026-03-05"
    )
    (key,) = desk.bring_in(arxiv, entry).papers
    (other,) = joining(desk).split(key)
    first, second = desk.papers()
    assert ids(desk) == {key: [f"arxiv:{SHEEP}"], other: []}
    assert (first.abstract, first.other_abstracts, first.venue) == ("We count.", (), "")
    assert (second.abstract, second.venue, second.listed) == ("Sheep.", "Barn", "2026-03-05")
    before = desk.papers()
    for again in (entry, arxiv):
        assert desk.bring_in(again).unchanged == 1
    assert desk.papers() == before


def test_each_source_s_identifiers_go_with_its_paper_as_often_as_it_is_split(
    desk: Desk, record: RecordBuilder
) -> None:
    entry = record("Sheep counted", SHEEP, DOI, source="bibtex", venue="Barn")
    arxiv = record("Counting sheep", SHEEP, source="arxiv", abstract="We count.")
    work = record("Counting sheep", DOI, "openalex:W7", source="openalex", keywords=("wool",))
    (key,) = desk.bring_in(entry, arxiv, work).papers
    before = desk.papers()
    for _ in range(2):
        others = joining(desk).split(key)
        assert list(ids(desk).values()) == [[f"arxiv:{SHEEP}"], [DOI, "openalex:W7"], []]
        assert [desk.paper(other).venue for other in others] == ["", "Barn"]
        assert desk.paper(others[0]).keywords == ("wool",)
        for again in (arxiv, entry, work):
            report = desk.bring_in(again)
            assert (report.added, report.updated) == (0, 0)
        desk.undo()
        assert desk.papers() == before


def test_a_source_whose_import_was_undone_names_no_identifier(
    desk: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(record("Counting sheep", SHEEP, source="bibtex")).papers
    before = desk.papers()
    desk.bring_in(record("Counting sheep", SHEEP, DOI, source="arxiv"))
    assert {one.source for one in desk.paper(key).provenance} == {"arxiv"}
    desk.undo()
    assert desk.papers() == before
    with pytest.raises(JoinError, match="of one record"):
        joining(desk).split(key)
    desk.redo()
    assert {one.source for one in desk.paper(key).provenance} == {"arxiv"}


def test_several_are_joined_at_once_and_a_joined_one_again(
    desk: Desk, record: RecordBuilder
) -> None:
    titles = ("Sheep 3", "Sheep 2", "Sheep 4", "Sheep 1")
    records = (record(title, f"2401.0000{n}") for n, title in enumerate(titles, 1))
    keys = desk.bring_in(*records).papers
    before = desk.papers()
    joining(desk).join(keys[:2])
    joining(desk).join([keys[2], keys[0], keys[3]])
    assert ids(desk) == {keys[2]: [f"arxiv:2401.0000{n}" for n in range(1, 5)]}
    assert desk.bring_in(record("Sheep 2", day="2026-03-05")).updated == 1
    joining(desk).split(keys[2])
    assert list(ids(desk)) == [keys[0], keys[2], keys[3]]
    joining(desk).split(keys[0])
    assert [paper.identifiers for paper in desk.papers()] == [one.identifiers for one in before]


def test_a_paper_is_apart_from_what_its_part_was_apart_from(
    desk: Desk, record: RecordBuilder
) -> None:
    preprint = record("Counting sheep", SHEEP, DOI, abstract="We count.")
    talk = record("Counting sheep, again", DOI, source="bibtex", abstract="A talk.", venue="Barn")
    (key,) = desk.bring_in(preprint, talk).papers
    (other,) = joining(desk).split(key)
    (report,) = desk.bring_in(record("Counting", GOATS, source="arxiv")).papers
    before = desk.papers()
    assert joining(desk).join([key, report]) == report
    first, second = desk.papers()
    assert (first.key, second.key) == (other, report)
    assert (first.apart, second.apart) == ((second.id,), (first.id,))
    assert desk.bring_in(talk).unchanged == 1
    desk.undo()
    assert desk.papers() == before


def test_what_can_t_be_joined_or_split_is_said_and_changes_nothing(
    desk: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(record("Counting sheep", SHEEP)).papers
    entries = desk.entries()
    with pytest.raises(JoinError, match="takes two or more"):
        joining(desk).join([key, key])
    with pytest.raises(JoinError, match="of one record"):
        joining(desk).split(key)
    with pytest.raises(UnknownPaperError):
        joining(desk).join([key, 9])
    assert desk.entries() == entries


WORDS = st.sampled_from(["", "We count.", "Sheep."])
RECORDS = st.builds(
    Record,
    title=st.sampled_from(["Counting sheep", "Goats", "Wool and weather"]),
    source=st.sampled_from(["feed", "page", "bibtex"]),
    abstract=WORDS,
    venue=st.sampled_from(["", "Barn"]),
    identifiers=st.lists(
        st.sampled_from([Identifier("arxiv", SHEEP), Identifier("doi", "10.1000/s")]), max_size=1
    ).map(tuple),
    sightings=st.lists(
        st.builds(
            Sighting,
            source=st.sampled_from(["feed", "page"]),
            day=st.sampled_from(["2026-03-01", "2026-03-02"]),
            votes=st.sampled_from([None, 3]),
        ),
        max_size=1,
    ).map(tuple),
    other_abstracts=st.lists(
        st.builds(OtherAbstract, st.just("page"), st.just("2026-03-01"), st.just("Other.")),
        max_size=1,
    ).map(tuple),
    tags=st.sampled_from([None, (), ("wool",), ("inbox", "starred")]),
    note=st.sampled_from(["", "Ask Ana."]),
)


@settings(max_examples=40, deadline=None)
@given(records=st.lists(RECORDS, min_size=2, max_size=6), data=st.data())
def test_whatever_is_joined_and_split_undo_gives_back(
    desk_in: DeskOpener, records: list[Record], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder, desk_in(Path(folder) / "library") as desk:
        desk.bring_in(*records)
        states = [known(desk)]
        for _ in range(3):
            keys = desk.keys()
            try:
                if data.draw(st.booleans()):
                    joining(desk).join(data.draw(st.permutations(keys))[:3])
                else:
                    joining(desk).split(data.draw(st.sampled_from(keys)))
            except JoinError:
                continue
            states.append(known(desk))
            assert desk.counts_are_right()
        for before in reversed(states[:-1]):
            assert desk.undo()
            assert known(desk) == before

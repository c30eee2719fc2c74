"""A library that is exported as our own JSON Lines and imported elsewhere is the same there."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import JoinError, RecordError
from store.exporters.jsonlines import write_jsonlines
from store.imports.joining import Joining
from store.models import Identifier, Paper, Record, Sighting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from conftest import Desk, DeskOpener, PapersIn, RecordBuilder, RecordsIn

    from store.models import Part

SHEEP, GOATS = "2401.00001", "2401.00002"
DOI = "doi:10.1000/s"


@pytest.fixture
def elsewhere(desk_in: DeskOpener, tmp_path: Path) -> Iterator[Desk]:
    """An empty library beside that of `desk`."""
    with desk_in(tmp_path / "elsewhere") as opened:
        yield opened


def joining(desk: Desk) -> Joining:
    return Joining(desk.database, desk.history, lambda: desk.now)


def exported(desk: Desk) -> str:
    return "".join(write_jsonlines(desk.papers()))


def known(desk: Desk) -> list[object]:
    """Return all that a library knows of its papers, but for its numbers and times."""
    ids = {f"paperdeck:{key}": f"paper {place}" for place, key in enumerate(desk.keys())}
    return [
        replace(
            _without_numbers(paper),
            apart=tuple(sorted(ids.get(name, name) for name in paper.apart)),
        )
        for paper in desk.papers()
    ]


def _without_numbers(paper: Paper) -> Paper:
    parts = tuple(replace(part, of=_of(part)) for part in paper.parts)
    return replace(paper, key=0, added="", parts=parts)


def _of(part: Part) -> Paper | Record:
    if isinstance(part.of, Paper):
        return _without_numbers(part.of)
    return replace(part.of, position="", own_id="")


def test_papers_that_the_library_has_apart_are_two_elsewhere_too(
    desk: Desk, elsewhere: Desk, record: RecordBuilder, papers_in: PapersIn
) -> None:
    # Of the first the title was another as the second came in.
    desk.bring_in(
        record("Sheep", DOI, source="ris"),
        record("Counting sheep", source="ris"),
        record("Counting sheep", DOI, source="bibtex"),
    )
    assert len(desk.keys()) == 2
    lines = exported(desk)
    assert elsewhere.bring_in(*papers_in(lines)).added == 2
    assert known(elsewhere) == known(desk)
    for library in (elsewhere, desk):
        again = library.bring_in(*papers_in(lines))
        assert (again.added, again.updated, again.conflicts) == (0, 0, ())
    assert known(elsewhere) == known(desk)


def test_one_line_of_an_export_is_of_the_paper_with_its_number(
    desk: Desk, papers_in: PapersIn
) -> None:
    alike = [{"id": f"paperdeck:{n}", "title": "Sheep", "tags": []} for n in (91, 92)]
    keys = desk.bring_in(*papers_in("\n".join(map(json.dumps, alike)), "paperdeck")).papers
    assert len(keys) == 2
    (_, line) = exported(desk).splitlines()
    report = desk.bring_in(*papers_in(line), tags=("mine",))
    assert (report.added, report.updated) == (0, 1)
    assert [desk.tags(key) for key in keys] == [set(), {"mine"}]


def test_what_was_joined_is_joined_elsewhere_and_splits_there(
    desk: Desk, elsewhere: Desk, record: RecordBuilder, papers_in: PapersIn
) -> None:
    keys = desk.bring_in(
        record("Counting sheep", SHEEP, source="arxiv", abstract="We count.", day="2026-03-01"),
        record(
            "Sheep, counted", DOI, source="bibtex", venue="Meadow", note="Page 3.",
            citation_key="lei2024", abstract="We counted.", links=(),
        ),
        record("Sheep at night", source="ris", abstract="They sleep.", keywords=("wool",)),
    ).papers  # fmt: skip
    desk.tag("+wool -inbox", keys[1])
    separate = known(desk)
    joining(desk).join([keys[1], keys[2]])
    joining(desk).join([keys[0], keys[1]])
    assert elsewhere.bring_in(*papers_in(exported(desk))).added == 1
    assert known(elsewhere) == known(desk)
    assert elsewhere.counts_are_right()
    for again in (
        record("Sheep at night", source="ris", abstract="They sleep."),
        record("Sheep, counted", DOI, source="bibtex"),
    ):
        assert elsewhere.bring_in(again).unchanged == 1
    for library in (desk, elsewhere):
        (into,) = library.keys()
        (second,) = joining(library).split(into)
        joining(library).split(second)
        assert library.counts_are_right()
    assert known(elsewhere) == known(desk)
    assert [replace(one, apart=()) for one in desk.papers()] != separate, "tags are as decided"
    titles = [paper.title for paper in elsewhere.papers()]
    assert titles == ["Counting sheep", "Sheep, counted", "Sheep at night"]
    article = elsewhere.papers()[1]
    assert (article.note, article.citation_key, article.venue) == ("Page 3.", "lei2024", "Meadow")


def test_what_was_split_is_kept_apart_elsewhere(
    desk: Desk, elsewhere: Desk, record: RecordBuilder, papers_in: PapersIn
) -> None:
    preprint = record("Counting sheep", SHEEP, DOI, abstract="We count.")
    talk = record("Counting sheep, again", DOI, source="bibtex", abstract="A talk.", venue="Barn")
    (key,) = desk.bring_in(preprint, talk).papers
    joining(desk).split(key)
    assert elsewhere.bring_in(*papers_in(exported(desk))).added == 2
    assert known(elsewhere) == known(desk)
    before = elsewhere.papers()
    for again in (talk, preprint):
        assert elsewhere.bring_in(again).unchanged == 1
    assert elsewhere.papers() == before
    assert elsewhere.undo()
    assert elsewhere.column("SELECT paper FROM apart") == []


def test_each_source_s_identifiers_go_with_its_paper_elsewhere_too(
    desk: Desk, elsewhere: Desk, record: RecordBuilder, papers_in: PapersIn
) -> None:
    desk.bring_in(
        record("Counting sheep", SHEEP, source="arxiv", abstract="We count."),
        record("Sheep counted", SHEEP, DOI, source="bibtex", venue="Barn"),
    )
    elsewhere.bring_in(*papers_in(exported(desk)))
    for library in (desk, elsewhere):
        joining(library).split(library.keys()[0])
    assert known(elsewhere) == known(desk)
    assert [paper.id for paper in elsewhere.papers()] == [f"arxiv:{SHEEP}", DOI]


def test_a_record_that_a_title_joined_is_a_paper_again_elsewhere(
    desk: Desk, elsewhere: Desk, record: RecordBuilder, papers_in: PapersIn
) -> None:
    talk = record(source="table", published="2020", venue="Barn", abstract="A talk.\nOf 2020.")
    article = record("Counting sheep", DOI, source="table", published="2021", venue="Barn Journal")
    desk.bring_in(article, talk)
    elsewhere.bring_in(*papers_in(exported(desk)))
    assert known(elsewhere) == known(desk)
    for library in (desk, elsewhere):
        joining(library).split(library.keys()[0])
    assert known(elsewhere) == known(desk)
    assert [paper.venue for paper in elsewhere.papers()] == ["Barn Journal", "Barn"]


@pytest.mark.parametrize(
    "step",
    [
        "venue",
        ["venue", "", ""],
        ["venue", "", 7],
        ["removed", None, "1"],
        ["provenance.tag", None, "list "],
        ["provenance.title", None, "nowhere 2026-01-01"],
        ["sighting", None, "7"],
        ["sighting", None, '["feed", "today", null, null, null, false, ""]'],
        ["other abstract", None, '["feed"]'],
        ["authors", "[]", "Ana"],
        ["authors", "[]", "[" * 100_000],
        ["links", "[]", '[["page", "javascript:1"]]'],
        ["identifier", None, "doi:no"],
        ["tag", None, "a b"],
        ["title", "A", "A\u001b[1m"],
    ],
)
def test_what_is_no_change_of_a_paper_refuses_its_record(
    records_in: RecordsIn, step: object
) -> None:
    part = {"title": "Part", "changes": [step]}
    line = {"title": "Sheep", "identifiers": [], "tags": [], "joined": [part]}
    (refused,) = records_in(json.dumps(line), "paperdeck")
    assert isinstance(refused, RecordError)
    assert "'changes'" in refused.reason


TITLES = st.sampled_from(["Counting sheep", "Goats", "Counting sheep on hills"])
RECORDS = st.builds(
    Record,
    title=TITLES,
    source=st.sampled_from(["feed", "page", "bibtex"]),
    abstract=st.sampled_from(["", "We count.", "Sheep.\nAnd goats."]),
    authors=st.sampled_from([(), ("Ana Lei",), ("Bo Ek",)]),
    venue=st.sampled_from(["", "Barn"]),
    identifiers=st.lists(
        st.sampled_from([Identifier("arxiv", SHEEP), Identifier("doi", "10.1000/s")]), max_size=2
    ).map(lambda found: tuple(dict.fromkeys(found))),
    sightings=st.sampled_from([(), (Sighting("feed", "2026-03-01", votes=3, seen=""),)]),
    note=st.sampled_from(["", "Ask Ana."]),
    citation_key=st.sampled_from(["", "lei", "ek"]),
)


@settings(max_examples=40, deadline=None)
@given(records=st.lists(RECORDS, min_size=1, max_size=7), data=st.data())
def test_any_library_is_the_same_elsewhere_whatever_was_joined_and_split(
    desk_in: DeskOpener, papers_in: PapersIn, records: list[Record], data: st.DataObject
) -> None:
    with (
        TemporaryDirectory() as folder,
        desk_in(Path(folder) / "one") as desk,
        desk_in(Path(folder) / "other") as elsewhere,
    ):
        desk.bring_in(*records)
        for _ in range(2):
            _join_or_split(desk, data)
        lines = papers_in(exported(desk)) if desk.keys() else []
        elsewhere.bring_in(*lines)
        assert known(elsewhere) == known(desk)
        assert elsewhere.counts_are_right()
        again = elsewhere.bring_in(*lines)
        assert (again.added, again.updated) == (0, 0)
        assert known(elsewhere) == known(desk)
        assert elsewhere.undo()
        assert elsewhere.keys() == []


def _join_or_split(desk: Desk, data: st.DataObject) -> None:
    keys: Sequence[int] = desk.keys()
    try:
        if data.draw(st.booleans()):
            joining(desk).join(data.draw(st.permutations(keys))[:3])
        else:
            joining(desk).split(data.draw(st.sampled_from(keys)))
    except JoinError:
        pass

"""What was joined and what was split goes along with a dump, and is so again elsewhere."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.changes.change import Change
from store.changes.tags import tags_as_text
from store.decisions.dumping import dump_lines
from store.decisions.lines import HEADER_WITH_PAIRS
from store.decisions.restoring import restore
from store.errors import EditsRefusedError, JoinError
from store.imports.joining import Joining
from store.models import Identifier, Record
from store.views import Views

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Desk, DeskOpener, RecordBuilder

    from store.decisions.restoring import RestoreReport
    from store.library import Library

SHEEP, GOATS = "2401.00001", "2401.00002"
DOI = "doi:10.1000/s"


@pytest.fixture
def elsewhere(desk_in: DeskOpener, tmp_path: Path) -> Iterator[Desk]:
    """An empty library beside that of `desk`."""
    with desk_in(tmp_path / "elsewhere") as opened:
        yield opened


def joining(desk: Desk) -> Joining:
    return Joining(desk.database, desk.history, lambda: desk.now)


def put_in(desk: Desk, *lines: str, adding: bool = False) -> RestoreReport:
    views = Views(desk.database, desk.history, lambda *_: None)
    parts = (desk.database, desk.history, views)
    return restore(*parts, lines, now=desk.now, adding=adding, label="restore x:")


def article_and_preprint(record: RecordBuilder) -> tuple[Record, ...]:
    return (
        record("Counting sheep", SHEEP, source="arxiv", abstract="We count."),
        record("Sheep, counted", DOI, source="bibtex", venue="Meadow"),
        record("Sheep at night", source="ris"),
    )


def test_a_dump_names_what_was_joined_by_its_own_names(desk: Desk, record: RecordBuilder) -> None:
    keys = desk.bring_in(*article_and_preprint(record)).papers
    joining(desk).join(keys[1:])
    joining(desk).join(keys[:2])
    assert next(dump_lines(desk.connection)) == f"{HEADER_WITH_PAIRS}\n"
    assert desk.dump() == [
        f"join {DOI} -- arxiv:{SHEEP}  # Counting sheep",
        f'join title:"Sheep at night" -- arxiv:{SHEEP}  # Counting sheep',
        f"+inbox +unread -- arxiv:{SHEEP}  # Counting sheep",
    ]


def test_papers_are_joined_again_as_one_act_with_what_was_decided(
    desk: Desk, elsewhere: Desk, record: RecordBuilder
) -> None:
    records = article_and_preprint(record)
    keys = desk.bring_in(*records).papers
    joining(desk).join(keys[1:])
    joining(desk).join(keys[:2])
    desk.tag("+wool -inbox", keys[0])
    dump = desk.dump()
    elsewhere.bring_in(*records)
    before = elsewhere.papers()
    report = put_in(elsewhere, *dump)
    assert (report.unknown, set(report.changed)) == ((), set(keys))
    assert elsewhere.dump() == dump
    assert [paper.venue for paper in elsewhere.papers()] == ["Meadow"]
    assert len(elsewhere.entries()) == 2
    assert put_in(elsewhere, *dump).changed == ()
    assert put_in(desk, *dump).changed == ()
    elsewhere.undo()
    assert elsewhere.papers() == before
    assert elsewhere.counts_are_right()


def test_what_an_import_has_made_one_is_split_again(
    desk: Desk, elsewhere: Desk, record: RecordBuilder
) -> None:
    records = (
        record("Counting sheep", SHEEP, DOI, abstract="We count."),
        record("Counting sheep, again", DOI, source="bibtex", abstract="A talk.", venue="Barn"),
    )
    (key,) = desk.bring_in(*records).papers
    (talk,) = joining(desk).split(key)
    desk.tag("+barn", talk)
    dump = desk.dump()
    assert dump[0] == f'apart title:"{desk.paper(talk).title}" -- arxiv:{SHEEP}  # Counting sheep'
    elsewhere.bring_in(*records)
    assert put_in(elsewhere, *dump).unknown == ()
    assert elsewhere.dump() == dump
    assert [paper.venue for paper in elsewhere.papers()] == ["", "Barn"]
    for again in records:
        assert elsewhere.bring_in(again).unchanged == 1
    assert put_in(elsewhere, *dump).changed == ()
    assert put_in(desk, *dump).changed == ()


def test_papers_that_are_two_already_are_kept_apart(desk: Desk, record: RecordBuilder) -> None:
    one, other = desk.bring_in(record("Sheep", DOI), record("Sheep", GOATS)).papers
    put_in(desk, f"apart {DOI} -- arxiv:{GOATS}")
    assert desk.paper(one).apart == (f"arxiv:{GOATS}",)
    assert desk.paper(other).apart == (DOI,)
    desk.undo()
    assert desk.paper(one).apart == ()


@pytest.mark.parametrize(
    "line",
    [
        f"join arxiv:{GOATS} -- {DOI}  # Sheep",
        f"apart arxiv:{GOATS} -- {DOI}  # Sheep",
        f'apart title:"Goats" -- {DOI}',
        "join paperdeck:1 -- pubmed:7  # Another sheep",
    ],
)
def test_a_pair_of_which_one_is_not_there_is_told_and_changes_nothing(
    desk: Desk, record: RecordBuilder, line: str
) -> None:
    desk.bring_in(
        record("Sheep", DOI, source="bibtex"),
        record("Sheep counted", DOI, "pubmed:7", source="pubmed", abstract="We count."),
    )
    before = desk.papers()
    report = put_in(desk, line)
    assert [one.line for one in report.unknown] == [1]
    assert report.changed == ()
    assert desk.papers() == before
    assert len(desk.entries()) == 1


def test_a_part_goes_on_being_named_after_the_papers_were_joined(
    desk: Desk, record: RecordBuilder
) -> None:
    keys = desk.bring_in(record("Sheep", source="bibtex"), record("Night", source="ris")).papers
    line = 'join title:"Night" -- title:"Sheep"'
    assert set(put_in(desk, line).changed) == set(keys)
    assert desk.dump()[0] == line
    report = put_in(desk, line)
    assert (report.changed, report.unknown) == ((), ())
    desk.act(*desk_removal(desk))
    assert len(put_in(desk, line).unknown) == 1


def desk_removal(desk: Desk) -> list[Change]:
    return [Change(paper.key, "paper", tags_as_text(paper.tags), None) for paper in desk.papers()]


def test_edits_join_papers_too_and_refuse_unknown_ones(
    library: Library, desk: Desk, record: RecordBuilder
) -> None:
    sheep, goats = desk.bring_in(record("Sheep", SHEEP), record("Goats", GOATS)).papers
    join = f"join arxiv:{GOATS} -- arxiv:{SHEEP}"
    with pytest.raises(EditsRefusedError) as caught:
        library.decisions.apply([join, f"join {DOI} -- arxiv:{SHEEP}"])
    assert [error.line for error in caught.value.refused] == [2]
    assert desk.keys() == [sheep, goats]
    report = library.decisions.apply([join, f"+wool -- arxiv:{GOATS}"])
    assert report.said == 2
    (paper,) = desk.papers()
    assert "wool" in paper.tags
    library.history.undo()
    assert desk.keys() == [sheep, goats]


RECORDS = st.builds(
    Record,
    title=st.sampled_from(["Counting sheep", "Goats", "Wool and weather", "Counting sheep today"]),
    source=st.sampled_from(["feed", "page", "bibtex"]),
    abstract=st.sampled_from(["", "We count.", "Sheep."]),
    identifiers=st.lists(
        st.sampled_from([Identifier("arxiv", SHEEP), Identifier("doi", "10.1000/s")]), max_size=1
    ).map(tuple),
)


@settings(max_examples=40, deadline=None)
@given(records=st.lists(RECORDS, min_size=2, max_size=6), data=st.data())
def test_a_dump_changes_nothing_in_its_own_library_and_is_undone_in_another(
    desk_in: DeskOpener, records: list[Record], data: st.DataObject
) -> None:
    with (
        TemporaryDirectory() as folder,
        desk_in(Path(folder) / "one") as desk,
        desk_in(Path(folder) / "other") as elsewhere,
    ):
        desk.bring_in(*records)
        for _ in range(3):
            keys = desk.keys()
            try:
                if data.draw(st.booleans()):
                    joining(desk).join(data.draw(st.permutations(keys))[:3])
                else:
                    joining(desk).split(data.draw(st.sampled_from(keys)))
            except JoinError:
                continue
        dump, before = desk.dump(), desk.papers()
        assert put_in(desk, *dump).changed == ()
        assert (desk.dump(), desk.papers()) == (dump, before)
        elsewhere.bring_in(*records)
        others = elsewhere.papers()
        try:
            changed = put_in(elsewhere, *dump).changed
        except EditsRefusedError:  # what could not be parted there has one line too many
            changed = ()
        assert elsewhere.counts_are_right()
        if changed:
            assert elsewhere.undo()
        assert elsewhere.papers() == others

from __future__ import annotations

import io
from datetime import date
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.exporters import EXPORTERS
from store.importers import source_from_stream
from store.library import Library
from store.merging import ranked_abstracts
from store.models import OtherAbstract
from store.text import fold

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Desk, DeskOpener, RecordBuilder

    from store.imports.report import ImportReport
    from store.models import Paper, Record

SHEEP = "2401.00001"
FIRST, SECOND, THIRD = "2026-03-01", "2026-03-02", "2026-03-03"
TODAY = date(2026, 3, 12)


def abstracts(desk: Desk) -> list[str]:
    """Return all abstracts of the one paper, the one that is shown first."""
    (paper,) = desk.papers()
    return [paper.abstract, *(other.text for other in paper.other_abstracts)]


def test_an_abstract_that_a_better_one_replaces_stays_beside_it(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(record("Sheep", SHEEP, source="page", day=FIRST, abstract="They jump."))
    desk.bring_in(record("Sheep", SHEEP, day=FIRST, abstract="They leap."))
    desk.bring_in(record("Sheep", SHEEP, day=SECOND, abstract="They hop."))
    (paper,) = desk.papers()
    assert paper.abstract == "They hop."
    assert paper.other_abstracts == (
        OtherAbstract("feed", FIRST, "They leap."),
        OtherAbstract("page", FIRST, "They jump."),
    )
    assert desk.stamp(paper.key, "abstract") == f"feed {SECOND}"


def test_a_worse_one_that_comes_later_stays_beside_the_shown_one(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(record("Sheep", SHEEP, day=FIRST, abstract="They leap."))
    report = desk.bring_in(record("Sheep", SHEEP, source="page", abstract="They jump."))
    assert report.updated == 1
    assert abstracts(desk) == ["They leap.", "They jump."]


@pytest.mark.parametrize("text", ["they jump", "THEY JUMP", "Thêy  jump", "They\njump", "Theyjump"])
def test_abstracts_that_differ_in_case_accents_and_blanks_are_kept_once(
    desk: Desk, record: RecordBuilder, text: str
) -> None:
    desk.bring_in(record("Sheep", SHEEP, source="page", day=THIRD, abstract="They jump"))
    desk.bring_in(record("Sheep", SHEEP, day=FIRST, abstract=text))
    assert abstracts(desk) == [text]
    desk.bring_in(record("Sheep", SHEEP, source="page", day=SECOND, abstract="They jump"))
    assert abstracts(desk) == [text]


def test_an_abstract_beside_the_shown_one_that_comes_again_has_its_latest_day(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(record("Sheep", SHEEP, day=FIRST, abstract="They leap."))
    for day in (SECOND, FIRST, THIRD, SECOND):
        desk.bring_in(record("Sheep", SHEEP, source="page", day=day, abstract="They jump."))
    (paper,) = desk.papers()
    assert paper.other_abstracts == (OtherAbstract("page", THIRD, "They jump."),)


def test_undo_and_redo_restore_which_one_is_shown(desk: Desk, record: RecordBuilder) -> None:
    states: list[list[Paper]] = []
    for source, day, text in [
        ("page", FIRST, "They jump."),
        ("feed", FIRST, "They leap."),
        ("page", SECOND, "They stand."),
        ("feed", SECOND, "THEY JUMP."),
    ]:
        desk.bring_in(record("Sheep", SHEEP, source=source, day=day, abstract=text))
        states.append(desk.papers())
    assert abstracts(desk) == ["THEY JUMP.", "They leap.", "They stand."]
    for state in reversed(states[:-1]):
        assert desk.undo()
        assert desk.papers() == state
    for state in states[1:]:
        assert desk.redo()
        assert desk.papers() == state


def test_importing_the_same_again_changes_nothing(desk: Desk, record: RecordBuilder) -> None:
    records = [
        record("Sheep", SHEEP, source="page", day=SECOND, abstract="They jump."),
        record("Sheep", SHEEP, day=FIRST, abstract="They leap."),
        record("Sheep", SHEEP, day=FIRST, abstract="They leap high."),
    ]
    desk.bring_in(*records)
    before, entries = desk.papers(), desk.entries()
    (revision,) = desk.column("SELECT revision FROM library")
    assert desk.bring_in(*records[::-1]).unchanged == 3
    assert (desk.papers(), desk.entries()) == (before, entries)
    assert desk.column("SELECT revision FROM library") == [revision]


def test_an_import_that_is_undone_made_anew_and_redone_by_its_key_adds_nothing_twice(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(record("Sheep", SHEEP, day=SECOND, abstract="They leap."))
    again = record("Sheep", SHEEP, source="page", day=FIRST, abstract="They jump.")
    desk.bring_in(again)
    undone = desk.undo()
    assert undone
    desk.bring_in(again)
    before = desk.papers()
    redone = desk.redo(undone.key)
    assert redone
    assert (redone.changed, redone.kept) == ((), (before[0].key,))
    assert desk.papers() == before


def test_a_record_of_another_library_brings_those_it_kept(
    desk: Desk, record: RecordBuilder
) -> None:
    kept = (
        OtherAbstract("page", FIRST, "They jump."),
        OtherAbstract("page", "", "They  LEAP."),
        OtherAbstract("elsewhere", THIRD, "They stand."),
    )
    known = record("Sheep", SHEEP, source="paperdeck", abstract="They leap.", other_abstracts=kept)
    desk.bring_in(known)
    assert abstracts(desk) == ["They leap.", "They jump.", "They stand."]
    assert desk.bring_in(known).unchanged == 1
    desk.bring_in(record("Sheep", SHEEP, day=FIRST, abstract="They hop."))
    assert abstracts(desk) == ["They hop.", "They leap.", "They jump.", "They stand."]


def test_a_paper_without_an_abstract_of_its_own_shows_the_best_of_the_others(
    desk: Desk, record: RecordBuilder
) -> None:
    kept = (OtherAbstract("page", FIRST, "They jump."), OtherAbstract("feed", "", "They leap."))
    known = record("Sheep", SHEEP, source="paperdeck", other_abstracts=kept)
    desk.bring_in(known)
    assert abstracts(desk) == ["They leap.", "They jump."]
    assert desk.stamp(1, "abstract") == "feed "
    assert desk.bring_in(known).unchanged == 1


def test_the_most_trusted_comes_first() -> None:
    ranked = (
        OtherAbstract("feed", THIRD, "a"),
        OtherAbstract("feed", FIRST, "a longer one"),
        OtherAbstract("feed", FIRST, "a"),
        OtherAbstract("paperdeck", THIRD, "a"),
        OtherAbstract("page", THIRD, "a"),
        OtherAbstract("elsewhere", THIRD, "a"),
    )
    assert ranked_abstracts(ranked[::-1]) == ranked


SAID = st.lists(
    st.tuples(
        st.sampled_from(["page", "paperdeck", "feed"]),
        st.sampled_from([FIRST, SECOND, THIRD]),
        st.sampled_from(["They jump.", "THEY JUMP.", "they  jump.", "They leap.", "Théy leap."]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), said=SAID)
def test_all_of_them_are_kept_in_whatever_order_they_come(
    desk_in: DeskOpener,
    record: RecordBuilder,
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
    said: list[tuple[str, str, str]],
) -> None:
    def known(in_order: list[tuple[str, str, str]]) -> tuple[list[str], object]:
        with TemporaryDirectory(dir=tmp_path_factory.getbasetemp()) as folder:
            path = tmp_path_factory.getbasetemp() / folder
            with desk_in(path) as desk:
                for source, day, text in in_order:
                    desk.bring_in(record("Sheep", SHEEP, source=source, day=day, abstract=text))
                (paper,) = desk.papers()
                return abstracts(desk), (paper.other_abstracts, paper.provenance)

    kept, rest = known(said)
    assert known(data.draw(st.permutations(said))) == (kept, rest)
    folded = ["".join(fold(text).split()) for text in kept]
    assert len(folded) == len(set(folded))
    assert set(folded) == {"".join(fold(text).split()) for _, _, text in said}


def read_in(library: Library, text: str) -> ImportReport:
    return library.imports.bring_in([source_from_stream(io.BytesIO(text.encode()), TODAY)])


def test_an_own_export_changes_nothing_where_it_came_from_and_says_the_same_elsewhere(
    library: Library, folder: Path, tmp_path: Path, desk_in: DeskOpener, record: RecordBuilder
) -> None:
    records: list[Record] = [
        record("Sheep", SHEEP, day=THIRD, votes=4, abstract="They leap."),
        record("Sheep", SHEEP, day=FIRST, abstract="They hop."),
        record("Sheep", SHEEP, source="page", day=SECOND, abstract="They jump.\nOr stand."),
    ]
    with desk_in(folder) as desk:
        desk.bring_in(*records)
        (before,) = desk.papers()
    exported = "".join(EXPORTERS["jsonl"].write([before]))
    report = read_in(library, exported)
    assert (report.added, report.updated, report.unchanged) == (0, 0, 1)
    assert library.paper(before.key) == before
    with Library(tmp_path / "other", index_folder=tmp_path / "other-index") as other:
        read_in(other, exported)
        assert read_in(other, exported).unchanged == 1
        (paper,) = other.papers(other.search("").keys)
    assert (paper.abstract, paper.other_abstracts) == (before.abstract, before.other_abstracts)
    assert paper.provenance == before.provenance

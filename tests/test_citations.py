from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from store.citationkeys import LONGEST_KEY, is_citation_key
from store.citations import cite_all
from store.errors import LibraryFullError
from store.exporters import EXPORTERS
from store.importers import sources
from store.library import Library
from store.models import Record

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Desk, RecordBuilder, RecordsIn

FACTS: dict[str, Any] = {"authors": ("Ana García",), "published": "2024-01-02"}


def keys_of(desk: Desk) -> dict[int, str]:
    return {paper.key: paper.citation_key for paper in desk.papers()}


def cite_in(desk: Desk, *keys: int) -> dict[int, str]:
    cite_all(desk.database, keys)
    return {key: name for key, name in keys_of(desk).items() if name}


def test_a_paper_has_no_key_until_it_is_taken_out_and_keeps_the_one_it_gets(
    desk: Desk, record: RecordBuilder
) -> None:
    first, second, third = desk.bring_in(
        record("Counting sheep", "2401.00001", **FACTS),
        record("Counting goats", "2401.00002", **FACTS),
        record("Counting wool", "2401.00003", **FACTS),
    ).papers

    assert set(keys_of(desk).values()) == {""}
    assert cite_in(desk, second) == {second: "garcia2024counting"}
    both = {second: "garcia2024counting", first: "garcia2024countinga"}
    assert cite_in(desk, second, first) == both
    assert cite_in(desk, third, second, first) == both | {third: "garcia2024countingb"}


def test_a_key_stays_when_title_and_day_change_and_goes_to_no_other_paper(
    desk: Desk, record: RecordBuilder
) -> None:
    (first,) = desk.bring_in(record("Counting sheep", "2401.00001", **FACTS)).papers
    cite_in(desk, first)
    desk.bring_in(record("Weighing sheep", "2401.00001", day="2026-03-12", published="2025"))
    assert desk.paper(first).title == "Weighing sheep"

    (second,) = desk.bring_in(record("Counting goats", "2401.00002", **FACTS)).papers

    assert cite_in(desk, first, second)[second] == "garcia2024countinga"
    assert keys_of(desk)[first] == "garcia2024counting"


def test_a_bibliography_s_own_key_is_kept_unless_another_paper_has_it(
    desk: Desk, record: RecordBuilder
) -> None:
    first, second, third = desk.bring_in(
        record("Counting sheep", "2401.00001", citation_key="Garcia:2024", **FACTS),
        record("Counting goats", "2401.00002", citation_key="garcia:2024", **FACTS),
        record("Counting wool", "2401.00003", citation_key="no key, }", **FACTS),
    ).papers
    desk.bring_in(record("Counting sheep", "2401.00001", citation_key="other", **FACTS))

    assert cite_in(desk, first, second, third) == {
        first: "Garcia:2024",
        second: "garcia2024counting",
        third: "garcia2024countinga",
    }


def test_a_paper_without_a_key_takes_that_of_a_later_record(
    desk: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(record("Counting sheep", "2401.00001", **FACTS)).papers
    desk.bring_in(record("Counting sheep", "2401.00001", citation_key="sheep", **FACTS))

    assert keys_of(desk) == {key: "sheep"}


@pytest.mark.parametrize("format_name", ["jsonl", "bibtex", "biblatex", "csl"])
def test_a_key_is_the_same_in_a_library_that_an_export_is_imported_into(
    library: Library, desk: Desk, record: RecordBuilder, tmp_path: Path, format_name: str
) -> None:
    papers = desk.bring_in(
        record("Counting sheep", "2401.00001", citation_key="Garcia:24", **FACTS),
        record("Counting goats", "2401.00002", **FACTS),
    ).papers
    path = tmp_path / "exported"
    written = EXPORTERS[format_name].write(library.papers(papers, cited=True))
    path.write_text("".join(written), encoding="utf-8")
    with Library(tmp_path / "other", index_folder=tmp_path / "index") as other:
        other.imports.bring_in(sources([path]))
        kept = {paper.title: paper.citation_key for paper in other.papers([1, 2])}

    assert kept == {"Counting sheep": "Garcia:24", "Counting goats": "garcia2024counting"}


def test_an_own_bibliography_s_keys_are_kept_where_braces_do_not_close_too(
    records_in: RecordsIn,
) -> None:
    whole = "@article{one:1, title = {Counting sheep}, doi = {10.1000/1}}\n"
    broken = "@article{two:2,\n  title = {Counting {goats},\n  doi = {10.1000/2}\n}\n\n"
    keys = [one.citation_key for one in records_in(broken + whole) if isinstance(one, Record)]

    assert keys == ["two:2", "one:1"]


def test_papers_of_one_base_key_ask_for_each_name_twice_at_most(
    desk: Desk, record: RecordBuilder
) -> None:
    alike = [record("Counting sheep", f"2401.{n:05}", **FACTS) for n in range(1, 121)]
    papers = desk.bring_in(*alike).papers
    asked: Counter[str] = Counter()
    desk.connection.set_trace_callback(
        lambda statement: asked.update([statement] * ("WHERE name =" in statement))
    )
    cite_in(desk, *papers)

    assert len(asked) >= len(papers)
    assert max(asked.values()) <= 2
    assert len(set(keys_of(desk).values())) == len(papers)


def test_a_full_disk_is_told_and_not_taken_for_a_library_that_is_read_only(
    desk: Desk, record: RecordBuilder
) -> None:
    papers = desk.bring_in(
        *(record(f"Counting sheep {n}", f"2401.{n:05}", **FACTS) for n in range(1, 401))
    ).papers
    (pages,) = desk.connection.execute("PRAGMA page_count").fetchone()
    desk.connection.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(LibraryFullError, match="free some space"):
        cite_all(desk.database, papers)


@pytest.mark.parametrize(
    ("text", "is_key"),
    [
        ("vaswani2017attention", True),
        ("DBLP:conf/nips/VaswaniSPUJGKP17", True),
        ("a_b.c+d-e", True),
        ("", False),
        ("-a", False),
        ("a b", False),
        ("a,b", False),
        ("a}b", False),
        ("a%b", False),
        ("é", False),
        ("a\n", False),
        ("a" * LONGEST_KEY, True),
        ("a" * (LONGEST_KEY + 1), False),
    ],
)
def test_a_key_is_what_every_program_takes(text: str, is_key: bool) -> None:  # noqa: FBT001 a table
    assert is_citation_key(text) is is_key


def test_taking_out_is_no_act_and_each_paper_is_cited_alike_alone_and_with_others(
    library: Library, desk: Desk, record: RecordBuilder
) -> None:
    keys = desk.bring_in(
        record("Counting sheep", "2401.00001", **FACTS),
        record("Counting goats", "2401.00002", **FACTS),
    ).papers
    revision, entries = library.revision, library.history.entries()

    alone = [next(iter(library.papers([key], cited=True))).citation_key for key in reversed(keys)]
    together = [paper.citation_key for paper in library.papers(keys, cited=True)]

    assert alone == together[::-1] == ["garcia2024counting", "garcia2024countinga"]
    assert (library.revision, library.history.entries()) == (revision, entries)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_library_that_can_not_be_written_is_taken_out_all_the_same(
    library: Library, desk: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(record("Counting sheep", "2401.00001", **FACTS)).papers
    desk.database.path.chmod(0o400)

    assert [paper.citation_key for paper in library.papers([key], cited=True)] == [""]

from __future__ import annotations

from dataclasses import replace

import pytest

from store.identifiers import read_identifier
from store.imports.report import Conflict, ImportReport, Refusal
from tui.reports import (
    CONFLICT_REMEDY,
    MOST_LINES,
    import_news,
    import_summary,
    refusal_lines,
)


def report(
    added: int = 0, updated: int = 0, unchanged: int = 0, refused: int = 0, conflicts: int = 0
) -> ImportReport:
    identifier = read_identifier("arxiv:2603.00001")
    assert identifier
    return ImportReport(
        added,
        updated,
        unchanged,
        (Refusal("a.json", "paper 3", "has no title"),) * refused,
        1.26,
        (Conflict("a.json", "paper 4", identifier, "Sheep", "Goats"),) * conflicts,
    )


@pytest.mark.parametrize(
    ("came", "news"),
    [
        (report(added=38, updated=2, unchanged=5, refused=1), "38 added, 2 updated, 1 refused"),
        (report(added=1_200), "1,200 added"),
        (report(updated=1, conflicts=2), "1 updated, 2 conflicts"),
        (report(unchanged=40), "40 unchanged"),
        (report(refused=10), "10 refused"),
        (report(), "No papers in there"),
    ],
)
def test_news_have_the_counts_that_matter(came: ImportReport, news: str) -> None:
    assert import_news(came) == news


def test_a_summary_has_every_count() -> None:
    assert import_summary(report(1_200, 2, 3, 4)) == (
        "1,200 added, 2 updated, 3 unchanged, 4 refused (1.3 s)"
    )
    assert import_summary(report(1, conflicts=1), is_trial=True) == (
        "1 would be added, 0 would be updated, 0 unchanged, 0 refused, 1 conflict (1.3 s)"
    )


def refused(*troubles: tuple[str, str, str]) -> ImportReport:
    return ImportReport(0, 0, 0, tuple(Refusal(*one) for one in troubles), 0.0)


def test_what_did_not_go_in_is_told_with_its_place_and_its_reason() -> None:
    assert refusal_lines(report(refused=1, conflicts=1)) == [
        "a.json: paper 3: has no title",
        "a.json: paper 4: arxiv:2603.00001: 'Sheep' goes without it: it belongs to 'Goats'",
        CONFLICT_REMEDY,
    ]
    assert refusal_lines(report(added=3)) == []


def test_records_refused_for_one_reason_have_one_line() -> None:
    lines = [("a.json", f"line {number}", "no title") for number in range(1, 1_001)]
    breaks = [("a.json", f"line {2_000 + n}", f"breaks off at column {n}") for n in range(4)]

    assert refusal_lines(
        refused(*lines[:2], *breaks, *lines[2:], ("b.json", "line 1", "no title"))
    ) == [
        "a.json: line 1, line 2, line 3 and 997 more: no title",
        "a.json: line 2000, line 2001, line 2002 and 1 more: breaks off at column 0",
        "b.json: line 1: no title",
    ]


def test_files_refused_for_one_reason_are_counted_after_the_first_ones() -> None:
    files = [(f"{number}.png", "", "is a picture") for number in range(50)]

    assert refusal_lines(refused(*files, ("a.json", "", "has no column 'b'"))) == [
        *(f"{number}.png: is a picture" for number in range(3)),
        "47 more files: is a picture",
        "a.json: has no column 'b'",
    ]


def test_of_many_reasons_the_first_are_told_and_the_others_counted() -> None:
    reasons = [("a.json", f"line {n}", "no " + "x" * n) for n in range(1, 31) for _ in range(2)]

    assert len(refusal_lines(refused(*reasons))) == MOST_LINES + 1
    assert refusal_lines(refused(*reasons))[-1] == "… and 50 more records"


def test_records_that_name_the_same_identifier_of_another_have_one_line() -> None:
    assert refusal_lines(report(conflicts=99)) == [
        (
            "a.json: paper 4, paper 4, paper 4 and 96 more: arxiv:2603.00001:"
            " 99 records go without it: it belongs to 'Goats'"
        ),
        CONFLICT_REMEDY,
    ]


def test_a_conflict_is_told_with_short_titles_and_kept_with_whole_ones() -> None:
    (one,) = report(conflicts=1).conflicts
    long = replace(one, title="Sheep " * 20, owner="Goats " * 20, owner_is_removed=True)
    (line, _) = refusal_lines(replace(report(), conflicts=(long,)))

    assert len(line) < 200
    assert line.endswith("…', which was removed")
    assert "Goats " * 20 in long.reason

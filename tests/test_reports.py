from __future__ import annotations

import pytest

from store.identifiers import read_identifier
from store.imports.report import Conflict, ImportReport, Refusal
from tui.reports import import_news, import_summary, refusal_lines


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
        (Conflict("a.json", "paper 4", identifier, "'Sheep' goes without it"),) * conflicts,
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


def test_what_did_not_go_in_has_a_line_each() -> None:
    assert list(refusal_lines(report(refused=1, conflicts=1))) == [
        "a.json: paper 3: has no title",
        "a.json: paper 4: arxiv:2603.00001: 'Sheep' goes without it",
    ]

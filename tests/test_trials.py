from __future__ import annotations

from typing import TYPE_CHECKING

from store.imports.importing import ImportOptions, ImportRun
from store.imports.trials import Trial, TrialKind, Trials
from tui.reports import trial_line

if TYPE_CHECKING:
    from conftest import Desk, RecordBuilder

    from store.models import Record


def tried(desk: Desk, *records: Record) -> list[Trial]:
    told: list[Trial] = []
    run = ImportRun(desk.database, ImportOptions(), "test", "import", desk.now, Trials(told.append))
    run.write(records, ["papers.bib"] * len(records))
    run.finish((), 0.0)
    return told


def test_what_changes_nothing_is_left_out(desk: Desk, record: RecordBuilder) -> None:
    one = record("Counting sheep", "2401.00001", position="line 1")
    assert [trial.kind for trial in tried(desk, one)] == [TrialKind.ADDED]
    assert tried(desk, one) == []


def test_each_paper_is_told_with_what_makes_two_records_one(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(
        record("Counting sheep", "2401.00001"), record("Goats on stairs"), record("Wolves at rest")
    )
    told = tried(
        desk,
        record("Counting sheep", "2401.00001", venue="Flock 2026"),
        record("Goats on Stairs", "doi:10.1000/goats"),
        record("Wolves at rest"),
        record("Dogs", "2401.00009", "doi:10.1000/dog", position="line 9"),
        record("Dogs", "doi:10.1000/dog"),
        record("Dogs", "2401.00009"),
        record("Two dogs", "doi:10.1000/dog"),
    )
    assert [trial_line(one) for one in told] == [
        "updated: arxiv:2401.00001 Counting sheep (venue; the same arxiv:2401.00001)",
        "updated: doi:10.1000/goats Goats on stairs (identifiers; the same title)",
        "added: arxiv:2401.00009 Dogs",
        "merged: doi:10.1000/dog Dogs (into arxiv:2401.00009; the same doi:10.1000/dog)",
        "merged: arxiv:2401.00009 Dogs (again; the same arxiv:2401.00009)",
        "merged: doi:10.1000/dog Two dogs (into arxiv:2401.00009 'Dogs'; the same doi:10.1000/dog)",
    ]
    assert (told[2].source, told[2].position) == ("papers.bib", "line 9")


def test_a_paper_that_was_gone_would_be_added(desk: Desk, record: RecordBuilder) -> None:
    desk.bring_in(record("Counting sheep", "2401.00001"))
    desk.undo()
    (trial,) = tried(desk, record("Counting sheep", "2401.00001"))
    assert trial_line(trial) == "added: arxiv:2401.00001 Counting sheep"


def test_a_paper_without_identifier_is_told_so(desk: Desk, record: RecordBuilder) -> None:
    (trial,) = tried(desk, record("Counting sheep"))
    assert trial_line(trial) == "added: without identifier Counting sheep"

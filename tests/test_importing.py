from __future__ import annotations

import gc
import json
import sqlite3
import time
import tracemalloc
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from store.changes.change import Change
from store.importers import ReadingContext, read_records, sources
from store.imports.importing import BATCH_RECORDS, LOCK_SECONDS, run_import
from store.imports.report import ImportReport, Refusal
from store.models import Record
from store.record.database import Database
from store.text import fold_title

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Desk, RecordBuilder


def test_records_come_in_as_one_entry_with_the_first_tags(
    desk: Desk, record: RecordBuilder
) -> None:
    report = desk.bring_in(record("One", "2401.00001"), record("Two"))
    assert (report.added, report.updated, report.unchanged) == (2, 0, 0)
    assert report.papers == tuple(desk.keys())
    assert [set(paper.tags) for paper in desk.papers()] == [{"inbox", "unread"}] * 2
    assert desk.entries() == [("import: 2 added, 0 updated", "standing")]
    assert desk.column("SELECT kind FROM journal") == ["import"]
    assert desk.column("SELECT made_at FROM journal") == ["2026-03-12T07:30:00Z"]
    assert desk.column("SELECT is_finished FROM journal") == [1]


def test_importing_the_same_again_changes_nothing_and_leaves_no_entry(
    desk: Desk, record: RecordBuilder
) -> None:
    records = [
        record("One", "2401.00001", day="2026-03-01", votes=3, abstract="First."),
        record("Two", source="page", day="2026-03-01"),
        record("Two", source="page", day="2026-03-02"),
    ]
    desk.bring_in(*records)
    desk.tag("+starred -inbox", *desk.keys())
    papers, entries = desk.papers(), desk.entries()
    (revision,) = desk.column("SELECT revision FROM library")
    report = desk.bring_in(*records)
    assert (report.added, report.updated, report.unchanged, report.papers) == (0, 0, 3, ())
    assert (desk.papers(), desk.entries()) == (papers, entries)
    assert desk.column("SELECT revision FROM library") == [revision]


def test_a_paper_that_comes_back_on_another_day_is_updated_and_keeps_its_tags(
    desk: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(record("One", "2401.00001", day="2026-03-01", votes=3)).papers
    desk.tag("+starred -inbox -unread", key)
    report = desk.bring_in(record("One", "2401.00001", day="2026-03-02", votes=8))
    assert (report.added, report.updated) == (0, 1)
    paper = desk.paper(key)
    assert (paper.votes, len(paper.sightings), paper.tags) == (8, 2, ("starred",))


def test_a_paper_that_was_dismissed_stays_so(desk: Desk, record: RecordBuilder) -> None:
    (key,) = desk.bring_in(record()).papers
    desk.tag("+dismissed -inbox -unread", key)
    desk.bring_in(record(day="2026-03-02"))
    assert desk.tags(key) == {"dismissed"}


@pytest.mark.parametrize(
    ("own", "tags", "into_inbox", "expected"),
    [
        (None, (), True, {"inbox", "unread"}),
        (None, ("new",), True, {"inbox", "unread", "new"}),
        (None, (), False, set()),
        (None, ("new",), False, {"new"}),
        ((), (), True, set()),
        (("starred", "RL"), (), True, {"starred", "RL"}),
        (("starred", "RL"), ("new", "rl"), False, {"starred", "rl", "new"}),
        (("starred", "Inbox", "unread"), (), True, {"starred", "inbox", "unread"}),
        (("starred", "Inbox", "unread"), (), False, {"starred"}),
        (("starred", "Inbox", "unread"), ("inbox",), False, {"starred", "inbox"}),
    ],
)
def test_an_added_paper_has_its_own_tags_or_those_of_a_new_one_and_the_imports(
    desk: Desk,
    record: RecordBuilder,
    own: tuple[str, ...] | None,
    tags: tuple[str, ...],
    *,
    into_inbox: bool,
    expected: set[str],
) -> None:
    (key,) = desk.bring_in(record(tags=own), tags=tags, into_inbox=into_inbox).papers
    assert desk.tags(key) == expected
    assert desk.counts_are_right()


def test_a_note_of_another_library_comes_in_where_there_is_none(
    desk: Desk, record: RecordBuilder
) -> None:
    theirs = record(note="Theirs.", source="paperdeck")
    (key,) = desk.bring_in(record()).papers
    assert desk.bring_in(theirs).updated == 1
    assert desk.paper(key).note == "Theirs."
    assert desk.bring_in(theirs).unchanged == 1
    desk.undo()
    assert desk.paper(key).note == ""
    desk.redo()
    assert desk.paper(key).note == "Theirs."
    desk.act(Change(key, "note", "Theirs.", "Mine."))
    assert desk.bring_in(theirs, record(note="Others'.", source="paperdeck")).unchanged == 2
    assert desk.paper(key).note == "Mine."


def test_a_note_comes_and_goes_with_the_import_of_its_paper(
    desk: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(record(note="Theirs.", source="paperdeck")).papers
    assert desk.paper(key).note == "Theirs."
    undone = desk.undo()
    assert undone
    assert (undone.changed, undone.kept) == ((key,), ())
    assert desk.bring_in(record()).papers == (key,)
    assert desk.paper(key).note == "", "the feed has none"


def test_a_paper_that_was_removed_comes_back_with_the_reader_s_note(
    desk: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(record()).papers
    desk.act(Change(key, "note", "", "Mine."))
    desk.act(Change(key, "paper", '["inbox", "unread"]', None))
    assert desk.bring_in(record(note="Theirs.", source="paperdeck")).papers == (key,)
    assert desk.paper(key).note == "Mine."


def test_the_tags_of_an_import_are_set_on_papers_that_are_there_already(
    desk: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(record(), into_inbox=False).papers
    assert desk.bring_in(record(), tags=("new",)).updated == 1
    assert desk.tags(key) == {"new"}
    assert desk.bring_in(record(), tags=("NEW",)).unchanged == 1


def test_refused_records_are_counted_and_handed_on(desk: Desk, record: RecordBuilder) -> None:
    refused = [Refusal("a.json", "record 2", "it has no title")]
    run = desk.run()
    run.write([record()])
    report = run.finish(refused, 1.5)
    assert (report.refused, report.added, report.seconds) == (tuple(refused), 1, 1.5)


def test_the_lock_is_let_go_many_times_in_a_long_import(desk: Desk, record: RecordBuilder) -> None:
    records = [record(f"Number {n}", abstract="Sheep jump. " * 50) for n in range(3_000)]
    statements: list[str] = []
    desk.connection.set_trace_callback(statements.append)
    run = desk.run()
    run.write(records)
    desk.connection.set_trace_callback(None)
    assert statements.count("BEGIN IMMEDIATE") == statements.count("COMMIT") > 2
    assert run.finish((), 0.0).added == len(records)
    assert len(desk.entries()) == 1
    undone = desk.undo()
    assert undone
    assert len(undone.changed) == len(records)


def test_a_transaction_ends_after_the_record_that_takes_too_long(
    desk: Desk, record: RecordBuilder
) -> None:
    # What each transaction writes; a trigger repeats the statement that sets it off.
    written: list[set[str]] = []

    def dawdle(statement: str) -> None:
        if statement == "BEGIN IMMEDIATE":
            written.append(set())
        elif statement.startswith("INSERT INTO papers"):
            written[-1].add(statement)
            time.sleep(1.1 * LOCK_SECONDS)

    desk.connection.set_trace_callback(dawdle)
    run = desk.run()
    run.write([record(f"Paper {n}") for n in range(5)])
    desk.connection.set_trace_callback(None)
    assert max(map(len, written)) == 1
    assert sum(map(len, written)) == 5
    assert run.finish((), 0.0).added == 5
    assert len(desk.entries()) == 1


def test_as_many_records_as_there_is_time_for_are_written_at_once(
    desk: Desk, record: RecordBuilder
) -> None:
    records = [record(f"Paper {n}", f"2401.{n:05}") for n in range(500)]
    statements: list[str] = []
    desk.connection.set_trace_callback(statements.append)
    run = desk.run()
    started = time.monotonic()
    run.write(records)
    elapsed = time.monotonic() - started
    run.finish((), 0.0)
    desk.connection.set_trace_callback(None)
    # Every transaction but the last one, and the one that closes the entry, uses up its time.
    assert statements.count("COMMIT") <= elapsed / LOCK_SECONDS + 2
    assert not [one for one in statements if one.startswith(("PRAGMA", "ROLLBACK"))]


def test_another_program_may_write_while_an_import_goes_on(
    desk: Desk, record: RecordBuilder, folder: Path
) -> None:
    (key,) = desk.bring_in(record("First")).papers
    run = desk.run()
    run.write([record("Second")])
    with closing(Database(folder)) as database:
        replace(desk, database=database, program="other").tag("+starred", key)
    run.write([record("Third")])
    run.finish((), 0.0)
    assert [label for label, _ in desk.entries()] == [
        "import: 1 added, 0 updated",
        "import: 2 added, 0 updated",
        "+starred",
    ]


def broken_off(records: list[Record], after: int) -> Iterator[Record]:
    yield from records[:after]
    raise KeyboardInterrupt


def write_in_batches(desk: Desk, records: Iterator[Record]) -> ImportReport:
    """Import in batches of three, as `Imports.bring_in` does."""
    run = desk.run()
    batch: list[Record] = []
    for one in records:
        batch.append(one)
        if len(batch) == 3:
            run.write(batch)
            batch.clear()
    run.write(batch)
    return run.finish((), 0.0)


def test_an_import_that_was_cut_off_can_be_completed(desk: Desk, record: RecordBuilder) -> None:
    records = [record(f"Paper {n}", f"2401.0000{n}") for n in range(9)]
    with pytest.raises(KeyboardInterrupt):
        write_in_batches(desk, broken_off(records, 7))
    assert len(desk.keys()) == 6
    assert desk.entries() == [("import", "standing")]
    assert desk.column("SELECT is_finished FROM journal") == [0]
    report = write_in_batches(desk, iter(records))
    assert (report.added, report.unchanged) == (3, 6)
    assert desk.column("SELECT is_finished FROM journal") == [0, 1]
    assert len(desk.keys()) == 9


def test_an_import_that_was_cut_off_can_be_undone(desk: Desk, record: RecordBuilder) -> None:
    records = [record(f"Paper {n}", f"2401.0000{n}") for n in range(9)]
    with pytest.raises(KeyboardInterrupt):
        write_in_batches(desk, broken_off(records, 7))
    undone = desk.undo()
    assert undone
    assert (len(undone.changed), undone.kept) == (6, ())
    assert desk.keys() == []
    assert write_in_batches(desk, iter(records)).added == 9


def test_a_batch_that_fails_leaves_nothing_of_itself(desk: Desk, record: RecordBuilder) -> None:
    run = desk.run()
    with pytest.raises(sqlite3.IntegrityError):
        run.write([record("One"), record("Two", venue=None)])
    assert desk.keys() == []
    assert desk.entries() == []


def test_a_paper_whose_title_changes_is_searched_anew(desk: Desk, record: RecordBuilder) -> None:
    (key,) = desk.bring_in(record("Sheep", "2401.00001")).papers
    (first,) = desk.column("SELECT revision FROM papers")
    desk.bring_in(record("Sheep", "2401.00001", day="2026-03-01", votes=3))
    assert desk.column("SELECT revision FROM papers") == [first]
    desk.bring_in(record("Counting sheep", "2401.00001", day="2026-03-02"))
    (second,) = desk.column("SELECT revision FROM papers WHERE key = ?", key)
    assert second > first
    assert desk.column("SELECT revision FROM text_commits") == [first, second]


def import_files(desk: Desk, *paths: Path) -> tuple[ImportReport, list[Record]]:
    """Import real files, of which no record is refused; return what was read, too."""
    run = desk.run()
    read: list[Record] = []
    for source in sources(paths):
        assert not isinstance(source, Exception)
        for one in read_records(source, ReadingContext(date(2026, 3, 12))):
            assert isinstance(one, Record), one
            read.append(one)
    for start in range(0, len(read), BATCH_RECORDS):
        run.write(read[start : start + BATCH_RECORDS])
    return run.finish((), 0.0), read


def test_real_pages_and_replies_of_the_feed_join(desk: Desk, shared: Path) -> None:
    pages = shared / "data" / "seeds"
    report, records = import_files(desk, pages)
    titles = Counter(fold_title(one.title) for one in records)
    assert (len(records), report.added) == (394, 334)
    assert sum(count > 1 for count in titles.values()) == 44
    again, _ = import_files(desk, pages)
    assert (again.added, again.updated, again.unchanged) == (0, 0, 394)
    assert len(desk.entries()) == 1

    report, records = import_files(desk, shared / "data" / "hf_daily")
    joined = [paper for paper in desk.papers() if len({s.source for s in paper.sightings}) == 2]
    assert len(joined) == 14
    assert all(paper.identifiers for paper in joined)
    assert (len(records), report.added) == (5_939, 5_938 - len(joined))
    assert len(desk.column("SELECT DISTINCT paper FROM identifiers")) == 5_938
    assert len(desk.keys()) == 5_938 + 334 - len(joined)
    assert desk.counts_are_right()


def peak_of_import(desk: Desk, path: Path, papers: int, first: int) -> int:
    """Return the most bytes that an import of so many papers has at once."""
    with path.open("w") as stream:
        for number in range(first, first + papers):
            one = {"title": f"Sheep {number}", "identifiers": [f"arxiv:2401.{number:05}"]}
            stream.write(f"{json.dumps(one | {'abstract': 'Woolly. ' * 90})}\n")
    context = ReadingContext(date(2026, 3, 12))
    gc.collect()
    tracemalloc.start()
    try:
        found = sources([path])
        report = run_import(desk.run(), found, context, format_name=None, progress=None)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert report.added == papers
    return peak


def test_a_long_import_takes_no_more_memory_than_a_short_one(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl"
    peak_of_import(desk, path, 600, 0)  # what is loaded with the first
    short, long = (peak_of_import(desk, path, n, n) for n in (1_500, 6_000))
    assert long < short + 300_000

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from store.changes.change import Change
from store.changes.journal import EntryKind

if TYPE_CHECKING:
    from conftest import Desk, RecordBuilder

NEW = {"inbox", "unread"}


@pytest.fixture
def other(desk: Desk) -> Desk:
    """Another program, at work on the same library."""
    return replace(desk, program="other")


@pytest.fixture
def keys(desk: Desk, record: RecordBuilder) -> tuple[int, ...]:
    """Three papers, brought in by a program that nobody asks to undo anything."""
    records = [record(f"Paper {n}", f"2401.0000{n}") for n in (1, 2, 3)]
    return replace(desk, program="cron").bring_in(*records).papers


def test_acts_are_undone_from_the_latest_and_redone_from_the_earliest(
    desk: Desk, keys: tuple[int, ...]
) -> None:
    key = keys[0]
    states = [desk.tags(key)]
    for words in ("+a", "-inbox +b", "+c -a"):
        desk.tag(words, key)
        states.append(desk.tags(key))
    for words, state in [("+c -a", states[2]), ("-inbox +b", states[1]), ("+a", states[0])]:
        undone = desk.undo()
        assert undone
        assert (undone.label, undone.changed, undone.kept) == (words, (key,), ())
        assert desk.tags(key) == state
    assert desk.undo() is None
    for words, state in [("+a", states[1]), ("-inbox +b", states[2]), ("+c -a", states[3])]:
        redone = desk.redo()
        assert redone
        assert (redone.label, redone.changed, redone.kept) == (words, (key,), ())
        assert desk.tags(key) == state
    assert desk.redo() is None
    assert desk.counts_are_right()


def test_undo_and_redo_take_turns_as_often_as_one_likes(desk: Desk, keys: tuple[int, ...]) -> None:
    desk.tag("+a", *keys)
    for _ in range(3):
        assert desk.undo()
        assert [desk.tags(key) for key in keys] == [NEW] * 3
        assert desk.redo()
        assert [desk.tags(key) for key in keys] == [NEW | {"a"}] * 3
    assert desk.entries()[1:] == [("+a", "standing")]


def test_nothing_done_is_nothing_to_undo_or_redo(desk: Desk, keys: tuple[int, ...]) -> None:
    assert keys
    assert desk.undo() is None
    assert desk.redo() is None


def test_an_act_that_changes_nothing_leaves_no_entry_and_keeps_what_can_be_redone(
    desk: Desk, keys: tuple[int, ...]
) -> None:
    desk.tag("+a", keys[0])
    desk.undo()
    assert desk.tag("+inbox -b", *keys) == []
    assert desk.entries()[1:] == [("+a", "undone")]
    assert desk.redo()


def test_undo_restores_only_what_still_is_as_the_act_made_it(
    desk: Desk, other: Desk, keys: tuple[int, ...]
) -> None:
    first, second, third = keys
    desk.tag("+a -inbox", *keys)
    other.tag("-a", first)
    other.tag("+inbox", second)
    undone = desk.undo()
    assert undone
    assert undone.changed == keys
    assert undone.kept == (first, second)
    assert [desk.tags(key) for key in (first, second, third)] == [NEW] * 3
    assert desk.counts_are_right()


def test_undo_keeps_a_title_that_was_changed_since(
    desk: Desk, other: Desk, keys: tuple[int, ...]
) -> None:
    first, second, _ = keys
    desk.act(
        Change(first, "title", "Paper 1", "Sheep 1"), Change(second, "title", "Paper 2", "Sheep 2")
    )
    other.act(Change(first, "title", "Sheep 1", "Goats"))
    undone = desk.undo()
    assert undone
    assert (undone.changed, undone.kept) == ((second,), (first,))
    assert [desk.paper(key).title for key in (first, second)] == ["Goats", "Paper 2"]


def test_redo_makes_only_what_can_still_be_made(
    desk: Desk, other: Desk, keys: tuple[int, ...]
) -> None:
    first, second, _ = keys
    desk.tag("+a", first, second)
    desk.undo()
    other.tag("+a", first)
    redone = desk.redo()
    assert redone
    assert (redone.changed, redone.kept) == ((second,), (first,))


def test_what_another_program_did_is_left_to_it(
    desk: Desk, other: Desk, keys: tuple[int, ...]
) -> None:
    desk.tag("+mine", keys[0])
    other.tag("+theirs", keys[0])
    undone = desk.undo()
    assert undone
    assert undone.label == "+mine"
    assert desk.undo() is None
    assert desk.tags(keys[0]) == NEW | {"theirs"}
    other.tag("+more", keys[0])
    assert desk.redo(), "an act of another program ends nothing"
    assert desk.tags(keys[0]) == NEW | {"mine", "theirs", "more"}


def test_what_the_program_did_by_itself_is_passed_over(desk: Desk, keys: tuple[int, ...]) -> None:
    desk.tag("+a", keys[0])
    desk.tag("-unread", keys[0], kind=EntryKind.AUTOMATIC)
    undone = desk.undo()
    assert undone
    assert undone.label == "+a"
    assert desk.tags(keys[0]) == {"inbox"}
    assert desk.undo() is None
    desk.tag("-unread", keys[1], kind=EntryKind.AUTOMATIC)
    redone = desk.redo()
    assert redone, "an automatic entry ends nothing"
    assert redone.label == "+a"


def test_a_new_act_ends_what_could_be_redone(desk: Desk, keys: tuple[int, ...]) -> None:
    for words in ("+a", "+b"):
        desk.tag(words, keys[0])
    desk.undo()
    desk.undo()
    desk.tag("+c", keys[0])
    assert desk.redo() is None
    assert desk.entries()[1:] == [("+a", "passed"), ("+b", "passed"), ("+c", "standing")]
    desk.undo()
    assert desk.undo() is None, "what has passed is not undone twice"
    redone = desk.redo()
    assert redone
    assert redone.label == "+c"
    assert desk.redo() is None


def test_a_new_act_in_the_middle_leaves_the_earlier_ones_to_undo(
    desk: Desk, keys: tuple[int, ...]
) -> None:
    for words in ("+a", "+b"):
        desk.tag(words, keys[0])
    desk.undo()
    desk.tag("+c", keys[0])
    labels = []
    while undone := desk.undo():
        labels.append(undone.label)
    assert labels == ["+c", "+a"]
    assert desk.tags(keys[0]) == NEW


def test_undoing_an_import_removes_its_papers_but_for_those_decided_since(
    desk: Desk, other: Desk, record: RecordBuilder
) -> None:
    report = desk.bring_in(*(record(f"Paper {n}", f"2401.0000{n}") for n in (1, 2, 3)))
    first, second, third = report.papers
    other.tag("+starred", second)
    undone = desk.undo()
    assert undone
    assert (undone.changed, undone.kept) == ((first, third), (second,))
    assert desk.keys() == [second]
    assert desk.tags(second) == NEW | {"starred"}
    assert desk.counts_are_right()
    redone = desk.redo()
    assert redone
    assert (redone.changed, redone.kept) == ((first, third), ())
    assert [desk.tags(key) for key in report.papers] == [NEW, NEW | {"starred"}, NEW]
    assert desk.counts_are_right()


def test_a_paper_that_was_only_read_by_rest_goes_with_its_import(
    desk: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(record()).papers
    desk.tag("-unread", key, kind=EntryKind.AUTOMATIC)
    assert desk.undo()
    assert desk.keys() == []
    assert desk.redo()
    assert desk.tags(key) == NEW


def test_a_paper_that_a_later_import_changed_stays_as_its_first_import_is_undone(
    desk: Desk, other: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(record("Counting sheep", "2401.00001", day="2026-03-01")).papers
    other.bring_in(record("Counting sheep", "2401.00001", day="2026-03-02", votes=3))
    undone = desk.undo()
    assert undone
    assert (undone.changed, undone.kept, undone.took_effect) == ((), (key,), False)
    assert desk.keys() == [key]


def test_redo_makes_only_what_undo_took_back(
    desk: Desk, other: Desk, record: RecordBuilder
) -> None:
    first, second = desk.bring_in(record("One"), record("Two")).papers
    desk.tag("+x", first, second)
    other.tag("-x", first)
    undone = desk.undo()
    assert undone
    assert (undone.changed, undone.kept) == ((second,), (first,))
    redone = desk.redo()
    assert redone
    assert (redone.changed, redone.kept) == ((second,), ())
    assert "x" not in desk.tags(first), "what the other decided stays"
    assert other.undo()
    assert "x" in desk.tags(first)


def test_a_paper_decided_and_put_back_is_removed_with_its_import(
    desk: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(record()).papers
    desk.tag("+a", key)
    desk.undo()
    assert desk.undo()
    assert desk.keys() == []


def test_undoing_an_import_restores_the_papers_that_it_only_changed(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(record("Counting sheep", "2401.00001", day="2026-03-01", votes=3))
    before = desk.papers()
    desk.bring_in(
        record(
            "Counting sheep, again",
            *("2401.00001", "doi:10.1000/xyz"),
            day="2026-03-05",
            votes=8,
            abstract="They jump.",
        ),
        tags=("later",),
    )
    after = desk.papers()
    assert before != after
    desk.undo()
    assert desk.papers() == before
    desk.redo()
    assert desk.papers() == after


def test_redoing_an_import_brings_papers_back_as_they_came(
    desk: Desk, record: RecordBuilder
) -> None:
    desk.bring_in(
        record("Paper 1", "2401.00001", day="2026-03-01", votes=3),
        record("Paper 1", "2401.00001", day="2026-03-02", votes=5),
        record("Paper 2", "2401.00002", tags=("starred", "Sheep")),
        tags=("new",),
    )
    before = desk.papers()
    assert [set(paper.tags) for paper in before] == [NEW | {"new"}, {"new", "Sheep", "starred"}]
    desk.undo()
    assert desk.keys() == []
    desk.redo()
    assert desk.papers() == before
    assert desk.counts_are_right()


def test_a_paper_whose_import_was_undone_comes_back_with_a_new_import(
    desk: Desk, record: RecordBuilder
) -> None:
    again = record("Counting sheep", "2401.00001", "doi:10.1000/xyz")
    (key,) = desk.bring_in(again).papers
    desk.undo()
    assert desk.keys() == []
    report = desk.bring_in(record("Counting sheep", "doi:10.1000/xyz"), tags=("Back", "again"))
    assert (report.added, report.papers) == (1, (key,))
    assert desk.tags(key) == NEW | {"Back", "again"}
    undone = desk.undo()
    assert undone
    assert (undone.changed, undone.kept) == ((key,), ())
    assert desk.keys() == []
    assert desk.undo() is None


def test_ten_thousand_papers_are_one_act(desk: Desk, record: RecordBuilder) -> None:
    count = 10_000
    keys = desk.bring_in(*(record(f"Paper number {n}") for n in range(count))).papers
    assert len(keys) == count
    assert len(desk.tag("+a -unread", *keys)) == 2 * count
    undone = desk.undo()
    assert undone
    assert (len(undone.changed), undone.kept) == (count, ())
    assert desk.redo()
    assert dict(desk.connection.execute("SELECT name, papers FROM tags").fetchall()) == {
        "inbox": count,
        "unread": 0,
        "a": count,
    }


def test_a_paper_decided_on_since_keeps_all_that_the_import_brought_for_it(
    desk: Desk, record: RecordBuilder
) -> None:
    first = record("Counting sheep", "2401.00001", day="2026-03-12", votes=1)
    again = record("Counting sheep", "2401.00001", day="2026-03-13", votes=2)
    (key,) = desk.bring_in(first, again).papers
    replace(desk, program="other").tag("+wool", key)
    reversal = desk.undo()
    assert reversal is not None
    assert (reversal.changed, reversal.kept) == ((), (key,))
    days = desk.connection.execute("SELECT day FROM sightings ORDER BY day").fetchall()
    assert days == [("2026-03-12",), ("2026-03-13",)]


def test_what_an_import_goes_on_with_after_it_was_undone_can_be_undone_too(
    desk: Desk, record: RecordBuilder
) -> None:
    run = desk.run()
    run.write([record(f"Paper {n}", f"2401.0000{n}") for n in (1, 2)])
    assert desk.undo()
    assert desk.keys() == []
    run.write([record("Paper 3", "2401.00003")])
    assert run.finish((), 0.0).added == 3
    assert desk.entries() == [
        ("import: 2 added, 0 updated", "undone"),
        ("import: 1 added, 0 updated", "standing"),
    ]
    assert desk.column("SELECT is_finished FROM journal") == [1, 1]
    (third,) = desk.keys()
    undone = desk.undo()
    assert undone
    assert (undone.changed, undone.kept) == ((third,), ())
    assert desk.keys() == []
    for count in (1, 3):
        assert desk.redo()
        assert len(desk.keys()) == count
    assert desk.redo() is None


def test_an_import_that_was_undone_and_redone_stays_one_entry(
    desk: Desk, record: RecordBuilder
) -> None:
    run = desk.run()
    run.write([record("Paper 1", "2401.00001")])
    desk.undo()
    desk.redo()
    run.write([record("Paper 2", "2401.00002")])
    run.finish((), 0.0)
    assert desk.entries() == [("import: 2 added, 0 updated", "standing")]


def test_an_import_under_way_that_was_undone_and_passed_is_followed_by_another_entry(
    desk: Desk, keys: tuple[int, ...], record: RecordBuilder
) -> None:
    run = desk.run()
    run.write([record("Paper 8", "2401.00008")])
    desk.undo()
    desk.tag("+a", keys[0])
    run.write([record("Paper 9", "2401.00009")])
    run.finish((), 0.0)
    assert [state for _, state in desk.entries()[1:]] == ["passed", "standing", "standing"]
    undone = desk.undo()
    assert undone
    assert undone.label == "import: 1 added, 0 updated"


def test_the_acts_of_a_program_that_has_ended_can_be_taken_over(
    desk: Desk, other: Desk, keys: tuple[int, ...]
) -> None:
    other.tag("+wool", keys[0])
    desk.tag("+milk", keys[0])
    desk.history.adopt(lambda program: program == other.program)
    assert other.undo() is None
    for tag in ("milk", "wool"):
        reversal = desk.undo()
        assert reversal is not None
        assert tag in reversal.label


def test_that_a_title_told_a_paper_is_no_change_of_its_own(
    desk: Desk, record: RecordBuilder
) -> None:
    (key,) = desk.bring_in(record("Counting sheep", "2401.00001", source="page")).papers
    desk.bring_in(record("Counting sheep", source="bibtex", venue="Barn"))
    desk.bring_in(record("Counting sheep", "2401.00001", source="feed", venue="Wool"))
    reversal = desk.undo(2)
    assert reversal is not None
    assert (reversal.changed, reversal.kept, reversal.took_effect) == ((), (key,), False)

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from store.changes import journal, reversing
from store.changes.change import Change
from store.changes.journal import KEPT_DAYS, KEPT_ENTRIES, EntryKind, EntryState
from store.errors import UnknownEntryError

if TYPE_CHECKING:
    from conftest import Desk, RecordBuilder

NEW = {"inbox", "unread"}
NOW = "2026-03-12T07:30:00Z"


@pytest.fixture
def other(desk: Desk) -> Desk:
    """Another program, at work on the same library."""
    return replace(desk, program="other")


@pytest.fixture
def keys(desk: Desk, record: RecordBuilder) -> tuple[int, ...]:
    """Three papers, brought in by a program that nobody asks to undo anything."""
    records = [record(f"Paper {n}", f"2401.0000{n}") for n in (1, 2, 3)]
    return replace(desk, program="cron").bring_in(*records).papers


def entry_of(desk: Desk, label: str) -> int:
    """Return the key of the entry with this label."""
    (found,) = (entry.key for entry in desk.history.entries() if entry.label == label)
    return found


def states(desk: Desk) -> dict[str, str]:
    """Return the state of every entry by its label, the import's left out."""
    return {e.label: e.state.value for e in desk.history.entries() if e.kind != EntryKind.IMPORT}


def test_the_history_tells_who_did_what_and_when_to_how_many_papers(
    desk: Desk, other: Desk, keys: tuple[int, ...]
) -> None:
    desk.tag("+a +b", *keys[:2])
    replace(other, now="2026-03-13T08:00:00Z").tag("-unread", keys[0], kind=EntryKind.AUTOMATIC)
    latest, act, first = desk.history.entries()
    assert act == journal.Entry(
        first.key + 1, "+a +b", EntryKind.ACT, "test", NOW, 2, EntryState.STANDING, is_finished=True
    )
    assert (first.kind, first.program, first.papers) == (EntryKind.IMPORT, "cron", 3)
    assert (latest.kind, latest.program) == (EntryKind.AUTOMATIC, "other")
    assert (latest.made_at, latest.papers) == ("2026-03-13T08:00:00Z", 1)
    assert desk.history.entries(2) == (latest, act)
    assert desk.history.entries(0) == ()


def test_what_belongs_to_no_paper_counts_none(desk: Desk) -> None:
    desk.act(Change(None, "view", None, '["wool","sheep"]'), label="save")
    (entry,) = desk.history.entries()
    assert entry.papers == 0


def test_an_entry_is_undone_and_redone_by_its_key(desk: Desk, keys: tuple[int, ...]) -> None:
    for words in ("+a", "+b", "+c"):
        desk.tag(words, keys[0])
    middle = entry_of(desk, "+b")
    undone = desk.undo(middle)
    assert undone == reversing.Reversal(middle, "+b", (keys[0],), ())
    assert desk.tags(keys[0]) == NEW | {"a", "c"}
    assert states(desk) == {"+c": "standing", "+b": "undone", "+a": "standing"}
    assert desk.redo(middle) == undone
    assert desk.tags(keys[0]) == NEW | {"a", "b", "c"}
    assert set(states(desk).values()) == {"standing"}


def test_an_entry_that_can_not_be_undone_or_redone_says_why(
    desk: Desk, keys: tuple[int, ...]
) -> None:
    desk.tag("+a", keys[0])
    entry = entry_of(desk, "+a")
    for call in (desk.undo, desk.redo):
        with pytest.raises(UnknownEntryError, match="entry 99 is not in the history") as caught:
            call(99)
        assert caught.value.entry == 99
    with pytest.raises(UnknownEntryError, match="nothing to redo"):
        desk.redo(entry)
    desk.undo(entry)
    with pytest.raises(UnknownEntryError, match="undone already"):
        desk.undo(entry)
    assert desk.tags(keys[0]) == NEW


@pytest.mark.parametrize("kind", list(EntryKind))
def test_an_entry_of_another_program_or_of_none_is_undone_by_its_key(
    desk: Desk, other: Desk, keys: tuple[int, ...], kind: EntryKind
) -> None:
    other.tag("-unread", keys[0], kind=kind)
    assert desk.undo() is None
    assert desk.undo(entry_of(desk, "-unread"))
    assert desk.tags(keys[0]) == NEW
    assert other.redo() is None, "it is redone by whoever undid it"
    redone = desk.redo()
    assert redone
    assert redone.label == "-unread"
    assert desk.undo() is None, "it still is the other program's"


def test_redo_begins_with_what_was_undone_last(desk: Desk, keys: tuple[int, ...]) -> None:
    for words in ("+a", "+b", "+c"):
        desk.tag(words, keys[0])
    desk.undo(entry_of(desk, "+a"))
    desk.undo()
    desk.undo(entry_of(desk, "+b"))
    redone = [desk.redo() for _ in range(4)]
    assert [one and one.label for one in redone] == ["+b", "+c", "+a", None]


def test_an_act_ends_what_its_program_undid_and_a_key_still_redoes_it(
    desk: Desk, other: Desk, keys: tuple[int, ...]
) -> None:
    desk.tag("+mine", keys[0])
    other.tag("+theirs", keys[0])
    desk.undo(entry_of(desk, "+theirs"))
    desk.undo()
    other.tag("+more", keys[1])
    assert states(desk) == {"+more": "standing", "+theirs": "undone", "+mine": "undone"}
    desk.tag("+new", keys[1])
    assert desk.redo() is None
    assert [states(desk)[label] for label in ("+mine", "+theirs")] == ["passed", "passed"]
    with pytest.raises(UnknownEntryError, match="undone already"):
        desk.undo(entry_of(desk, "+theirs"))
    for label in ("+mine", "+theirs"):
        assert other.redo(entry_of(desk, label))
    assert desk.tags(keys[0]) == NEW | {"mine", "theirs"}
    assert set(states(desk).values()) == {"standing"}


def test_redoing_by_key_ends_nothing(desk: Desk, keys: tuple[int, ...]) -> None:
    for words in ("+a", "+b"):
        desk.tag(words, keys[0])
    desk.undo()
    desk.undo()
    assert desk.redo(entry_of(desk, "+b"))
    redone = desk.redo()
    assert redone
    assert redone.label == "+a"


def test_an_entry_in_the_middle_keeps_what_was_changed_since(
    desk: Desk, keys: tuple[int, ...]
) -> None:
    desk.tag("+a -unread", *keys[:2])
    desk.tag("-a", keys[0])
    undone = desk.undo(entry_of(desk, "+a -unread"))
    assert undone
    assert (undone.changed, undone.kept) == (keys[:2], keys[:1])
    assert [desk.tags(key) for key in keys[:2]] == [NEW, NEW]


def test_what_a_program_that_has_ended_did_and_undid_is_taken_over(
    desk: Desk, other: Desk, keys: tuple[int, ...]
) -> None:
    third = replace(desk, program="third")
    other.tag("+wool", keys[0])
    other.tag("+milk", keys[0])
    third.tag("+hay", keys[0])
    other.undo()
    other.undo(entry_of(desk, "+hay"))
    desk.history.adopt(lambda program: program == "other")
    assert [other.undo(), other.redo(), third.redo()] == [None, None, None]
    for label in ("+hay", "+milk"):
        redone = desk.redo()
        assert redone
        assert redone.label == label
    assert {e.label: e.program for e in desk.history.entries(3)} == {
        "+wool": "test",
        "+milk": "test",
        "+hay": "third",
    }


def test_programs_that_are_at_work_keep_what_is_theirs(
    desk: Desk, other: Desk, keys: tuple[int, ...]
) -> None:
    other.tag("+wool", keys[0])
    desk.history.adopt(lambda _: False)
    assert desk.undo() is None
    assert other.undo()


def fill(desk: Desk, count: int, *, days_ago: int, changes: int = 1) -> None:
    """Write so many entries, each of so many changes, made so long before `NOW`."""
    at = datetime.fromisoformat(NOW) - timedelta(days=days_ago)
    with desk.database.atomic() as connection:
        for number in range(count):
            entry = journal.open_entry(
                connection,
                label=f"{days_ago} days ago, {number}",
                kind=EntryKind.ACT,
                program="test",
                made_at=f"{at:%Y-%m-%dT%H:%M:%SZ}",
            )
            noted = [Change(1, "tag", None, f"t{number}") for number in range(changes)]
            journal.note_changes(connection, entry, noted, 1)


def labels(desk: Desk) -> list[str]:
    return desk.column("SELECT label FROM journal ORDER BY key")


@pytest.fixture
def old_key(desk: Desk, record: RecordBuilder) -> int:
    """A paper that came in long ago, by an entry that is gone soon."""
    return replace(desk, now="2025-01-01T00:00:00Z").bring_in(record()).papers[0]


def test_old_entries_beyond_the_latest_thousand_go_several_at_once(
    desk: Desk, old_key: int
) -> None:
    fill(desk, KEPT_ENTRIES + 19, days_ago=KEPT_DAYS + 1)
    before, old = desk.papers(), labels(desk)
    desk.tag("+a", old_key)
    assert labels(desk) == [*old[20:], "+a"]
    assert desk.column("SELECT count(*) FROM changes") == [KEPT_ENTRIES]
    assert desk.undo()
    assert desk.papers() == before, "nothing else is touched"


def test_of_old_entries_with_many_changes_some_wait_for_the_next_act(
    desk: Desk, old_key: int
) -> None:
    fill(desk, 3, days_ago=KEPT_DAYS + 2, changes=600)
    fill(desk, KEPT_ENTRIES, days_ago=KEPT_DAYS + 1)
    old = labels(desk)
    desk.tag("+a", old_key)
    assert labels(desk) == [*old[2:], "+a"]
    desk.tag("+b", old_key)
    assert labels(desk) == [*old[5:], "+a", "+b"]


def test_entries_of_the_last_days_stay_however_many_there_are(
    desk: Desk, keys: tuple[int, ...]
) -> None:
    fill(desk, KEPT_ENTRIES + 50, days_ago=KEPT_DAYS - 1)
    desk.tag("+a", keys[0])
    assert len(labels(desk)) == 1 + KEPT_ENTRIES + 50 + 1


def test_the_latest_thousand_stay_however_old_they_are(desk: Desk, keys: tuple[int, ...]) -> None:
    fill(desk, KEPT_ENTRIES - 2, days_ago=10 * KEPT_DAYS)
    desk.tag("+a", keys[0])
    assert len(labels(desk)) == KEPT_ENTRIES

"""What the schema keeps up to date by itself is what a count finds, whatever was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.changes.change import Change
from store.changes.tags import tags_as_text

if TYPE_CHECKING:
    from conftest import Desk, DeskOpener, RecordBuilder

PAPERS = 4
WORDS = st.lists(
    st.sampled_from(
        ["+unread", "-unread", "+inbox", "-inbox", "+rl", "-rl", "+RL/deep", "-rl/deep", "+starred"]
    ),
    min_size=1,
    max_size=4,
    unique=True,
).map(" ".join)
KEYS = st.lists(st.integers(1, PAPERS), min_size=1, max_size=3, unique=True)
DEEDS = st.one_of(
    st.tuples(st.just("tag"), WORDS, KEYS),
    st.tuples(st.just("remove"), KEYS),
    st.tuples(st.just("import"), KEYS, st.booleans(), st.integers(0, 9)),
    st.tuples(st.sampled_from(["undo", "redo"])),
)


def votes_when_decided(desk: Desk) -> dict[int, int | None]:
    return dict(desk.connection.execute("SELECT key, decided_votes FROM papers").fetchall())


def is_waiting(desk: Desk) -> dict[int, bool]:
    return {key: "inbox" in desk.tags(key) for key in range(1, PAPERS + 1)}


def do(desk: Desk, record: RecordBuilder, deed: tuple[object, ...], hour: int) -> None:
    match deed:
        case ("tag", str(words), list(keys)):
            desk.tag(words, *keys)
        case ("remove", list(keys)):
            desk.act(
                *(Change(key, "paper", tags_as_text(desk.tags(key)), None) for key in keys),
                label="remove",
            )
        case ("import", list(keys), bool(into_inbox), int(votes)):
            records = [
                record(f"Paper {key}", f"2401.{key:05}", day="2026-03-01", votes=votes)
                for key in keys
            ]
            run = desk.run(now=f"2026-03-12T{hour:02}:00:00Z", into_inbox=into_inbox)
            run.write(records)
            run.finish((), 0.0)
        case ("undo",):
            desk.undo()
        case _:
            desk.redo()


@settings(max_examples=60, deadline=None)
@given(deeds=st.lists(DEEDS, max_size=15))
def test_counts_and_votes_at_decisions_stay_exact(
    tmp_path_factory: pytest.TempPathFactory,
    desk_in: DeskOpener,
    record: RecordBuilder,
    deeds: list[tuple[object, ...]],
) -> None:
    with desk_in(tmp_path_factory.mktemp("triggers")) as desk:
        desk.bring_in(*(record(f"Paper {n + 1}", f"2401.{n + 1:05}") for n in range(PAPERS)))
        for hour, deed in enumerate(deeds):
            before, noted = is_waiting(desk), votes_when_decided(desk)
            do(desk, record, deed, hour)
            assert desk.counts_are_right()
            after = is_waiting(desk)
            for key, votes in votes_when_decided(desk).items():
                # A decision was noted as the paper went, and stays until it is back.
                assert after[key] is (votes is None)
                if not before[key] and not after[key] and deed[0] in {"tag", "import"}:
                    assert votes == noted[key]


@settings(max_examples=60, deadline=None)
@given(deeds=st.lists(DEEDS, max_size=15))
def test_undo_and_redo_give_papers_the_votes_back_that_they_had_at_decisions(
    tmp_path_factory: pytest.TempPathFactory,
    desk_in: DeskOpener,
    record: RecordBuilder,
    deeds: list[tuple[object, ...]],
) -> None:
    with desk_in(tmp_path_factory.mktemp("votes")) as desk:
        desk.bring_in(*(record(f"Paper {n + 1}", f"2401.{n + 1:05}") for n in range(PAPERS)))
        states, place = [votes_when_decided(desk)], 0
        for hour, deed in enumerate(deeds):
            entries = len(desk.entries())
            if deed == ("undo",):
                # The first entry brought the papers in.
                place -= place > 0 and desk.undo() is not None
            elif deed == ("redo",):
                place += desk.redo() is not None
            else:
                do(desk, record, deed, hour)
            if len(desk.entries()) > entries:
                place += 1
                states[place:] = [votes_when_decided(desk)]
            assert votes_when_decided(desk) == states[place]


def test_a_paper_that_rises_still_does_when_its_return_to_the_inbox_is_undone(
    desk: Desk, record: RecordBuilder
) -> None:
    def rising() -> list[int]:
        return desk.column("SELECT key FROM papers WHERE votes >= 2 * max(decided_votes, 1)")

    def bring_in(votes: int) -> int:
        day = f"2026-03-{votes:02}"
        desk.bring_in(record("Sheep", "2401.00001", day=day, votes=votes))
        return int(desk.keys()[0])

    key = bring_in(10)
    desk.tag("-inbox", key)
    bring_in(30)
    assert rising() == [key]
    desk.tag("+inbox", key)
    assert rising() == []
    desk.tag("-inbox", key)
    assert rising() == [], "decided on anew, at 30"
    desk.undo()
    assert rising() == []
    desk.undo()
    assert rising() == [key], "decided on at 10"
    desk.redo()
    desk.redo()
    assert rising() == []
    assert votes_when_decided(desk) == {key: 30}


def test_the_votes_of_a_decision_that_is_redone_are_those_of_then(
    desk: Desk, record: RecordBuilder
) -> None:
    keys = desk.bring_in(*(record(f"{n}", f"2401.{n:05}", votes=4) for n in (1, 2))).papers
    desk.tag("-inbox", *keys)
    (entry,) = desk.column("SELECT max(key) FROM journal")
    desk.undo(entry)
    desk.bring_in(record("1", "2401.00001", day="2026-03-01", votes=9))
    assert votes_when_decided(desk) == dict.fromkeys(keys)
    desk.redo(entry)
    assert votes_when_decided(desk) == dict.fromkeys(keys, 0)


@pytest.mark.parametrize(
    ("tags", "into_inbox", "decided"),
    [
        (None, True, None),
        (None, False, 7),
        (("inbox",), True, None),
        (("Inbox", "rl"), True, None),
        (("rl",), True, 7),
        ((), True, 7),
    ],
)
def test_a_paper_that_comes_in_beside_the_inbox_is_decided_on_with_its_votes_of_then(
    desk: Desk,
    record: RecordBuilder,
    tags: tuple[str, ...] | None,
    into_inbox: bool,  # noqa: FBT001 a value of the table
    decided: int | None,
) -> None:
    sheep = record("Sheep", "2401.00001", day="2026-03-01", votes=7, tags=tags)
    unknown = record("Goats", "2401.00002", tags=tags)
    one, other = desk.bring_in(sheep, unknown, into_inbox=into_inbox).papers
    assert votes_when_decided(desk) == {one: decided, other: None if decided is None else 0}


@pytest.mark.parametrize("first", ["+unread", "-unread"])
def test_a_paper_that_is_read_is_unread_for_none_of_its_tags(
    desk: Desk, record: RecordBuilder, first: str
) -> None:
    def unread() -> dict[str, int]:
        return dict(desk.connection.execute("SELECT name, unread FROM tags").fetchall())

    one, other = desk.bring_in(record("One"), record("Other"), tags=("rl",)).papers
    assert unread() == {"inbox": 2, "unread": 2, "rl": 2}
    desk.tag(f"{first} +agents", one)
    desk.tag("-unread -agents", one)
    assert unread() == {"inbox": 1, "unread": 1, "rl": 1, "agents": 0}
    desk.act(Change(other, "paper", tags_as_text(desk.tags(other)), None))
    assert unread() == {"inbox": 0, "unread": 0, "rl": 0, "agents": 0}


def test_all_tags_taken_off_at_once_are_counted_each(desk: Desk, record: RecordBuilder) -> None:
    desk.bring_in(record("One"), record("Other"), tags=("rl", "vision"))
    desk.connection.execute("DELETE FROM paper_tags")
    assert desk.counts_are_right()
    assert desk.column("SELECT DISTINCT unread FROM tags") == [0]

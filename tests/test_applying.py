from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from store.decisions.lines import EDITS_HEADER
from store.errors import EditsRefusedError

if TYPE_CHECKING:
    from conftest import Desk, RecordBuilder

    from store.library import Library


@pytest.fixture
def keys(desk: Desk, record: RecordBuilder) -> tuple[int, ...]:
    return desk.bring_in(
        record("Sheep", "2401.00001"), record("Goats", "2401.00002", note="Mine."), record("Wool")
    ).papers


def test_edits_add_and_take_off_and_leave_the_rest_as_one_act(
    library: Library, desk: Desk, keys: tuple[int, ...]
) -> None:
    sheep, goats, wool = keys
    desk.tag("+own", sheep)
    report = library.decisions.apply(
        [
            EDITS_HEADER,
            "-inbox -unread +starred -- arxiv:2401.00001  # Sheep",
            "-- arxiv:2401.00002",
            f"+queued -- paperdeck:{wool}",
            'note "Theirs." -- arxiv:2401.00002',
            "view hot -- tag:own",
        ],
        label="apply todo.txt:",
    )

    assert (report.said, set(report.changed), report.views) == (5, set(keys), 1)
    assert desk.tags(sheep) == {"own", "starred"}
    assert desk.tags(goats) == {"inbox", "unread"}
    assert desk.tags(wool) == {"inbox", "unread", "queued"}
    assert desk.paper(goats).note == "Theirs."
    assert desk.entries()[-1][0] == "apply todo.txt: 3 papers"
    library.history.undo()
    assert desk.tags(sheep) == {"own", "inbox", "unread"}
    assert desk.paper(goats).note == "Mine."
    assert not library.views


def test_every_wrong_line_is_named_and_nothing_takes_effect(
    library: Library, desk: Desk, keys: tuple[int, ...]
) -> None:
    before = desk.dump()
    with pytest.raises(EditsRefusedError) as caught:
        library.decisions.apply(
            [
                "-inbox -- arxiv:2401.00001",
                "inbox -- arxiv:2401.00002",
                "+a -- arxiv:9999.99999",
                "+a",
                "+b -- arxiv:2401.00001",
            ]
        )

    assert [error.line for error in caught.value.refused] == [2, 3, 4, 5]
    assert "names no paper of this library" in str(caught.value.refused[1])
    assert (desk.dump(), len(desk.entries())) == (before, 1)
    assert keys


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("view hot -- votes:many", "the query of the view 'hot' can't be read"),
        ("+a,b -- arxiv:2401.00001", "','"),
        ('+a -- title:"Sheep"', "again: leave one line"),
    ],
)
def test_what_only_the_library_can_tell_is_named_by_its_line_too(
    library: Library, keys: tuple[int, ...], line: str, reason: str
) -> None:
    with pytest.raises(EditsRefusedError) as caught:
        library.decisions.apply(["+x -- arxiv:2401.00001", "", line])

    assert [error.line for error in caught.value.refused] == [3]
    assert reason in str(caught.value)
    assert keys


def test_a_list_of_edits_is_not_restored_as_a_dump(
    library: Library, desk: Desk, keys: tuple[int, ...]
) -> None:
    with pytest.raises(EditsRefusedError, match="give it to 'paperdeck apply' instead"):
        library.decisions.restore([EDITS_HEADER, "-- arxiv:2401.00001"])
    assert desk.tags(keys[0]) == {"inbox", "unread"}


def test_edits_that_hold_already_are_no_act(
    library: Library, desk: Desk, keys: tuple[int, ...]
) -> None:
    report = library.decisions.apply(["+inbox -starred -- arxiv:2401.00001"])

    assert (report.changed, report.said, len(desk.entries())) == ((), 1, 1)
    assert keys

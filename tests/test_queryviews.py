from __future__ import annotations

import pytest

from store.errors import QuerySyntaxError
from store.query.views import ViewShelf, error_in_view

SHELF = ViewShelf({"To-Read": "is:queued", "week": "on:7d", "weekend": "on:2d"})


@pytest.mark.parametrize("value", ["To-Read", "to-read", "TO-READ"])
def test_a_view_is_found_in_any_case(value: str) -> None:
    assert SHELF.name_of(value, column=1) == "To-Read"


def test_an_unknown_view_is_answered_with_the_nearest() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        SHELF.name_of("TOREAD", column=6)
    assert (caught.value.column, caught.value.suggestion) == (6, "To-Read")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("", True), ("t", True), ("WEEK", True), ("weekend", False), ("x", False), (" to", True)],
)
def test_more_characters_can_make_the_name_of_a_view(value: str, *, expected: bool) -> None:
    assert SHELF.has_beginning(value) is expected


def test_a_view_within_itself_is_an_error_with_the_chain() -> None:
    within = SHELF.within("week", column=1).within("To-Read", column=1)
    assert within.path == ("week", "To-Read")
    with pytest.raises(QuerySyntaxError) as caught:
        within.within("week", column=9)
    assert caught.value.column == 9
    assert caught.value.message == "the view 'week' contains itself: week, To-Read, week"


def test_an_error_in_a_view_moves_to_where_the_view_is_named() -> None:
    inner = error_in_view("week", QuerySyntaxError("no", 4, suggestion="yes"), column=7)
    outer = error_in_view("To-Read", inner, column=2)
    assert inner.message == outer.message == "in the view 'week', at its column 4: no"
    assert (inner.column, outer.column, outer.suggestion) == (7, 2, None)

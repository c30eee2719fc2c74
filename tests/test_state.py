from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.listing import ListView
from tui.marks import Marks
from tui.state import HOME_QUERY, NARROWEST_SHARE, WIDEST_SHARE, Pane, Place, Split, ViewState

KEYS = tuple(range(100, 200))


def listed(keys: tuple[int, ...], select: int | None = None) -> ListView:
    return ListView().with_keys(keys, select)


def test_the_panes_change_places() -> None:
    state = ViewState()
    assert state.next_pane().pane is Pane.ABSTRACT
    assert state.next_pane().next_pane() == state


def test_alone_the_abstract_has_the_keys_and_beside_it_the_list() -> None:
    alone = ViewState().alone_or_beside()
    assert (alone.is_abstract_alone, alone.pane) == (True, Pane.ABSTRACT)
    assert alone.alone_or_beside() == ViewState()


@pytest.mark.parametrize(
    "state", [ViewState().next_pane(), ViewState().alone_or_beside()], ids=["beside", "alone"]
)
def test_back_leads_from_the_abstract_to_the_list(state: ViewState) -> None:
    assert state.step_back() == ViewState()


def test_back_leaves_the_list_to_the_path() -> None:
    assert ViewState().step_back() is None


def test_the_path_leads_back_through_each_result_to_the_inbox() -> None:
    home = ViewState().with_result(HOME_QUERY, listed(KEYS, KEYS[5]))
    first = home.with_result("sheep", listed(KEYS[:9])).left(home.place)
    second = first.with_list(first.list.to(4)).with_result("goats", listed(KEYS[50:]))
    second = second.left(Place("sheep", KEYS[4]))
    back = second.path_back()
    assert back is not None
    state, place = back
    assert place == Place("sheep", KEYS[4])
    back = state.path_back()
    assert back is not None
    state, place = back
    assert place == Place(HOME_QUERY, KEYS[5])
    assert state.path == ()
    assert state.with_result(*place_of(place)).path_back() is None


def place_of(place: Place) -> tuple[str, ListView]:
    return place.text, listed(KEYS, place.key)


def test_a_result_that_the_browser_was_opened_with_leads_back_to_the_inbox() -> None:
    state = ViewState("sheep").with_result("sheep", listed(KEYS))
    back = state.path_back()
    assert back is not None
    assert back[1] == Place(HOME_QUERY, KEYS[0])


def test_steps_back_need_not_wait_for_the_papers() -> None:
    state = ViewState("sheep").with_result("sheep", listed(KEYS))
    back = state.path_back()
    assert back is not None
    assert back[0].path_back() is None


def test_the_same_query_again_adds_nothing_to_the_path() -> None:
    state = ViewState("sheep")
    assert state.left(Place("sheep", 3)) == state


def test_marks_are_taken_off_before_the_result_is_left() -> None:
    state = ViewState(list=listed(KEYS)).with_marks(Marks(frozenset(KEYS[:3])))
    back = state.step_back()
    assert back is not None
    assert back.marks == Marks()
    assert back.step_back() is None


def test_commands_act_on_the_marked_papers_in_the_order_of_the_list_or_the_selected() -> None:
    state = ViewState(list=listed(KEYS, KEYS[7]))
    assert state.chosen == (KEYS[7],)
    assert state.with_marks(Marks(frozenset({KEYS[9], KEYS[2]}))).chosen == (KEYS[2], KEYS[9])
    assert ViewState().chosen == ()


def test_a_range_goes_along_with_the_selection() -> None:
    state = ViewState(list=listed(KEYS, KEYS[4]))
    state = state.with_marks(state.marks.ranging(4, KEYS)).with_list(state.list.to(6))
    assert state.chosen == KEYS[4:7]
    assert state.with_list(state.list.to(3)).chosen == KEYS[3:5]


def test_another_result_keeps_the_marks_of_papers_that_it_shows() -> None:
    marks = Marks(frozenset({KEYS[1], KEYS[60]}))
    state = ViewState(list=listed(KEYS)).with_marks(marks)
    assert state.with_result("goats", listed(KEYS[:50])).chosen == (KEYS[1],)
    assert state.with_result("goats", listed(KEYS[:50]), marks=Marks()).marks == Marks()
    assert state.place.marks == marks


@given(st.floats(-2, 2), st.booleans())
def test_both_parts_of_a_split_keep_some_room(share: float, is_stacked: bool) -> None:  # noqa: FBT001 hypothesis gives it
    split = Split().moved(share, is_stacked=is_stacked)
    moved, other = (split.stacked, split.beside) if is_stacked else (split.beside, split.stacked)
    assert other is None
    assert moved is not None
    assert NARROWEST_SHARE <= moved <= WIDEST_SHARE


def test_a_configured_view_is_where_esc_leads_to_in_the_end() -> None:
    state = ViewState("sheep", home="view:mine")
    back = state.path_back()
    assert back is not None
    assert back[1].text == "view:mine"
    assert back[0].path_back() is None

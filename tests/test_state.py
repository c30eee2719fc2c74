from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.state import HOME_QUERY, ListView, Pane, Place, ViewState

if TYPE_CHECKING:
    from collections.abc import Callable

KEYS = tuple(range(100, 200))


def rows(count: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(st.integers(1, 10**6), max_size=count, unique=True).map(tuple)


steps = st.one_of(
    st.builds(lambda n: lambda view: view.to(n), st.integers(-5, 60)),
    st.builds(lambda n: lambda view: view.moved(n), st.integers(-60, 60)),
    st.builds(lambda n: lambda view: view.paged(n), st.sampled_from([-1, -0.5, 0.5, 1])),
    st.builds(lambda n: lambda view: view.scrolled(n), st.integers(-9, 9)),
    st.builds(lambda n: lambda view: view.resized(n), st.integers(0, 40)),
    st.builds(lambda keys: lambda view: view.with_keys(keys), rows(50)),
    st.builds(lambda keys: lambda view: view.with_keys(keys, view.key), rows(50)),
    st.builds(lambda keys: lambda view: view.renewed(keys), rows(50)),
    st.builds(lambda keys: lambda view: view.renewed((*keys, *view.keys)), rows(9)),
)


@given(rows(50), st.lists(steps, max_size=20))
def test_the_selected_row_is_always_in_sight(
    keys: tuple[int, ...], transitions: list[Callable[[ListView], ListView]]
) -> None:
    view = ListView(keys)
    for transition in transitions:
        view = transition(view)
        count = len(view.keys)
        assert view.height >= 1
        assert 0 <= view.selected <= max(0, count - 1)
        assert 0 <= view.top <= max(0, count - view.height)
        assert view.top <= view.selected < view.top + view.height
        assert (view.key is None) == (count == 0)
        assert view.key is None or view.key in view.shown
        assert len(view.shown) == min(view.height, count)


@given(rows(50), st.integers(1, 30), st.lists(st.integers(-70, 70), max_size=15))
def test_moving_selects_the_row_so_far_away_or_the_last_there_is(
    keys: tuple[int, ...], height: int, moves: list[int]
) -> None:
    view = ListView(keys, height=height)
    for by in moves:
        expected = max(0, min(view.selected + by, len(keys) - 1))
        view = view.moved(by)
        assert view.selected == expected


def test_a_key_held_down_moves_the_window_by_half_its_height() -> None:
    view = ListView(KEYS, height=10)
    tops = []
    for _ in range(21):
        view = view.moved(1)
        tops.append(view.top)
    assert tops == [0] * 9 + [5] * 5 + [10] * 5 + [15] * 2
    assert view.moved(-6).top == 15
    assert view.moved(-7).top == 10


@pytest.mark.parametrize(
    ("selected", "pages", "expected"),
    [
        (0, 1, (10, 10)),
        (3, 0.5, (8, 5)),
        (97, 1, (99, 90)),
        (3, -1, (0, 0)),
    ],
)
def test_a_page_moves_selection_and_window_together(
    selected: int, pages: float, expected: tuple[int, int]
) -> None:
    view = ListView(KEYS, height=10).to(selected).paged(pages)
    assert (view.selected, view.top) == expected


@pytest.mark.parametrize("pages", [-1, -0.5, 0.5, 1])
def test_a_page_of_one_row_still_moves(pages: float) -> None:
    view = ListView(KEYS, height=1).to(50)
    assert view.paged(pages).selected == (51 if pages > 0 else 49)


def test_the_wheel_moves_the_window_and_takes_the_selection_along_only_at_its_edge() -> None:
    view = ListView(KEYS, height=10).to(5)
    assert (view.scrolled(3).top, view.scrolled(3).selected) == (3, 5)
    assert (view.scrolled(9).top, view.scrolled(9).selected) == (9, 9)
    assert view.scrolled(-3) == view


def test_another_result_stays_on_the_paper_asked_for() -> None:
    view = ListView(KEYS, height=10).to(42)
    assert view.with_keys(KEYS[10:], select=view.key).key == KEYS[42]
    assert view.with_keys(KEYS[50:], select=view.key).key == KEYS[50]
    assert view.with_keys(KEYS).key == KEYS[0]
    assert view.with_keys((), select=view.key).key is None


@pytest.mark.parametrize(
    ("selected", "step", "found"),
    [(0, 1, 3), (3, 1, 7), (7, 1, None), (7, -1, 3), (3, -1, None), (5, -1, 3), (99, -1, 7)],
)
def test_the_nearest_wanted_row_is_found_below_or_above(
    selected: int, step: int, found: int | None
) -> None:
    wanted = {KEYS[3], KEYS[7], 5_000}
    assert ListView(KEYS, height=10).to(selected).next_among(wanted, step) == found


def test_nothing_is_next_in_an_empty_list() -> None:
    assert ListView().next_among({1}, 1) is None
    assert ListView().next_among({1}, -1) is None


def test_the_panes_change_places() -> None:
    state = ViewState()
    assert state.other_pane().pane is Pane.ABSTRACT
    assert state.other_pane().other_pane() == state


def test_alone_the_abstract_has_the_keys_and_beside_it_the_list() -> None:
    alone = ViewState().alone_or_beside()
    assert (alone.is_abstract_alone, alone.pane) == (True, Pane.ABSTRACT)
    assert alone.alone_or_beside() == ViewState()


@pytest.mark.parametrize(
    "state", [ViewState().other_pane(), ViewState().alone_or_beside()], ids=["beside", "alone"]
)
def test_back_leads_from_the_abstract_to_the_list(state: ViewState) -> None:
    assert state.pane_back() == ViewState()


def test_back_leaves_the_list_to_the_path() -> None:
    assert ViewState().pane_back() is None


def test_the_path_leads_back_through_each_result_to_the_inbox() -> None:
    home = ViewState().with_result(HOME_QUERY, KEYS, KEYS[5])
    first = home.with_result("sheep", KEYS[:9]).left(home.place)
    second = first.with_list(first.list.to(4)).with_result("goats", KEYS[50:])
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


def place_of(place: Place) -> tuple[str, tuple[int, ...], int | None]:
    return place.text, KEYS, place.key


def test_a_result_that_the_browser_was_opened_with_leads_back_to_the_inbox() -> None:
    state = ViewState("sheep").with_result("sheep", KEYS)
    back = state.path_back()
    assert back is not None
    assert back[1] == Place(HOME_QUERY, KEYS[0])


def test_steps_back_need_not_wait_for_the_papers() -> None:
    state = ViewState("sheep").with_result("sheep", KEYS)
    back = state.path_back()
    assert back is not None
    assert back[0].path_back() is None


def test_the_same_query_again_adds_nothing_to_the_path() -> None:
    state = ViewState("sheep")
    assert state.left(Place("sheep", 3)) == state


def test_a_list_that_grows_above_keeps_the_selected_row_on_its_line() -> None:
    view = ListView(KEYS, height=10).to(3)
    grown = view.renewed((1, 2, *KEYS))
    assert (grown.key, grown.selected, grown.top) == (view.key, 5, 2)
    assert grown.renewed(KEYS) == view
    gone = grown.renewed(KEYS[50:])
    assert (gone.selected, gone.top) == (5, 2)
    assert gone.renewed(()) == ListView(height=10)

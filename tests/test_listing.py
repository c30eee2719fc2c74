from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.listing import ListView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

KEYS = tuple(range(100, 200))


def rows(count: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(st.integers(1, 10**6), max_size=count, unique=True).map(tuple)


seeds = st.one_of(st.none(), st.randoms(use_true_random=False))


def days(keys: tuple[int, ...], seed: Random | None) -> tuple[int, ...]:
    """Return where days begin in a list: nowhere without a seed, else anywhere."""
    if seed is None or not keys:
        return ()
    return (0, *(index for index in range(1, len(keys)) if seed.random() < 0.3))


steps = st.one_of(
    st.builds(lambda n: lambda view: view.to(n), st.integers(-5, 60)),
    st.builds(lambda n: lambda view: view.moved(n), st.integers(-60, 60)),
    st.builds(lambda n: lambda view: view.paged(n), st.sampled_from([-1, -0.5, 0.5, 1])),
    st.builds(lambda n: lambda view: view.scrolled(n), st.integers(-9, 9)),
    st.builds(lambda n: lambda view: view.resized(n), st.integers(0, 40)),
    st.builds(lambda new, seed: lambda v: v.with_keys(new, None, days(new, seed)), rows(50), seeds),
    st.builds(
        lambda new, seed: lambda v: v.with_keys(new, v.key, days(new, seed)), rows(50), seeds
    ),
    st.builds(lambda new, seed: lambda v: v.renewed(new, days(new, seed)), rows(50), seeds),
    st.builds(
        lambda keys, seed: lambda v: v.renewed((*keys, *v.keys), days((*keys, *v.keys), seed)),
        rows(9),
        seeds,
    ),
)


def keys_in_sight(view: ListView) -> Iterator[int]:
    """Yield the papers on the lines of the window, and check the headings between them."""
    before = None
    for y in range(view.height):
        row, heading = view.row_at(y), view.heading_at(y)
        assert view.places[y] == (row, heading)
        assert row is None or heading is None
        if heading is not None:
            assert heading in view.starts
            assert view.row_at(y + 1) == heading
        if row is not None:
            assert view.line_of(row) == y
            assert row not in view.starts or y == 0 or view.heading_at(y - 1) == row
            assert before is None or row == before + 1
            before = row
            yield view.keys[row]


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
        lines = count + len(view.starts)
        assert 0 <= view.top <= max(0, lines - view.height)
        assert count == 0 or 0 <= view.line_of(view.selected) < view.height
        assert (view.key is None) == (count == 0)
        assert view.key is None or view.key in view.shown
        assert view.shown == tuple(keys_in_sight(view))


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


def test_a_list_that_grows_above_keeps_the_selected_row_on_its_line() -> None:
    view = ListView(KEYS, height=10).to(3)
    grown = view.renewed((1, 2, *KEYS))
    assert (grown.key, grown.selected, grown.top) == (view.key, 5, 2)
    assert grown.renewed(KEYS) == view
    gone = grown.renewed(KEYS[50:])
    assert (gone.selected, gone.top) == (5, 2)
    assert gone.renewed(()) == ListView(height=10)


def test_headings_take_lines_of_the_window() -> None:
    view = ListView(KEYS[:6], height=5, starts=(0, 2, 5))
    assert [view.heading_at(y) for y in range(5)] == [0, None, None, 2, None]
    assert [view.row_at(y) for y in range(5)] == [None, 0, 1, None, 2]
    assert view.shown == KEYS[:3]
    assert view.row_at(-1) is None
    below = view.to(5)
    assert below.row_at(4) == 5
    assert below.heading_at(3) == 5


def test_the_heading_comes_into_sight_with_the_first_paper_of_a_day() -> None:
    view = ListView(KEYS, height=10, starts=(0, 30)).to(60).to(30)
    line = view.line_of(30)
    assert view.heading_at(line - 1) == 30


def test_half_a_page_leaves_the_first_paper_of_a_day_upwards() -> None:
    view = ListView(KEYS, height=2, starts=tuple(range(100))).to(50)
    assert view.paged(-0.5).selected < 50
    assert view.paged(0.5).selected > 50


def test_the_list_of_a_year_is_laid_out_without_looking_at_all_of_it() -> None:
    keys = range(75_000)
    view = ListView(tuple(keys), height=50, starts=tuple(range(0, 75_000, 200)))
    far = view.to(74_999)
    assert far.row_at(49) == 74_999
    assert len(far.shown) == 50 - sum(far.heading_at(y) is not None for y in range(50))

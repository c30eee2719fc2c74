"""What is in a row of rising numbers, and near its numbers, is what a look at each tells."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from store.engine.rows import contains, distinct, near

ROWS = st.lists(st.integers(0, 60), max_size=20).map(sorted)


def row_of(numbers: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(numbers, np.int64)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(numbers=ROWS, wanted=ROWS)
def test_what_a_row_contains_is_told_of_each_number(numbers: list[int], wanted: list[int]) -> None:
    found = contains(row_of(numbers), row_of(wanted))
    assert found.tolist() == [number in numbers for number in wanted]


@given(numbers=ROWS)
def test_each_number_of_a_row_is_left_once(numbers: list[int]) -> None:
    assert distinct(row_of(numbers)).tolist() == sorted(set(numbers))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(numbers=ROWS.map(set), wanted=ROWS.map(set), distance=st.integers(1, 9))
def test_another_number_is_near(numbers: set[int], wanted: set[int], distance: int) -> None:
    found = near(row_of(sorted(numbers)), row_of(sorted(wanted)), distance)
    assert found.tolist() == [
        number
        for number in sorted(wanted)
        if any(0 < abs(number - other) <= distance for other in numbers)
    ]

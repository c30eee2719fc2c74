"""What is in a row of rising numbers, and near its numbers, is what a look at each tells."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from store.engine.rows import common, contains, distinct, near, places_in_row, values_at

ROWS = st.lists(st.integers(0, 60), max_size=20).map(sorted)

FEW = st.lists(st.integers(0, 299), max_size=9, unique=True).map(sorted)
MANY = st.lists(st.integers(0, 299), max_size=300, unique=True).map(sorted)
"""Some are more than 32 times as long as some of the others."""


def row_of(numbers: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(numbers, np.int64)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(numbers=ROWS, wanted=ROWS)
def test_what_a_row_contains_is_told_of_each_number(numbers: list[int], wanted: list[int]) -> None:
    found = contains(row_of(numbers), row_of(wanted))
    assert found.tolist() == [number in numbers for number in wanted]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(numbers=MANY | FEW, wanted=MANY | FEW)
def test_what_rows_have_in_common_is_in_both(numbers: list[int], wanted: list[int]) -> None:
    found = common(row_of(numbers), row_of(wanted), 300)
    assert found.tolist() == sorted(set(numbers) & set(wanted))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(numbers=MANY, wanted=MANY | FEW)
def test_numbers_have_the_values_that_they_have_in_the_row(
    numbers: list[int], wanted: list[int]
) -> None:
    both = sorted(set(numbers) & set(wanted))
    values = row_of([7 * number for number in numbers])
    found = values_at(row_of(numbers), values, row_of(both), 300)
    assert found.tolist() == [7 * number for number in both]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(numbers=MANY.map(lambda row: [number for number in row if number < 256]), wanted=MANY)
def test_a_row_of_a_narrow_type_has_none_of_the_numbers_beyond_it(
    numbers: list[int], wanted: list[int]
) -> None:
    places = places_in_row(row_of(numbers).astype(np.uint8), row_of(wanted).astype(np.int32))
    assert [numbers[place] for place in places.tolist()] == sorted(set(numbers) & set(wanted))


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

"""Rows of numbers that rise: what is in one, and in another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MUCH = 32
"""In a row so many times as long as what is looked for there, each is looked up by itself."""


def is_looked_up(wanted: int, row: int) -> bool:
    """Tell whether so many numbers are best looked up one by one in a row of so many.

    Else an array that has a place for every number there may be is best made of one of the two.
    """
    return wanted * _MUCH < row


def common(row: NDArray[Any], wanted: NDArray[Any], count: int) -> NDArray[Any]:
    """Return those `wanted` that are in a row, both of which rise and stay below `count`."""
    if is_looked_up(len(wanted), len(row)):
        return wanted[contains(row, wanted)]
    is_there = np.zeros(count, bool)
    is_there[row] = True
    return np.asarray(wanted[is_there[wanted]])


def values_at(
    row: NDArray[Any], values: NDArray[Any], wanted: NDArray[Any], count: int
) -> NDArray[Any]:
    """Return the values of numbers, all of which are in a row that rises and stays below `count`.

    There is one value for each number of the row.
    """
    if len(wanted) == len(row):
        return values
    if is_looked_up(len(wanted), len(row)):
        return values[np.searchsorted(row, wanted)]
    everywhere = np.zeros(count, values.dtype)
    everywhere[row] = values
    return np.asarray(everywhere[wanted])


def places_in_row(row: NDArray[Any], wanted: NDArray[Any]) -> NDArray[np.intp]:
    """Return where those numbers `wanted` stand that are in a row; both rise.

    The row may be of a narrower type, which does not hold all of them.
    """
    if not len(row):
        return np.zeros(0, np.intp)
    # Numbers of another type than the row's would have all of it copied.
    own = wanted[: np.searchsorted(wanted, row[-1], side="right")].astype(row.dtype)
    at = np.searchsorted(row, own)
    return np.asarray(at[row[at] == own])


def contains(
    row: NDArray[Any], wanted: NDArray[Any], at: NDArray[np.int64] | None = None
) -> NDArray[np.bool_]:
    """Tell which of the numbers `wanted` are in a row, which rises; `at` is where they would be."""
    if not len(row):
        return np.zeros(len(wanted), bool)
    at = np.searchsorted(row, wanted) if at is None else at
    return np.asarray(row.take(at, mode="clip") == wanted)


def distinct(row: NDArray[Any]) -> NDArray[Any]:
    """Return each number of a row, which may stay as it is from one to the next, once."""
    return row[firsts(row)]


def firsts(row: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell of each number in a row whether it is another than the one before."""
    is_first = np.ones(len(row), bool)
    np.not_equal(row[1:], row[:-1], out=is_first[1:])
    return is_first


def near(row: NDArray[np.int64], wanted: NDArray[np.int64], distance: int) -> NDArray[np.int64]:
    """Return those `wanted` that another number of a row is at most so far from; no number twice.

    Where a number is in the row itself, that is not enough.
    """
    if not len(row):
        return wanted[:0]
    at = np.searchsorted(row, wanted)
    before = wanted - row.take(at - 1, mode="clip")
    # A number that is the first, or beyond the last, has none before it, or after it.
    is_near = (before > 0) & (before <= distance)
    after = row.take(at, mode="clip") - wanted
    here = np.flatnonzero(after == 0)
    after[here] = row.take(at[here] + 1, mode="clip") - wanted[here]
    is_near |= (after > 0) & (after <= distance)
    return wanted[is_near]

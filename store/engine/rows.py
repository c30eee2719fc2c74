"""Rows of numbers that rise: what is in one, and in another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


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

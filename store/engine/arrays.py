"""Small operations on arrays that several modules need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def narrowed(numbers: NDArray[Any]) -> NDArray[Any]:
    """Return whole numbers from 0 on in the smallest unsigned type that holds them all."""
    most = int(numbers.max()) if len(numbers) else 0
    dtype = next(t for t in (np.uint8, np.uint16, np.uint32, np.uint64) if most <= np.iinfo(t).max)
    return numbers.astype(dtype, copy=False)


def offsets(counts: NDArray[Any]) -> NDArray[np.int64]:
    """Return where each of so many things in a row begins, and the end of the last."""
    ends = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=ends[1:])
    return ends


def lengths(ends: NDArray[Any]) -> NDArray[np.int64]:
    """Return how long each of the things in a row is whose `offsets` these are."""
    whole: NDArray[np.int64] = ends.astype(np.int64)
    return whole[1:] - whole[:-1]


def stretches(starts: NDArray[Any], counts: NDArray[Any]) -> NDArray[np.int64]:
    """Return `start, start + 1, …` of each stretch, one stretch after the other."""
    ends = np.cumsum(counts, dtype=np.int64)
    whole = int(ends[-1]) if len(ends) else 0
    shifts = starts.astype(np.int64) - (ends - counts)
    places = np.repeat(shifts, counts)
    places += np.arange(whole, dtype=np.int64)
    return places

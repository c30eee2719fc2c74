"""The order of terms, found for all of them at once: eight bytes are compared as a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from store.engine.arrays import lengths, offsets
from store.engine.rows import firsts
from store.engine.terms import TermList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_STEP = 8
"""Bytes that are compared at once."""


class Ordered(NamedTuple):
    """Terms that came in any order, each perhaps several times."""

    names: TermList
    """Each once, in order."""
    places: NDArray[np.int64]
    """Where each of those that came stands among them."""


def ordered(terms: TermList) -> Ordered:
    """Return terms in order; those that came in long stretches of it take less time."""
    sizes = lengths(terms.ends)
    begin = terms.ends[:-1].astype(np.int64)
    padded = np.concatenate((terms.text, np.zeros(_STEP, np.uint8)))
    order = np.arange(len(sizes))
    # Terms that begin alike, as far as was looked, are of one group; groups stand in order.
    groups = np.zeros(len(sizes), np.int64)
    tied = np.arange(len(sizes))
    at = 0
    while len(tied):
        own = order[tied]
        numbers = _eight_bytes(padded, begin[own] + at, sizes[own] - at)
        sorting = np.lexsort((numbers, groups[tied])) if at else np.argsort(numbers, kind="stable")
        order[tied] = own = own[sorting]
        is_new = firsts(groups[tied]) | firsts(numbers[sorting])
        # A group is named by the place of its first term.
        groups[tied] = tied[np.maximum.accumulate(np.where(is_new, np.arange(len(tied)), 0))]
        at += _STEP
        tied = tied[_goes_on(is_new, sizes[own] > at)]
    return _numbered(terms, _by_length(order, groups, sizes), groups, sizes)


def joined_lists(lists: Sequence[TermList]) -> TermList:
    """Return the terms of all lists, one list after the other."""
    sizes = np.concatenate([lengths(own.ends) for own in lists])
    return TermList(np.concatenate([own.text for own in lists]), offsets(sizes))


def _eight_bytes(
    padded: NDArray[np.uint8], begin: NDArray[np.int64], left: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Return numbers in the order of the next bytes of terms that have so many `left`."""
    begin = np.minimum(begin, len(padded) - _STEP)
    numbers = np.zeros(len(begin), np.uint64)
    for byte in range(_STEP):
        numbers <<= np.uint64(8)
        numbers |= np.where(byte < left, padded[begin + byte], 0).astype(np.uint64)
    return numbers


def _goes_on(is_new: NDArray[np.bool_], is_longer: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which terms are of a group of several, of which any is longer than was looked."""
    first = np.flatnonzero(is_new)
    sizes = np.diff(np.append(first, len(is_new)))
    return np.repeat((sizes > 1) & np.logical_or.reduceat(is_longer, first), sizes)


def _by_length(
    order: NDArray[np.int64], groups: NDArray[np.int64], sizes: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the order with the shorter ones of a group first: they lack zeros at the end."""
    own = sizes[order]
    if not ((own[1:] < own[:-1]) & (groups[1:] == groups[:-1])).any():
        return order
    return order[np.lexsort((own, groups))]


def _numbered(
    terms: TermList, order: NDArray[Any], groups: NDArray[np.int64], sizes: NDArray[np.int64]
) -> Ordered:
    is_new = firsts(groups) | firsts(sizes[order])
    places = np.empty(len(order), np.int64)
    places[order] = np.cumsum(is_new) - 1
    return Ordered(terms.take(order[is_new]), places)

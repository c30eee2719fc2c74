"""What is known of all papers at one moment: which of them a condition finds, and their orders."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from store.query import nodes as q
from store.query.spans import times_of
from store.searching.columns import DERIVED, MISSING, PRESENT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from numpy.typing import NDArray

    from store.searching.columns import Array
    from store.searching.orders import Order

    Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Moment:
    """Arrays of one revision of the library, which nobody writes to.

    A mask tells of each paper, by its key, whether it is found; index 0 is no paper's.
    """

    arrays: Mapping[object, Array]
    """By the names of columns: those that were asked for."""
    order: Order
    """The one that was asked for."""
    zone: tzinfo | None
    """The reader's."""

    @property
    def present(self) -> Mask:
        """The papers that are there."""
        return self.arrays[PRESENT]

    def mask(self, node: q.Node) -> Mask:
        """Return the papers that `node`, which has neither text nor views, finds."""
        mask: Mask = self._raw(node) & self.present
        return mask

    def day_starts(self, keys: NDArray[np.integer[Any]]) -> tuple[int, ...]:
        """Return the indices into `keys` at which another day begins, 0 included."""
        days = self.arrays["day"]
        # Index 0, in the place of papers that came in since, has no day.
        changes = np.flatnonzero(np.diff(days[np.where(keys < len(days), keys, 0)])) + 1
        return (0, *changes.tolist())

    def _raw(self, node: q.Node) -> Mask:
        """Return a mask in which removed papers may be found."""
        match node:
            case q.Everything():
                return self.present
            case q.Not(child):
                return ~self._raw(child)
            case q.And(nodes):
                return reduce(np.logical_and, map(self._raw, nodes))
            case q.Or(nodes):
                return reduce(np.logical_or, map(self._raw, nodes))
            case q.InState() if node in DERIVED:
                return self._raw(DERIVED[node])
            case _:
                return self._of_facts(node)

    def _of_facts(self, node: q.Node) -> Mask:
        """Return the mask of a node that asks for facts."""
        match node:
            case q.LastImport():
                return _greatest(self.arrays["import"])
            case q.NumberIn(field, least, most):
                return _between(self.arrays[field], least, most)
            case q.DayIn("date", first, last):
                least, most = _number_of(first, "00"), _number_of(last, "99")
                return _between(self.arrays["date"], least, most)
            case q.DayIn("added", first, last):
                start, end = map(_number_of, times_of(first, last, self.zone))
                return _between(self.arrays["added"], start, None if end is None else end - 1)
            case _:
                return self.arrays[node]


def _between(values: Array, least: int | None, most: int | None) -> Mask:
    mask: Mask = values > MISSING if least is None else values >= least
    if most is not None:
        mask &= values <= most
    return mask


def _greatest(values: Array) -> Mask:
    mask: Mask = values == values.max()
    return mask & (values > MISSING)


def _number_of(day: str | None, filling: str = "") -> int | None:
    """Return the number that stands for a day or time; what it lacks is filled."""
    if day is None:
        return None
    digits = "".join(filter(str.isdigit, day))
    return int(digits.ljust(8, filling[0]) if filling else digits)

"""Results as sequences and mappings that are put in order, or written out, when they are asked."""

from __future__ import annotations

import reprlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from operator import eq
from typing import TYPE_CHECKING, Any, overload

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIRST = 1_000
"""So many papers are put in order at once; the others when somebody asks for one of them."""


class Ranked(Sequence[int]):
    """The keys of papers in order: each once, the best first.

    `scores` tells how good each is, `ranks` which of two that are alike comes first: the one with
    the lesser number, no two having the same. Without them, the keys are in order already.
    A slice is a tuple, and so are all of them to whoever compares them.
    """

    def __init__(
        self,
        keys: NDArray[np.integer[Any]],
        scores: NDArray[np.floating[Any]] | None = None,
        ranks: NDArray[np.integer[Any]] | None = None,
    ) -> None:
        self._keys = keys
        self._scores = scores
        self._ranks = ranks
        self._first: tuple[int, ...] | None = None
        self._all: tuple[int, ...] | None = None

    def __repr__(self) -> str:
        return f"Ranked({reprlib.repr(self._up_to(0))}, {len(self)} papers)"

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[int, ...]: ...
    def __getitem__(self, place: int | slice) -> int | tuple[int, ...]:
        if isinstance(place, int):
            index = range(len(self))[place]
            return self._up_to(index)[index]
        indices = range(len(self))[place]
        if not indices:
            return ()
        known = self._up_to(max(indices[0], indices[-1]))
        # Of all that is there, the slice counts from the same end.
        return known[place] if len(known) == len(self) else tuple(known[one] for one in indices)

    def __iter__(self) -> Iterator[int]:
        known = self._up_to(0)
        yield from known
        if len(known) < len(self):
            yield from islice(self._up_to(len(self)), len(known), None)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, int) and bool((self._keys == key).any())

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Sequence) or isinstance(other, str | bytes):
            return NotImplemented
        return len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment] # equal to lists, which have none

    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:
        """Return the place of a paper, without putting the others in order."""
        found = np.flatnonzero(self._keys == value)
        if len(found):
            place = self._place_of(int(found[0]))
            if place in range(len(self))[start:stop]:
                return place
        raise ValueError(value)

    def count(self, value: Any) -> int:
        """Tell whether a paper is there, as 0 or 1."""
        return int(value in self)

    def array(self) -> NDArray[np.integer[Any]]:
        """Return all of the keys, in order."""
        return self._best(len(self))

    def _place_of(self, at: int) -> int:
        if self._scores is None or self._ranks is None:
            return at
        score, rank = self._scores[at], self._ranks[at]
        is_as_good = (self._scores == score) & (self._ranks < rank)
        return int(np.count_nonzero((self._scores > score) | is_as_good))

    def _up_to(self, index: int) -> tuple[int, ...]:
        """Return the beginning, which reaches beyond `index` if the sequence does."""
        # Several threads may come here at once: each finds the same.
        if self._all is not None:
            return self._all
        if index < FIRST < len(self):
            if self._first is None:
                self._first = tuple(self._best(FIRST).tolist())
            return self._first
        self._all = tuple(self._best(len(self)).tolist())
        return self._all

    def _best(self, number: int) -> NDArray[np.integer[Any]]:
        """Return so many of the papers, the best, in order."""
        scores, ranks = self._scores, self._ranks
        if scores is None or ranks is None:
            return self._keys[:number]
        places = np.arange(len(scores))
        if number < len(scores):
            least = np.partition(scores, len(scores) - number)[len(scores) - number]
            places = np.flatnonzero(scores >= least)
        places = places[np.lexsort((ranks[places], -scores[places]))[:number]]
        return self._keys[places]


class Scores(Mapping[int, float]):
    """The score of each paper, by key."""

    def __init__(self, keys: NDArray[np.integer[Any]], scores: NDArray[np.floating[Any]]) -> None:
        self._keys = keys
        self._scores = scores
        self._known: dict[int, float] | None = None

    def __repr__(self) -> str:
        return f"Scores({reprlib.repr(self._written)})"

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[int]:
        return iter(self._written)

    def __getitem__(self, key: int) -> float:
        return self._written[key]

    @property
    def _written(self) -> dict[int, float]:
        if self._known is None:
            self._known = dict(zip(self._keys.tolist(), self._scores.tolist(), strict=True))
        return self._known

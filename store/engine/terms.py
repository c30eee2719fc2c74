"""Sorted lists of terms in one stretch of bytes, looked up without making an object of any."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from store.engine.arrays import lengths, narrowed, offsets, stretches
from store.texts.edits import within_one_edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

_LAST = b"\xff"
"""After every byte of UTF-8."""
_INSIDE = 0xC0
_CONTINUED = 0x80
"""A byte of UTF-8 that begins no character has these two bits so."""
_STEP = 256
"""Of so many terms, one is kept as an object, to look others up between two of these."""
_LONGEST_SIZE = 255
_COMPARED_BYTES = 4
"""So many last bytes of terms are compared before all of a term is."""


class TermList:
    """Terms in the order of their bytes; `text` has them all, and `ends` where each begins.

    `ends` is longer than the list by one: term `i` is `text[ends[i]:ends[i + 1]]`.
    """

    def __init__(self, text: NDArray[np.uint8], ends: NDArray[Any]) -> None:
        self.text = text
        self.ends = ends
        # Bytes and numbers are taken one by one from these ten times as fast as from arrays.
        self._text = text.data
        self._ends = ends.data
        self._signposts: list[bytes] | None = None
        self._shapes: _Shapes | None = None

    @classmethod
    def of(cls, terms: Sequence[bytes]) -> TermList:
        """Return the list of terms that are in order."""
        ends = np.fromiter(accumulate(map(len, terms), initial=0), np.int64, len(terms) + 1)
        return cls(np.frombuffer(b"".join(terms), np.uint8), narrowed(ends))

    def take(self, places: NDArray[Any]) -> TermList:
        """Return the terms at these places, in their order."""
        sizes = lengths(self.ends)[places]
        text = self.text[stretches(self.ends[places], sizes)]
        return TermList(text, narrowed(offsets(sizes)))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, place: int) -> bytes:
        return bytes(self._text[self._ends[place] : self._ends[place + 1]])

    def __iter__(self) -> Iterator[bytes]:
        whole = self.text.tobytes()
        ends = self.ends.tolist()
        return (whole[ends[i] : ends[i + 1]] for i in range(len(self)))

    def lower(self, term: bytes) -> int:
        """Return how many terms come before `term`."""
        if self._signposts is None:
            self._signposts = [self[place] for place in range(0, len(self), _STEP)]
        text, ends = self._text, self._ends
        block = bisect_left(self._signposts, term)
        first = (block - 1) * _STEP + 1 if block else 0
        last = min(block * _STEP, len(ends) - 1)
        while first < last:
            middle = (first + last) >> 1
            if bytes(text[ends[middle] : ends[middle + 1]]) < term:
                first = middle + 1
            else:
                last = middle
        return first

    def find(self, term: bytes) -> int:
        """Return the place of a term; -1 where it is not there."""
        place = self.lower(term)
        return place if place < len(self) and self[place] == term else -1

    def beginning(self, prefix: bytes) -> range:
        """Return the places of the terms that begin so."""
        return range(self.lower(prefix), self.lower(prefix + _LAST))

    def within_one_edit(self, term: bytes) -> list[int]:
        """Return the places of the terms within one edit of this one, in order.

        An edit leaves one half of a word as it is, but for a swap in its middle. So only those are
        compared that begin, or end, as this one does.
        """
        text = term.decode()
        half = len(text) // 2
        places = self._of_size(len(text), text[:half].encode(), text[half + 1 :].encode())
        found: list[int] = []
        if term.isascii():
            starts = self.ends[places].astype(np.int64)
            sizes = self.ends[places + 1].astype(np.int64) - starts
            is_plain = sizes == self._known_shapes().sizes[places]
            own = np.frombuffer(term, np.uint8)
            for size in range(max(1, len(own) - 1), len(own) + 2):
                (at,) = np.nonzero(is_plain & (sizes == size))
                rows = self.text[starts[at][:, None] + np.arange(size)]
                found += places[at[_are_close(rows, own)]].tolist()
            places = places[~is_plain]
        found += [at for at in places.tolist() if within_one_edit(self[at].decode(), text)]
        return sorted(found)

    def _of_size(self, size: int, head: bytes, tail: bytes) -> NDArray[np.intp]:
        """Return places of terms of so many characters, one more or less, that begin or end so.

        There may be others among them.
        """
        sizes, lasts = self._known_shapes()
        size = min(size, _LONGEST_SIZE)
        least = max(0, size - 1)
        own = sizes - np.uint8(least) <= size + 1 - least
        if not tail:
            return np.flatnonzero(own)
        begun = self.beginning(head)
        places = np.flatnonzero(own & (lasts == tail[-1]))
        for back in range(2, min(len(tail), _COMPARED_BYTES) + 1):
            at = np.maximum(self.ends[places + 1].astype(np.int64) - back, 0)
            places = places[self.text[at] == tail[-back]]
        places = places[(places < begun.start) | (places >= begun.stop)]
        return np.concatenate([places, begun.start + np.flatnonzero(own[begun.start : begun.stop])])

    def _known_shapes(self) -> _Shapes:
        if self._shapes is None:
            self._shapes = self._found_shapes()
        return self._shapes

    def _found_shapes(self) -> _Shapes:
        if not len(self):
            return _Shapes(np.zeros(0, np.uint8), np.zeros(0, np.uint8))
        # No term is empty.
        ends = self.ends.astype(np.int64)
        begins = (self.text & _INSIDE) != _CONTINUED
        sizes = np.add.reduceat(begins, ends[:-1], dtype=np.int32)
        return _Shapes(np.minimum(sizes, _LONGEST_SIZE).astype(np.uint8), self.text[ends[1:] - 1])


class _Shapes(NamedTuple):
    sizes: NDArray[np.uint8]
    """In characters; the longest are all taken for as long."""
    lasts: NDArray[np.uint8]
    """The last bytes."""


def _are_close(rows: NDArray[np.uint8], own: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Tell which rows, of one length that differs by one at the most, are within one edit.

    Without rows, it tells nothing of any.
    """
    if not len(rows):
        return np.zeros(0, bool)
    shorter = min(rows.shape[1], len(own))
    alike = np.ones((len(rows), shorter + 1), bool)
    alike[:, :shorter] = rows[:, :shorter] == own[:shorter]
    alike[:, shorter] = False  # the end stops the count
    ahead = alike.argmin(axis=1)
    alike[:, :shorter] = rows[:, rows.shape[1] - shorter :] == own[len(own) - shorter :]
    behind = alike[:, :shorter][:, ::-1]
    behind = np.concatenate([behind, np.zeros((len(rows), 1), bool)], axis=1).argmin(axis=1)
    if rows.shape[1] != len(own):
        return np.asarray(ahead + behind >= shorter)
    close = ahead + behind >= shorter - 1
    # The two characters between what is alike on both sides may have changed places.
    (swapped,) = np.nonzero(ahead + behind == shorter - 2)
    at = ahead[swapped]
    is_swap = (rows[swapped, at] == own[at + 1]) & (rows[swapped, at + 1] == own[at])
    close[swapped] = is_swap
    return np.asarray(close)

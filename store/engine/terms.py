"""Sorted lists of terms in one stretch of bytes, looked up without making an object of any."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from store.edits import within_one_edit
from store.engine.arrays import narrowed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

_LAST = b"\xff"
"""After every byte of UTF-8."""
_ASCII = 128
_LONGEST_CHARACTER = 4
"""Bytes of UTF-8."""


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
        self._kinds: _Kinds | None = None

    @classmethod
    def of(cls, terms: Sequence[bytes]) -> TermList:
        """Return the list of terms that are in order."""
        ends = np.fromiter(accumulate(map(len, terms), initial=0), np.int64, len(terms) + 1)
        return cls(np.frombuffer(b"".join(terms), np.uint8), narrowed(ends))

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
        text, ends = self._text, self._ends
        first, last = 0, len(ends) - 1
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
        """Return the places of the terms within one edit of this one, in order."""
        if self._kinds is None:
            self._kinds = self._found_kinds()
        lengths, is_plain = self._kinds
        others = np.abs(lengths - len(term)) <= _LONGEST_CHARACTER
        found: list[int] = []
        if term.isascii():
            others &= ~is_plain
            own = np.frombuffer(term, np.uint8)
            for length in range(max(1, len(own) - 1), len(own) + 2):
                places = np.flatnonzero((lengths == length) & is_plain)
                rows = self.text[self.ends[places].astype(np.int64)[:, None] + np.arange(length)]
                found += places[_are_close(rows, own)].tolist()
        text = term.decode()
        for place in np.flatnonzero(others).tolist():
            if within_one_edit(self[place].decode(), text):
                found.append(place)
        return sorted(found)

    def _found_kinds(self) -> _Kinds:
        lengths = np.diff(self.ends.astype(np.int32)).astype(np.int16)
        if not len(self):
            return _Kinds(lengths, np.zeros(0, bool))
        # No term is empty.
        highest = np.maximum.reduceat(self.text, self.ends[:-1].astype(np.int64))
        return _Kinds(lengths, highest < _ASCII)


class _Kinds(NamedTuple):
    lengths: NDArray[np.int16]
    """In bytes."""
    is_plain: NDArray[np.bool_]
    """Whether it is ASCII."""


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

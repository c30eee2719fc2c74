"""Which documents have a word that begins with one or two letters: too many postings to go through.

They are kept as bits, for those beginnings alone that have more postings than there are documents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from store.engine.arrays import lengths
from store.engine.rows import firsts
from store.engine.terms import TermList

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from store.engine.arrayfile import ArrayFile, ArrayFileWriter

_LONGEST = 2
"""Bytes of a beginning."""
_BITS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """Beginnings of terms, each with a row of bits: one for each document, the first one highest.

    A row has whole bytes; the bits behind the last document that has any term are 0, or left out.
    """

    beginnings: TermList
    bits: NDArray[np.uint8]

    def documents(self, beginning: bytes, count: int) -> NDArray[np.bool_] | None:
        """Return which of so many documents have a term that begins so; None if it is not kept."""
        place = self.beginnings.find(beginning) if len(beginning) <= _LONGEST else -1
        if place < 0:
            return None
        width = len(self.bits) // len(self.beginnings)
        row = np.unpackbits(self.bits[place * width : (place + 1) * width], count=count)
        return row.view(np.bool_)

    def write(self, name: str, file: ArrayFileWriter) -> None:
        """Write them under the name of a field."""
        file.add(f"{name}.heads", self.beginnings.text)
        file.add(f"{name}.heads.ends", self.beginnings.ends)
        file.add(f"{name}.heads.bits", self.bits)

    @classmethod
    def read(cls, name: str, file: ArrayFile) -> Heads:
        """Return what `write` wrote, as views of the file."""
        beginnings = TermList(file[f"{name}.heads"], file[f"{name}.heads.ends"])
        return cls(beginnings, file[f"{name}.heads.bits"])


def heads_of(terms: TermList, starts: NDArray[Any], documents: NDArray[Any]) -> Heads:
    """Return the beginnings of the terms of a field, whose postings these are."""
    count = int(documents.max()) + 1 if len(documents) else 0
    names: list[bytes] = []
    rows: list[NDArray[np.uint8]] = []
    for name, own in sorted(_beginnings(terms)):
        postings = slice(int(starts[own.start]), int(starts[own.stop]))
        if postings.stop - postings.start > count:
            has_one = np.zeros(-(-count // _BITS) * _BITS, bool)
            has_one[documents[postings]] = True
            names.append(name)
            rows.append(np.packbits(has_one))
    bits = np.concatenate(rows) if rows else np.zeros(0, np.uint8)
    return Heads(TermList.of(names), bits)


def _beginnings(terms: TermList) -> Iterator[tuple[bytes, range]]:
    """Yield every beginning of one or two bytes with the places of its terms."""
    sizes = lengths(terms.ends)
    for length in range(1, _LONGEST + 1):
        (places,) = np.nonzero(sizes >= length)
        if not len(places):
            continue
        at = terms.ends[places].astype(np.int64)
        heads = np.zeros(len(places), np.int64)
        for byte in range(length):
            heads = heads << _BITS | terms.text[at + byte]
        # Terms are in order: those that begin alike stand together.
        first = np.flatnonzero(firsts(heads))
        last = np.append(first[1:], len(places)) - 1
        for one, end in zip(places[first].tolist(), places[last].tolist(), strict=True):
            yield terms[one][:length], range(one, end + 1)

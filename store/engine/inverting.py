"""From words in the order of documents to postings in the order of words, all at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from store.engine.ordering import ordered
from store.engine.postings import FieldPostings, Lexicon, members_of
from store.engine.rows import firsts
from store.engine.terms import TermList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from store.engine.postings import Classes

_WORD_BITS = 64


@dataclass(frozen=True, slots=True, eq=False)
class Occurrences:
    """Words with their documents and positions: three arrays of one length."""

    terms: NDArray[Any]
    """Numbers of terms."""
    documents: NDArray[Any]
    positions: NDArray[Any]

    def __getitem__(self, which: NDArray[Any]) -> Occurrences:
        """Return some of them, by a mask or by places."""
        return Occurrences(self.terms[which], self.documents[which], self.positions[which])


def in_order(found: Occurrences) -> Occurrences:
    """Return occurrences in the order of the numbers of their terms, documents and positions.

    Raises `OverflowError` where the three numbers of an occurrence do not fit into 64 bits.
    """
    widths = [_bits(part) for part in (found.positions, found.documents)]
    if sum(widths) + _bits(found.terms) > _WORD_BITS:
        raise OverflowError
    # All of an occurrence is in one number: these are sorted many times as fast as places are by
    # what stands there, and nothing has to be fetched from there afterwards.
    keys = found.terms.astype(np.uint64)
    for part, width in zip((found.documents, found.positions), reversed(widths), strict=True):
        keys <<= np.uint64(width)
        keys |= part.astype(np.uint64)
    keys.sort()
    parts = []
    for width in widths:
        parts.append((keys & np.uint64((1 << width) - 1)).astype(np.int32))
        keys >>= np.uint64(width)
    positions, documents = parts
    return Occurrences(keys.astype(np.int32), documents, positions)


def _bits(numbers: NDArray[Any]) -> int:
    return int(numbers.max(initial=0)).bit_length()


def postings_of(found: Occurrences, names: Sequence[bytes], classes: Classes) -> FieldPostings:
    """Return the postings of occurrences in order of name, document and position.

    Terms and classes are numbered by `names` and `classes`, which may be in any order.
    """
    terms, places = ordered(TermList.of(names))
    groups, class_places = ordered(TermList.of(classes.names))
    of_terms = np.zeros(len(terms), np.int64)
    of_terms[places] = class_places[classes.of_terms]
    in_places = Occurrences(places[found.terms], found.documents, found.positions)
    return inverted(in_places, Lexicon(terms, groups, of_terms))


def inverted(found: Occurrences, lexicon: Lexicon) -> FieldPostings:
    """Return the postings of occurrences in order, their terms numbered by the lexicon."""
    is_new = firsts(found.terms)
    first = np.flatnonzero(is_new)
    terms = found.terms[first]
    is_new |= firsts(found.documents)
    postings = np.flatnonzero(is_new)
    groups, group_starts, members = members_of(lexicon.of_terms[terms], lexicon.classes)
    whole = len(found.terms)
    return FieldPostings(
        terms=lexicon.terms.take(terms),
        starts=np.append(np.searchsorted(postings, first), len(postings)),
        documents=found.documents[postings],
        counts=np.diff(np.append(postings, whole)),
        places=np.append(first, whole),
        positions=found.positions,
        classes=groups,
        class_starts=group_starts,
        members=members,
    )

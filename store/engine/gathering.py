"""What one segment has of a word: its terms, how often each document has any of them, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from store.engine.arrays import stretches
from store.engine.nodes import Match

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from store.engine.nodes import Word
    from store.engine.postings import FieldPostings

POSITION_BITS = 32
"""A place in an index is a document's number, so many bits further up, and a position there."""
_ONE_BY_ONE = 32
"""Of so many terms the postings are added up one term after the other, of more all at once."""
_LOOKED_UP = 1_000
"""So many words are remembered with the places of their terms, in each field of a segment."""


def terms_of(field: FieldPostings, word: Word) -> Sequence[int]:
    """Return the places of the terms that match a word, rising."""
    found = field.looked_up.get(word)
    if found is None:
        if len(field.looked_up) >= _LOOKED_UP:
            field.looked_up.clear()
        found = field.looked_up[word] = _found_terms(field, word)
    return found


def _found_terms(field: FieldPostings, word: Word) -> Sequence[int]:
    match word.match:
        case Match.EXACT:
            place = field.terms.find(word.text)
            found: Sequence[int] = () if place < 0 else (place,)
        case Match.CLASS:
            found = field.in_class(word.text)
        case Match.BEGINNING:
            found = field.terms.beginning(word.text)
        case Match.CLOSE:
            found = field.terms.within_one_edit(word.text)
    if word.also is None:
        return found
    others = [place for place in field.in_class(word.also) if place not in found]
    return sorted([*found, *others]) if others else found


def any_of(field: FieldPostings, word: Word, terms: Sequence[int], count: int) -> NDArray[np.bool_]:
    """Return which of so many documents have any of the terms of a word."""
    found = None
    if field.heads is not None and word.match is Match.BEGINNING:
        found = field.heads.documents(word.text, count)
    if found is None:
        found = np.zeros(count, bool)
        rest: Sequence[int] = terms
    else:
        begun = field.terms.beginning(word.text)
        rest = (
            [term for term in field.in_class(word.also) if term not in begun] if word.also else ()
        )
    for first, last in _ranges(rest):
        found[field.documents[postings_of(field, first, last)]] = True
    return found


def _ranges(terms: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first place and the one after the last of each row of neighbours."""
    if isinstance(terms, range):
        yield terms.start, terms.stop
        return
    if not terms:
        return
    first = last = terms[0]
    for term in terms:
        if term > last:
            yield first, last
            first = term
        last = term + 1
    yield first, last


def postings_of(field: FieldPostings, first: int, last: int) -> slice:
    """Return where the postings of the terms from `first` up to `last` stand."""
    return slice(int(field.starts[first]), int(field.starts[last]))


def summed(field: FieldPostings, terms: Sequence[int], count: int) -> NDArray[Any]:
    """Return how often any of the terms occurs in each of so many documents."""
    if len(terms) <= _ONE_BY_ONE:
        counts = np.zeros(count, np.uint32)
        for term in terms:
            own = postings_of(field, term, term + 1)
            counts[field.documents[own]] += field.counts[own]
        return counts
    slices = [postings_of(field, first, last) for first, last in _ranges(terms)]
    documents = joined(field.documents, slices)
    return np.bincount(documents, weights=joined(field.counts, slices), minlength=count).astype(
        np.uint32
    )


def joined(array: NDArray[Any], slices: Iterable[slice]) -> NDArray[Any]:
    """Return stretches of an array, one or more, one after the other."""
    parts = [array[own] for own in slices]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def places_of(field: FieldPostings, term: int, wanted: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the places of a term in the documents of a segment, which rise."""
    own = postings_of(field, term, term + 1)
    documents, counts = field.documents[own], field.counts[own]
    at = np.searchsorted(documents, wanted)
    at = at[contains(documents, wanted, at)]
    ends = np.cumsum(counts, dtype=np.int64)
    here = counts[at].astype(np.int64)
    starts = int(field.places[term]) + ends[at] - here
    places = field.positions[stretches(starts, here)].astype(np.int64)
    return places + (np.repeat(documents[at].astype(np.int64), here) << POSITION_BITS)


def contains(
    row: NDArray[Any], wanted: NDArray[Any], at: NDArray[np.int64] | None = None
) -> NDArray[np.bool_]:
    """Tell which of the numbers `wanted` are in a row, which rises; `at` is where they would be."""
    if not len(row):
        return np.zeros(len(wanted), bool)
    at = np.searchsorted(row, wanted) if at is None else at
    return np.asarray(row[np.minimum(at, len(row) - 1)] == wanted)

"""What one segment has of a word: its terms, how often each document has any of them, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from store.engine.arrays import stretches
from store.engine.nodes import Match
from store.engine.rows import distinct, firsts, is_looked_up, places_in_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from store.engine.nodes import Word
    from store.engine.postings import FieldPostings

POSITION_BITS = 32
"""A place in an index is a document's number, so many bits further up, and a position there."""
_ONE_BY_ONE = 32
"""Of so many terms the postings are added up one term after the other, of more all at once."""
_MANY = 16
"""Fewer postings than one for so many documents are put in order; more are counted by document."""
_LOOKED_UP = 1_000
"""So many words are remembered with the places of their terms, in each field of a segment."""


class TermsIn(NamedTuple):
    """Terms of one segment, whose documents have the numbers from `base` on, up to `end`."""

    base: int
    end: int
    field: FieldPostings
    terms: Sequence[int]


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


def frequency_of(field: FieldPostings, word: Word) -> int:
    """Return how many postings the terms of a word have together."""
    if word.match is Match.CLASS and word.also is None:
        # Of the words that are only counted, most are never looked for.
        return _frequency(field, field.in_class(word.text))
    return _frequency(field, terms_of(field, word))


def _frequency(field: FieldPostings, terms: Sequence[int]) -> int:
    starts = field.starts.item
    if isinstance(terms, range):
        return int(starts(terms.stop) - starts(terms.start))
    return sum(starts(term + 1) - starts(term) for term in terms)


def found_in(word: Word, segment: TermsIn) -> tuple[NDArray[np.int32], NDArray[Any]]:
    """Return the documents that have terms of a word, rising, and how often.

    Where a word is not scored, once is told of all.
    """
    base, end, field, terms = segment
    count = end - base
    if word.is_scored:
        counts = _summed(field, terms, count)
        documents = np.flatnonzero(counts > 0)
        counts = counts[documents]
    else:
        documents = np.flatnonzero(_any_of(field, word, terms, count))
        counts = np.ones(len(documents), np.uint8)
    return documents.astype(np.int32) + np.int32(base), counts


def _any_of(
    field: FieldPostings, word: Word, terms: Sequence[int], count: int
) -> NDArray[np.bool_]:
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
        found[field.documents[slice_of(field, first, last)]] = True
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


def slice_of(field: FieldPostings, first: int, last: int) -> slice:
    """Return where the postings of the terms from `first` up to `last` stand."""
    return slice(field.starts.item(first), field.starts.item(last))


def _summed(field: FieldPostings, terms: Sequence[int], count: int) -> NDArray[Any]:
    """Return how often any of the terms occurs in each of so many documents."""
    if len(terms) <= _ONE_BY_ONE:
        counts = np.zeros(count, np.uint32)
        for term in terms:
            own = slice_of(field, term, term + 1)
            counts[field.documents[own]] += field.counts[own]
        return counts
    slices = [slice_of(field, first, last) for first, last in _ranges(terms)]
    documents = concatenated(field.documents, slices)
    return np.bincount(
        documents, weights=concatenated(field.counts, slices), minlength=count
    ).astype(np.uint32)


def found_at_once(parts: Sequence[TermsIn]) -> tuple[NDArray[np.int32], NDArray[Any]]:
    """Return the documents that have terms of one or more segments, rising, and how often."""
    slices = [
        (segment, slice_of(segment.field, first, last))
        for segment in parts
        for first, last in _ranges(segment.terms)
    ]
    documents = np.concatenate([one.field.documents[own] for one, own in slices]).astype(np.int32)
    counts = np.concatenate([one.field.counts[own] for one, own in slices])
    bases = np.array([one.base for one, _ in slices], np.int32)
    documents += np.repeat(bases, [own.stop - own.start for _, own in slices])
    if all(len(one.terms) == 1 for one in parts):
        return documents, counts
    order = np.argsort(documents, kind="stable")
    documents = documents[order]
    first = np.flatnonzero(firsts(documents))
    return documents[first], np.add.reduceat(counts[order], first, dtype=np.uint32)


def are_few(word: Word, parts: Sequence[TermsIn], count: int) -> bool:
    """Tell whether the postings of a word are best taken all at once, of so many documents."""
    if all(len(one.terms) == 1 for one in parts):
        return True
    return word.is_scored and _MANY * sum(_frequency(one.field, one.terms) for one in parts) < count


def concatenated(array: NDArray[Any], slices: Iterable[slice]) -> NDArray[Any]:
    """Return stretches of an array, one or more, one after the other."""
    parts = [array[own] for own in slices]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def places_of(
    field: FieldPostings, terms: Sequence[int], wanted: NDArray[np.int32], count: int
) -> NDArray[np.int64]:
    """Return the places of a word's terms in documents, which rise, of so many in a segment."""
    slices = [slice_of(field, first, last) for first, last in _ranges(terms)]
    whole = sum(own.stop - own.start for own in slices)
    if len(terms) <= _ONE_BY_ONE and is_looked_up(len(wanted) * len(terms), whole):
        found = [_few_places(field, term, wanted) for term in terms]
    else:
        found = [_many_places(field, terms, slices, wanted, count)]
    places = found[0] if len(found) == 1 else np.concatenate(found)
    if len(terms) == 1:
        return places
    # Rows that rise one after the other are merged; and two terms may stand at one position, as a
    # compound word and its first part do.
    places.sort(kind="stable")
    return distinct(places)


def _few_places(field: FieldPostings, term: int, wanted: NDArray[np.int32]) -> NDArray[np.int64]:
    own = slice_of(field, term, term + 1)
    documents, counts = field.documents[own], field.counts[own]
    at = places_in_row(documents, wanted)
    ends = np.cumsum(counts[: int(at[-1]) + 1 if len(at) else 0], dtype=np.int64)
    here = counts[at].astype(np.int64)
    starts = field.places.item(term) + ends[at] - here
    places = field.positions[stretches(starts, here)].astype(np.int64)
    places += np.repeat(documents[at].astype(np.int64) << POSITION_BITS, here)
    return places


def _many_places(
    field: FieldPostings,
    terms: Sequence[int],
    slices: Sequence[slice],
    wanted: NDArray[np.int32],
    count: int,
) -> NDArray[np.int64]:
    documents, counts = concatenated(field.documents, slices), concatenated(field.counts, slices)
    positions = concatenated(
        field.positions,
        (slice(field.places.item(a), field.places.item(b)) for a, b in _ranges(terms)),
    )
    if len(wanted) < count:
        is_wanted = np.zeros(count, bool)
        is_wanted[wanted] = True
        here = is_wanted[documents]
        if not here.all():
            positions = positions[np.repeat(here, counts)]
            documents, counts = documents[here], counts[here]
    places = np.repeat(documents.astype(np.int64) << POSITION_BITS, counts)
    places += positions
    return places

"""How often and where many words are in a few documents: one look at their postings for all.

To ask for the words one by one, as `evaluating` does for many documents, takes several times as
long. What is called `ask` is called every few milliseconds, and may raise to end the search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from store.engine.arrays import stretches
from store.engine.gathering import POSITION_BITS, concatenated, terms_of
from store.engine.rows import firsts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from store.engine.nodes import Word
    from store.engine.postings import FieldPostings
    from store.engine.snapshot import Snapshot

_AT_ONCE = 300_000
"""So many postings are looked through without asking; of one term, however many it has."""


class _Occurrences(NamedTuple):
    """Postings in one segment that are of the words and of the documents."""

    field: FieldPostings
    words: NDArray[np.int64]
    """Which of the words each is of; they rise."""
    documents: NDArray[np.int32]
    """Which of the documents each is of."""
    counts: NDArray[np.int64]
    places: NDArray[np.int64]
    """Where the positions of each begin."""


def counts_in(
    snapshot: Snapshot,
    words: Sequence[Word],
    documents: NDArray[np.int32],
    ask: Callable[[], None],
) -> NDArray[np.float64]:
    """Return how often words of one field are in documents, which rise: a row for each word."""
    shape = (len(words), len(documents))
    counts = np.zeros(shape)
    for found in _occurrences(snapshot, words, documents, ask):
        cells = found.words * len(documents) + found.documents
        counts += np.bincount(cells, found.counts, counts.size).reshape(shape)
    return counts


def places_in(
    snapshot: Snapshot,
    words: Sequence[Word],
    documents: NDArray[np.int32],
    ask: Callable[[], None],
) -> list[NDArray[np.int64]]:
    """Return where words of one field are in documents, which rise: an array for each word.

    A place is the document's number, 32 bits further up, and the position there; they rise.
    """
    parts: list[list[NDArray[np.int64]]] = [[] for _ in words]
    for found in _occurrences(snapshot, words, documents, ask):
        numbers = documents[found.documents].astype(np.int64) << POSITION_BITS
        positions = found.field.positions[stretches(found.places, found.counts)]
        places = np.repeat(numbers, found.counts) + positions.astype(np.int64)
        counts = np.bincount(found.words, found.counts, len(words)).astype(np.int64)
        ends = np.cumsum(counts)
        for part, first, last in zip(parts, (ends - counts).tolist(), ends.tolist(), strict=True):
            part.append(places[first:last])
    # Of a word that several terms match, they stand term by term.
    return [np.sort(np.concatenate(part)) if part else np.zeros(0, np.int64) for part in parts]


def _occurrences(
    snapshot: Snapshot,
    words: Sequence[Word],
    documents: NDArray[np.int32],
    ask: Callable[[], None],
) -> Iterator[_Occurrences]:
    """Yield what is found in each segment that has any, of some of the terms at a time."""
    for segment in snapshot.segments:
        first, last = np.searchsorted(documents, (segment.base, segment.end)).tolist()
        field = segment.fields.get(words[0].field) if words else None
        if field is None or first == last:
            continue
        terms = [terms_of(field, word) for word in words]
        row = np.array([term for own in terms for term in own], np.int64)
        if len(row):
            ranks = np.full(segment.documents.count, -1, np.int32)
            ranks[documents[first:last] - segment.base] = np.arange(first, last)
            owners = np.repeat(np.arange(len(words)), [len(own) for own in terms])
            for own in _portions(field, row):
                ask()
                yield _of_terms(field, row[own], owners[own], ranks)


def _portions(field: FieldPostings, terms: NDArray[np.int64]) -> list[NDArray[np.intp]]:
    """Return which of the terms are looked through at once."""
    frequencies = field.starts[terms + 1].astype(np.int64) - field.starts[terms]
    is_new = firsts(np.cumsum(frequencies) // _AT_ONCE)
    return np.split(np.arange(len(terms)), np.flatnonzero(is_new)[1:])


def _of_terms(
    field: FieldPostings,
    terms: NDArray[np.int64],
    words: NDArray[np.int64],
    ranks: NDArray[np.int32],
) -> _Occurrences:
    """Return the postings of terms, each of a word, in documents that have a rank from 0 on."""
    starts, ends = field.starts[terms].astype(np.int64), field.starts[terms + 1].astype(np.int64)
    slices = [slice(*own) for own in zip(starts.tolist(), ends.tolist(), strict=True)]
    documents = ranks[concatenated(field.documents, slices)]
    counts = concatenated(field.counts, slices).astype(np.int64)
    before = np.cumsum(counts) - counts
    lengths = ends - starts
    (here,) = np.nonzero(documents >= 0)
    # Every term has postings: the first of each tells how many positions stand before the term's.
    first = np.cumsum(lengths) - lengths
    shifts = field.places[terms].astype(np.int64) - before[first]
    own = np.searchsorted(first, here, side="right") - 1
    return _Occurrences(
        field, words[own], documents[here], counts[here], before[here] + shifts[own]
    )

"""What words documents are made of, read off the arrays that say where each word is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from store.engine.postings import FieldPostings
    from store.engine.snapshot import Snapshot


def shares_of(
    snapshot: Snapshot, documents: Mapping[int, float], fields: Sequence[str]
) -> dict[bytes, float]:
    """Return the classes of the words in these fields, with what part of the words each is.

    The parts of several documents are added up, each counting as much as `documents` has for it:
    where these numbers are the probabilities that documents are relevant, what comes out is the
    first relevance model, without smoothing (Lavrenko and Croft 2001, Relevance-Based Language
    Models).
    """
    shares: dict[bytes, float] = {}
    for document, weight in documents.items():
        counts = counts_of(snapshot, document, fields)
        whole = counts.total()
        for name, count in counts.items():
            shares[name] = shares.get(name, 0.0) + weight * count / whole
    return shares


def counts_of(snapshot: Snapshot, document: int, fields: Iterable[str]) -> Counter[bytes]:
    """Return how often words of each class are in these fields of a document.

    It takes a look at every posting of the document's segment.
    """
    segment = next(one for one in snapshot.segments if one.base <= document < one.end)
    counts: Counter[bytes] = Counter()
    for name in fields:
        field = segment.fields.get(name)
        if field is not None:
            own = field.documents.dtype.type(document - segment.base)
            at = np.flatnonzero(field.documents == own)
            classes = _classes(field, np.searchsorted(field.starts, at, side="right") - 1)
            for place, count in zip(classes.tolist(), field.counts[at].tolist(), strict=True):
                counts[field.classes[place]] += count
    return counts


def _classes(field: FieldPostings, terms: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the places of the classes of different terms, which rise."""
    is_wanted = np.zeros(len(field.terms), bool)
    is_wanted[terms] = True
    at = np.flatnonzero(is_wanted[field.members])
    classes = np.empty(len(terms), np.intp)
    classes[np.searchsorted(terms, field.members[at])] = (
        np.searchsorted(field.class_starts, at, side="right") - 1
    )
    return classes

"""Several inverted files of a field made one: each posting is copied to its place, none sorted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from store.engine.arrays import lengths, offsets, stretches
from store.engine.ordering import joined_lists, ordered
from store.engine.postings import FieldPostings, members_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from store.engine.terms import TermList

GONE = -1
"""The new number of a document that is left out."""


class Part(NamedTuple):
    """The postings of one segment, and what its documents are called from now on."""

    postings: FieldPostings
    numbers: NDArray[np.int64]
    """The new number of each document, rising, or `GONE`; above those of the parts before."""


def merged(parts: Sequence[Part]) -> FieldPostings:
    """Return the postings of all parts, those of documents that are gone left out."""
    parts = [_without_gone(part) for part in parts]
    fields = [part.postings for part in parts]
    if len(fields) == 1:
        return replace(fields[0], documents=parts[0].numbers[fields[0].documents])
    terms, places = _united([field.terms for field in fields])
    counts = _joined([_Rows(own.starts, own.counts) for own in fields], places, len(terms))
    documents = _joined(
        [_Rows(own.postings.starts, own.numbers[own.postings.documents]) for own in parts],
        places,
        len(terms),
    )
    positions = _joined([_Rows(own.places, own.positions) for own in fields], places, len(terms))
    classes, class_places = _united([field.classes for field in fields])
    of_terms = np.zeros(len(terms), np.int64)
    for field, own, its_classes in zip(fields, places, class_places, strict=True):
        of_terms[own[field.members]] = np.repeat(its_classes, field.class_sizes())
    members = np.argsort(of_terms, kind="stable")
    class_starts = offsets(np.bincount(of_terms, minlength=len(classes)))
    return FieldPostings(
        terms=terms,
        starts=documents.starts,
        documents=documents.values,
        counts=counts.values,
        places=positions.starts,
        positions=positions.values,
        classes=classes,
        class_starts=class_starts,
        members=members,
    )


class _Rows(NamedTuple):
    """Numbers row by row, one row a term."""

    starts: NDArray[Any]
    values: NDArray[Any]


def _joined(sources: Sequence[_Rows], places: Sequence[NDArray[np.int64]], terms: int) -> _Rows:
    """Return the rows of all sources, those of one term one after the other.

    `places` has the new place of each row of each source.
    """
    rows = [lengths(source.starts) for source in sources]
    sums = np.zeros(terms, np.int64)
    for own, length in zip(places, rows, strict=True):
        sums[own] += length
    ends = offsets(sums)
    free = ends[:-1].copy()
    whole = np.empty(int(ends[-1]), np.result_type(*(source.values for source in sources)))
    for source, own, length in zip(sources, places, rows, strict=True):
        whole[stretches(free[own], length)] = source.values
        free[own] += length
    return _Rows(ends, whole)


def _united(lists: Sequence[TermList]) -> tuple[TermList, list[NDArray[np.int64]]]:
    """Return the terms of all lists, and where those of each stand among them."""
    names, places = ordered(joined_lists(lists))
    return names, np.split(places, np.cumsum([len(own) for own in lists])[:-1])


def _without_gone(part: Part) -> Part:
    """Return a part without the postings of documents that are gone, and terms of them alone."""
    field, numbers = part
    if not (numbers == GONE).any():
        return part
    stays = numbers[field.documents] != GONE
    frequencies = field.frequencies()
    terms = np.repeat(np.arange(len(frequencies)), frequencies)
    left = np.bincount(terms[stays], minlength=len(frequencies))
    weights = np.bincount(
        terms[stays], weights=field.counts[stays], minlength=len(frequencies)
    ).astype(np.int64)
    kept = left > 0
    classes, class_starts, members = _members_kept(field, kept)
    return Part(
        FieldPostings(
            terms=field.terms.take(np.flatnonzero(kept)),
            starts=offsets(left[kept]),
            documents=field.documents[stays],
            counts=field.counts[stays],
            places=offsets(weights[kept]),
            positions=field.positions[np.repeat(stays, field.counts)],
            classes=classes,
            class_starts=class_starts,
            members=members,
        ),
        numbers,
    )


def _members_kept(
    field: FieldPostings, kept: NDArray[np.bool_]
) -> tuple[TermList, NDArray[Any], NDArray[Any]]:
    """Return the classes of the terms that are kept, with their new places."""
    of_terms = np.zeros(len(kept), np.int64)
    of_terms[field.members] = np.repeat(np.arange(len(field.classes)), field.class_sizes())
    return members_of(of_terms[kept], field.classes)

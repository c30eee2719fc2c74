"""The words of papers with their positions: many papers at a time, as arrays."""

from __future__ import annotations

import json
from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from store.engine.arrays import stretches
from store.engine.documents import Documents, to_bytes
from store.engine.inverting import Occurrences, in_order, inverted
from store.engine.writing import Batch
from store.index.fields import (
    ALL_TEXT,
    COLUMNS,
    KEY,
    LISTS,
    NAMES,
    NO_TEXT,
    REVISION,
    TWICE,
)
from store.index.vocabulary import ENDS, Table, Vocabulary, chunks
from store.text import FIELD_END, PART_END

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from store.engine.postings import FieldPostings

_FIELDS = tuple(COLUMNS)
_TITLE = _FIELDS.index(TWICE)
_OTHERS = tuple(number for number, name in enumerate(_FIELDS) if name in NO_TEXT)
_AGAIN = len(_FIELDS)
"""Stands for the title where it is met a second time."""
_FIELD_BITS = _AGAIN.bit_length()
_NAMES_FROM = min(map(_FIELDS.index, NAMES))
_AT_ONCE = 500
"""So many papers are taken apart together."""
_MOST_WORDS = 250_000
"""So many words as written are remembered; beyond it, all of them are met anew."""


class Analyser:
    """Turns papers into batches of documents; remembers the words it has met."""

    def __init__(self) -> None:
        self._words = Vocabulary()

    def batch(self, rows: Sequence[Any]) -> Batch:
        """Return the documents of papers; each row has the `COLUMNS`, `key` and `revision`."""
        if len(self._words) > _MOST_WORDS:
            self._words = Vocabulary()
        stream = _stream(rows, self._words)
        terms = self._words.in_order(stream.terms)
        stream = stream._replace(terms=terms.places)
        postings = {
            name: inverted(own, terms.by_itself if name in NAMES else terms.by_stem)
            for name, own in stream.by_field()
            if len(own.terms)
        }
        return Batch(_documents(rows, postings), postings)


class _Stream(NamedTuple):
    """The terms of papers in any order: four arrays of one length, and what fields take."""

    terms: NDArray[np.int32]
    papers: NDArray[np.int32]
    fields: NDArray[np.int32]
    positions: NDArray[np.int32]
    """In all the text, in which the title comes twice; of fields that are not in it, from 0."""
    starts: NDArray[np.int32]
    """Where each field begins there; one row a paper."""

    def by_field(self) -> Iterator[tuple[str, Occurrences]]:
        """Yield all the text, then each field, in order."""
        is_text = ~np.isin(self.fields, _OTHERS)
        # Numbers that tell the field as well are in the same order: one field follows the other.
        whole = in_order(self._occurrences(is_text, self.positions << _FIELD_BITS | self.fields))
        fields = whole.positions & ((1 << _FIELD_BITS) - 1)
        text = Occurrences(whole.terms, whole.documents, whole.positions >> _FIELD_BITS)
        yield ALL_TEXT, text
        for number, name in enumerate(_FIELDS):
            if number in _OTHERS:
                yield name, in_order(self._occurrences(self.fields == number, self.positions))
                continue
            own = text[np.flatnonzero(fields == number)]
            own.positions[:] -= self.starts[:, number][own.documents]
            yield name, own

    def _occurrences(self, which: NDArray[np.bool_], positions: NDArray[np.int32]) -> Occurrences:
        return Occurrences(self.terms, self.papers, positions)[np.flatnonzero(which)]


def _stream(rows: Sequence[Any], known: Vocabulary) -> _Stream:
    """Return the words of papers."""
    found = np.array(_codes(rows, known))
    table = known.table()
    is_plain = found > max(ENDS)
    sizes = np.ones(len(found), np.int64)
    sizes[~is_plain] = table.lengths[1 - found[~is_plain]]
    is_end = found == ENDS[0]
    stops = np.cumsum(sizes)
    before = np.concatenate(([0], stops[is_end]))
    lengths = np.diff(before).reshape(len(rows), len(_FIELDS))
    starts = _starts(lengths)
    # From places in the whole stream to those in the papers.
    shifts = np.append(starts.ravel() - before[:-1], 0)
    owners = np.cumsum(is_end, dtype=np.int32)
    places = (stops - sizes + shifts[owners]).astype(np.int32)
    terms, at, shift = _expanded(found, table)
    owners, positions = owners[at], places[at] + shift
    papers, fields = owners // np.int32(len(_FIELDS)), owners % np.int32(len(_FIELDS))
    title = np.flatnonzero(fields == _TITLE)
    again = positions[title] + lengths[:, _TITLE].astype(np.int32)[papers[title]]
    return _Stream(
        np.concatenate((terms, terms[title])),
        np.concatenate((papers, papers[title])),
        np.concatenate((fields, np.full(len(title), _AGAIN, np.int32))),
        np.concatenate((positions, again)),
        starts,
    )


def _expanded(
    found: NDArray[np.int32], table: Table
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int32]]:
    """Return the terms that chunks stand for, the places of these, and how far behind each is."""
    plain, others = np.flatnonzero(found > max(ENDS)), np.flatnonzero(found < min(ENDS))
    rows = 1 - found[others]
    counts = table.counts[rows]
    of_others = stretches(table.starts[rows], counts)
    return (
        np.concatenate((found[plain], table.terms[of_others])),
        np.concatenate((plain, np.repeat(others, counts))),
        np.concatenate((np.zeros(len(plain), np.int32), table.shifts[of_others])),
    )


def _starts(lengths: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return where each field begins in all the text; one row a paper."""
    own = lengths.copy()
    own[:, _TITLE] *= 2
    own[:, _OTHERS] = 0
    starts = (np.cumsum(own, axis=1) - own).astype(np.int32)
    starts[:, _OTHERS] = 0
    return starts


def _codes(rows: Sequence[Any], known: Vocabulary) -> array[int]:
    """Return the numbers of what papers are made of, field by field."""
    codes = array("i")
    number = known.__getitem__
    for first in range(0, len(rows), _AT_ONCE):
        some = rows[first : first + _AT_ONCE]
        columns = [_texts(some, name) for name in _FIELDS]
        for texts in zip(*columns, strict=True):
            # Names are seldom ASCII, and all else mostly is, which is split faster.
            for part in (texts[:_NAMES_FROM], texts[_NAMES_FROM:]):
                text = _joined(part)
                codes.fromlist(list(map(number, chunks(text))))
    return codes


def _texts(rows: Sequence[Any], name: str) -> list[str]:
    """Return the texts of one field."""
    texts = [row[COLUMNS[name]] for row in rows]
    if name not in LISTS:
        return texts
    # As one array of arrays they are read in half the time.
    return list(map(f" {PART_END} ".join, json.loads(f"[{','.join(texts)}]")))


def _joined(texts: Sequence[str]) -> str:
    """Return texts as one, each with an end behind it."""
    end = f" {FIELD_END} "
    text = f"{end.join(texts)}{end}"
    if text.count(FIELD_END) > len(texts):
        # No text that was cleaned has one, and all that follows would be another's.
        text = "".join(f"{one.replace(FIELD_END, ' ')}{end}" for one in texts)
    return text


def _documents(rows: Sequence[Any], postings: dict[str, FieldPostings]) -> Documents:
    lengths = {
        field: np.bincount(own.documents, weights=own.counts, minlength=len(rows)).astype(np.int64)
        for field, own in postings.items()
    }
    return Documents(
        {field: to_bytes(own) for field, own in lengths.items()},
        {field: int(own.sum()) for field, own in lengths.items()},
        {name: np.array([row[name] for row in rows], np.int64) for name in (KEY, REVISION)},
        len(rows),
    )

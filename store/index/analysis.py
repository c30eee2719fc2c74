"""The words of papers with their positions: many papers at a time, as arrays."""

from __future__ import annotations

import json
from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from store.engine.arrays import offsets, stretches
from store.engine.documents import Documents, to_bytes
from store.engine.inverting import Occurrences, in_order, postings_of
from store.engine.postings import Classes
from store.engine.writing import Batch
from store.index.fields import (
    ALL_TEXT,
    COLUMNS,
    KEY,
    LISTS,
    NAMES,
    NO_TEXT,
    PART_GAP,
    REVISION,
    TWICE,
)
from store.stems import stem
from store.text import FIELD_END, PART_END, terms, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from store.engine.postings import FieldPostings

_FIELDS = tuple(COLUMNS)
_TITLE = _FIELDS.index(TWICE)
_OTHERS = tuple(number for number, name in enumerate(_FIELDS) if name in NO_TEXT)
_READ = tuple((column, name in LISTS) for name, column in COLUMNS.items())
_NAMES_FROM = min(map(_FIELDS.index, NAMES))
_FIELD_END, _PART_END = 0, 1
"""The numbers of what ends a field, and a part of one."""
_MOST_WORDS = 250_000
"""So many words as written are remembered; beyond it, all of them are met anew."""


class Analyser:
    """Turns papers into batches of documents; remembers the words it has met."""

    def __init__(self) -> None:
        self._words = _Words()

    def batch(self, rows: Sequence[Any]) -> Batch:
        """Return the documents of papers; each row has the `COLUMNS`, `key` and `revision`."""
        if len(self._words) > _MOST_WORDS:
            self._words = _Words()
        stream = _stream(rows, self._words)
        parts = [(ALL_TEXT, whole := in_order(stream.all_text(), self._words.terms))]
        parts += stream.by_field(whole)
        for number in _OTHERS:
            parts.append((_FIELDS[number], in_order(stream.of_field(number), self._words.terms)))
        by_stem, by_itself = self._words.classes()
        postings = {
            name: postings_of(own, self._words.terms, by_itself if name in NAMES else by_stem)
            for name, own in parts
            if len(own.terms)
        }
        return Batch(_documents(rows, postings), postings)


class _Words(dict[str, int]):
    """Numbers every word as it is written; each stands for terms at positions."""

    def __init__(self) -> None:
        self.terms: list[bytes] = []
        """By number."""
        self._numbers: dict[str, int] = {}
        self._class_names: dict[bytes, int] = {}
        self._class_of_term = array("i")
        self._of_word, self._shifts = array("i"), array("i")
        # What ends a field or a part of one is no term, and leaves a gap.
        self._counts, self._lengths = array("i", (0, 0)), array("i", (PART_GAP, PART_GAP))
        self.update({FIELD_END: _FIELD_END, PART_END: _PART_END})

    def __missing__(self, word: str) -> int:
        whole, *parts = terms(word)
        self._of_word.append(self._number(whole))
        self._shifts.append(0)
        for shift, part in enumerate(parts):
            self._of_word.append(self._number(part))
            self._shifts.append(shift)
        self._counts.append(1 + len(parts))
        self._lengths.append(max(1, len(parts)))
        number = self[word] = len(self)
        return number

    def classes(self) -> tuple[Classes, Classes]:
        """Return the classes of the terms by their stems, and those of each by itself."""
        of_terms = np.array(self._class_of_term)
        by_itself = Classes(np.arange(len(self.terms)), self.terms)
        return Classes(of_terms, list(self._class_names)), by_itself

    def table(self) -> _Table:
        """Return what the numbers of words stand for."""
        counts = np.array(self._counts)
        return _Table(
            offsets(counts)[:-1],
            counts,
            np.array(self._lengths),
            np.array(self._of_word),
            np.array(self._shifts),
        )

    def _number(self, term: str) -> int:
        number = self._numbers.get(term)
        if number is None:
            number = self._numbers[term] = len(self.terms)
            name = term.encode()
            self.terms.append(name)
            own = self._class_names.setdefault(stem(term).encode(), len(self._class_names))
            self._class_of_term.append(own)
        return number


class _Table(NamedTuple):
    """What words stand for, by their numbers."""

    starts: NDArray[np.int64]
    """Where what each stands for begins in `terms` and `shifts`."""
    counts: NDArray[np.int64]
    """How many terms each stands for: a compound word for itself and its parts."""
    lengths: NDArray[np.int64]
    """How many positions each takes."""
    terms: NDArray[np.int64]
    shifts: NDArray[np.int64]
    """How far each term stands from where the word begins."""


class _Stream(NamedTuple):
    """The terms of papers in reading order: four arrays of one length, and what fields take."""

    terms: NDArray[Any]
    papers: NDArray[Any]
    fields: NDArray[Any]
    positions: NDArray[Any]
    """Within the field."""
    lengths: NDArray[np.int32]
    """How many positions each field takes, the gap behind it included; one row a paper."""

    def of_field(self, number: int) -> Occurrences:
        """Return the words of one field."""
        own = self.fields == number
        return Occurrences(self.terms[own], self.papers[own], self.positions[own])

    def all_text(self) -> Occurrences:
        """Return the words of all the text: the title twice, then the other fields."""
        own = ~np.isin(self.fields, _OTHERS)
        papers = self.papers[own]
        places = self.positions[own] + self.starts()[papers, self.fields[own]]
        title = self.of_field(_TITLE)
        again = title.positions + self.lengths[title.documents, _TITLE]
        return Occurrences(
            np.concatenate((self.terms[own], title.terms)),
            np.concatenate((papers, title.documents)),
            np.concatenate((places, again)),
        )

    def starts(self) -> NDArray[np.int32]:
        """Return where each field begins in all the text; one row a paper."""
        lengths = self.lengths.copy()
        lengths[:, _TITLE] *= 2
        return np.cumsum(lengths, axis=1, dtype=np.int32) - lengths

    def by_field(self, whole: Occurrences) -> Iterator[tuple[str, Occurrences]]:
        """Yield each field of all the text, in the order of `whole`, with positions of its own."""
        starts = self.starts()
        fields = np.zeros(len(whole.terms), np.int8)
        for number in range(1, len(_FIELDS)):
            fields += whole.positions >= starts[:, number][whole.documents]
        for number, name in enumerate(_FIELDS):
            own = fields == number
            if number == _TITLE:
                own &= whole.positions < self.lengths[:, _TITLE][whole.documents]
            if number not in _OTHERS and own.any():
                documents = whole.documents[own]
                positions = whole.positions[own] - starts[:, number][documents]
                yield name, Occurrences(whole.terms[own], documents, positions)


def _stream(rows: Sequence[Any], known: _Words) -> _Stream:
    """Return the words of papers."""
    codes = array("i")
    number = known.__getitem__
    for row in rows:
        texts = [
            (PART_END.join(json.loads(row[column])) if is_list else row[column])
            for column, is_list in _READ
        ]
        # Names are seldom ASCII, and all else mostly is, which is split faster.
        for some in (texts[:_NAMES_FROM], texts[_NAMES_FROM:]):
            text = f"{FIELD_END.join(some)}{FIELD_END}"
            if text.count(FIELD_END) > len(some):
                # No text that was cleaned has one, and all that follows would be another's.
                text = "".join(f"{one.replace(FIELD_END, ' ')}{FIELD_END}" for one in some)
            # In one case there are fewer words to remember.
            codes.fromlist(list(map(number, words(text.lower() if text.isascii() else text))))
    table = known.table()
    found = np.array(codes)
    ends = np.flatnonzero(found == _FIELD_END)
    lengths = table.lengths[found]
    places = np.cumsum(lengths, dtype=np.int64) - lengths
    starts = np.concatenate(([0], places[ends] + PART_GAP))
    counts = table.counts[found]
    at = stretches(table.starts[found], counts)
    field = np.cumsum(found == _FIELD_END, dtype=np.int32)
    places -= starts[field]
    field = np.repeat(field, counts)
    return _Stream(
        table.terms[at],
        field // np.int32(len(_FIELDS)),
        field % np.int32(len(_FIELDS)),
        np.repeat(places.astype(np.int32), counts) + table.shifts[at],
        np.diff(starts).reshape(len(rows), len(_FIELDS)).astype(np.int32),
    )


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

"""The index as of one commit, open for searching: all segments as one row of documents."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from store.engine.documents import LENGTHS
from store.engine.files import read_documents, read_postings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from store.engine.documents import Documents
    from store.engine.nodes import Word
    from store.engine.postings import FieldPostings

_REMEMBERED = 16 << 20
"""Bytes of postings of words that were looked up lately."""
_COUNTED = 10_000
"""So many words are remembered with how many postings they have."""


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """One segment: its documents have the numbers from `base` on in the whole index."""

    base: int
    documents: Documents
    fields: Mapping[str, FieldPostings]

    @property
    def end(self) -> int:
        """The number after that of its last document."""
        return self.base + self.documents.count


@dataclass(frozen=True, slots=True, eq=False)
class WordPostings:
    """The documents that have a word, rising, with how often it occurs in each."""

    documents: NDArray[np.int32]
    counts: NDArray[Any]

    @property
    def nbytes(self) -> int:
        """How much memory they take."""
        return self.documents.nbytes + self.counts.nbytes


NO_POSTINGS = WordPostings(np.zeros(0, np.int32), np.zeros(0, np.uint8))


class Snapshot:
    """The segments of a table of contents, opened; several threads may search it.

    Its arrays are views of mapped files, and stay valid when a later commit removes these. Raises
    `OSError` where it has done so before they were opened, and `ArrayFileError`.
    """

    def __init__(self, storage: Any, segments: Sequence[Any]) -> None:
        self.segments: list[Segment] = []
        base = 0
        gone: list[NDArray[np.int64]] = []
        for one in segments:
            documents = read_documents(storage, one)
            self.segments.append(Segment(base, documents, read_postings(storage, one)))
            gone.append(np.fromiter(one.deleted_docs(), np.int64) + base)
            base += documents.count
        self.count = base
        """How many documents there are, deleted ones included."""
        self.live: NDArray[np.bool_] | None = None
        """Which documents are left; None where all are."""
        deleted = np.concatenate(gone) if gone else np.zeros(0, np.int64)
        if len(deleted):
            self.live = np.ones(base, bool)
            self.live[deleted] = False
        self._columns: dict[str, NDArray[np.int64]] = {}
        self._lengths: dict[str, NDArray[np.uint8]] = {}
        self._averages: dict[str, float] = {}
        self._norms: dict[tuple[str, float, float], NDArray[np.float32]] = {}
        self.frequencies: dict[Word, int] = {}
        """How many postings the terms of words have that were counted lately."""
        self._words: OrderedDict[Word, WordPostings] = OrderedDict()
        self._held = 0
        self._lock = threading.Lock()
        """Of what is remembered of words; all else is made once more at the worst."""

    def column(self, name: str) -> NDArray[np.int64]:
        """Return a number of every document."""
        if name not in self._columns:
            parts = [segment.documents.columns[name] for segment in self.segments]
            self._columns[name] = np.concatenate(parts) if parts else np.zeros(0, np.int64)
        return self._columns[name]

    def lengths(self, field: str) -> NDArray[np.uint8]:
        """Return the length of a field in every document, in Whoosh's bytes."""
        if field not in self._lengths:
            parts = [segment.documents.length_bytes(field) for segment in self.segments]
            self._lengths[field] = np.concatenate(parts) if parts else np.zeros(0, np.uint8)
        return self._lengths[field]

    def average_length(self, field: str) -> float:
        """Return the mean length of a field, or 1 where no document has it, as Whoosh does."""
        if field not in self._averages:
            total = sum(segment.documents.totals.get(field, 0) for segment in self.segments)
            self._averages[field] = total / self.count if self.count and total else 1.0
        return self._averages[field]

    def norms(self, field: str, k1: float, b: float) -> NDArray[np.float32]:
        """Return the part of BM25 that depends on a field's length, by that length's byte."""
        lengths = LENGTHS / self.average_length(field)
        return (k1 * ((1 - b) + b * lengths)).astype(np.float32)

    def document_norms(self, field: str, k1: float, b: float) -> NDArray[np.float32]:
        """Return the part of BM25 that depends on a field's length, of every document."""
        known = (field, k1, b)
        if known not in self._norms:
            self._norms[known] = self.norms(field, k1, b)[self.lengths(field)]
        return self._norms[known]

    def keep_frequency(self, word: Word, frequency: int) -> None:
        """Remember how many postings the terms of a word have."""
        if len(self.frequencies) >= _COUNTED:
            self.frequencies.clear()
        self.frequencies[word] = frequency

    def remembered(self, word: Word) -> WordPostings | None:
        """Return the postings of a word that were kept lately."""
        with self._lock:
            found = self._words.get(word)
            if found is not None:
                self._words.move_to_end(word)
            return found

    def remember(self, word: Word, postings: WordPostings) -> None:
        """Keep the postings of a word while there is room: who types asks for it again."""
        with self._lock:
            if word in self._words or postings.nbytes > _REMEMBERED // 2:
                return
            self._words[word] = postings
            self._held += postings.nbytes
            while self._held > _REMEMBERED:
                _, forgotten = self._words.popitem(last=False)
                self._held -= forgotten.nbytes

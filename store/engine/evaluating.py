"""Answering queries with whole arrays at a time: every document found, with its score.

A word scores as a term of Whoosh's BM25F that stands for all terms that match it; a run as the sum
of its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np

from store.engine import nodes
from store.engine.gathering import (
    POSITION_BITS,
    any_of,
    contains,
    places_of,
    postings_of,
    summed,
    terms_of,
)
from store.engine.snapshot import WordPostings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from store.engine.nodes import Node, Run, Word
    from store.engine.snapshot import Segment, Snapshot

K1 = 1.2
B = 0.75
"""The usual constants of BM25 (Robertson and Zaragoza 2009, The Probabilistic Relevance
Framework, section 3.5)."""

_MUCH = 32
"""In a row so many times as long as what is looked for there, each is looked up by itself."""


class AbandonedError(Exception):
    """The search was given up."""


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Documents, rising, with their scores."""

    documents: NDArray[np.int32]
    scores: NDArray[np.float32]

    def __getitem__(self, which: NDArray[Any]) -> Hits:
        """Return some of them, by a mask or by rising places."""
        return Hits(self.documents[which], self.scores[which])


NO_HITS = Hits(np.zeros(0, np.int32), np.zeros(0, np.float32))


class Evaluation:
    """One query on its way; asks `cancelled` between two steps whether to go on.

    Its methods raise `AbandonedError` soon after that says so.
    """

    def __init__(self, snapshot: Snapshot, cancelled: Callable[[], bool] | None = None) -> None:
        self._snapshot = snapshot
        self._cancelled = cancelled

    def hits(self, node: Node) -> Hits:
        """Return the documents that are left and that `node` finds."""
        found = self._hits(node)
        live = self._snapshot.live
        return found if live is None else found[live[found.documents]]

    def postings(self, word: Word) -> WordPostings:
        """Return the documents, deleted ones included, that have a word."""
        found = self._snapshot.remembered(word)
        if found is None:
            found = self._gathered(word)
            self._snapshot.remember(word, found)
        return found

    def frequency(self, word: Word) -> int:
        """Return how many postings the terms of a word have: of one term, as many documents."""
        whole = 0
        for segment in self._snapshot.segments:
            field = segment.fields.get(word.field)
            if field is not None:
                slices = (postings_of(field, term, term + 1) for term in terms_of(field, word))
                whole += sum(own.stop - own.start for own in slices)
        return whole

    def scores(self, word: Word, found: WordPostings, frequency: int) -> NDArray[np.float32]:
        """Return what documents score for a word which so many documents have."""
        if not word.is_scored:
            return np.zeros(len(found.documents), np.float32)
        norms = self._snapshot.norms(word.field, K1, B)
        lengths = self._snapshot.lengths(word.field)[found.documents]
        counts = found.counts.astype(np.float32)
        best = np.float32(self.rarity(frequency) * (K1 + 1))
        return np.asarray(best * counts / (counts + norms[lengths]), np.float32)

    def rarity(self, frequency: int) -> float:
        """Return the weight of a word which so many documents have, as Whoosh has it."""
        return log(max(1, self._snapshot.count) / (frequency + 1)) + 1

    def positions(self, word: Word, documents: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return the places of a word in these documents, which rise.

        A place is the document's number, 32 bits further up, and the position there; they rise.
        """
        parts: list[NDArray[np.int64]] = []
        for segment in self._snapshot.segments:
            self._ask()
            first, last = np.searchsorted(documents, (segment.base, segment.end))
            field = segment.fields.get(word.field)
            if field is None or first == last:
                continue
            wanted = documents[first:last] - segment.base
            found = [places_of(field, term, wanted) for term in terms_of(field, word)]
            if found:
                # Two terms may stand at one position, as a compound word and its first part do.
                whole = np.unique(np.concatenate(found)) if len(found) > 1 else found[0]
                parts.append(whole + (segment.base << POSITION_BITS))
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)

    def _hits(self, node: Node) -> Hits:
        match node:
            case nodes.Run():
                return self._together([node], ())
            case nodes.All(parts, excluded):
                return self._together(parts, excluded)
            case nodes.Any(parts):
                return self._any(parts)

    def _any(self, parts: Sequence[Node]) -> Hits:
        count = self._snapshot.count
        scores = np.zeros(count, np.float32)
        found = np.zeros(count, bool)
        for part in parts:
            hits = self._hits(part)
            scores[hits.documents] += hits.scores
            found[hits.documents] = True
        documents = np.flatnonzero(found).astype(np.int32)
        return Hits(documents, scores[documents])

    def _together(self, parts: Sequence[Node], excluded: Sequence[Node]) -> Hits:
        """Return the documents that have all words of the runs and what else is asked for."""
        runs = [part for part in parts if isinstance(part, nodes.Run)]
        words = list(dict.fromkeys(word for run in runs for word in run.words))
        found = {word: self.postings(word) for word in words}
        others = [self._hits(part) for part in parts if not isinstance(part, nodes.Run)]
        rows = [found[word].documents for word in words] + [one.documents for one in others]
        documents = self._common(rows)
        for run in runs:
            if len(run.words) > 1 and len(documents):
                documents = self._standing(run, documents)
        for part in excluded:
            if len(documents):
                documents = documents[~contains(self._hits(part).documents, documents)]
        scores = np.zeros(len(documents), np.float32)
        for word in (word for run in runs for word in run.words):
            if word.is_scored:
                counts = self._counts(found[word], documents)
                scores += self.scores(word, counts, len(found[word].documents))
        for hits in others:
            scores += hits.scores[np.searchsorted(hits.documents, documents)]
        return Hits(documents, scores)

    def _common(self, rows: list[NDArray[np.int32]]) -> NDArray[np.int32]:
        """Return the documents that are in every row."""
        rows.sort(key=len)
        documents = rows[0]
        for row in rows[1:]:
            self._ask()
            if len(documents) * _MUCH < len(row):
                documents = documents[contains(row, documents)]
            else:
                is_there = np.zeros(self._snapshot.count, bool)
                is_there[row] = True
                documents = documents[is_there[documents]]
        return documents

    def _counts(self, found: WordPostings, documents: NDArray[np.int32]) -> WordPostings:
        """Return how often a word occurs in some of the documents that have it."""
        if len(documents) == len(found.documents):
            return found
        if len(documents) * _MUCH < len(found.documents):
            counts = found.counts[np.searchsorted(found.documents, documents)]
        else:
            everywhere = np.zeros(self._snapshot.count, found.counts.dtype)
            everywhere[found.documents] = found.counts
            counts = everywhere[documents]
        return WordPostings(documents, counts)

    def _standing(self, run: Run, documents: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return those of the documents, which have all words of a run, where they are one."""
        reached = self.positions(run.words[0], documents)
        for word in run.words[1:]:
            places = self.positions(word, documents)
            if run.distance:
                first = np.searchsorted(reached, places - run.distance)
                last = np.searchsorted(reached, places + run.distance, side="right")
                reached = places[last - first > contains(reached, places)]
            else:
                reached = places[contains(reached, places - 1)]
        return np.unique(reached >> POSITION_BITS).astype(np.int32)

    def _gathered(self, word: Word) -> WordPostings:
        parts = [
            (segment.base, part)
            for segment in self._snapshot.segments
            if (part := self._in_segment(segment, word)) is not None
        ]
        if not parts:
            return WordPostings(np.zeros(0, np.int32), np.zeros(0, np.uint8))
        documents = [part.documents.astype(np.int32) + np.int32(base) for base, part in parts]
        return WordPostings(
            np.concatenate(documents), np.concatenate([part.counts for _, part in parts])
        )

    def _in_segment(self, segment: Segment, word: Word) -> WordPostings | None:
        self._ask()
        field = segment.fields.get(word.field)
        if field is None:
            return None
        terms = terms_of(field, word)
        if not terms:
            return None
        if len(terms) == 1:
            own = postings_of(field, terms[0], terms[0] + 1)
            return WordPostings(field.documents[own], field.counts[own])
        if not word.is_scored:
            found = any_of(field, word, terms, segment.documents.count)
            documents = np.flatnonzero(found)
            return WordPostings(documents.astype(np.int32), np.ones(len(documents), np.uint8))
        counts = summed(field, terms, segment.documents.count)
        documents = np.flatnonzero(counts > 0)
        return WordPostings(documents.astype(np.int32), counts[documents])

    def _ask(self) -> None:
        if self._cancelled is not None and self._cancelled():
            raise AbandonedError

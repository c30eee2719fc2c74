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
    TermsIn,
    are_few,
    found_at_once,
    found_in,
    frequency_of,
    places_of,
    terms_of,
)
from store.engine.nodes import Match
from store.engine.rows import common, contains, values_at
from store.engine.snapshot import NO_POSTINGS, WordPostings
from store.engine.standing import consecutive, nearby

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from store.engine.nodes import Node, Run, Word
    from store.engine.snapshot import Snapshot

K1 = 1.2
B = 0.75
"""The usual constants of BM25 (Robertson and Zaragoza 2009, The Probabilistic Relevance
Framework, section 3.5)."""


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
        self.ask()
        found = self._snapshot.remembered(word)
        if found is None:
            found = self._gathered(word)
            self._snapshot.remember(word, found)
        return found

    def frequency(self, word: Word) -> int:
        """Return how many postings the terms of a word have: of one term, as many documents."""
        whole = self._snapshot.frequencies.get(word)
        if whole is None:
            self.ask()
            whole = 0
            for segment in self._snapshot.segments:
                field = segment.fields.get(word.field)
                if field is not None:
                    whole += frequency_of(field, word)
            self._snapshot.keep_frequency(word, whole)
        return whole

    def scores(self, word: Word, found: WordPostings, frequency: int) -> NDArray[np.float32]:
        """Return what documents score for a word which so many documents have."""
        if not word.is_scored:
            return np.zeros(len(found.documents), np.float32)
        best = np.float32(self.whoosh_idf(frequency) * (K1 + 1))
        scores = found.counts.astype(np.float32)
        norms = self._snapshot.document_norms(word.field, K1, B)[found.documents]
        norms += scores
        scores *= best
        scores /= norms
        return scores

    def whoosh_idf(self, frequency: int) -> float:
        """Return the weight of a word which so many documents have, as Whoosh has it."""
        return log(max(1, self._snapshot.count) / (frequency + 1)) + 1

    def lucene_idf(self, frequency: int) -> float:
        """Return the weight of a word which so many documents have, as Lucene has it.

        It is that of Robertson and Sparck Jones without known documents (Robertson and Zaragoza
        2009), with 1 added under the logarithm, so that no word counts against a document.
        """
        count = self._snapshot.count
        frequency = min(frequency, count)
        return log(1 + (count - frequency + 0.5) / (frequency + 0.5))

    def positions(self, word: Word, documents: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return the places of a word in these documents, which rise.

        A place is the document's number, 32 bits further up, and the position there; they rise.
        """
        parts: list[NDArray[np.int64]] = []
        for segment in self._snapshot.segments:
            self.ask()
            first, last = np.searchsorted(documents, (segment.base, segment.end))
            field = segment.fields.get(word.field)
            if field is None or first == last:
                continue
            wanted = documents[first:last] - segment.base
            terms = terms_of(field, word)
            if terms:
                places = places_of(field, terms, wanted, segment.documents.count)
                places += segment.base << POSITION_BITS
                parts.append(places)
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)

    def ask(self) -> None:
        """Raise `AbandonedError` where the search was given up."""
        if self._cancelled is not None and self._cancelled():
            raise AbandonedError

    def _hits(self, node: Node) -> Hits:
        self.ask()
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
            # What scores is known by its score: only what is found without one is marked besides.
            if hits.scores.min(initial=1) <= 0:
                found[hits.documents] = True
        found |= scores > 0
        documents = np.flatnonzero(found).astype(np.int32)
        return Hits(documents, scores[documents])

    def _together(self, parts: Sequence[Node], excluded: Sequence[Node]) -> Hits:
        """Return the documents that have all words of the runs and what else is asked for."""
        runs = [part for part in parts if isinstance(part, nodes.Run)]
        words = list(dict.fromkeys(word for run in runs for word in run.words))
        found: dict[Word, WordPostings] = {}
        rows: list[NDArray[np.int32]] = []
        for word in sorted(words, key=self._bulk) if len(words) > 1 else words:
            found[word] = self.postings(word)
            rows = [self._common([*rows, found[word].documents])]
            if not len(rows[0]):
                return NO_HITS
        others = [self._hits(part) for part in parts if not isinstance(part, nodes.Run)]
        documents = self._common(rows + [one.documents for one in others])
        for run in runs:
            if len(run.words) > 1 and len(documents):
                documents = self._standing(run, documents, found)
        for part in excluded:
            if len(documents):
                documents = documents[~contains(self._hits(part).documents, documents)]
        scores = np.zeros(len(documents), np.float32)
        for word in (word for run in runs for word in run.words):
            if word.is_scored:
                self.ask()
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
            self.ask()
            documents = common(row, documents, self._snapshot.count)
        return documents

    def _counts(self, found: WordPostings, documents: NDArray[np.int32]) -> WordPostings:
        """Return how often a word occurs in some of the documents that have it."""
        counts = values_at(found.documents, found.counts, documents, self._snapshot.count)
        return WordPostings(documents, counts)

    def _standing(
        self, run: Run, documents: NDArray[np.int32], found: Mapping[Word, WordPostings]
    ) -> NDArray[np.int32]:
        """Return those of the documents, which have all words of a run, where they are one."""
        if run.distance:
            return nearby(run.words, run.distance, documents, self.positions, self.ask)
        words = sorted(enumerate(run.words), key=lambda own: len(found[own[1]].documents))
        return consecutive(words, documents, self.positions, self.ask)

    def _bulk(self, word: Word) -> int:
        """Return how many postings a word has, or may have."""
        if word.match in {Match.BEGINNING, Match.CLOSE}:
            found = self._snapshot.remembered(word)
            return self._snapshot.count if found is None else len(found.documents)
        return self.frequency(word)

    def _gathered(self, word: Word) -> WordPostings:
        own: list[TermsIn] = []
        for segment in self._snapshot.segments:
            self.ask()
            field = segment.fields.get(word.field)
            if field is not None and (terms := terms_of(field, word)):
                own.append(TermsIn(segment.base, segment.end, field, terms))
        if not own:
            return NO_POSTINGS
        if are_few(word, own, self._snapshot.count):
            return WordPostings(*found_at_once(own))
        parts = []
        for one in own:
            self.ask()
            parts.append(found_in(word, one))
        return WordPostings(*map(np.concatenate, zip(*parts, strict=True)))

"""Which documents come first: those with the rarest words, together, and in their titles.

Where every word is wanted, scores are those of `evaluating`, lifted here; where documents may lack
some, the sum is made here. All constants are published ones, or round ones from the middle of a
range in which several collections hardly prefer one to another.

A word which every document has weighs about 1 by Whoosh's formula, and close to 0 by Lucene's. The
scores of `evaluating` go by the first, so that they can be held against Whoosh's own; what is added
up here goes by the second: else a `the` would lift every title that has it, and documents that have
nothing but common words would come close to those with a rare one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from store.engine.closeup import counts_in, places_in
from store.engine.evaluating import K1, B, Hits
from store.engine.feedback import shares_of, telling_documents, told_words
from store.engine.gathering import POSITION_BITS
from store.engine.nodes import Match, Word
from store.engine.rows import contains

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from store.engine.evaluating import Evaluation
    from store.engine.snapshot import Snapshot, WordPostings

BEST = 1_000
"""So many documents, the best by their words alone, are looked at more closely: the usual depth of
a second pass."""
MOST_WORDS = 64
"""Of more words in a query, those that weigh least are left out: it bounds the time."""
TITLE_SHARE = 0.5
"""What a word counts in a title as such, of what it counts in all the text, and besides that. From
.3 to .7 is as good."""
NEARNESS_SHARE = 0.125
"""What a pair of neighbours counts, of what both words count. That is .1 beside .8 for the single
words, usual in the sequential dependence model (Metzler and Croft 2005, A Markov Random Field Model
for Term Dependencies). From .1 to .2 is as good."""
NEAR = 5
"""Words further apart are not near each other, and others are by the square of how far apart they
are (Rasolofo and Savoy 2003, Term Proximity Scoring for Keyword-Based Retrieval Systems)."""


@dataclass(frozen=True, slots=True)
class TextFields:
    """The names of the fields that documents are ranked by."""

    whole: str
    """All of the text."""
    title: str
    told: tuple[str, ...]
    """Those whose words tell what a document is about, as names of people do not."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ranks what one evaluation finds; its methods raise `AbandonedError` as that does."""

    evaluation: Evaluation
    snapshot: Snapshot
    fields: TextFields

    def most_words(self, words: Sequence[Word]) -> Hits:
        """Return the documents that have any of a query's words, given in its order.

        A word that is there twice counts twice. The score is the sum of BM25 over the words, for
        the best documents with what `lifted` adds, and with the words that those tell.
        """
        weights = self._heaviest(words)
        hits = self._any(weights)
        if not len(hits.documents):
            return hits
        hits = self.lifted([word for word in words if word in weights], hits)
        return self._with_told_words(hits, sum(word in weights for word in words))

    def lifted(self, words: Sequence[Word], hits: Hits) -> Hits:
        """Return the same documents, the best of them lifted.

        Those come forward that have the words in their titles, or near each other and in the order
        of the query, in which `words` are. Words of other fields than the whole text, and those of
        which only the beginning is known, lift none; of a long query, its first words do.
        """
        whole = [_whole(word) if word.field == self.fields.whole else None for word in words]
        times = Counter(word for word in whole[:MOST_WORDS] if word is not None)
        best = _best(hits.scores)
        if not times or not len(best):
            return hits
        documents = hits.documents[best]
        weights = {word: self._weight(word) for word in times}
        lift = self._of_nearness(whole[:MOST_WORDS], weights, documents)
        lift += self._of_titles(times, weights, documents)
        return _raised(hits, best, lift)

    def _heaviest(self, words: Sequence[Word]) -> dict[Word, float]:
        """Return what words that documents have weigh, as often as each is there."""
        times = Counter(word for word in words if word.is_scored)
        if len(times) > MOST_WORDS:
            frequencies = {word: self.evaluation.frequency(word) for word in times}
            guesses = {
                word: times[word] * self.evaluation.lucene_idf(frequency)
                for word, frequency in frequencies.items()
                if frequency
            }
            times = Counter(
                {w: times[w] for w in nlargest(MOST_WORDS, guesses, key=guesses.__getitem__)}
            )
        return {word: count * self._weight(word) for word, count in times.items()}

    def _any(self, weights: Mapping[Word, float]) -> Hits:
        """Return the documents that have any of the words, with the sum of their BM25."""
        scores = np.zeros(self.snapshot.count, np.float32)
        for word, weight in weights.items():
            found = self.evaluation.postings(word)
            counts = found.counts.astype(np.float32)
            own = self._scores(word.field, counts, found.documents)
            scores[found.documents] += np.float32(weight) * own
        is_found = scores > 0
        if self.snapshot.live is not None:
            is_found &= self.snapshot.live
        documents = np.flatnonzero(is_found).astype(np.int32)
        return Hits(documents, scores[documents])

    def _with_told_words(self, hits: Hits, times: int) -> Hits:
        """Add to the best documents what they score for the words that the very best tell.

        The query has so many words.
        """
        best = _best(hits.scores)
        documents, ask = hits.documents[best], self.evaluation.ask
        telling = telling_documents(hits[best])
        shares = shares_of(self.snapshot, telling, self.fields.told, ask)
        told = told_words(self.evaluation, shares, self.fields.whole, times)
        if not told:
            return hits
        counts = counts_in(self.snapshot, list(told), documents, ask)
        weights = np.array(list(told.values()))
        return _raised(hits, best, weights @ self._scores(self.fields.whole, counts, documents))

    def _of_titles(
        self,
        times: Mapping[Word, int],
        weights: Mapping[Word, float],
        documents: NDArray[np.int32],
    ) -> NDArray[np.float64]:
        """Return what documents, which rise, score for words in their titles.

        The words are looked up one by one, and so remembered: who types asks for them again.
        """
        lift = np.zeros(len(documents))
        for word, count in times.items():
            found = self.evaluation.postings(replace(word, field=self.fields.title))
            scores = self._scores(self.fields.title, _counts_of(found, documents), documents)
            lift += TITLE_SHARE * count * weights[word] * scores
        return lift

    def _of_nearness(
        self,
        words: Sequence[Word | None],
        weights: Mapping[Word, float],
        documents: NDArray[np.int32],
    ) -> NDArray[np.float64]:
        """Return what documents, which rise, score for neighbours of the query near each other.

        Each place of the first word counts for the next place of the second, 1 where that follows
        at once, 1/4 where one word stands between them, and so on. What this comes to is taken for
        how often the pair occurs, and it weighs as much as both words, as phrases do in Lucene.
        """
        lift = np.zeros(len(documents))
        pairs = dict.fromkeys(
            (one, other)
            for one, other in pairwise(words)
            if one is not None and other is not None and one != other
        )
        paired = list(dict.fromkeys(word for pair in pairs for word in pair))
        ask = self.evaluation.ask
        places = dict(zip(paired, places_in(self.snapshot, paired, documents, ask), strict=True))
        for one, other in pairs:
            ask()
            near, nearness = _near(places[one], places[other])
            at = np.searchsorted(documents, near)
            counts = np.bincount(at, weights=nearness, minlength=len(documents))
            found = self._scores(self.fields.whole, counts, documents)
            lift += NEARNESS_SHARE * (weights[one] + weights[other]) * found
        return lift

    def _weight(self, word: Word) -> float:
        return self.evaluation.lucene_idf(len(self.evaluation.postings(word).documents))

    def _scores(
        self, field: str, counts: NDArray[Any], documents: NDArray[np.int32]
    ) -> NDArray[Any]:
        """Return the part of BM25 that depends on how often words are in documents."""
        norms = self.snapshot.norms(field, K1, B)[self.snapshot.lengths(field)[documents]]
        return np.asarray(counts * np.float32(K1 + 1) / (counts + norms))


def _whole(word: Word) -> Word | None:
    """Return a word as if it were written to its end, or None."""
    if word.match in {Match.EXACT, Match.CLASS}:
        return word
    if word.also is not None:
        return Word(word.field, word.also, Match.CLASS)
    return None


def _counts_of(found: WordPostings, documents: NDArray[np.int32]) -> NDArray[Any]:
    """Return how often a word is in documents, which rise; most may lack it."""
    if not len(found.documents):
        return np.zeros(len(documents), np.uint8)
    at = np.searchsorted(found.documents, documents)
    counts: NDArray[Any] = found.counts.take(at, mode="clip")
    return counts * contains(found.documents, documents, at)


def _best(scores: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the places of the best scores, rising; of those that are alike, all or none."""
    if len(scores) <= BEST:
        return np.arange(len(scores))
    least = np.partition(scores, len(scores) - BEST)[len(scores) - BEST]
    best = np.flatnonzero(scores >= least)
    return best if len(best) <= 2 * BEST else np.flatnonzero(scores > least)


def _raised(hits: Hits, places: NDArray[np.intp], lift: NDArray[np.float64]) -> Hits:
    scores = hits.scores.copy()
    scores[places] += lift.astype(np.float32)
    return Hits(hits.documents, scores)


def _near(
    ones: NDArray[np.int64], others: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the documents where one word's next place of another is near, with how near it is.

    There are as many as such places, which are as `Evaluation.positions` has them.
    """
    next_ones = np.searchsorted(others, ones, side="right")
    ones = ones[next_ones < len(others)]
    apart = others[next_ones[: len(ones)]] - ones
    is_near = apart <= NEAR
    return ones[is_near] >> POSITION_BITS, 1.0 / apart[is_near].astype(np.float64) ** 2

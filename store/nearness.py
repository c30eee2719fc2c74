"""How near papers are to each other by their words: vectors that come and go one by one."""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from heapq import nlargest
from typing import TYPE_CHECKING, NamedTuple

from store.text import fold_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

LEAST_NEARNESS = 0.05
"""The cosine below which a paper is not near at all: that of two abstracts of one field."""
_LEAST_WEIGHT = 0.5
"""Words that more than six of ten papers have say nothing of any."""
_MOST_POSTINGS = 20_000
"""Papers looked up for one, the rarest words first: it bounds the time."""


_MOST_STALE = 0.05
"""The part of the texts that may be forgotten ones before their words are looked through."""


class _Postings(NamedTuple):
    """Which texts have a word, and its weight in each."""

    places: array[int]
    weights: array[float]


class Words:
    """The words of papers: weighted, and found by paper and by word.

    `common` counts the papers of a sample, `sampled` of them, that have each word. As they stay,
    so do the weights of a paper, whichever others come and go. Each text that is remembered has a
    number of its own, its place: one that is forgotten is passed over until there are many.
    """

    def __init__(self, common: Mapping[str, int], sampled: int) -> None:
        self._sampled = sampled
        self._rarity = {word: self._rarity_of(count) for word, count in common.items()}
        self._postings: dict[str, _Postings] = {}
        self._places: dict[int, int] = {}
        self._papers: dict[int, int] = {}
        """By place."""
        self._next = 0
        self._stale = 0
        """How many forgotten texts there are still words of."""

    @property
    def papers(self) -> AbstractSet[int]:
        """The papers that are remembered."""
        return self._places.keys()

    def remember(self, key: int, text: str) -> None:
        """Remember the text of a paper that is not remembered."""
        place, self._next = self._next, self._next + 1
        for word, weight in self._weights(text).items():
            postings = self._postings.get(word)
            if postings is None:
                postings = self._postings[word] = _Postings(array("q"), array("f"))
            postings.places.append(place)
            postings.weights.append(weight)
        self._places[key], self._papers[place] = place, key

    def forget(self, keys: Iterable[int]) -> None:
        """Forget papers that are remembered."""
        for key in keys:
            del self._papers[self._places.pop(key)]
            self._stale += 1
        if self._stale > _MOST_STALE * (self._stale + len(self._papers)):
            self._postings = dict(self._fresh_postings())
            self._stale = 0

    def nearest(self, text: str, limit: int, *, but: int) -> dict[int, float]:
        """Return the nearest papers with their nearness, from 0 to 1, the nearest first.

        Of equally near ones, the one that came in last is first; `but` is left out.
        """
        scores: defaultdict[int, float] = defaultdict(float)
        looked_up = 0
        own = sorted(self._weights(text).items(), key=lambda pair: -pair[1])
        for word, weight in own:
            postings = self._postings.get(word)
            if postings is None:
                continue
            looked_up += len(postings.places)
            if looked_up > _MOST_POSTINGS:
                break  # what is left is in most papers, and weighs next to nothing
            for place, theirs in zip(postings.places, postings.weights, strict=True):
                scores[place] += weight * theirs
        papers = self._papers
        near = ((score, papers[place]) for place, score in scores.items() if place in papers)
        best = nlargest(limit, (pair for pair in near if pair[1] != but))
        return {key: score for score, key in best if score >= LEAST_NEARNESS}

    def _fresh_postings(self) -> Iterator[tuple[str, _Postings]]:
        """Yield the words of what is remembered alone."""
        papers = self._papers
        for word, (places, weights) in self._postings.items():
            kept = [number for number, place in enumerate(places) if place in papers]
            if len(kept) == len(places):
                yield word, _Postings(places, weights)
            elif kept:
                fresh = array("q", [places[number] for number in kept])
                yield word, _Postings(fresh, array("f", [weights[number] for number in kept]))

    def _weights(self, text: str) -> dict[str, float]:
        """Return the weight of each word of a text: together they have the length 1."""
        unknown = self._rarity_of(0)
        weights = {}
        for word, count in Counter(fold_title(text).split()).items():
            rarity = self._rarity.get(word, unknown)
            if rarity >= _LEAST_WEIGHT:
                weights[word] = (1 + math.log(count)) * rarity
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {word: weight / length for word, weight in weights.items()}

    def _rarity_of(self, papers: int) -> float:
        return math.log((self._sampled + 1) / (papers + 0.5))

"""How near papers are to each other by their words: vectors that come and go one by one."""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from heapq import nlargest
from typing import TYPE_CHECKING, NamedTuple

from store.text import fold_title

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAST_NEARNESS = 0.05
"""The cosine below which a paper is not near at all: that of two abstracts of one field."""
_LEAST_WEIGHT = 0.5
"""Words that more than six of ten papers have say nothing of any."""
_MOST_POSTINGS = 20_000
"""Papers looked up for one, the rarest words first: it bounds the time."""


class _Postings(NamedTuple):
    """Which papers have a word, and its weight in each."""

    keys: array[int]
    weights: array[float]


class Words:
    """The words of papers: weighted, and found by paper and by word.

    `common` counts the papers of a sample, `sampled` of them, that have each word. As they stay,
    so do the weights of a paper, whichever others come and go.
    """

    def __init__(self, common: Mapping[str, int], sampled: int) -> None:
        self._sampled = sampled
        self._rarity = {word: self._rarity_of(count) for word, count in common.items()}
        self._postings: dict[str, _Postings] = {}
        self._of_paper: dict[int, tuple[str, ...]] = {}

    @property
    def papers(self) -> set[int]:
        """The papers that are remembered."""
        return set(self._of_paper)

    def remember(self, key: int, text: str) -> None:
        """Remember the text of a paper that is not remembered."""
        weights = self._weights(text)
        for word, weight in weights.items():
            postings = self._postings.get(word)
            if postings is None:
                postings = self._postings[word] = _Postings(array("q"), array("f"))
            postings.keys.append(key)
            postings.weights.append(weight)
        self._of_paper[key] = tuple(weights)

    def forget(self, key: int) -> None:
        """Forget a paper that is remembered."""
        for word in self._of_paper.pop(key):
            postings = self._postings[word]
            place = postings.keys.index(key)
            postings.keys.pop(place)
            postings.weights.pop(place)
            if not postings.keys:
                del self._postings[word]

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
            looked_up += len(postings.keys)
            if looked_up > _MOST_POSTINGS:
                break  # what is left is in most papers, and weighs next to nothing
            for key, theirs in zip(postings.keys, postings.weights, strict=True):
                scores[key] += weight * theirs
        scores.pop(but, None)
        best = nlargest(limit, zip(scores.values(), scores.keys(), strict=True))
        return {key: score for score, key in best if score >= LEAST_NEARNESS}

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

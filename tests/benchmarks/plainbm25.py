"""The peer of our ranking: plain BM25 in a few lines, as every search engine begins.

Stems, stop words left out, title and text as one field, k1 1.2, b .75 (Robertson and Zaragoza
2009, The Probabilistic Relevance Framework, section 3.5), with Lucene's weight of a term.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from math import log
from typing import TYPE_CHECKING

from store.texts.stems import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

K1, B = 1.2, 0.75
STOP_WORDS = frozenset(
    # A list of words is hard to read.
    """
    a an and are as at be but by can do does for from has have how if in into is it its no not of
    on or such than that the their then there these they this to was were what when which who why
    will with would
    """.split()  # noqa: SIM905 see above
)

_WORD = re.compile(r"[a-z0-9]+")


def words_of(text: str) -> list[str]:
    """Return the stems of a text."""
    return [stem(word) for word in _WORD.findall(text.casefold()) if word not in STOP_WORDS]


class PlainBM25:
    """Texts, by name, in memory."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        counted = {name: Counter(words_of(text)) for name, text in texts.items()}
        average = sum(counts.total() for counts in counted.values()) / len(counted)
        self._weights: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for name, counts in counted.items():
            norm = K1 * (1 - B + B * counts.total() / average)
            for word, count in counts.items():
                self._weights[word][name] = count * (K1 + 1) / (count + norm)
        self._texts = len(counted)

    def ranked(self, query: str) -> list[str]:
        """Return every text that has a word of the query, the best first."""
        scores: defaultdict[str, float] = defaultdict(float)
        for word, times in Counter(words_of(query)).items():
            weights = self._weights.get(word, {})
            rarity = log(1 + (self._texts - len(weights) + 0.5) / (len(weights) + 0.5))
            for name, weight in weights.items():
                scores[name] += times * rarity * weight
        return _by_score(scores.items())


def _by_score(scores: Iterable[tuple[str, float]]) -> list[str]:
    return [name for name, _ in sorted(scores, key=lambda scored: -scored[1])]

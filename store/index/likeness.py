"""Papers like another one: those that have most of the words which tell it from others."""

from __future__ import annotations

from collections import Counter
from heapq import nlargest
from math import log
from typing import TYPE_CHECKING

import numpy as np

from store.engine import nodes
from store.engine.evaluating import NO_HITS
from store.engine.nodes import Match
from store.index.fields import ALL_TEXT, class_of
from store.text import tokens
from store.texts.commonwords import COMMON_WORDS

if TYPE_CHECKING:
    from store.engine.evaluating import Evaluation, Hits

MOST_WORDS = 24
"""So many words of a paper are looked for: those that weigh most by how often they are there and
how few others have them (tf-idf, as Lucene's MoreLikeThis chooses them)."""
LEAST_SHARE = 0.1
"""The part of what a paper itself would score for its words that one like it needs: in a small
library, few have more."""
MOST_LIKE = 100
"""So many papers are like another one, the likest."""
_SHORTEST_WORD = 2
"""A single letter of ASCII tells nothing; one of another script may be a word."""


def likeness(evaluation: Evaluation, title: str, abstract: str) -> Hits:
    """Return the documents like a paper with these texts, that paper among them."""
    words = telling_words(evaluation, title, abstract)
    runs = tuple(nodes.Run((word,)) for word in words)
    if not runs:
        return NO_HITS
    hits = evaluation.hits(nodes.Any(runs))
    if not len(hits.scores):
        return hits
    hits = hits[hits.scores >= LEAST_SHARE * hits.scores.max()]
    if len(hits.scores) > MOST_LIKE + 1:  # that paper among them
        likest = np.argsort(-hits.scores, kind="stable")[: MOST_LIKE + 1]
        hits = hits[np.sort(likest)]
    return hits


def shared_words(
    evaluation: Evaluation, one: tuple[str, str], other: tuple[str, str]
) -> tuple[str, ...]:
    """Return the words for which a paper is found to be like another one, the most telling first.

    Both are given by title and abstract; the words are written as in the abstract of the `other`,
    or in its title.
    """
    written: dict[bytes, str] = {}
    for text in reversed(other):
        for token in tokens(text):
            if not token.is_compound and token.term not in COMMON_WORDS:
                written.setdefault(class_of(token.term.encode()), text[token.start : token.end])
    words = telling_words(evaluation, *one)
    return tuple(written[word.text] for word in words if word.text in written)


def telling_words(evaluation: Evaluation, title: str, abstract: str) -> list[nodes.Word]:
    """Return the words that tell a paper from others, the most telling first."""
    counts: Counter[bytes] = Counter()
    for text in (title, title, abstract):
        counts.update(
            class_of(token.term.encode())
            for token in tokens(text)
            if not token.is_compound
            and (len(token.term) >= _SHORTEST_WORD or not token.term.isascii())
        )
    weights = {}
    for name, count in counts.items():
        word = nodes.Word(ALL_TEXT, name, Match.CLASS)
        frequency = evaluation.frequency(word)
        if frequency:
            weights[word] = (1 + log(count)) * evaluation.whoosh_idf(frequency)
    return nlargest(MOST_WORDS, weights, key=weights.__getitem__)

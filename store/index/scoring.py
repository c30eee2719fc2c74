"""What one paper scores: its words one by one, and what their places add."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from store.engine import nodes
from store.engine.evaluating import Hits
from store.engine.nodes import Match
from store.engine.ranking import MOST_WORDS
from store.engine.snapshot import WordPostings
from store.index.asking import run_of, words_of
from store.index.fields import ALL_TEXT, class_of
from store.index.likeness import telling_words
from store.query import nodes as q
from store.query.found import TextScore, WordScore
from store.text import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from store.engine.evaluating import Evaluation
    from store.engine.nodes import Word
    from store.engine.ranking import Ranking

_SIGNS = {Match.BEGINNING: "*", Match.CLOSE: "~"}
_LEAST = 1e-5
"""Less is added by rounding alone."""


def score_of(ranking: Ranking, node: q.Node, asked: nodes.Node, document: int) -> TextScore | None:
    """Return what a document scores for `node`, which asks for `asked`; None where it is no hit."""
    hits = ranking.evaluation.hits(asked)
    at = int(np.searchsorted(hits.documents, document))
    if at == len(hits.documents) or hits.documents[at] != document:
        return None
    words = words_of(asked)
    # Of many hits, only the best are lifted.
    lift = float(ranking.lifted(words, hits).scores[at] - hits.scores[at])
    title = nearness = 0.0
    if lift > _LEAST:
        # A word by itself is near no other.
        title = sum(_lift(ranking, [word], document) for word in words[:MOST_WORDS])
        nearness = _lift(ranking, words, document) - title
    return TextScore(
        _named(_shares(ranking.evaluation, asked, document), _names(node)),
        title,
        nearness if nearness > _LEAST else 0.0,
    )


def likeness_score(
    evaluation: Evaluation, title: str, abstract: str, document: int
) -> TextScore | None:
    """Return what a document scores for the words of a paper that it is like, of one at least."""
    words = telling_words(evaluation, title, abstract)
    asked = nodes.Any(tuple(nodes.Run((word,)) for word in words))
    shares = sorted(_shares(evaluation, asked, document), key=lambda share: -share[1])
    written = {class_of(token.term.encode()): token.term for token in tokens(f"{abstract} {title}")}
    names = {word: written[word.text] for word in words}
    return TextScore(_named(shares, names), 0.0, 0.0) if shares else None


def _lift(ranking: Ranking, words: Sequence[Word], document: int) -> float:
    alone = Hits(np.array([document], np.int32), np.zeros(1, np.float32))
    return float(ranking.lifted(words, alone).scores[0])


def _shares(
    evaluation: Evaluation, node: nodes.Node, document: int
) -> Iterator[tuple[Word, float]]:
    """Yield each word that a document, which `node` finds, scores for, with how much that is."""
    match node:
        case nodes.Run(words):
            for word in words:
                if word.is_scored:
                    found = evaluation.postings(word)
                    at = int(np.searchsorted(found.documents, document))
                    own = WordPostings(found.documents[at : at + 1], found.counts[at : at + 1])
                    yield word, float(evaluation.scores(word, own, len(found.documents))[0])
        case nodes.All(parts):
            for part in parts:
                yield from _shares(evaluation, part, document)
        case nodes.Any(parts):
            for part in parts:
                if document in evaluation.hits(part).documents:
                    yield from _shares(evaluation, part, document)


def _named(
    shares: Iterable[tuple[Word, float]], names: Mapping[Word, str]
) -> tuple[WordScore, ...]:
    return tuple(
        WordScore(
            f"{names.get(word, word.text.decode())}{_SIGNS.get(word.match, '')}",
            "" if word.field == ALL_TEXT else word.field,
            score,
        )
        for word, score in shares
    )


def _names(node: q.Node) -> dict[Word, str]:
    """Return how each word of a query is written there, where the index has its stem."""
    names: dict[Word, str] = {}
    for leaf in q.text_leaves(node):
        run = run_of(leaf)
        terms = [token.term for token in tokens(leaf.text) if not token.is_compound]
        if run is not None and len(run.words) == len(terms):
            for word, term in zip(run.words, terms, strict=True):
                names.setdefault(word, term)
    return names

"""The orders of a result, and the constants and sums of the text score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.query import Sort

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BM25_K1 = 1.2
BM25_B = 0.75
"""The usual constants of BM25 (Robertson and Zaragoza 2009, The Probabilistic Relevance
Framework, section 3.5)."""

_BY_DAY = "p.day DESC, p.votes DESC, p.key"

ORDER_BY = {
    # Of papers with the same score, the newer comes first.
    Sort.SCORE: _BY_DAY,
    Sort.DATE: _BY_DAY,
    Sort.VOTES: "p.votes DESC, p.day DESC, p.key",
    Sort.TITLE: "p.title_fold, p.key",
    Sort.ADDED: "p.added DESC, p.key DESC",
    Sort.TRENDING: f"p.trend DESC, {_BY_DAY}",
}
"""The SQL for each order, over `papers AS p`; papers without a day, votes or trend come last."""


def summed_scores(parts: Iterable[Mapping[int, float]]) -> dict[int, float]:
    """Return each paper of any part, by key, with the sum of its scores."""
    scores: dict[int, float] = {}
    for part in parts:
        for key, score in part.items():
            scores[key] = scores.get(key, 0.0) + score
    return scores

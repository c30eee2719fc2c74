"""The orders of a result, as SQL."""

from __future__ import annotations

from store.query.nodes import Sort

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

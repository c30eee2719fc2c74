"""How good a ranking is: nDCG@10 and average precision, as TREC measures them.

A worked example, run by `python -m doctest tests/benchmarks/metrics.py`. Of two relevant papers
the first and the third place are given: the gain is 1 / log2(2) + 1 / log2(4) = 1.5, at best it
were 1 / log2(2) + 1 / log2(3) = 1.631; precision is 1 / 1 at the first, 2 / 3 at the second.

    >>> judged = {"a": 1, "c": 1, "x": 0}
    >>> f"{gain_at_10(['a', 'b', 'c'], judged):.4f}"
    '0.9197'
    >>> f"{average_precision(['a', 'b', 'c'], judged):.4f}"
    '0.8333'

Graded, the better of two papers at the second place gives 1 / log2(2) + 3 / log2(3) = 2.893 of
3 / log2(2) + 1 / log2(3) = 3.631. A relevant paper that is not ranked counts as none.

    >>> f"{gain_at_10(['a', 'b'], {'a': 1, 'b': 2}):.4f}"
    '0.7967'
    >>> average_precision(["b"], judged), average_precision(["a"], judged)
    (0.0, 0.5)
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

CUT = 10


def gain_at_10(ranked: Sequence[str], judged: Mapping[str, int]) -> float:
    """Return nDCG@10 with a gain of 2^relevance - 1 (Burges and others 2005, ICML, section 6)."""
    best = _discounted(sorted(judged.values(), reverse=True))
    return _discounted(judged.get(paper, 0) for paper in ranked[:CUT]) / best


def average_precision(ranked: Iterable[str], judged: Mapping[str, int]) -> float:
    """Return the mean, over the relevant papers, of the precision at the place of each."""
    relevant = {paper for paper, relevance in judged.items() if relevance > 0}
    found, precisions = 0, 0.0
    for place, paper in enumerate(ranked, start=1):
        if paper in relevant:
            found += 1
            precisions += found / place
    return precisions / len(relevant)


def _discounted(relevances: Iterable[int]) -> float:
    first = enumerate(list(relevances)[:CUT], start=2)
    return sum((2.0**relevance - 1) / log2(place) for place, relevance in first)

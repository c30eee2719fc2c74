"""How a query was read, what each part of it finds, and what a paper's score is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.errors import SearchAbandonedError
from store.query import nodes as q
from store.query.forms import all_of, expanded
from store.query.found import is_text
from store.query.meanings import reading_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from store.index import Lookup
    from store.query.found import TextScore, WordScore
    from store.searching.search import Search

MOST_PARTS = 20
"""Of a query with more parts, the first ones are looked for: each takes a search or two."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the parts that a query joins, or the whole of one that joins none."""

    text: str
    """As a query prints it."""
    reading: str
    """What it means, in a few words that begin in lower case: `the word "graph", in any form`."""
    papers: int
    """How many papers it finds alone."""
    without: int | None = None
    """How many papers the others find, where all parts together find none; None elsewhere."""


@dataclass(frozen=True, slots=True)
class PaperScore:
    """What the score of a paper is made of: `score` is the sum of all the others."""

    key: int
    score: float
    words: tuple[WordScore, ...]
    """By word and field, in the order of the query."""
    title: float
    """What words add that are in the title."""
    nearness: float
    """What words add that stand near each other as in the query."""
    is_exact_title: bool
    """Whether the query is this paper's title, so that it comes first whatever its score."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a query was read and what it finds."""

    query: str
    """As it prints; it parses to the query again."""
    parts: tuple[Part, ...]
    """`MOST_PARTS` at the most."""
    left_out: int
    """How many more parts there are."""
    is_either: bool
    """Whether papers need one of the parts, and not all of them."""
    papers: int
    """How many the query finds."""
    score: PaperScore | None = None
    """Of the paper that was asked about; None where the query finds it for no word, or not."""

    @property
    def emptied_by(self) -> tuple[Part, ...]:
        """The parts without which a query that finds nothing would find papers."""
        return tuple(part for part in self.parts if part.without)


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains queries; asks `cancelled` before each part whether to go on.

    Words are of one commit of the index; what else is looked for is as it is when its turn comes,
    so that the parts of a library that changes just now may be of two commits.
    """

    search: Search
    text: Lookup
    cancelled: Callable[[], bool] | None = None

    def explanation(self, query: q.Query, key: int | None = None) -> Explanation:
        """Return what `query` finds by its parts, and what the score of the paper `key` is.

        Raises `SearchAbandonedError` soon after `cancelled` says so.
        """
        found = self.search.first(query, 0)
        node = _whole(query.node)
        nodes = parts_of(node)
        tried = nodes[:MOST_PARTS]
        parts = (
            Part(
                str(part),
                reading_of(part),
                self._count(part),
                self._without(part, nodes) if isinstance(node, q.And) and not found.total else None,
            )
            for part in tried
        )
        return Explanation(
            str(query),
            tuple(parts),
            len(nodes) - len(tried),
            isinstance(node, q.Or),
            found.total,
            None
            if key is None or found.scores is None or key not in found.scores
            else self._score(query, key, found.scores[key]),
        )

    def _count(self, node: q.Node) -> int:
        if self.cancelled and self.cancelled():
            raise SearchAbandonedError
        return self.search.first(q.Query(node), 0).total

    def _without(self, part: q.Node, nodes: Sequence[q.Node]) -> int:
        rest = all_of(node for node in nodes if node != part)
        return 0 if rest is None else self._count(rest)

    def _score(self, query: q.Query, key: int, score: float) -> PaperScore:
        found = list(self._scores(expanded(query.node), key))
        return PaperScore(
            key,
            score,
            tuple(word for one in found for word in one.words),
            sum(one.title for one in found),
            sum(one.nearness for one in found),
            self.search.is_titled(query, key),
        )

    def _scores(self, node: q.Node, key: int) -> Iterator[TextScore]:
        """Yield what a paper that `node` finds scores, as `store.searching.answers` adds it up."""
        if is_text(node):
            yield from filter(None, [self.text.score(node, key)])
            return
        match node:
            case q.Like(text):
                for source in self.search.first(q.Query(q.IdIs(text)), 1).keys:
                    yield from filter(None, [self.text.likeness_score(source, key)])
            case q.Or(nodes):
                for child in nodes:
                    if self._finds(child, key):
                        yield from self._scores(child, key)
            case q.And(nodes):
                for child in _scored(nodes):
                    yield from self._scores(child, key)

    def _finds(self, node: q.Node, key: int) -> bool:
        own = q.IdIs(f"paperdeck:{key}")
        return self._count(q.And((node, own))) > 0


def parts_of(node: q.Node) -> tuple[q.Node, ...]:
    """Return the nodes that `Explanation.parts` are of, and those that it leaves out."""
    whole = _whole(node)
    return whole.nodes if isinstance(whole, q.And | q.Or) else (whole,)


def _whole(node: q.Node) -> q.Node:
    """Return what a paper has to meet; a view that stands alone is taken apart."""
    return _whole(node.node) if isinstance(node, q.InView) else node


def _scored(nodes: Sequence[q.Node]) -> Iterator[q.Node]:
    """Yield what papers that have all of `nodes` score for: words are asked for together.

    So are those that are left out, as they decide which papers are looked at more closely.
    """
    words = [node for node in nodes if is_text(node)]
    if words:
        words += [node for node in nodes if isinstance(node, q.Not) and is_text(node.node)]
        yield all_of(words) or q.Everything()
    yield from (node for node in nodes if q.has_text(node) and node not in words)

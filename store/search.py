"""Answering queries: words by the text index, everything else by SQL, joined as sets of keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from store import query as q
from store.conditions import Condition, condition_of
from store.ranking import ORDER_BY, summed_scores

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping
    from datetime import tzinfo


class TextMatcher(Protocol):
    """The seam to the text index."""

    def matches(self, node: q.Node) -> Mapping[int, float]:
        """Return the score of each paper, by key, that `node` (of `is_text` kind) finds."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a query found: a fixed sequence of papers."""

    query: q.Query
    keys: tuple[int, ...]
    scores: Mapping[int, float] | None
    """By key; None for a query without text."""
    searchable: int
    """How many papers the text index holds already."""
    papers: int
    """How many papers the library holds."""

    @property
    def is_complete(self) -> bool:
        """Whether every paper was searched."""
        return self.scores is None or self.searchable >= self.papers


def is_text(node: q.Node) -> bool:
    """Tell whether the text index can answer `node` alone: words, with some positive one."""
    match node:
        case q.Term() | q.Phrase() | q.Prefix():
            return True
        case q.Or(nodes):
            return all(is_text(child) for child in nodes)
        case q.And(nodes):
            rest = [child for child in nodes if not is_text(child)]
            return len(rest) < len(nodes) and all(
                isinstance(child, q.Not) and is_text(child.node) for child in rest
            )
        case _:
            return False


class Search:
    """One query's way through the library; `zone` is the reader's."""

    def __init__(
        self, connection: sqlite3.Connection, text: TextMatcher, zone: tzinfo | None
    ) -> None:
        self._connection = connection
        self._text = text
        self._zone = zone

    def keys(self, query: q.Query) -> tuple[tuple[int, ...], Mapping[int, float] | None]:
        """Return the papers in order, and the scores where the query has text."""
        if not q.has_text(query.node):
            condition = condition_of(query.node, self._zone)
            return tuple(self._ordered(query.sort or q.Sort.DATE, condition)), None
        scores = self._matches(query.node)
        sort = query.sort or q.Sort.SCORE
        keys = [key for key in self._ordered(sort, Condition("1")) if key in scores]
        if sort is q.Sort.SCORE:
            keys.sort(key=lambda key: -scores[key])
        return tuple(keys), scores

    def _ordered(self, sort: q.Sort, condition: Condition) -> Iterable[int]:
        return self._select(condition, f" ORDER BY {ORDER_BY[sort]}")

    def _select(self, condition: Condition, order: str = "") -> Iterable[int]:
        rows = self._connection.execute(
            f"SELECT p.key FROM papers AS p WHERE p.removed = 0 AND {condition.sql}{order}",  # noqa: S608 see store.conditions
            condition.values,
        )
        return (key for (key,) in rows)

    def _matches(self, node: q.Node) -> Mapping[int, float]:
        """Return the papers that `node` finds, removed ones perhaps included, with scores."""
        if is_text(node):
            return self._text.matches(node)
        if not q.has_text(node):
            return dict.fromkeys(self._select(condition_of(node, self._zone)), 0.0)
        match node:
            case q.Or(nodes):
                return summed_scores(self._matches(child) for child in nodes)
            case q.And(nodes):
                return self._intersection(nodes)
            case q.Not(child):
                found = self._matches(child)
                return {key: 0.0 for key in self._select(Condition("1")) if key not in found}
            case _:
                raise TypeError(node)

    def _intersection(self, nodes: tuple[q.Node, ...]) -> Mapping[int, float]:
        words = tuple(node for node in nodes if is_text(node))
        states = tuple(node for node in nodes if not q.has_text(node))
        others = [node for node in nodes if q.has_text(node) and not is_text(node)]
        if words:  # words that are excluded are cheapest where others are looked for
            excluded = [n for n in others if isinstance(n, q.Not) and is_text(n.node)]
            others = [node for node in others if node not in excluded]
            words = (*words, *excluded)
        parts = [q.And(group) if len(group) > 1 else group[0] for group in (words, states) if group]
        found = [self._matches(part) for part in (*parts, *others)]
        smallest = min(found, key=len)
        return {
            key: sum(scores[key] for scores in found)
            for key in smallest
            if all(key in scores for scores in found)
        }

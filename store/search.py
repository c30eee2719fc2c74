"""Answering queries: words by the text index, everything else by SQL, joined as sets of keys."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, Protocol

from store import query as q
from store.candidates import few_candidates, one_tag
from store.conditions import Condition, condition_of
from store.queryforms import all_of, expanded
from store.ranking import ORDER_BY, summed_scores

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Mapping
    from datetime import tzinfo

_FEW_KEYS = 2000
"""So many papers are put in order faster by their keys than by a walk through all papers.

A statement has room for ten times as many.
"""


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
    partial_of: int | None = None
    """How many words were asked for, where no paper has them all and these have most of them."""
    beyond: int = 0
    """How many more papers the query finds, where only the first were asked for."""

    @property
    def is_complete(self) -> bool:
        """Whether every paper was searched."""
        return self.scores is None or self.searchable >= self.papers


class Closest(NamedTuple):
    """The papers that come closest to a query which finds none."""

    keys: tuple[int, ...]
    """Those with more of the words first."""
    scores: Mapping[int, float]
    words: int
    """How many the query asks for."""


class First(NamedTuple):
    """The beginning of a result."""

    keys: tuple[int, ...]
    scores: Mapping[int, float] | None
    total: int
    """How many papers the whole result has."""


class _Source(NamedTuple):
    """Papers to take a result from."""

    condition: Condition
    is_few: bool = False
    """Whether the condition names the keys, few of them, to begin with."""


_EVERYTHING = _Source(Condition("1"))


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
    """One query's way through the library; `zone` is the reader's.

    Every method takes the views in its query apart first, so that nothing behind it meets one.
    """

    def __init__(
        self, connection: sqlite3.Connection, text: TextMatcher, zone: tzinfo | None
    ) -> None:
        self._connection = connection
        self._text = text
        self._zone = zone

    def keys(self, query: q.Query) -> tuple[tuple[int, ...], Mapping[int, float] | None]:
        """Return the papers in order, and the scores where the query has text."""
        found = self.first(query, None)
        return found.keys, found.scores

    def first(self, query: q.Query, limit: int | None) -> First:
        """Return the first `limit` papers in order, or all, and how many there are.

        Without text, where there are many, only those are fetched, and the others counted.
        """
        node = expanded(query.node)
        if not q.has_text(node):
            return self._without_text(node, query.sort or q.Sort.DATE, limit)
        scores = self._matches(node)
        sort = query.sort or q.Sort.SCORE
        keys = self._in_order(scores, sort)
        if sort is q.Sort.SCORE:
            keys.sort(key=lambda key: -scores[key])
        return First(tuple(keys[:limit]), scores, len(keys))

    def _without_text(self, node: q.Node, sort: q.Sort, limit: int | None) -> First:
        tag = one_tag(self._connection, node) if sort is q.Sort.DATE else None
        if tag is not None:
            rows = self._connection.execute(
                "SELECT paper FROM paper_tags WHERE tag = ?"
                " ORDER BY day DESC, votes DESC, paper LIMIT ?",
                (tag.tag, -1 if limit is None else limit),
            )
            return First(tuple(key for (key,) in rows), None, tag.papers)
        order = _order_by(sort)
        source = self._source(node)
        if limit is None or source.is_few:
            keys = tuple(self._select(source, order))
            return First(keys[:limit], None, len(keys))
        keys = tuple(self._select(source, f"{order} LIMIT {limit:d}"))
        if node == q.Everything():
            (total,) = self._connection.execute("SELECT papers FROM library").fetchone()
        else:
            (total,) = self._select(source, what="count(*)")
        return First(keys, None, total)

    def closest(self, query: q.Query) -> Closest | None:
        """Return the papers that have most of the query's words, for a query that finds none.

        Its words are the texts that stand side by side in it, a phrase or a choice between words
        counting as one; everything else holds as it stands. Papers need half of the words, or, if
        none has so many, as many as any has. They come in the order of how many words they have,
        then in the query's own, which is that of the summed scores if it names none. None is
        returned for a query of less than two words.
        """
        node = expanded(query.node)
        nodes = node.nodes if isinstance(node, q.And) else ()
        words = [child for child in nodes if is_text(child)]
        if len(words) < 2:  # noqa: PLR2004 of one, there is no most
            return None
        matches = [self._text.matches(word) for word in words]
        had = Counter(chain.from_iterable(matches))
        rest = all_of(child for child in nodes if not is_text(child))
        if rest is not None:
            allowed = self._matches(rest)
            had = Counter({key: number for key, number in had.items() if key in allowed})
        sort = query.sort or q.Sort.SCORE
        keys: list[int] = []
        # The most that any has is found downwards: removed papers may have more.
        for needed in range((len(words) + 1) // 2, 0, -1):
            keys = self._in_order({key for key in had if had[key] >= needed}, sort)
            if keys:
                break
        scores = {key: sum(match.get(key, 0.0) for match in matches) for key in keys}
        if sort is q.Sort.SCORE:
            keys.sort(key=lambda key: -scores[key])
        keys.sort(key=lambda key: -had[key])
        return Closest(tuple(keys), scores, len(words))

    def _in_order(self, found: Collection[int], sort: q.Sort) -> list[int]:
        """Return those of the papers `found` that are there, in order; that of scores left out."""
        order = _order_by(sort)
        if len(found) <= _FEW_KEYS:
            marks = ", ".join("?" * len(found))
            few = _Source(Condition(f"p.key IN ({marks})", tuple(found)), is_few=True)
            return list(self._select(few, order))
        return [key for key in self._select(_EVERYTHING, order) if key in found]

    def _source(self, node: q.Node) -> _Source:
        """Return where the papers are that `node`, without text, finds."""
        candidates = few_candidates(self._connection, node)
        if candidates is None:
            return _Source(condition_of(node, self._zone))
        sql, values = condition_of(candidates.node, self._zone)
        if candidates.rest is not None:
            rest = condition_of(candidates.rest, self._zone, one_by_one=True)
            sql, values = f"{sql} AND {rest.sql}", (*values, *rest.values)
        return _Source(Condition(sql, values), is_few=True)

    def _select(self, source: _Source, end: str = "", *, what: str = "p.key") -> Iterable[int]:
        (sql, values), is_few = source
        # Kept from the index that has the order, SQLite begins with the few keys.
        table = "papers AS p NOT INDEXED" if is_few else "papers AS p"
        rows = self._connection.execute(
            f"SELECT {what} FROM {table} WHERE p.removed = 0 AND {sql}{end}",  # noqa: S608 see store.conditions
            values,
        )
        return (value for (value,) in rows)

    def _matches(self, node: q.Node) -> Mapping[int, float]:
        """Return the papers that `node` finds, removed ones perhaps included, with scores."""
        if is_text(node):
            return self._text.matches(node)
        if not q.has_text(node):
            return dict.fromkeys(self._select(self._source(node)), 0.0)
        match node:
            case q.Or(nodes):
                return summed_scores(self._matches(child) for child in nodes)
            case q.And(nodes):
                return self._intersection(nodes)
            case q.Not(child):
                found = self._matches(child)
                return {key: 0.0 for key in self._select(_EVERYTHING) if key not in found}
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


def _order_by(sort: q.Sort) -> str:
    return f" ORDER BY {ORDER_BY[sort]}"

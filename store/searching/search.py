"""Answering queries: words by the text index, everything else by arrays kept of all papers."""

from __future__ import annotations

import json
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from store.query import nodes as q
from store.query.forms import expanded
from store.query.found import is_text
from store.searching.conditions import Condition, condition_of, tags_meant
from store.searching.sorting import ORDER_BY
from store.text import fold_title

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence
    from datetime import tzinfo

    from store.query.found import TextMatcher
    from store.searching.answers import Answers
    from store.searching.masks import Masks


@dataclass(frozen=True, slots=True)
class Result:
    """What a query found: a fixed sequence of papers."""

    query: q.Query
    keys: Sequence[int]
    scores: Mapping[int, float] | None
    """By key; None for a query without text."""
    searchable: int
    """How many papers the text index holds already."""
    papers: int
    """How many papers the library holds."""
    partial_of: int | None = None
    """How many words were asked for, where no paper has them all and these come closest."""
    beyond: int = 0
    """How many more papers the query finds, where only the first were asked for."""
    starts: tuple[int, ...] | None = None
    """As `store.days.Days.starts` has them, where the search has come upon them; else None."""

    @property
    def is_complete(self) -> bool:
        """Whether every paper was searched."""
        return self.scores is None or self.searchable >= self.papers


class Closest(NamedTuple):
    """The papers that come closest to a query which finds none."""

    keys: Sequence[int]
    """Those that are closest first, if the query names no order."""
    scores: Mapping[int, float]
    words: int
    """How many the query asks for."""


class First(NamedTuple):
    """The beginning of a result."""

    keys: Sequence[int]
    scores: Mapping[int, float] | None
    total: int
    """How many papers the whole result has."""
    starts: tuple[int, ...] | None = None
    """As in `Result`."""


class _TagList(NamedTuple):
    """The papers of one tag, which are kept in the order of days."""

    tag: int
    """The tag's key."""
    papers: int


class Search:
    """One query's way through the library; `zone` is the reader's.

    Every method takes the views in its query apart first, so that nothing behind it meets one,
    and raises `SearchAbandonedError` soon after `cancelled` says so.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        masks: Masks,
        text: TextMatcher,
        zone: tzinfo | None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self._connection = connection
        self._masks = masks
        self._text = text
        self._zone = zone
        self._cancelled = cancelled

    def result(self, query: q.Query, limit: int | None, papers: int, *, closest: bool) -> Result:
        """Return the first `limit` papers, or all, and how many of all `papers` are searchable.

        With `closest`, the papers that come closest stand in where the query finds none.
        """
        # Counted first: a commit in between is announced as new then, rather than missed.
        searchable = self._text.searchable() if q.has_text(query.node) else 0
        keys, scores, total, starts = self.first(query, limit)
        near = self.closest(query) if closest and not total else None
        if near is not None and near.keys:
            scores, total = near.scores, len(near.keys)
            keys = near.keys if limit is None else near.keys[:limit]
        return Result(
            query,
            keys,
            scores,
            searchable,
            papers,
            partial_of=near.words if near and near.keys else None,
            beyond=total - len(keys),
            starts=starts,
        )

    def keys(self, query: q.Query) -> tuple[Sequence[int], Mapping[int, float] | None]:
        """Return the papers in order, and the scores where the query has text."""
        found = self.first(query, None)
        return found.keys, found.scores

    def first(self, query: q.Query, limit: int | None) -> First:
        """Return the first `limit` papers in order, or all, and how many there are."""
        node = expanded(query.node)
        if not q.has_text(node):
            return self._without_text(node, query.sort or q.Sort.DATE, limit)
        # Imported here, and so only where something is searched for, as it needs numpy.
        from store.searching.ranked import Scores

        sort = query.sort or q.Sort.SCORE
        answers = self._answers(node, sort)
        found = answers.found(node)
        by_score = sort is q.Sort.SCORE
        first = self._titled(node) if by_score else ()
        keys: Sequence[int] = answers.ranked(found, first, by_score=by_score)
        return First(keys if limit is None else keys[:limit], Scores(*found), len(keys))

    def closest(self, query: q.Query) -> Closest | None:
        """Return the papers that come closest to a query which finds none.

        Its words are the texts that stand side by side in it; everything else holds as it stands.
        The closest have most of the words, the rare ones above all, and come first if the query
        names no other order. None is returned for a query of less than two words.
        """
        node = expanded(query.node)
        nodes = node.nodes if isinstance(node, q.And) else ()
        words = [child for child in nodes if is_text(child)]
        if len(words) < 2:  # noqa: PLR2004 of one, there is no most
            return None
        # As above.
        from store.searching.ranked import Scores

        sort = query.sort or q.Sort.SCORE
        answers = self._answers(node, sort)
        found = answers.closest(nodes, words)
        keys = answers.ranked(found, by_score=sort is q.Sort.SCORE)
        return Closest(keys, Scores(*found), len(words))

    def is_titled(self, query: q.Query, key: int) -> bool:
        """Tell whether a paper comes first because its title is all that is looked for."""
        node = expanded(query.node)
        by_score = (query.sort or q.Sort.SCORE) is q.Sort.SCORE
        return by_score and q.has_text(node) and key in self._titled(node)

    def _titled(self, node: q.Node) -> tuple[int, ...]:
        """Return the papers whose title is all that is looked for."""
        words = fold_title(" ".join(leaf.text for leaf in q.text_leaves(node)))
        rows = self._connection.execute(
            "SELECT key FROM papers WHERE title_fold = ? AND removed = 0", (words,)
        )
        return tuple(key for (key,) in rows) if words else ()

    def _answers(self, node: q.Node, sort: q.Sort) -> Answers:
        # As above.
        from store.searching.answers import Answers

        moment = self._masks.moment(node, sort, self._zone)
        return Answers(moment, self._text, self._cancelled)

    def _without_text(self, node: q.Node, sort: q.Sort, limit: int | None) -> First:
        """Answer a query without text: by the record itself where that is as fast.

        It always is for a program that asks once, as nothing has to be loaded.
        """
        tag = self._one_tag(node) if sort is q.Sort.DATE else None
        is_loaded = self._masks.is_loaded
        if tag is not None and not (limit is None and is_loaded):
            return self._tagged(tag, limit)
        if not is_loaded or isinstance(node, q.IdIs):
            return self._walk(node, sort, limit)
        answers = self._answers(node, sort)
        mask = answers.moment.mask(node)
        if limit == 0:
            return First((), None, int(mask.sum()))
        keys: Sequence[int] = answers.in_order(mask)
        return First(keys if limit is None else keys[:limit], None, len(keys))

    def _tagged(self, tag: _TagList, limit: int | None) -> First:
        """Return the papers of a tag by their days."""
        # As two texts: a row for each paper would take twice as long to fetch.
        keys, days = self._connection.execute(
            "SELECT json_group_array(paper), (SELECT json_group_array(papers) FROM ("
            "SELECT count(*) AS papers FROM paper_tags WHERE tag = ?1 GROUP BY day"
            " ORDER BY day DESC)) FROM (SELECT paper FROM paper_tags WHERE tag = ?1"
            " ORDER BY day DESC, votes DESC, paper LIMIT ?2)",
            (tag.tag, -1 if limit is None else limit),
        ).fetchone()
        found = tuple(json.loads(keys))
        starts = tuple(accumulate(json.loads(days)[:-1], initial=0))
        shown = bisect_left(starts, len(found))
        return First(found, None, tag.papers, starts[:shown])

    def _one_tag(self, node: q.Node) -> _TagList | None:
        """Return the tag whose papers `node` asks for, where it is one that papers have."""
        where = tags_meant(node)
        if where is None:
            return None
        found = self._connection.execute(
            f"SELECT key, papers FROM tags WHERE papers > 0 AND {where.sql}",  # noqa: S608 see store.searching.conditions
            where.values,
        ).fetchall()
        # A paper may have several of the tags that are named, or nested in one.
        return _TagList(*found[0]) if len(found) == 1 else None

    def _walk(self, node: q.Node, sort: q.Sort, limit: int | None) -> First:
        """Ask of all papers, in their order, whether they are meant."""
        where = condition_of(node, self._zone)
        keys = self._select(
            where, f" ORDER BY {ORDER_BY[sort]} LIMIT {-1 if limit is None else limit:d}"
        )
        if limit is None or len(keys) < limit:
            return First(keys, None, len(keys))
        if node == q.Everything():
            (total,) = self._connection.execute("SELECT papers FROM library").fetchone()
        else:
            (total,) = self._select(where, what="count(*)")
        return First(keys, None, total)

    def _select(self, where: Condition, end: str = "", *, what: str = "p.key") -> tuple[int, ...]:
        rows = self._connection.execute(
            f"SELECT {what} FROM papers AS p WHERE p.removed = 0 AND {where.sql}{end}",  # noqa: S608 see store.searching.conditions
            where.values,
        )
        return tuple(value for (value,) in rows)

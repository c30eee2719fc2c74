"""The same questions put to Whoosh's own searcher, over the same segments, posting by posting.

It finds the same documents. Where every word stands for one term they score the same too: its
collector is told to leave nothing out, which its 2.7.4 else does with two fields or more.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from store.engine import nodes
from store.engine.evaluating import K1, B, Hits
from store.engine.gathering import terms_of
from store.engine.whoosh import (
    BM25F,
    AndNotMatcher,
    FileIndex,
    IntersectionMatcher,
    Searcher,
    UnionMatcher,
    UnlimitedCollector,
    WrappingMatcher,
    make_binary_tree,
    query,
    spans,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.engine.snapshot import Snapshot


def whoosh_hits(storage: Any, contents: Any, snapshot: Snapshot, node: nodes.Node) -> Hits:
    """Return the documents that `node` finds, by Whoosh's matchers; `contents` is the table."""
    collector = UnlimitedCollector()
    collector.replace = 0
    # What an index of Whoosh makes of its newest table of contents, made of this one.
    reader = FileIndex._reader(  # noqa: SLF001 see above
        storage, contents.schema, contents.segments, contents.generation
    )
    with Searcher(reader, weighting=BM25F(B=B, K1=K1)) as searcher:
        searcher.search_with_collector(_query(snapshot, node), collector)
        found = sorted((number, score) for score, number in collector.items)
    return Hits(
        np.array([number for number, _ in found], np.int32),
        np.array([score for _, score in found], np.float32),
    )


def _query(snapshot: Snapshot, node: nodes.Node) -> Any:
    match node:
        case nodes.Run(words, distance):
            parts = [_of_word(snapshot, word) for word in words]
            return parts[0] if len(parts) == 1 else _RunQuery(parts, distance)
        case nodes.Any(parts):
            return _Or([_query(snapshot, part) for part in parts])
        case nodes.All(parts, excluded):
            wanted = query.And([_query(snapshot, part) for part in parts])
            if not excluded:
                return wanted
            others = _Or([_query(snapshot, part) for part in excluded])
            return _AndNot(wanted, others)


def _of_word(snapshot: Snapshot, word: nodes.Word) -> Any:
    names = {
        field.terms[place]
        for segment in snapshot.segments
        if (field := segment.fields.get(word.field)) is not None
        for place in terms_of(field, word)
    }
    terms = [query.Term(word.field, name) for name in sorted(names)]
    return _AnyTerm(terms, is_scored=word.is_scored)


class _Or(query.Or):  # type: ignore[misc] # Whoosh has no type information
    """Documents that any part finds, those with a score of 0 too, which Whoosh may pass over."""

    matcher_type = query.Or.DEFAULT_MATCHER


class _AndNot(query.AndNot):  # type: ignore[misc]
    """Documents that one part finds and another does not."""

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        wanted = self.a.matcher(searcher, context)
        return _AndNotMatcher(wanted, self.b.matcher(searcher, searcher.boolean_context()))


class _AndNotMatcher(AndNotMatcher):  # type: ignore[misc]
    """Whoosh's own finds the first document that is excluded too, and looks beyond the last."""

    def _find_first(self) -> None:
        self._find_next()

    def _find_next(self) -> bool:
        return bool(self.a.is_active() and super()._find_next())


class _AnyTerm(spans.SpanQuery):  # type: ignore[misc]
    """Documents with any of some terms, and where these stand."""

    def __init__(self, terms: Sequence[Any], *, is_scored: bool) -> None:
        self.q = query.Or(terms)
        self._terms = terms
        self._is_scored = is_scored

    def estimate_size(self, reader: Any) -> int:
        return sum(term.estimate_size(reader) for term in self._terms)

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        matchers = [term.matcher(searcher, context) for term in self._terms]
        active = [matcher for matcher in matchers if matcher.is_active()]
        if not active:
            return query.NullQuery.matcher(searcher, context)
        # Not Whoosh's own way of joining many, which forgets where they stand.
        found = make_binary_tree(UnionMatcher, active)
        # Nor a constant score of Whoosh's, which forgets it too, and takes 0 for 1.
        return found if self._is_scored else WrappingMatcher(found, boost=0.0)


class _RunQuery(spans.SpanQuery):  # type: ignore[misc]
    """Documents in which words stand together, as a `store.engine.nodes.Run` has it."""

    def __init__(self, parts: Sequence[Any], distance: int) -> None:
        self.q = query.And(parts)
        self._parts = parts
        self._distance = distance

    def estimate_size(self, reader: Any) -> int:
        return min(int(part.estimate_size(reader)) for part in self._parts)

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        matchers = [part.matcher(searcher, context) for part in self._parts]
        if not all(matcher.is_active() for matcher in matchers):
            return query.NullQuery.matcher(searcher, context)
        return _RunMatcher(matchers, self._distance)


class _RunMatcher(spans.SpanWrappingMatcher):  # type: ignore[misc]
    def __init__(self, matchers: Sequence[Any], distance: int) -> None:
        self._matchers = matchers
        self._distance = distance
        super().__init__(reduce(IntersectionMatcher, matchers))

    def replace(self, minquality: float = 0) -> Any:
        del minquality  # whatever they score, all are wanted
        return self

    def _get_spans(self) -> list[Any]:
        places = [[span.start for span in matcher.spans()] for matcher in self._matchers]
        reached = set(places[0])
        for row in places[1:]:
            reached = {place for place in row if self._continues(reached, place)}
        return [spans.Span(place) for place in sorted(reached)]

    def _continues(self, reached: set[int], place: int) -> bool:
        if not self._distance:
            return place - 1 in reached
        return any(0 < abs(place - other) <= self._distance for other in reached)

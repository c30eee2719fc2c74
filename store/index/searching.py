"""Answering words: every paper found, with its score."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from store.engine.evaluating import NO_HITS, AbandonedError, Evaluation
from store.engine.fallback import whoosh_hits
from store.engine.ranking import Ranking, TextFields
from store.engine.snapshot import Snapshot
from store.engine.whoosh import TOC, FileStorage
from store.errors import SearchAbandonedError
from store.index.asking import node_of, telling_words_of, words_of
from store.index.fields import ALL_TEXT, KEY
from store.index.likeness import likeness, shared_words
from store.index.schema import INDEX_NAME, SCHEMA
from store.index.scoring import likeness_score, score_of
from store.index.spelling import nearest_word
from store.query.found import Found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from store.index.state import State
    from store.query import nodes as q
    from store.query.found import TextScore


RANKED_BY = TextFields(ALL_TEXT, "title", ("title", "abs"))


class Searcher:
    """The index as of one commit, open for searching by several threads; an empty one for None.

    Unless it searches `by_arrays`, Whoosh's own matchers do. Raises `OSError` where a later commit
    has taken the files away, and `ArrayFileError`.
    """

    def __init__(self, folder: Path, state: State | None, *, by_arrays: bool = True) -> None:
        self.state = state
        self._storage = FileStorage(str(folder), readonly=True)
        self._contents = TOC(SCHEMA, [], 0)
        if state is not None:
            self._contents = TOC.read(
                self._storage, INDEX_NAME, gen=state.generation, schema=SCHEMA
            )
        self._by_arrays = by_arrays
        self._snapshot = Snapshot(self._storage, self._contents.segments)
        self._keys = self._snapshot.column(KEY)

    def matches(self, node: q.Node, cancelled: Callable[[], bool] | None) -> Found:
        """Return the papers that `node`, of `store.query.found.is_text` kind, finds.

        Raises `SearchAbandonedError`, though Whoosh's own matchers go on to their end.
        """
        asked = node_of(node)
        hits = NO_HITS
        if asked is not None and self._by_arrays:
            with _abandonable():
                ranking = self._ranking(cancelled)
                hits = ranking.lifted(words_of(asked), ranking.evaluation.hits(asked))
        elif asked is not None:
            hits = whoosh_hits(self._storage, self._contents, self._snapshot, asked)
        return Found(self._keys[hits.documents], hits.scores)

    def most_words(self, nodes: Sequence[q.Node], cancelled: Callable[[], bool] | None) -> Found:
        """Return the papers that any of the words of `nodes` finds.

        Raises `SearchAbandonedError`.
        """
        words = telling_words_of(nodes)
        with _abandonable():
            hits = self._ranking(cancelled).most_words(words)
        return Found(self._keys[hits.documents], hits.scores)

    def similar(
        self, key: int, title: str, abstract: str, cancelled: Callable[[], bool] | None
    ) -> Found:
        """Return the papers that are like one with this key, title and abstract, itself left out.

        Raises `SearchAbandonedError`.
        """
        with _abandonable():
            hits = likeness(Evaluation(self._snapshot, cancelled), title, abstract)
        keys = self._keys[hits.documents]
        return Found(keys[keys != key], hits.scores[keys != key])

    def nearest_word(
        self, text: str, field: str, cancelled: Callable[[], bool] | None, *, is_growing: bool
    ) -> str | None:
        """Return the word that was meant by one that is mistyped; None where it is right.

        Raises `SearchAbandonedError`.
        """
        segments = self._snapshot.segments
        with _abandonable():
            evaluation = Evaluation(self._snapshot, cancelled)
            return nearest_word(evaluation, segments, text, field, is_growing=is_growing)

    def score(
        self, node: q.Node, key: int, cancelled: Callable[[], bool] | None
    ) -> TextScore | None:
        """Return what `matches` has for a paper, taken apart; None where that has no such paper.

        Raises `SearchAbandonedError`.
        """
        asked = node_of(node)
        document = self._document(key)
        if asked is None or document is None:
            return None
        with _abandonable():
            return score_of(self._ranking(cancelled), node, asked, document)

    def likeness_score(
        self, title: str, abstract: str, key: int, cancelled: Callable[[], bool] | None
    ) -> TextScore | None:
        """Return what `similar` has for a paper, taken apart, the words that weigh most first.

        Raises `SearchAbandonedError`.
        """
        document = self._document(key)
        if document is None:
            return None
        with _abandonable():
            evaluation = Evaluation(self._snapshot, cancelled)
            return likeness_score(evaluation, title, abstract, document)

    def shared_words(
        self, one: tuple[str, str], other: tuple[str, str], cancelled: Callable[[], bool] | None
    ) -> tuple[str, ...]:
        """Return the words for which a paper is like another, each given by title and abstract.

        Raises `SearchAbandonedError`.
        """
        with _abandonable():
            return shared_words(Evaluation(self._snapshot, cancelled), one, other)

    def _ranking(self, cancelled: Callable[[], bool] | None) -> Ranking:
        return Ranking(Evaluation(self._snapshot, cancelled), self._snapshot, RANKED_BY)

    def _document(self, key: int) -> int | None:
        """Return the number of the document that a paper is in now."""
        is_own = self._keys == key
        if self._snapshot.live is not None:
            is_own = is_own & self._snapshot.live
        return next(iter(is_own.nonzero()[0].tolist()), None)


@contextmanager
def _abandonable() -> Iterator[None]:
    try:
        yield
    except AbandonedError as error:
        raise SearchAbandonedError from error

"""What one search asks the text index, all of it as of one commit."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from store.index.state import searchable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.index.searching import Searcher
    from store.query.found import Found, TextScore
    from store.query.nodes import Node
    from store.record.database import Database


class Lookup:
    """The index for one search by one thread: it is opened, with all it needs, when first asked.

    Papers are named by key. Among those that are found some may have been removed since. Every
    method raises `IndexUnavailableError` where other users could have written into the index's
    folder; and every one but `searchable` raises `SearchAbandonedError` soon after `cancelled` says
    so. Only where Whoosh's own matchers are asked, `matches` goes on to its end.
    """

    def __init__(
        self,
        opened: Callable[[], Searcher],
        database: Database,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self._opened = opened
        self._database = database
        self._cancelled = cancelled

    def searchable(self) -> int:
        """Return how many papers of the library can be found as they are now."""
        state = self._searcher.state
        with self._database.reading() as connection:
            return searchable(connection, state)

    def matches(self, node: Node) -> Found:
        """Return the papers that `node` (of `store.query.found.is_text` kind) finds: every one."""
        return self._searcher.matches(node, self._cancelled)

    def most_words(self, nodes: Sequence[Node]) -> Found:
        """Return the papers that any of `nodes`, of that kind, finds.

        Those that have most of the words, the rare ones above all, score best. Always by arrays.
        """
        return self._searcher.most_words(nodes, self._cancelled)

    def similar(self, key: int) -> Found:
        """Return the papers whose words are most like those of this one, which is left out.

        Always by arrays.
        """
        return self._searcher.similar(key, *self._text_of(key), self._cancelled)

    def score(self, node: Node, key: int) -> TextScore | None:
        """Return what `matches` has for a paper, taken apart; None where that has no such paper."""
        return self._searcher.score(node, key, self._cancelled)

    def likeness_score(self, source: int, key: int) -> TextScore | None:
        """Return what `similar` to `source` has for a paper, the words that weigh most first."""
        return self._searcher.likeness_score(*self._text_of(source), key, self._cancelled)

    def shared_words(self, key: int, other: int) -> tuple[str, ...]:
        """Return the words for which `other` is like the paper `key`, the most telling first."""
        texts = self._text_of(key), self._text_of(other)
        return self._searcher.shared_words(*texts, self._cancelled)

    def nearest_word(self, text: str, field: str, *, is_growing: bool = False) -> str | None:
        """Return the word that was meant by one in a text field; None where that is right.

        `text` is a term of `store.text.tokens`. One that is growing is right as long as it begins
        a word.
        """
        return self._searcher.nearest_word(text, field, self._cancelled, is_growing=is_growing)

    @cached_property
    def _searcher(self) -> Searcher:
        return self._opened()

    def _text_of(self, key: int) -> tuple[str, str]:
        """Return the title and the abstract of a paper."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT title, abstract FROM papers WHERE key = ?", (key,)
            ).fetchone()
        return row or ("", "")

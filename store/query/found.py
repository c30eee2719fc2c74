"""The seam between searching and the text index: what words find."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from store.query import nodes as q
from store.query.words import Fuzzy, Near, Phrase, Prefix, Term

if TYPE_CHECKING:
    from collections.abc import Sequence

    # At work only where something is searched for: the first list is on the screen without it.
    import numpy as np
    from numpy.typing import NDArray


class Found(NamedTuple):
    """Papers with their scores, in no order; each is there once."""

    keys: NDArray[np.int64]
    """Papers that were removed may be among them, and such as came in a moment ago."""
    scores: NDArray[np.float32]
    """As many; the greater, the better."""


class WordScore(NamedTuple):
    """What a paper scores for one word of a query in one field."""

    text: str
    """As in the query, folded; `*` or `~` stands behind it where it has one there."""
    field: str
    """As in the query: empty for all the text."""
    score: float


class TextScore(NamedTuple):
    """What a paper scores for words: the sum of all of it."""

    words: tuple[WordScore, ...]
    title: float
    """What words add that are in the title."""
    nearness: float
    """What words add that stand near each other as in the query."""


class TextMatcher(Protocol):
    """The text index, as a search asks it."""

    def matches(self, node: q.Node) -> Found:
        """Return the papers that `node` (of `is_text` kind) finds."""

    def most_words(self, nodes: Sequence[q.Node]) -> Found:
        """Return the papers that any of these finds (of `is_text` kind), the closest best.

        They have most of the words, the rare ones above all.
        """

    def similar(self, key: int) -> Found:
        """Return the papers that are like this one, which is none of them."""

    def searchable(self) -> int:
        """Return how many papers of the library are looked through, as they are now."""


def is_text(node: q.Node) -> bool:
    """Tell whether the text index can answer `node` alone: words, with some positive one."""
    match node:
        case Term() | Phrase() | Near() | Prefix() | Fuzzy():
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

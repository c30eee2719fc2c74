"""Which documents have words that stand together: one after the other, or near each other."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from store.engine.gathering import POSITION_BITS
from store.engine.rows import contains, distinct, near

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from store.engine.nodes import Word

    Documents: TypeAlias = NDArray[np.int32]
    Places: TypeAlias = NDArray[np.int64]
    Positions: TypeAlias = Callable[[Word, Documents], Places]


def in_order(
    words: Iterable[tuple[int, Word]], documents: Documents, positions: Positions
) -> Documents:
    """Return the documents where words stand as far behind one place as their numbers say.

    The words that come first should be the rarest: only where they stand are others looked for.
    """
    begun: Places | None = None
    for number, word in words:
        places = positions(word, documents) - number
        begun = places if begun is None else begun[contains(places, begun)]
        documents = _documents_of(begun)
        if not len(documents):
            break
    return documents


def nearby(
    words: Sequence[Word], distance: int, documents: Documents, positions: Positions
) -> Documents:
    """Return the documents where each word stands near such a place of the one before."""
    reached = positions(words[0], documents)
    known = {words[0]: reached}
    steps: dict[tuple[Word, Word], tuple[Places, Places]] = {}
    left = len(words) - 1
    for pair in pairwise(words):
        left -= 1
        step = steps.get(pair)
        # Words said over and over soon reach what they reached before.
        if step is not None and (step[0] is reached or np.array_equal(step[0], reached)):
            steps[pair] = (reached, step[1])
            reached = step[1]
            continue
        places = known.get(pair[1])
        if places is None:
            places = known[pair[1]] = positions(pair[1], documents)
        if not left and len(reached) < len(places):
            # Of the last two words, each is near the other: the fewer places are looked up.
            reached, places = places, reached
        ended = near(reached, places, distance)
        steps[pair] = (reached, ended)
        reached = ended
        rest = _documents_of(reached)
        if len(rest) * 2 < len(documents):
            documents = rest
            known.clear()
            steps.clear()
        if not len(rest):
            break
    return _documents_of(reached)


def _documents_of(places: Places) -> Documents:
    return distinct(places >> POSITION_BITS).astype(np.int32)

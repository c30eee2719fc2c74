"""Which documents have words that stand together: one after the other, or near each other.

What is called `ask` is called every few milliseconds, and may raise to end the search; so may
`positions`, which does the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from store.engine.gathering import POSITION_BITS
from store.engine.rows import contains, distinct, near

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from store.engine.nodes import Word

    Documents: TypeAlias = NDArray[np.int32]
    Places: TypeAlias = NDArray[np.int64]
    Positions: TypeAlias = Callable[[Word, Documents], Places]
    Ask: TypeAlias = Callable[[], None]

_AT_ONCE = 100_000
"""So many places are looked up without asking."""


def consecutive(
    words: Iterable[tuple[int, Word]], documents: Documents, positions: Positions, ask: Ask
) -> Documents:
    """Return the documents where words stand as far behind one place as their numbers say.

    The words that come first should be the rarest: only where they stand are others looked for.
    """
    begun: Places | None = None
    for number, word in words:
        places = positions(word, documents) - number
        if begun is None:
            begun = places
        else:
            kept = [own[contains(places, own)] for own in _portions(begun, ask)]
            begun = np.concatenate(kept)
        documents = _documents_of(begun)
        if not len(documents):
            break
    return documents


def nearby(
    words: Sequence[Word], distance: int, documents: Documents, positions: Positions, ask: Ask
) -> Documents:
    """Return the documents where each word stands near such a place of the one before."""
    reached = positions(words[0], documents)
    known = {words[0]: reached}
    for number, word in enumerate(words[1:], start=2):
        if word not in known:
            known[word] = positions(word, documents)
        places = known[word]
        if number == len(words) and len(reached) < len(places):
            # Of the last two words, each is near the other: the fewer places are looked up.
            reached, places = places, reached
        reached = np.concatenate([near(reached, own, distance) for own in _portions(places, ask)])
        rest = _documents_of(reached)
        if len(rest) * 2 < len(documents):
            documents = rest
            known.clear()
        if not len(rest):
            break
    return _documents_of(reached)


def _portions(places: Places, ask: Ask) -> Iterator[Places]:
    """Yield places, one portion at least, and ask before each."""
    for first in range(0, max(1, len(places)), _AT_ONCE):
        ask()
        yield places[first : first + _AT_ONCE]


def _documents_of(places: Places) -> Documents:
    return distinct(places >> POSITION_BITS).astype(np.int32)

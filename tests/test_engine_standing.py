"""Words of very many places are looked up in portions, and stand together as few do."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np

from store.engine.gathering import POSITION_BITS
from store.engine.nodes import Word
from store.engine.standing import consecutive, nearby

if TYPE_CHECKING:
    from numpy.typing import NDArray

ONE, OTHER = Word("text", b"one"), Word("text", b"other")
COUNT = 50
LONGEST = 10**8
PLACES = 5_000
"""So many of each word in a document: in about one of two, some are near each other."""


def test_words_of_many_places_stand_together_where_any_two_places_say_so() -> None:
    chance = random.Random(1)  # noqa: S311 no secret
    places = {
        word: [sorted(chance.sample(range(LONGEST), PLACES)) for _ in range(COUNT)]
        for word in (ONE, OTHER)
    }

    def positions(word: Word, documents: NDArray[np.int32]) -> NDArray[np.int64]:
        numbers = documents.astype(np.int64)[:, None] << POSITION_BITS
        return np.ravel(np.array(places[word])[documents] + numbers)

    def where(*shifts: int) -> list[int]:
        """Return the documents where a word is so many places behind the other."""
        return [
            number
            for number, (ones, others) in enumerate(zip(*places.values(), strict=True))
            if {at + shift for at in ones for shift in shifts} & set(others)
        ]

    documents = np.arange(COUNT, dtype=np.int32)
    asks: list[str] = []
    after = consecutive([(0, ONE), (1, OTHER)], documents, positions, lambda: asks.append("after"))
    near = nearby((ONE, OTHER), 2, documents, positions, lambda: asks.append("near"))

    assert 0 < len(after) < len(near) < COUNT
    assert after.tolist() == where(1)
    assert near.tolist() == where(-2, -1, 1, 2)
    assert asks == ["after"] * 3 + ["near"] * 3

"""The kinds of fields that a schema can have: words with their positions, and numbers."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

from store.engine.whoosh import COLUMN, FieldType, Format, NumericColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# Whoosh has no type information: every subclass of its classes is one of Any.


class WordPositions(Format):  # type: ignore[misc]
    """Postings with positions, as 32-bit numbers in the order of the machine, and no pickles."""

    def encode(self, positions: list[int]) -> bytes:
        """Return positions as the value of a posting."""
        return array("I", positions).tobytes()

    def decode_positions(self, value: bytes) -> list[int]:
        """Return where the term occurs."""
        return array("I", value).tolist()

    def decode_frequency(self, value: bytes) -> int:
        """Return how often the term occurs."""
        return len(value) // array("I").itemsize


def itself(term: bytes) -> bytes:
    """Return the class of a term that belongs to no other."""
    return term


class Words(FieldType):  # type: ignore[misc]
    """A field of words that are analysed already: a mapping from each to its positions, in order.

    `class_of`, a function of a module, names what a term is grouped by, such as its stem.
    """

    def __init__(self, class_of: Callable[[bytes], bytes] = itself) -> None:
        super().__init__(WordPositions(), analyzer=None, scorable=True)
        self.class_of = class_of

    def index(
        self, value: Mapping[str, list[int]], **_: Any
    ) -> Iterator[tuple[bytes, int, int, bytes]]:
        """Yield the words with their frequency, weight and positions, as a writer wants them."""
        for word, positions in value.items():
            yield word.encode(), len(positions), len(positions), self.format.encode(positions)


class Number(COLUMN):  # type: ignore[misc]
    """A whole number of every document, of 64 bits, that is no term."""

    def __init__(self) -> None:
        super().__init__(NumericColumn("q"))

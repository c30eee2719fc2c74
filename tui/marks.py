"""The papers that the reader has marked, to act on them all: a pure value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Marks:
    """A set of papers, frozen when it is made: no search and no arrival adds to it.

    While a range is drawn, what lies between where it began and the selection is marked beside
    what was marked before.
    """

    keys: frozenset[int] = frozenset()
    origin: int | None = None
    """The index in the list where the range that is being drawn began."""
    before: frozenset[int] = frozenset()
    """What was marked when it began."""

    def __len__(self) -> int:
        return len(self.keys)

    def __iter__(self) -> Iterator[int]:
        return iter(self.keys)

    def __contains__(self, key: object) -> bool:
        return key in self.keys

    @property
    def is_ranging(self) -> bool:
        """Whether a range is being drawn."""
        return self.origin is not None

    def toggled(self, key: int) -> Marks:
        """Mark a paper, or take its mark off; a range that has come to it ends, and is marked."""
        return Marks(self.keys | {key} if self.is_ranging else self.keys ^ {key})

    def ranging(self, selected: int, shown: Sequence[int]) -> Marks:
        """Begin to draw a range at the selected paper, or end it where it has come to."""
        if self.is_ranging:
            return Marks(self.keys)
        return replace(self, origin=selected, before=self.keys).extended(selected, shown)

    def extended(self, selected: int, shown: Sequence[int]) -> Marks:
        """Draw the range, if one is begun, up to the selected paper of the list `shown`."""
        if self.origin is None:
            return self
        first, last = sorted((self.origin, selected))
        # A millisecond for 75,000 papers; from the former range on it takes no less.
        return replace(self, keys=self.before.union(shown[first : last + 1]))

    def inverted(self, shown: Iterable[int]) -> Marks:
        """Mark what is not marked in the list `shown`, and only that."""
        return Marks(frozenset(shown) - self.keys)

    def everything(self, shown: Iterable[int]) -> Marks:
        """Mark the whole list `shown`, or nothing where all of it is marked already."""
        papers = frozenset(shown)
        return Marks() if papers <= self.keys else Marks(self.keys | papers)

    def among(self, shown: Iterable[int]) -> Marks:
        """Keep the marks of papers that are in the list `shown`: what is not seen is not marked."""
        return Marks(self.keys.intersection(shown)) if self.keys else Marks()

    def with_all(self, keys: Iterable[int]) -> Marks:
        """Mark these papers too."""
        return Marks(self.keys.union(keys))

    def without(self, keys: Iterable[int]) -> Marks:
        """Take the marks off these papers."""
        return Marks(self.keys.difference(keys))

    def in_order(self, shown: Iterable[int]) -> tuple[int, ...]:
        """Return the marked papers in the order of the list `shown`."""
        return tuple(key for key in shown if key in self.keys)

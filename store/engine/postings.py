"""Where the terms of one field occur in one segment: its dictionary and postings, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from store.engine.arrays import lengths, narrowed, offsets
from store.engine.heads import Heads, heads_of
from store.engine.terms import TermList

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

    from store.engine.arrayfile import ArrayFile, ArrayFileWriter

_NUMBERS = ("starts", "documents", "counts", "places", "positions", "class_starts", "members")
_TERMS = ("terms", "classes")


@dataclass(frozen=True, slots=True, eq=False)
class FieldPostings:
    """The inverted file of a field.

    Postings stand term by term in the order of the dictionary, and of one term in the order of the
    documents; positions stand posting by posting, in order. A posting `p` of term `t` has
    `starts[t] <= p < starts[t + 1]`, and the positions of term `t`, those of all its postings one
    after the other, are `positions[places[t]:places[t + 1]]`.
    """

    terms: TermList
    starts: NDArray[Any]
    documents: NDArray[Any]
    """The number of the document, by posting."""
    counts: NDArray[Any]
    """How often the term occurs there, by posting."""
    places: NDArray[Any]
    positions: NDArray[Any]
    """Counted from 0 in words from the beginning of the field."""
    classes: TermList
    """Names of what terms are grouped by, such as their stems; every term is in one class."""
    class_starts: NDArray[Any]
    members: NDArray[Any]
    """Places of terms: class `c` has `members[class_starts[c]:class_starts[c + 1]]`."""
    heads: Heads | None = None
    """The shortest beginnings of terms, of what was read."""
    looked_up: dict[Hashable, Sequence[int]] = field(default_factory=dict, repr=False)
    """What was asked for lately, with the places of the terms that it means."""

    def in_class(self, name: bytes) -> list[int]:
        """Return the places of the terms of a class, in order; none where it is not there."""
        place = self.classes.find(name)
        if place < 0:
            return []
        first, last = self.class_starts.item(place), self.class_starts.item(place + 1)
        found: list[int] = self.members[first:last].tolist()
        return found

    def class_sizes(self) -> NDArray[Any]:
        """Return how many terms are in each class."""
        return lengths(self.class_starts)

    def frequencies(self) -> NDArray[Any]:
        """Return how many documents have each term."""
        return lengths(self.starts)

    def write(self, name: str, file: ArrayFileWriter) -> None:
        """Write the arrays under the name of the field."""
        for part in _TERMS:
            terms: TermList = getattr(self, part)
            file.add(f"{name}.{part}", terms.text)
            file.add(f"{name}.{part}.ends", terms.ends)
        for part in _NUMBERS:
            file.add(f"{name}.{part}", narrowed(getattr(self, part)))
        heads_of(self.terms, self.starts, self.documents).write(name, file)

    @classmethod
    def read(cls, name: str, file: ArrayFile) -> FieldPostings:
        """Return what `write` wrote, as views of the file."""
        parts: dict[str, Any] = {part: file[f"{name}.{part}"] for part in _NUMBERS}
        for part in _TERMS:
            parts[part] = TermList(file[f"{name}.{part}"], file[f"{name}.{part}.ends"])
        return cls(**parts, heads=Heads.read(name, file))


class Classes(NamedTuple):
    """What terms are grouped by."""

    of_terms: NDArray[Any]
    """The number of a class, by term."""
    names: Sequence[bytes]
    """Of the classes, by number; others may be among them that no term is in."""


class Lexicon(NamedTuple):
    """Terms and classes in order; others than those in use may be among them."""

    terms: TermList
    classes: TermList
    of_terms: NDArray[Any]
    """The place of its class, by term."""


def members_of(
    of_terms: NDArray[Any], classes: TermList
) -> tuple[TermList, NDArray[Any], NDArray[Any]]:
    """Return the classes that terms are in, as `FieldPostings` has them."""
    sizes = np.bincount(of_terms, minlength=len(classes))
    used = np.flatnonzero(sizes)
    members = np.argsort(narrowed(of_terms), kind="stable")
    return classes.take(used), offsets(sizes[used]), members

"""What can be asked of an index: words, runs of words, and what joins them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Match(Enum):
    """Which terms of a field a word stands for."""

    EXACT = "exact"
    CLASS = "class"
    """Those of its class, such as its stem."""
    BEGINNING = "beginning"
    """Those that begin so."""
    CLOSE = "close"
    """Those within one edit, as `store.texts.edits` has it."""

    # There is one of each: that of `Enum`, by their names, takes most of the time to look up words.
    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True)
class Word:
    """Any of the terms in a field that match; they count as one term."""

    field: str
    text: bytes
    match: Match = Match.EXACT
    also: bytes | None = None
    """A class whose terms match too."""
    is_scored: bool = True
    """Whether documents score for it, or are merely found."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one field that stand together, one or more; a document scores for each of them.

    Each is the position after the one before; or, with a `distance`, another position at most so
    far from it, in either direction.
    """

    words: tuple[Word, ...]
    distance: int = 0


@dataclass(frozen=True, slots=True)
class All:
    """Documents that each of `nodes`, one or more, finds, and none of `excluded`; scores add up."""

    nodes: tuple[Node, ...]
    excluded: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    """Documents that any of `nodes` finds; scores add up."""

    nodes: tuple[Node, ...]


Node: TypeAlias = Run | All | Any

"""Which of many texts a few typed characters mean, and how well: pure functions.

Textual's `fuzzy` was measured and left: it tries every way to spread the typed characters over a
text (four of them took half a second on 1,000 titles), knows nothing of accents, and lets a long
text with many word starts pass a short one that is what was typed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from store.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_WORDS = re.compile(r"[^\W_]+")
_JOINER = "\u200d"
_PIECES = 100
"""More pieces than a text is ever found in: the ranks of two fits lie further apart."""


class Fit(IntEnum):
    """How a typed word is found in a text, the best first."""

    EXACT = 0
    PREFIX = 1
    WORD = 2
    """In a row, from the beginning of a word."""
    INITIALS = 3
    """The first letters of words."""
    INSIDE = 4
    """In a row, within a word."""
    ASIDE = 5
    """From the beginning of a word of the texts beside the label."""
    SCATTERED = 6
    """All letters in order; the fewer pieces, the better."""
    INSIDE_ASIDE = 7


_ASIDE = Fit.ASIDE * _PIECES
_NOWHERE = len(Fit) * _PIECES


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without case and accents, which knows where it stands in the text as written."""

    text: str
    places: tuple[int, ...] | None = None
    """The place of each character in the text as written; None where none has moved."""

    @classmethod
    def of(cls, written: str) -> Folded:
        """Fold a text, character by character: that keeps their places."""
        if written.isascii():
            return cls(fold(written))
        if all(len(_fold_character(char)) == 1 for char in _BEYOND_ASCII.findall(written)):
            one_each = _BEYOND_ASCII.sub(lambda match: _fold_character(match.group()), written)
            return cls(one_each.lower())
        parts = [_fold_character(char) for char in written]
        places = tuple(at for at, part in enumerate(parts) for _ in part)
        return cls("".join(parts), places)

    def written(self, indices: Iterable[int]) -> tuple[int, ...]:
        """Return where these characters stand in the text as written, in order."""
        if self.places is None:
            return tuple(sorted(set(indices)))
        return tuple(sorted({self.places[index] for index in indices}))

    def containing(self, words: Iterable[str]) -> tuple[int, ...]:
        """Return where the folded `words` stand in the text as written, wherever they do."""
        return self.written(
            index
            for word in words
            for match in re.finditer(re.escape(word), self.text)
            for index in range(*match.span())
        )


class Searched(NamedTuple):
    """What a choice is found by: its label above all, and what is said beside it."""

    label: Folded
    initials: tuple[int, ...]
    """Where the words of the folded label begin."""
    aside: tuple[Folded, ...]

    @classmethod
    def of(cls, label: str, *aside: str) -> Searched:
        """Fold a label and the texts beside it."""
        folded = Folded.of(label)
        initials = tuple(match.start() for match in _WORDS.finditer(folded.text))
        return cls(folded, initials, tuple(Folded.of(text) for text in aside))


class Marked(NamedTuple):
    """Which characters of a text as written are those that were typed."""

    label: tuple[int, ...] = ()
    """Places in the label."""
    aside: tuple[tuple[int, ...], ...] = ()
    """Places in each text beside it; empty where the query is empty."""


class _Found(NamedTuple):
    """How well the worst of the words fits, and where all are in the folded texts."""

    rank: int
    label: Sequence[int]
    aside: Sequence[Sequence[int]]


def typed_words(query: str) -> list[str]:
    """Return the words of a query, folded."""
    return fold(query).split()


def matching(query: str, texts: Sequence[Searched]) -> list[int]:
    """Return the indices of the `texts` that have every word of `query`, the best first.

    Those that fit equally well keep their order, and the empty query finds all in theirs.
    """
    words = typed_words(query)
    if not words:
        return list(range(len(texts)))
    ranks = {}
    for number, text in enumerate(texts):
        found = _find(words, text)
        if found:
            ranks[number] = found.rank
    return sorted(ranks, key=ranks.__getitem__)


def marked(query: str, text: Searched) -> Marked:
    """Return the characters that a text was found by; none where the query is empty."""
    words = typed_words(query)
    found = _find(words, text) if words else None
    if not found:
        return Marked()
    aside = (one.written(at) for one, at in zip(text.aside, found.aside, strict=True))
    return Marked(text.label.written(found.label), tuple(aside))


def runs(text: str, places: Iterable[int]) -> Iterator[tuple[str, bool]]:
    """Yield `text` in runs of characters that are all at `places`, or all not.

    What is drawn on one character with another, as an accent or a joined emoji, goes with it.
    """
    starts: list[int] = []
    for at, char in enumerate(text):
        starts.append(starts[-1] if at and _hangs_on(char, text[at - 1]) else at)
    wanted = {starts[place] for place in places}
    for is_wanted, run in groupby(range(len(text)), lambda at: starts[at] in wanted):
        first, *others = run
        yield text[first : first + 1 + len(others)], is_wanted


@lru_cache(maxsize=4096)
def _fold_character(char: str) -> str:
    return fold(char)


def _hangs_on(char: str, former: str) -> bool:
    return _JOINER in {former, char} or unicodedata.category(char)[0] == "M"


def _find(words: Sequence[str], text: Searched) -> _Found | None:
    """Return how the words are found in a text; None if one of them is not."""
    nowhere = [()] * len(text.aside)
    whole = _in_a_row(" ".join(words), text.label.text)
    if whole:
        return _Found(whole[0] * _PIECES, whole[1], nowhere)
    worst = 0
    label: list[int] = []
    aside: list[list[int]] = [[] for _ in text.aside]
    for word in words:
        rank, indices = _in_label(word, text) or (_NOWHERE, ())
        if rank >= _ASIDE:
            beside = min(_aside(word, text.aside), key=lambda one: one[0], default=None)
            if beside and beside[0] < rank:
                rank, number, there = beside
                aside[number] += there
                indices = ()
        if rank == _NOWHERE:
            return None
        label += indices
        worst = max(worst, rank)
    # Words that stand apart fit less than a row of them does.
    return _Found(worst + (len(words) > 1), label, aside)


def _in_label(word: str, searched: Searched) -> tuple[int, Sequence[int]] | None:
    text = searched.label.text
    row = _in_a_row(word, text)
    if row:
        return row[0] * _PIECES, row[1]
    scattered = _scattered(word, text)
    if scattered is None:
        return None
    initials = searched.initials
    if len(word) <= len(initials):
        letters = _scattered(word, "".join([text[at] for at in initials]))
        if letters is not None:
            return Fit.INITIALS * _PIECES, [initials[at] for at in letters]
    pieces = 1 + sum([after != at + 1 for at, after in pairwise(scattered)])
    return Fit.SCATTERED * _PIECES + min(pieces, _PIECES - 2), scattered


def _aside(word: str, texts: Sequence[Folded]) -> Iterator[tuple[int, int, Sequence[int]]]:
    # Letters in a row only: scattered ones are found in nearly every sentence.
    for number, text in enumerate(texts):
        row = _in_a_row(word, text.text)
        if row:
            fit = Fit.INSIDE_ASIDE if row[0] is Fit.INSIDE else Fit.ASIDE
            yield fit * _PIECES, number, row[1]


def _in_a_row(word: str, text: str) -> tuple[Fit, range] | None:
    first = at = text.find(word)
    if at < 0:
        return None
    if at == 0:
        fit = Fit.EXACT if len(word) == len(text) else Fit.PREFIX
        return fit, range(len(word))
    while at >= 0:
        if not text[at - 1].isalnum():
            return Fit.WORD, range(at, at + len(word))
        at = text.find(word, at + 1)
    return Fit.INSIDE, range(first, first + len(word))


def _scattered(word: str, text: str) -> list[int] | None:
    """Return where the letters of `word` stand in order, close together; None if they do not."""
    at = -1
    for char in word:
        at = text.find(char, at + 1)
        if at < 0:
            return None
    # The first end there is; back from it the letters that are nearest.
    indices = []
    end = at + 1
    for char in reversed(word):
        end = text.rfind(char, 0, end)
        indices.append(end)
    return indices[::-1]

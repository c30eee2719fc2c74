"""The words that papers are made of, each met once: numbers for what they are found by."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from store.engine.arrays import offsets
from store.engine.ordering import ordered
from store.engine.postings import Lexicon
from store.engine.terms import TermList
from store.index.fields import PART_GAP
from store.text import FIELD_END, PART_END, terms, words
from store.texts.stems import stems

if TYPE_CHECKING:
    from numpy.typing import NDArray

ENDS = (0, 1)
"""The numbers of what ends a field, and a part of one."""
# What they are while a text is split: as written, they count as blanks.
_MARKS = ("\x02", "\x03")
_CHARACTERS = tuple(map(chr, range(128)))
_INSIDE = {c for c in _CHARACTERS if any(c in word for word in words(f"a{c}a a{c}{c}"))}
_ASCII = str.maketrans(
    {c: c.lower() if c in _INSIDE else " " for c in _CHARACTERS}
    | dict(zip((FIELD_END, PART_END), _MARKS, strict=True))
)
"""What no word has is a blank: texts are split there four times as fast as by their words."""


def chunks(text: str) -> list[str]:
    """Return the words of a text, or stretches of several that no blank parts, and its ends."""
    return text.translate(_ASCII).split() if text.isascii() else words(text)


class Vocabulary(dict[str, int]):
    """Numbers all `chunks`, and what they are found by, which are terms.

    What stands for one term, as most do, has the number of that term; what stands for several, or
    none, has a number below 0: one less than its row in `table`, below 1.
    """

    def __init__(self) -> None:
        self._text = bytearray((FIELD_END + PART_END).encode())
        self._text_ends = array("q", (0, 1, 2))
        # The numbers of terms that would mean something else as chunks.
        self._others: dict[str, int] = {}
        self._stems = array("i", ENDS)
        self._of_rows, self._shifts = array("i"), array("i")
        # What ends a field or a part of one is no term, and leaves a gap.
        self._counts, self._lengths = array("i", (0, 0)), array("i", (PART_GAP, PART_GAP))
        self.update(zip((FIELD_END, PART_END), ENDS, strict=True))
        self.update(zip(_MARKS, ENDS, strict=True))

    def __missing__(self, chunk: str) -> int:
        # Most are plain words, which need not be looked for.
        found = [terms(word) for word in ((chunk,) if _is_plain(chunk) else words(chunk))]
        if len(found) == 1 and len(found[0]) == 1:
            number = self._number(found[0][0])
        else:
            number = self._row(found)
        self[chunk] = number
        return number

    def table(self) -> Table:
        """Return what the numbers below 0 stand for, and those of the ends."""
        counts = np.array(self._counts)
        return Table(
            offsets(counts)[:-1],
            counts,
            np.array(self._lengths),
            np.array(self._of_rows),
            np.array(self._shifts),
        )

    def in_order(self, numbers: NDArray[np.int32]) -> Terms:
        """Return the terms of these numbers, of which each may occur several times."""
        used = np.flatnonzero(np.bincount(numbers, minlength=len(self._stems)))
        stems_of_used = self._stems_of(used)
        named = np.concatenate((used, stems_of_used))
        ends = np.array(self._text_ends)
        whole = TermList(np.frombuffer(bytes(self._text), np.uint8), ends)
        names, places = ordered(whole.take(named))
        places_of_numbers = np.zeros(len(self._stems), np.int32)
        places_of_numbers[used] = places[: len(used)]
        stems_of_places = np.zeros(len(names), np.int32)
        stems_of_places[places[: len(used)]] = places[len(used) :]
        return Terms(
            places_of_numbers[numbers],
            Lexicon(names, names, stems_of_places),
            Lexicon(names, names, np.arange(len(names), dtype=np.int32)),
        )

    def _stems_of(self, used: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the numbers of the stems of terms."""
        known = np.array(self._stems)
        unknown = used[known[used] < 0].tolist()
        text, ends = self._text, self._text_ends
        named = [text[ends[number] : ends[number + 1]].decode() for number in unknown]
        for number, stem in zip(unknown, stems(named), strict=True):
            self._stems[number] = self._number(stem)
        return np.array(self._stems)[used]

    def _row(self, found: list[list[str]]) -> int:
        """Keep what several words, or none, stand for and return its number."""
        place = count = 0
        for whole, *parts in found:
            self._of_rows.append(self._number(whole))
            self._shifts.append(place)
            for shift, part in enumerate(parts):
                self._of_rows.append(self._number(part))
                self._shifts.append(place + shift)
            place += max(1, len(parts))
            count += 1 + len(parts)
        self._counts.append(count)
        self._lengths.append(place)
        return 2 - len(self._lengths)

    def _number(self, term: str) -> int:
        numbers = self if _is_plain(term) else self._others
        number = numbers.get(term)
        if number is None:
            number = numbers[term] = len(self._stems)
            self._text += term.encode()
            self._text_ends.append(len(self._text))
            self._stems.append(-1)
        return number


def _is_plain(word: str) -> bool:
    """Tell whether a word of whatever length is its own and only term, but for that."""
    return word.isascii() and word.isalnum() and word == word.lower()


class Table(NamedTuple):
    """What chunks stand for that stand for other than one term; number `n` has row `1 - n`."""

    starts: NDArray[np.int64]
    """Where what each stands for begins in `terms` and `shifts`."""
    counts: NDArray[np.int32]
    """How many terms each stands for: a compound word for itself and its parts."""
    lengths: NDArray[np.int32]
    """How many positions each takes."""
    terms: NDArray[np.int32]
    shifts: NDArray[np.int32]
    """How far each term stands from where the chunk begins."""


class Terms(NamedTuple):
    """The terms of a batch, and their stems, in order."""

    places: NDArray[np.int32]
    """Where those that were asked for stand among them."""
    by_stem: Lexicon
    by_itself: Lexicon

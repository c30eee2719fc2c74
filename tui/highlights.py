"""Where in a text that is shown the words of a query stand."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, TypeAlias

from store.query.words import (
    LARGEST_DISTANCE,
    NAME_FIELDS,
    Fuzzy,
    Near,
    Phrase,
    Prefix,
    Term,
    TextLeaf,
)
from store.text import tokens
from store.texts.edits import within_one_edit
from store.texts.stems import stem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

Span: TypeAlias = tuple[int, int]
Places: TypeAlias = set[int]
"""Positions of words in a text."""

_TEXTS_KEPT = 16
"""What is shown of a paper is marked at every key."""
_AUTHOR = re.compile(r"(?:(?!, ).)+")
_MORE_AUTHORS = re.compile(r" and [0-9]+ more\Z")


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a text, as the index has them."""

    parts: Mapping[int, Span]
    """Where each stands, by position: all but whole compounds."""
    places: Mapping[str, Sequence[int]]
    """The positions of each of the parts, by term."""
    spans: Mapping[str, Sequence[Span]]
    """Where each term stands, whole compounds too."""


def found_spans(text: str, leaves: Iterable[TextLeaf], field: str) -> Iterator[Span]:
    """Yield where in `text` the words stand that a paper was found for, and nothing else.

    `text` is what is shown of `field`; that of `author` is a line of `tui.format.author_line`.
    Words that have to follow each other are one span; a span may come twice, or lie in another.
    """
    wanted = [leaf for leaf in leaves if leaf.field in {"", field}]
    if not wanted:
        return
    words = _words(text, is_authors=field == "author")
    for leaf in wanted:
        match leaf:
            case Term():
                yield from _form_runs(words, leaf)
            case Phrase():
                yield from _runs(words, [_exactly(words, term) for term in _parts(leaf.text)])
            case Near():
                yield from _near(words, leaf)
            case Prefix():
                yield from _begun(words, leaf)
                if leaf.is_typed:
                    yield from _form_runs(words, leaf)
            case Fuzzy():
                for term in _parts(leaf.text):
                    yield from _spans(words, partial(within_one_edit, term))


@lru_cache(maxsize=_TEXTS_KEPT)
def _words(text: str, *, is_authors: bool) -> _Words:
    parts: dict[int, Span] = {}
    places: defaultdict[str, list[int]] = defaultdict(list)
    spans: defaultdict[str, list[Span]] = defaultdict(list)
    start = 0
    for offset, line in _lines(text, is_authors=is_authors):
        for term, position, begin, end, is_compound in tokens(line):
            span = (offset + begin, offset + end)
            spans[term].append(span)
            if not is_compound:
                parts[start + position] = span
                places[term].append(start + position)
        # No word of one author is near a word of the next.
        start = max(parts, default=0) + 1 + LARGEST_DISTANCE
    return _Words(parts, places, spans)


def _lines(text: str, *, is_authors: bool) -> Iterator[tuple[int, str]]:
    """Yield the parts of a text that no row of words spans, each with its place."""
    if not is_authors:
        yield 0, text
        return
    for match in _AUTHOR.finditer(_MORE_AUTHORS.sub("", text)):
        yield match.start(), match.group()


@lru_cache
def _parts(text: str) -> Sequence[str]:
    return [token.term for token in tokens(text) if not token.is_compound]


def _form_runs(words: _Words, leaf: Term | Prefix) -> Iterator[Span]:
    return _runs(words, [_in_forms(words, term, leaf.field) for term in _parts(leaf.text)])


def _exactly(words: _Words, term: str) -> Places:
    return set(words.places.get(term, ()))


def _in_forms(words: _Words, term: str, field: str) -> Places:
    """Return the places of all words that have the stem of `term`; of names, of itself alone."""
    if field in NAME_FIELDS:
        return _exactly(words, term)
    wanted = stem(term)
    first = wanted[:1]  # no stem begins otherwise than its word
    found: Places = set()
    for known, places in words.places.items():
        if known.startswith(first) and stem(known) == wanted:
            found.update(places)
    return found


def _starting(words: _Words, beginning: str) -> Places:
    found: Places = set()
    for known, places in words.places.items():
        if known.startswith(beginning):
            found.update(places)
    return found


def _runs(words: _Words, row: Sequence[Places]) -> Iterator[Span]:
    """Yield the stretches in which words at the places of a `row` follow each other."""
    if not row:
        return
    starts = row[0].intersection(
        *({place - after for place in places} for after, places in enumerate(row))
    )
    for start in sorted(starts):
        yield words.parts[start][0], words.parts[start + len(row) - 1][1]


def _near(words: _Words, leaf: Near) -> Iterator[Span]:
    """Yield each word of those that lead, within the distance, from the first to the last."""
    row = [_in_forms(words, term, leaf.field) for term in _parts(leaf.text)]
    reached: list[Places] = []
    for places in row:
        reached.append(_beside(places, reached[-1], leaf.distance) if reached else places)
    found: Places = set()
    following: Places | None = None
    for places in reversed(reached):
        following = places if following is None else _beside(places, following, leaf.distance)
        found.update(following)
    yield from (words.parts[place] for place in sorted(found))


def _beside(places: Iterable[int], others: Iterable[int], distance: int) -> Places:
    """Return those of the places that are near one of the others, and not the same."""
    row = sorted(others)
    found = set()
    for place in places:
        before, after = bisect_left(row, place) - 1, bisect_right(row, place)
        is_after = before >= 0 and place - row[before] <= distance
        if is_after or (after < len(row) and row[after] - place <= distance):
            found.add(place)
    return found


def _begun(words: _Words, leaf: Prefix) -> Iterator[Span]:
    """Yield the words that begin so; the prefix of a compound is looked for as a whole."""
    found = list(tokens(leaf.text))
    parts = _parts(leaf.text)
    if not parts:
        return
    is_compound = found[0].is_compound and len(parts) == len(found) - 1
    if len(parts) == 1 or is_compound:
        beginning = found[0].term
        yield from _spans(words, lambda known: known.startswith(beginning))
        return
    *before, last = parts
    row = [_in_forms(words, term, leaf.field) for term in before]
    yield from _runs(words, [*row, _starting(words, last)])


def _spans(words: _Words, is_wanted: Callable[[str], bool]) -> Iterator[Span]:
    for term, spans in words.spans.items():
        if is_wanted(term):
            yield from spans

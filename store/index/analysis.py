"""What of a paper is searched, as words with their positions, and what of a query."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from store.query import Prefix
from store.text import Token, tokens

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from store.query import TextLeaf

Occurrences: TypeAlias = "Mapping[str, list[int]]"
"""The positions of each word of a field, in order."""

ALL_TEXT = "text"
"""The field that a word without a field is looked for in."""
COLUMNS = {
    "title": "title",
    "abs": "abstract",
    "author": "authors",
    "org": "organisation",
    "kw": "keywords",
    "cat": "categories",
    "venue": "venue",
    "note": "note",
}
"""The column of `papers` that each field is made of."""
LISTS = frozenset({"author", "kw", "cat"})
"""Fields whose column is a JSON array, each element a part of its own."""
TEXT_PARTS = ("title", "title", "abs", "author", "kw", "org", "venue", "note")
"""What all the text of a paper is made of: its title counts twice."""
PART_GAP = 100
"""Positions left free between two parts, so that no phrase spans them."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words that follow each other in a field; one word most of the time."""

    field: str
    words: tuple[str, ...]
    is_open: bool = False
    """Whether the last word may go on, as that of a prefix."""


def occurrences_of(row: sqlite3.Row) -> dict[str, Occurrences]:
    """Return the words of a paper by field; `row` has the `COLUMNS`. Empty fields are left out."""
    parts: dict[str, list[list[Token]]] = {}
    for field, column in COLUMNS.items():
        texts = json.loads(row[column]) if field in LISTS else [row[column]]
        parts[field] = [list(tokens(text)) for text in texts]
    found = {field: _occurrences(own) for field, own in parts.items()}
    found[ALL_TEXT] = _occurrences(part for field in TEXT_PARTS for part in parts[field])
    return {field: words for field, words in found.items() if words}


def run_of(leaf: TextLeaf) -> Run:
    """Return the words to look for; none where the text has no word at all.

    A compound word is looked for by its parts, so that `self-supervised` finds `self supervised`
    too. The prefix of one is looked for as a whole: `gpt-4*` finds `gpt-4o`.
    """
    found = list(tokens(leaf.text))
    parts = tuple(token.term for token in found if not token.is_compound)
    is_open = isinstance(leaf, Prefix)
    if is_open and len(parts) == len(found) - 1 and found[0].is_compound:
        parts = (found[0].term,)
    return Run(leaf.field or ALL_TEXT, parts, is_open)


def _occurrences(parts: Iterable[list[Token]]) -> Occurrences:
    words: defaultdict[str, list[int]] = defaultdict(list)
    start = 0
    for part in parts:
        position = -1
        for term, position, *_ in part:
            words[term].append(start + position)
        start += position + 1 + PART_GAP
    return words

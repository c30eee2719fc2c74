"""What of a paper can be searched: the fields of the text index, and what they are made of."""

from __future__ import annotations

from store.query.words import NAME_FIELDS
from store.texts.stems import stem

ALL_TEXT = "text"
"""The field that a word without a field is looked for in."""
COLUMNS = {
    "title": "title",
    "abs": "abstract",
    "kw": "keywords",
    "org": "organisation",
    "venue": "venue",
    "note": "note",
    "author": "authors",
    "cat": "categories",
}
"""The column of `papers` that each field is made of, names last; all the text has this order."""
LISTS = frozenset({"author", "kw", "cat"})
"""Fields whose column is a JSON array, each element a part of its own."""
NO_TEXT = frozenset({"cat"})
"""Fields that are found by their own name alone."""
TWICE = "title"
"""The field that counts twice in all the text."""
NAMES = NAME_FIELDS
"""Fields whose words are names, and have no stems."""
PART_GAP = 101
"""Positions left free between two parts: neither a phrase nor a nearness spans them."""
KEY = "key"
REVISION = "revision"
"""Numbers of a document: its paper's key, and the revision of the library that it is as of."""


def class_of(term: bytes) -> bytes:
    """Return what a term is grouped by: its stem."""
    return stem(term.decode()).encode()

"""The words of a query as values: what the text index is asked for, in any of its five ways."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from store.identifiers import looks_like_identifier

TEXT_FIELDS = ("title", "abs", "author", "org", "kw", "cat", "venue", "note")
"""Fields of the text index; the empty name means all of a paper's text."""

NAME_FIELDS = frozenset({"author", "cat"})
"""Text fields whose words are names: they have one form, and no stem."""

LARGEST_DISTANCE = 100
"""Words that `Near` asks for may stand so many places apart at the most."""
USUAL_DISTANCE = 10
"""What is meant by `"..."~`, without a number."""
SHORTEST_FUZZY = 3
"""A shorter word is within one edit of far too many."""

_NEEDS_QUOTES = re.compile(r'[\s()]|^"|^$')
# What the search language reads as more than a word: a negation, an operator, a field; a wildcard
# or nearness at its end.
_HAS_MEANING = re.compile(r"-\S|(?:OR|AND|NOT)$|(?!https?:|arxiv:|doi:)[a-z]+:\S")
_HAS_ENDING = re.compile(r"\*\Z|(?<=[^\s():~-])~[0-9]*\Z")


@dataclass(frozen=True, slots=True)
class Term:
    """A word, found in every form that has its stem: `networks` finds `network`.

    In one of `NAME_FIELDS` it is found as it is written. One that `store.text.tokens` splits is
    found as the run of its parts, each by its stem.
    """

    text: str
    field: str = ""

    def __str__(self) -> str:
        if _HAS_ENDING.search(self.text) or (not self.field and _reads_as_more(self.text)):
            return f"{_prefix(self.field)}{_quoted(self.text)}"
        return fielded(self.field, self.text)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other, in the forms in which they are written."""

    text: str
    field: str = ""

    def __str__(self) -> str:
        return f"{_prefix(self.field)}{_quoted(self.text)}"


@dataclass(frozen=True, slots=True)
class Near:
    """Two or more words, by their stems, each within `distance` words of the one before.

    Each may stand on either side of the one before it, but not in its place. The distance is
    1 to `LARGEST_DISTANCE`; words that follow each other have the distance 1.
    """

    text: str
    distance: int
    field: str = ""

    def __str__(self) -> str:
        return f"{_prefix(self.field)}{_quoted(self.text)}~{self.distance}"


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any word that begins so.

    One that is typed is the last word of a text in typing: it finds its own stem too, so that
    what was found for `network` is still found at `networks`. It prints as the bare word, which
    is a prefix only as long as it is typed.
    """

    text: str
    field: str = ""
    is_typed: bool = False

    def __str__(self) -> str:
        if self.is_typed:
            return str(Term(self.text, self.field))
        return f"{fielded(self.field, self.text)}*"


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Any word within one edit of this one (`store.texts.edits`).

    It has `SHORTEST_FUZZY` characters. This is one word for `store.text.tokens`, and no compound.
    """

    text: str
    field: str = ""

    def __str__(self) -> str:
        return f"{fielded(self.field, self.text)}~"


TextLeaf: TypeAlias = Term | Phrase | Near | Prefix | Fuzzy


def is_bare_identifier(text: str) -> bool:
    """Tell whether a bare word is an identifier; a scheme with nothing behind it is a word."""
    return looks_like_identifier(text) and not text.endswith(":")


def _reads_as_more(text: str) -> bool:
    """Tell whether `text`, written bare, is a negation, an operator, a field or an identifier."""
    return bool(_HAS_MEANING.match(text)) or is_bare_identifier(text)


def _prefix(field: str) -> str:
    return f"{field}:" if field else ""


def fielded(field: str, text: str) -> str:
    """Return `field:text` as the search language reads it, or `text` alone for no field."""
    return f"{_prefix(field)}{_quoted(text) if _NEEDS_QUOTES.search(text) else text}"


def _quoted(text: str) -> str:
    # A quotation can't hold a quote, which separates words just as a blank does.
    return '"{}"'.format(text.replace('"', " "))

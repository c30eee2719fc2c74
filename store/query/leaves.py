"""From one token of the search language to the words or the identifier that it stands for."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING

from store.errors import IncompleteQueryError, QuerySyntaxError, shown
from store.identifiers import read_identifier
from store.query.nodes import Everything, IdIs, Like, Node
from store.query.words import (
    LARGEST_DISTANCE,
    SHORTEST_FUZZY,
    USUAL_DISTANCE,
    Fuzzy,
    Near,
    Phrase,
    Prefix,
    Term,
    TextLeaf,
    is_bare_identifier,
)
from store.text import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.query.tokens import Token
    from store.text import Token as Word

_FIELD_BEGUN = re.compile(r"[a-z]+:")
_OWN_NUMBER = re.compile(r"paperdeck:[0-9]+")
_UNFINISHED = frozenset({"~", "~1"})
"""What a reader who writes a longer text, or a larger distance, comes past."""
_MOST_PARTS = 4
"""The parts of a longer word are not suggested one by one."""


def read_word(token: Token, *, is_negated: bool) -> Node | None:
    """Return what a token without a field is; None where there is nothing to search for in it."""
    if not token.is_quoted:
        if token.is_growing and _FIELD_BEGUN.fullmatch(token.text):
            raise IncompleteQueryError(f"'{token.text}' has no value yet", token.column)
        if token.text == "*":
            return Everything()
        if is_bare_identifier(token.text):
            return read_id(token)
    if not _has_words(token.without_near):
        return None
    return _leaf(token, "", is_negated=is_negated)


def read_text(token: Token, field: str, *, is_negated: bool) -> TextLeaf:
    """Return the words that a token looks for in `field`."""
    if not _has_words(token.without_near):
        raise QuerySyntaxError("there is no letter or digit to look for", token.text_column)
    return _leaf(token, field, is_negated=is_negated)


def read_id(token: Token) -> IdIs:
    """Return the identifier that a token holds."""
    text = _identifier_of(token)
    if token.is_growing and not _is_known(text):
        raise IncompleteQueryError(f"'{shown(text)}' is no identifier yet", token.text_column)
    return IdIs(text)


def read_like(token: Token) -> Like:
    """Return the papers that are like that with the identifier that a token holds."""
    text = _identifier_of(token)
    if not _is_known(text):
        kind = IncompleteQueryError if token.is_growing else QuerySyntaxError
        raise kind(
            f"'{shown(text)}' is no identifier: write an arXiv id, a DOI or a paper's address",
            token.text_column,
        )
    return Like(text)


def refuse_nearness(token: Token) -> None:
    """Raise `QuerySyntaxError` for a `~` behind the quoted value of a field without words."""
    if token.is_quoted and token.near:
        raise QuerySyntaxError(
            f"'{token.field}:' looks for no words that could be near: leave '{token.near}' out",
            token.near_column,
        )


def words_of(text: str) -> Iterator[Word]:
    """Yield the words of a leaf's text in order, a compound one by its parts."""
    return (word for word in tokens(_composed(text)) if not word.is_compound)


def _leaf(token: Token, field: str, *, is_negated: bool) -> TextLeaf:
    if token.near:
        return _near_leaf(token, field, is_negated=is_negated)
    text = _composed(token.text)
    if token.is_quoted:
        return Phrase(" ".join(text.split()), field)
    if text.endswith("*"):
        return Prefix(text.rstrip("*"), field)
    if token.is_growing and not is_negated:
        return Prefix(text, field, is_typed=True)
    return Term(text, field)


def _near_leaf(token: Token, field: str, *, is_negated: bool) -> TextLeaf:
    try:
        if token.is_quoted:
            return _read_near(token, field)
        return _read_fuzzy(token, field, is_negated=is_negated)
    except QuerySyntaxError as error:
        if token.is_growing and token.near in _UNFINISHED:
            raise IncompleteQueryError(error.message, error.column) from error
        raise


def _read_near(token: Token, field: str) -> Near:
    text = " ".join(_composed(token.text).split())
    first, *others = islice(words_of(text), 2)
    if not others:
        is_fuzzy = len(first.term) >= SHORTEST_FUZZY
        raise QuerySyntaxError(
            "'~' behind a quotation looks for words near each other, of which this has one;"
            " a fuzzy word has no quotes",
            token.column,
            suggestion=str((Fuzzy if is_fuzzy else Phrase)(text, field)),
        )
    number = token.near[1:].lstrip("0") or token.near[1:2]
    distance = int(number[:4]) if number else USUAL_DISTANCE
    if not 1 <= distance <= LARGEST_DISTANCE:
        raise QuerySyntaxError(
            f"words are near within 1 to {LARGEST_DISTANCE} words of each other",
            token.near_column,
            suggestion=f"~{LARGEST_DISTANCE if distance else 1}",
        )
    return Near(text, distance, field)


def _read_fuzzy(token: Token, field: str, *, is_negated: bool) -> Fuzzy:
    text = _composed(token.without_near)
    words = tuple(islice(words_of(text), _MOST_PARTS + 1))
    if text.endswith("*"):
        raise QuerySyntaxError(
            "'*' stands behind the beginning of a word, and '~' behind a whole one: not both",
            token.column,
            suggestion=str(Prefix(text.rstrip("*"), field)),
        )
    if len(words) > 1:
        raise QuerySyntaxError(
            "'~' makes a single word fuzzy: write the parts of this one apart",
            token.column,
            suggestion=_apart(text, words, field, is_negated=is_negated),
        )
    if len(words[0].term) < SHORTEST_FUZZY:
        raise QuerySyntaxError(
            f"'~' makes a word fuzzy that has {SHORTEST_FUZZY} characters or more",
            token.column,
            suggestion=str(Term(text, field)),
        )
    if token.near not in _UNFINISHED:
        raise QuerySyntaxError(
            "a fuzzy word is one edit away, and takes no number", token.near_column, suggestion="~"
        )
    return Fuzzy(text, field)


def _apart(text: str, words: tuple[Word, ...], field: str, *, is_negated: bool) -> str:
    """Return a query of these parts of a word, each fuzzy that can be, or else of the word."""
    if is_bare_identifier(text) and not field:
        return text
    if len(words) > _MOST_PARTS:
        return str(Term(text, field))
    leaves = [
        (Fuzzy if len(word.term) >= SHORTEST_FUZZY else Term)(text[word.start : word.end], field)
        for word in words
    ]
    if not any(isinstance(leaf, Fuzzy) for leaf in leaves):
        return str(Term(text, field))
    apart = " ".join(map(str, leaves))
    return f"({apart})" if is_negated else apart


def _identifier_of(token: Token) -> str:
    # A quote belongs to no identifier, and could not be printed beside a parenthesis.
    text = token.text.replace('"', "").strip()
    if not text:
        raise QuerySyntaxError("there is no identifier in it", token.text_column)
    return text


def _is_known(text: str) -> bool:
    return read_identifier(text) is not None or _OWN_NUMBER.fullmatch(text) is not None


def _has_words(text: str) -> bool:
    return next(words_of(text), None) is not None


def _composed(text: str) -> str:
    # As the texts of records are: a keyboard may send an accent by itself, which is no letter.
    return unicodedata.normalize("NFC", text)

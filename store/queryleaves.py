"""From one token of the search language to the words or the identifier that it stands for."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from store.errors import IncompleteQueryError, QuerySyntaxError
from store.identifiers import read_identifier
from store.query import Everything, IdIs, Node, Phrase, Prefix, Term, TextLeaf, is_bare_identifier
from store.text import tokens

if TYPE_CHECKING:
    from store.querytokens import Token

_FIELD_BEGUN = re.compile(r"[a-z]+:")


def read_word(token: Token, *, is_negated: bool) -> Node | None:
    """Return what a token without a field is; None where there is nothing to search for in it."""
    if not token.is_quoted:
        if token.is_growing and _FIELD_BEGUN.fullmatch(token.text):
            raise IncompleteQueryError(f"'{token.text}' has no value yet", token.column)
        if token.text == "*":
            return Everything()
        if is_bare_identifier(token.text):
            return read_id(token)
        refuse_nearness(token)
    return _leaf(token, "", is_negated=is_negated) if _has_words(token.text) else None


def read_text(token: Token, field: str, *, is_negated: bool) -> TextLeaf:
    """Return the words that a token looks for in `field`."""
    if not _has_words(token.text):
        raise QuerySyntaxError("there is no letter or digit to look for", token.text_column)
    return _leaf(token, field, is_negated=is_negated)


def read_id(token: Token) -> IdIs:
    """Return the identifier that a token holds."""
    # A quote belongs to no identifier, and could not be printed beside a parenthesis.
    text = token.text.replace('"', "").strip()
    if not text:
        raise QuerySyntaxError("there is no identifier in it", token.text_column)
    is_known = read_identifier(text) is not None or re.fullmatch(r"paperdeck:[0-9]+", text)
    if token.is_growing and not is_known:
        raise IncompleteQueryError(f"'{text}' is no identifier yet", token.text_column)
    return IdIs(text)


def refuse_nearness(token: Token) -> None:
    """Raise `QuerySyntaxError` for a `~` behind a word or a quotation."""
    if token.near_column:
        raise QuerySyntaxError(
            "nearness and fuzzy search ('~') are not there yet: leave it out",
            token.near_column,
        )


def _leaf(token: Token, field: str, *, is_negated: bool) -> TextLeaf:
    text = _composed(token.text)
    if token.is_quoted:
        return Phrase(" ".join(text.split()), field)
    if text.endswith("*") or (token.is_growing and not is_negated):
        return Prefix(text.rstrip("*"), field)
    return Term(text, field)


def _has_words(text: str) -> bool:
    return next(tokens(_composed(text)), None) is not None


def _composed(text: str) -> str:
    # As the texts of records are: a keyboard may send an accent by itself, which is no letter.
    return unicodedata.normalize("NFC", text)

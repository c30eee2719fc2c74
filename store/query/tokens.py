"""The tokens of the search language: parentheses, operators, and words with field and quotes."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from store.errors import QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TOKEN = re.compile(
    r"""
    (?P<sign> [()] | -(?=[^\s)]) )
    # An address runs on through the parentheses that older DOIs have.
    | (?: (?P<named> id|like ) : )?
      (?P<address> (?ai:https?://|arxiv:|doi:|10\.\d{4,9}/)[^\s()] (?:[^\s()]|\([^\s()]*\))* )
    | (?: (?P<field> (?!https?:|arxiv:|doi:)[a-z]+ ) : (?=[^\s)]) )?
      (?: "(?P<quoted> [^"]* )(?P<closing> "? )(?P<near> ~[0-9]*(?![^\s()]) )?
        | (?P<bare> [^\s()]+ | (?=\() ) )
    """,
    re.VERBOSE,
)
# It stands right behind a word: `~5` alone is one itself.
_NEARNESS = re.compile(r"(?<=[^\s():~-])~[0-9]*\Z")
_JOINERS = "\u200c\u200d"


class Kind(Enum):
    """What a token does."""

    OPEN = "("
    CLOSE = ")"
    NOT = "NOT"
    AND = "AND"
    OR = "OR"
    TEXT = "text"
    END = "end"


OPERATORS = {kind.value: kind for kind in (Kind.NOT, Kind.AND, Kind.OR)}
"""The words that join what is beside them, or negate what follows."""

_SIGNS = {"(": Kind.OPEN, ")": Kind.CLOSE, "-": Kind.NOT}


class Token(NamedTuple):
    """One token, at its column (counted from 1 in characters)."""

    kind: Kind
    source: str
    """As it is written, field and quotes included."""
    column: int
    text: str = ""
    """A text's word or value, without quotes; a word's `~` is part of it."""
    text_column: int = 0
    field: str | None = None
    is_quoted: bool = False
    is_address: bool = False
    is_growing: bool = False
    """Whether the reader may be writing it just now."""
    near: str = ""
    """The `~` or `~5` at the end of a word, or right behind a quoted text."""

    @property
    def near_column(self) -> int:
        """Where `near` begins."""
        return self.column + len(self.source) - len(self.near)

    @property
    def without_near(self) -> str:
        """The text without its `~`."""
        return self.text if self.is_quoted else self.text.removesuffix(self.near)


def split(text: str, *, typing: bool) -> Iterator[Token]:
    """Yield the tokens of `text` and an end.

    Raises `QuerySyntaxError` for an open quote, except in `typing`, when it closes itself.
    """
    text = _plain(text)
    for match in _TOKEN.finditer(text):
        source, column = match.group(), match.start() + 1
        kind = _SIGNS.get(source) if match["sign"] else OPERATORS.get(source)
        if kind:
            yield Token(kind, source, column)
            continue
        group = next(name for name in ("address", "quoted", "bare") if match[name] is not None)
        if match["closing"] == "" and not typing:
            raise QuerySyntaxError(
                "the quote is not closed", match.start("quoted"), suggestion=f'{source}"'
            )
        yield Token(
            Kind.TEXT,
            source,
            column,
            text=match[group],
            text_column=match.start(group) + 1,
            field=match["field"] or match["named"],
            is_quoted=group == "quoted",
            is_address=group == "address",
            is_growing=_is_growing(match) and typing,
            near=_near(match),
        )
    yield Token(Kind.END, "", len(text) + 1)


def without_open_operators(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield the tokens but for operators at the end, which wait for what they join."""
    waiting: list[Token] = []
    for token in tokens:
        if token.kind in OPERATORS.values():
            waiting.append(token)
            continue
        if token.kind is not Kind.END:
            yield from waiting
        waiting.clear()
        yield token


def _plain(text: str) -> str:
    """Return `text` with blanks for the characters that no stored text has; columns stay."""
    if text.isprintable():
        return text
    return "".join(
        " " if unicodedata.category(char)[0] == "C" and char not in _JOINERS else char
        for char in text
    )


def _is_growing(match: re.Match[str]) -> bool:
    # What follows a closing quote is the number of its `~` alone.
    is_open = not match["closing"] or match["near"] is not None
    return is_open and match.end() == len(match.string)


def _near(match: re.Match[str]) -> str:
    if not match["bare"]:
        return match["near"] or ""
    near = _NEARNESS.search(match.string, match.start("bare"), match.end())
    return near.group() if near else ""

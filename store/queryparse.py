"""The search language: from what a reader writes to a `store.query.Query`.

    any      = all {"OR" all}
    all      = negated {["AND"] negated}
    negated  = {"NOT" | "-"} operand
    operand  = "(" [any] ")" | [field ":"] (word | quoted)

Operators are upper case, and fields lower case: titles, which readers paste, are full of words
such as `BERT:large`, `Title:` and `16:9`. A part in which there is nothing to search for, such as
`&` or `()`, is left out; with nothing left, the query finds everything. What `parse` returns
prints as a text that parses to an equal query.

The column of an error is that of the text at fault, and its suggestion can take that text's place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from store.errors import IncompleteQueryError, QuerySyntaxError
from store.identifiers import read_identifier
from store.query import (
    TEXT_FIELDS,
    And,
    Everything,
    IdIs,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Query,
    Sort,
    Term,
    is_bare_identifier,
)
from store.queryfields import (
    FIELD_NAMES,
    could_become_valid,
    read_field,
    read_sort,
    unknown_field,
)
from store.querytokens import OPERATORS, Kind, Token, split
from store.text import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

DEEPEST_NESTING = 20
"""Parentheses may stand in each other this deep; SQLite's parser can take little more."""
MOST_OPERANDS = 400
"""Words and fields of a query, each name of a `tag:` counted.

SQLite takes expressions that are 1,000 deep, and counts the names twice: for the whole and for
the part of it that looks them up.
"""

_FIELD_BEGUN = re.compile(r"[a-z]+:")
_CONNECTIVES = {
    "or": "write OR for either",
    "and": "words need no AND between them",
    "not": "write NOT or '-' before a word to leave it out",
}
_BEGINS_OPERAND = frozenset({Kind.OPEN, Kind.NOT, Kind.TEXT})


def parse(text: str, *, today: date, typing: bool = False) -> Query:
    """Return the query that `text` is, with relative days counted from `today`.

    With `typing` the text is unfinished: its last word is a prefix until a blank follows it (not
    after NOT, where one letter would hide nearly everything), quotes and parentheses close
    themselves, and an operator at the end waits. Raises `QuerySyntaxError`, and in its place
    `IncompleteQueryError` where a field at the end of a text in typing has no valid value yet.
    """
    return _Parser(split(text, typing=typing), today, typing=typing).query()


def hints(text: str) -> tuple[str, ...]:
    """Return remarks, if any, on words of `text` that look like operators or fields but are not."""
    found: dict[str, None] = {}
    for token in split(text, typing=True):
        name, colon, value = token.text.partition(":")
        if token.kind is not Kind.TEXT or token.is_quoted or token.field:
            continue
        if token.text in _CONNECTIVES:
            found[f"'{token.text}' is searched as a word; {_CONNECTIVES[token.text]}"] = None
        elif colon and name in FIELD_NAMES and not value:
            found[f"'{token.text}' is searched as a word; a field's value follows at once"] = None
        elif colon and value and name not in FIELD_NAMES and name.lower() in FIELD_NAMES:
            found[f"'{token.text}' is searched as words; the field is '{name.lower()}:'"] = None
    return tuple(found)


class _Parser:
    """The grammar, one method for each of its lines."""

    def __init__(self, written: Iterable[Token], today: date, *, typing: bool) -> None:
        self._tokens = list(written)
        self._today = today
        self._typing = typing
        self._at = 0
        self._depth = 0
        self._signs = 0
        self._operands = 0
        self._sort: Sort | None = None
        self._sort_column = 0
        while typing and len(self._tokens) > 1 and self._tokens[-2].kind in OPERATORS.values():
            del self._tokens[-2]

    def query(self) -> Query:
        node = None if self._next.kind is Kind.END else self._any()
        if self._next.kind is not Kind.END:
            raise QuerySyntaxError("no parenthesis is open here", self._next.column)
        return Query(Everything() if node is None else node, self._sort)

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self, kind: Kind) -> bool:
        is_next = self._next.kind is kind
        self._at += is_next
        return is_next

    def _any(self) -> Node | None:
        nodes = [self._all()]
        while self._take(Kind.OR):
            nodes.append(self._all())
        if len(nodes) > 1 and not self._depth and self._sort:
            raise QuerySyntaxError(
                "'sort:' orders the whole result: put what is joined by OR in parentheses",
                self._sort_column,
            )
        return _any_of(nodes)

    def _all(self) -> Node | None:
        nodes = [self._negated()]
        while self._take(Kind.AND) or self._next.kind in _BEGINS_OPERAND:
            nodes.append(self._negated())
        return _all_of(nodes)

    def _negated(self) -> Node | None:
        signs = 0
        while self._take(Kind.NOT):
            signs += 1
        self._signs += signs
        node = self._operand()
        self._signs -= signs
        return _none_of(node) if signs % 2 else node

    def _operand(self) -> Node | None:
        token = self._next
        if self._take(Kind.OPEN):
            return self._group(token)
        if self._take(Kind.TEXT):
            return self._text(token)
        if token.kind not in OPERATORS.values() and self._at:
            token = self._tokens[self._at - 1]
        if token.kind is Kind.CLOSE:
            raise QuerySyntaxError("no parenthesis is open here", token.column)
        beside = "after it" if token.kind is Kind.NOT else "on both sides"
        raise QuerySyntaxError(
            f"'{token.source}' needs something {beside}, or quotes to be a word itself",
            token.column,
            suggestion=f'"{token.source}"',
        )

    def _group(self, opening: Token) -> Node | None:
        if self._depth == DEEPEST_NESTING:
            raise QuerySyntaxError(
                f"parentheses stand in each other more than {DEEPEST_NESTING} deep", opening.column
            )
        self._depth += 1
        node = None if self._next.kind in {Kind.CLOSE, Kind.END} else self._any()
        self._depth -= 1
        if not self._take(Kind.CLOSE) and not self._typing:
            raise QuerySyntaxError("the parenthesis is not closed", opening.column)
        return node

    def _text(self, token: Token) -> Node | None:
        self._count(token, 1)
        if token.is_address:
            return _identifier(token)
        if token.field is None:
            return self._word(token)
        name = FIELD_NAMES.get(token.field)
        if name is None:
            raise unknown_field(token.field, token.source, token.column)
        if name in TEXT_FIELDS:
            _refuse_nearness(token)
        if name == "tag":
            self._count(token, token.text.count(","))
        try:
            return self._field(name, token)
        except QuerySyntaxError as error:
            if token.is_growing and could_become_valid(name, token.text, today=self._today):
                raise IncompleteQueryError(error.message, error.column) from error
            raise

    def _count(self, token: Token, operands: int) -> None:
        self._operands += operands
        if self._operands > MOST_OPERANDS:
            raise QuerySyntaxError(
                f"a query has {MOST_OPERANDS} words, fields and tags at the most: end it here",
                token.column,
            )

    def _word(self, token: Token) -> Node | None:
        if not token.is_quoted:
            if token.is_growing and _FIELD_BEGUN.fullmatch(token.text):
                raise IncompleteQueryError(f"'{token.text}' has no value yet", token.column)
            if token.text == "*":
                return Everything()
            if is_bare_identifier(token.text):
                return _identifier(token)
            _refuse_nearness(token)
        return self._leaf(token, "") if _has_words(token.text) else None

    def _leaf(self, token: Token, field: str) -> Node:
        if token.is_quoted:
            return Phrase(" ".join(token.text.split()), field)
        if token.text.endswith("*") or (token.is_growing and self._signs % 2 == 0):
            return Prefix(token.text.rstrip("*"), field)
        return Term(token.text, field)

    def _field(self, name: str, token: Token) -> Node | None:
        if not token.text.strip():
            raise QuerySyntaxError(
                f"'{token.field}:' needs a value, in quotes if it has blanks or parentheses",
                token.text_column,
            )
        if name in TEXT_FIELDS:
            if _has_words(token.text):
                return self._leaf(token, name)
            raise QuerySyntaxError("there is no letter or digit to look for", token.text_column)
        if name == "id":
            return _identifier(token)
        # Blanks at the beginning of a quoted value count for its column.
        value = token.text.strip()
        column = token.text_column + token.text.index(value[0])
        if name == "sort":
            self._set_sort(read_sort(value, column=column), token.column)
            return None
        return read_field(name, value, column=column, today=self._today)

    def _set_sort(self, sort: Sort, column: int) -> None:
        if self._depth or self._signs:
            raise QuerySyntaxError(
                "'sort:' orders the whole result: it stands outside parentheses, and not after NOT",
                column,
            )
        if self._sort:
            raise QuerySyntaxError("there is one 'sort:' already", column)
        self._sort, self._sort_column = sort, column


def _any_of(nodes: Sequence[Node | None]) -> Node | None:
    parts = _parts(nodes, Or)
    if Everything() in parts:
        return Everything()
    return Or(parts) if len(parts) > 1 else next(iter(parts), None)


def _all_of(nodes: Sequence[Node | None]) -> Node | None:
    parts = _parts(nodes, And)
    if len(parts) > 1:
        parts = tuple(node for node in parts if node != Everything())
    return And(parts) if len(parts) > 1 else next(iter(parts), None)


def _parts(nodes: Sequence[Node | None], joint: type[And | Or]) -> tuple[Node, ...]:
    """Return each node once, those of a `joint` among them in its place."""
    parts: dict[Node, None] = {}
    for node in nodes:
        if isinstance(node, joint):
            parts.update(dict.fromkeys(node.nodes))
        elif node is not None:
            parts[node] = None
    return tuple(parts)


def _none_of(node: Node | None) -> Node | None:
    if node is None:
        return None
    return node.node if isinstance(node, Not) else Not(node)


def _has_words(text: str) -> bool:
    return next(tokens(text), None) is not None


def _refuse_nearness(token: Token) -> None:
    if token.near_column:
        raise QuerySyntaxError(
            "nearness and fuzzy search ('~') are not there yet: leave it out",
            token.near_column,
        )


def _identifier(token: Token) -> IdIs:
    # A quote belongs to no identifier, and could not be printed beside a parenthesis.
    text = token.text.replace('"', "").strip()
    if not text:
        raise QuerySyntaxError("there is no identifier in it", token.text_column)
    is_known = read_identifier(text) is not None or re.fullmatch(r"paperdeck:[0-9]+", text)
    if token.is_growing and not is_known:
        raise IncompleteQueryError(f"'{text}' is no identifier yet", token.text_column)
    return IdIs(text)

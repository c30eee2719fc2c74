"""The search language: from what a reader writes to a `store.query.nodes.Query`.

    any      = all {"OR" all}
    all      = negated {["AND"] negated}
    negated  = {"NOT" | "-"} operand
    operand  = "(" [any] ")" | [field ":"] (word | quoted) ["~" [number]]

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
from store.query.fields import (
    FIELD_NAMES,
    could_become_valid,
    read_field,
    read_sort,
    unknown_field,
)
from store.query.forms import all_of, any_of, none_of
from store.query.leaves import read_id, read_like, read_text, read_word, refuse_nearness
from store.query.limits import LIKE, OPERANDS, Allowance
from store.query.nodes import And, Everything, InView, Node, Query, Sort
from store.query.tokens import OPERATORS, Kind, Token, split, without_open_operators
from store.query.views import NO_VIEWS, ViewShelf, error_in_view
from store.query.words import TEXT_FIELDS, TextLeaf
from store.text import fold_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

DEEPEST_NESTING = 20
"""Parentheses and views may stand in each other this deep; SQLite's parser takes little more."""

_CONNECTIVES = {
    "or": "write OR for either",
    "and": "words need no AND between them",
    "not": "write NOT or '-' before a word to leave it out",
}
_DISTANCE = re.compile(r"~[0-9]+")
_BEGINS_OPERAND = frozenset({Kind.OPEN, Kind.NOT, Kind.TEXT})


def parse(
    text: str, *, today: date, typing: bool = False, views: Mapping[str, str] = NO_VIEWS
) -> Query:
    """Return the query that `text` is, with relative days counted from `today`.

    `views` are the texts of the saved views by name, which is matched without case. The order of
    a view that the whole query lies within holds where the query names none itself.

    With `typing` the text is unfinished: its last word is a prefix until a blank follows it (not
    after NOT, where one letter would hide nearly everything), quotes and parentheses close
    themselves, and an operator at the end waits. Raises `QuerySyntaxError`, and in its place
    `IncompleteQueryError` where a field at the end of a text in typing has no valid value yet.
    """
    return _Parser(split(text, typing=typing), today, ViewShelf(views), typing=typing).query()


def parse_view(name: str, text: str, *, today: date, views: Mapping[str, str] = NO_VIEWS) -> Query:
    """Return the query that `text` is as that of the view `name`, which need not be saved yet.

    Raises `QuerySyntaxError`, also where the view would contain itself.
    """
    shelf = ViewShelf({**views, name: text}).within(name, column=1)
    return _Parser(split(text, typing=False), today, shelf).query()


def hints(text: str) -> tuple[str, ...]:
    """Return remarks, if any, on words of `text` that look like operators or fields but are not."""
    found: dict[str, None] = {}
    for token in split(text, typing=True):
        name, colon, value = token.text.partition(":")
        if token.kind is not Kind.TEXT or token.is_quoted or token.field:
            continue
        if _DISTANCE.fullmatch(token.text):
            found[f"'{token.text}' is searched as a word; nearness follows a quote at once"] = None
        elif token.text in _CONNECTIVES:
            found[f"'{token.text}' is searched as a word; {_CONNECTIVES[token.text]}"] = None
        elif colon and name in FIELD_NAMES and not value:
            found[f"'{token.text}' is searched as a word; a field's value follows at once"] = None
        elif colon and value and name not in FIELD_NAMES and name.lower() in FIELD_NAMES:
            found[f"'{token.text}' is searched as words; the field is '{name.lower()}:'"] = None
    return tuple(found)


def views_in(text: str) -> frozenset[str]:
    """Return the folded names of the views that `text` itself names, whether it can be read."""
    return frozenset(
        fold_case(token.text.strip())
        for token in split(text, typing=True)
        if token.field is not None and FIELD_NAMES.get(token.field) == "view"
    )


class _Parser:
    """The grammar, one method for each of its lines."""

    def __init__(
        self,
        written: Iterable[Token],
        today: date,
        shelf: ViewShelf,
        *,
        typing: bool = False,
        levels: int = 0,
        allowance: Allowance | None = None,
    ) -> None:
        self._tokens = without_open_operators(written) if typing else iter(written)
        self._next = next(self._tokens)
        self._last = self._next
        """The token that was taken last; at first the one to come."""
        self._today = today
        self._shelf = shelf
        self._typing = typing
        self._levels = levels
        """Of parentheses and views around the text."""
        self._allowance = allowance or Allowance()
        """What was asked for before the text is counted there too."""
        self._depth = 0
        self._signs = 0
        self._sort: Sort | None = None
        self._sort_column = 0
        self._view_sorts: dict[str, Sort | None] = {}

    def query(self) -> Query:
        node = None if self._next.kind is Kind.END else self._any()
        if self._next.kind is not Kind.END:
            raise QuerySyntaxError("no parenthesis is open here", self._next.column)
        sort = self._sort or self._sort_of_views(node)
        return Query(Everything() if node is None else node, sort)

    def _take(self, kind: Kind) -> bool:
        is_next = self._next.kind is kind
        if is_next:
            self._last, self._next = self._next, next(self._tokens, self._next)
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
        return any_of(nodes)

    def _all(self) -> Node | None:
        nodes = [self._negated()]
        while self._take(Kind.AND) or self._next.kind in _BEGINS_OPERAND:
            nodes.append(self._negated())
        return all_of(nodes)

    def _negated(self) -> Node | None:
        signs = 0
        while self._take(Kind.NOT):
            signs += 1
        self._signs += signs
        node = self._operand()
        self._signs -= signs
        return none_of(node) if signs % 2 else node

    def _operand(self) -> Node | None:
        token = self._next
        if self._take(Kind.OPEN):
            return self._group(token)
        if self._take(Kind.TEXT):
            return self._text(token)
        if token.kind not in OPERATORS.values():
            token = self._last
        if token.kind is Kind.CLOSE:
            raise QuerySyntaxError("no parenthesis is open here", token.column)
        beside = "after it" if token.kind is Kind.NOT else "on both sides"
        raise QuerySyntaxError(
            f"'{token.source}' needs something {beside}, or quotes to be a word itself",
            token.column,
            suggestion=f'"{token.source}"',
        )

    def _group(self, opening: Token) -> Node | None:
        self._refuse_depth(opening)
        self._depth += 1
        node = None if self._next.kind in {Kind.CLOSE, Kind.END} else self._any()
        self._depth -= 1
        if not self._take(Kind.CLOSE) and not self._typing:
            raise QuerySyntaxError("the parenthesis is not closed", opening.column)
        return node

    def _refuse_depth(self, opening: Token) -> None:
        if self._levels + self._depth >= DEEPEST_NESTING:
            raise QuerySyntaxError(
                f"parentheses and views stand in each other more than {DEEPEST_NESTING} deep",
                opening.column,
            )

    def _text(self, token: Token) -> Node | None:
        self._allowance.take(OPERANDS, token.column)
        if token.is_address:
            return self._like(token) if token.field == "like" else read_id(token)
        if token.field is None:
            return self._counted(token, read_word(token, is_negated=self._signs % 2 == 1))
        name = FIELD_NAMES.get(token.field)
        if name is None:
            raise unknown_field(token.field, token.source, token.column)
        if name in TEXT_FIELDS and token.near:
            return self._field(name, token)  # what is wrong with it more characters do not mend
        refuse_nearness(token)
        if name == "tag":
            self._allowance.take(OPERANDS, token.column, token.text.count(","))
        try:
            return self._field(name, token)
        except QuerySyntaxError as error:
            if token.is_growing and self._could_become_valid(name, token.text):
                raise IncompleteQueryError(error.message, error.column) from error
            raise

    def _counted(self, token: Token, node: Node | None) -> Node | None:
        """Return the node of a token, each word of a text counted: all of them are looked up."""
        if isinstance(node, TextLeaf):
            self._allowance.take_text(node, token, is_excluded=self._signs > 0)
        return node

    def _like(self, token: Token) -> Node:
        self._allowance.take(LIKE, token.column)
        return read_like(token)

    def _could_become_valid(self, name: str, value: str) -> bool:
        if name == "view":
            return self._shelf.has_beginning(value)
        return could_become_valid(name, value, today=self._today)

    def _field(self, name: str, token: Token) -> Node | None:
        if not token.text.strip():
            raise QuerySyntaxError(
                f"'{token.field}:' needs a value behind it, in quotes if it has blanks: a group"
                " in parentheses can't follow",
                token.text_column,
            )
        if name in TEXT_FIELDS:
            node = read_text(token, name, is_negated=self._signs % 2 == 1)
            return self._counted(token, node)
        if name in {"id", "like"}:
            return read_id(token) if name == "id" else self._like(token)
        # Blanks at the beginning of a quoted value count for its column.
        value = token.text.strip()
        column = token.text_column + token.text.index(value[0])
        if name == "sort":
            self._set_sort(read_sort(value, column=column), token.column)
            return None
        if name == "view":
            return self._view(self._shelf.name_of(value, column=column), token)
        return read_field(name, value, column=column, today=self._today)

    def _view(self, name: str, token: Token) -> Node:
        self._refuse_depth(token)
        try:
            parser = _Parser(
                split(self._shelf.texts[name], typing=False),
                self._today,
                self._shelf.within(name, column=token.column),
                levels=self._levels + self._depth + 1,
                allowance=self._allowance,
            )
            query = parser.query()
        except QuerySyntaxError as error:
            raise error_in_view(name, error, column=token.column) from error
        self._view_sorts[name] = query.sort
        return InView(name, query.node)

    def _sort_of_views(self, node: Node | None) -> Sort | None:
        """Return the order of the first view that all of the result lies within and that has one.

        It follows from the node alone, however many parentheses are written, so that a query
        prints as itself.
        """
        nodes = node.nodes if isinstance(node, And) else (node,)
        sorts = (self._view_sorts[n.name] for n in nodes if isinstance(n, InView))
        return next(filter(None, sorts), None)

    def _set_sort(self, sort: Sort, column: int) -> None:
        if self._depth or self._signs:
            raise QuerySyntaxError(
                "'sort:' orders the whole result: it stands outside parentheses, and not after NOT",
                column,
            )
        if self._sort:
            raise QuerySyntaxError("there is one 'sort:' already", column)
        self._sort, self._sort_column = sort, column

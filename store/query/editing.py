"""Changing what a reader has written as a query, leaving the rest as it is written."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from store.errors import QuerySyntaxError
from store.query.fields import FIELD_NAMES
from store.query.forms import settled
from store.query.tokens import Kind, Token, split

if TYPE_CHECKING:
    from store.query.nodes import Query, Sort


class Parse(Protocol):
    """Reads a query, as `Library.parse` does."""

    def __call__(self, text: str, *, typing: bool) -> Query:
        """Return the query; `typing` says that the reader has not finished it."""


def with_sort(text: str, sort: Sort | None) -> str:
    """Return the query `text` in another order, or with None in its usual one."""
    rest = _without_sort(text)
    if sort is None:
        return rest
    return f"{_as_operand(rest)} sort:{sort.value}".strip()


def reordered(text: str, sort: Sort | None, parse: Parse) -> str:
    """Return a query that is being written in another order, finding the same.

    The order stands before a last word whose other forms are found too while it is typed. `parse`
    reads it as of today. Raises `QuerySyntaxError` as `finished` does.
    """
    wanted = replace(parse(_without_sort(text), typing=True), sort=sort)
    usual = with_sort(text, sort)
    ahead = f"sort:{sort.value} {_without_sort(text)}" if sort else usual
    for whole in (usual, ahead):
        with suppress(QuerySyntaxError):
            if parse(whole, typing=True) == wanted:
                return whole
    return with_sort(finished(text, parse), sort)


def narrowing(text: str) -> str:
    """Return the query `text` so that words written behind it narrow its result.

    What finds everything is narrowed by the words alone.
    """
    operand = _as_operand(text)
    return "" if operand in {"", "*"} else f"{operand} "


def finished(text: str, parse: Parse) -> str:
    """Return a query that is being written as one that means the same once it is not.

    Its last word stays a prefix, beside its other forms where it has any, and its open quote is
    closed. `parse` reads it as of today. Raises `QuerySyntaxError` for a text that is no query even
    while it is written.
    """
    query = parse(text, typing=True)
    query = replace(query, node=settled(query.node))
    word = next((token.source for token in split(text, typing=True) if token.is_growing), "")
    before = text[: len(text) - len(word)]
    for whole in (text, f"{text}*", f'{text}"', f"{before}({word} OR {word}*)"):
        with suppress(QuerySyntaxError):
            if parse(whole, typing=False) == query:
                return whole
    return str(query)


def _without_sort(text: str) -> str:
    kept = text
    for token in reversed(list(split(text, typing=True))):
        if token.field is not None and FIELD_NAMES.get(token.field) == "sort":
            start = token.column - 1
            kept = f"{kept[:start].rstrip()} {kept[start + len(token.source) :].lstrip()}"
    return kept.strip()


def _as_operand(text: str) -> str:
    """Return `text`, its open quote closed, in parentheses where words beside it would not do."""
    tokens = list(split(text, typing=True))
    closed = text.strip()
    if tokens[-1:] and _has_open_quote(tokens):
        closed += '"'
    return f"({closed})" if _joins_at_top(tokens) else closed


def _has_open_quote(tokens: list[Token]) -> bool:
    last = tokens[-2] if len(tokens) > 1 else None
    return last is not None and last.is_quoted and last.source.count('"') == 1


def _joins_at_top(tokens: list[Token]) -> bool:
    depth = 0
    for token in tokens:
        depth += (token.kind is Kind.OPEN) - (token.kind is Kind.CLOSE)
        if token.kind is Kind.OR and depth <= 0:
            return True
    return False

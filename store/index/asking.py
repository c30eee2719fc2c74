"""From the words of a query to what the index is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.engine import nodes
from store.engine.nodes import Match
from store.index.fields import ALL_TEXT, NAMES, class_of
from store.query import nodes as q
from store.query.words import Fuzzy, Near, Phrase, Prefix, Term, TextLeaf
from store.text import tokens
from store.texts.commonwords import telling

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHORT = 2
"""The beginning of a word that has no more characters finds papers, and does not rank them."""


def node_of(node: q.Node) -> nodes.Node | None:
    """Return what `node`, for which `is_text` holds, asks for; None where it finds nothing."""
    match node:
        case Prefix(text, field, is_typed=True) if _is_compound(text):
            # Its beginning is no run of words yet, and the whole of it has to find these too.
            return _any_of([run_of(node), run_of(Term(text, field))])
        case Term() | Phrase() | Near() | Prefix() | Fuzzy():
            return run_of(node)
        case q.Or(children):
            return _any_of(map(node_of, children))
        case q.And(children):
            return _all_of(children)
        case _:
            raise TypeError(node)


def run_of(leaf: TextLeaf) -> nodes.Run | None:
    """Return the words to look for; None where the text has no word at all.

    A compound word is looked for by its parts, so that `self-supervised` finds `self supervised`
    too. The beginning of one is looked for as a whole: `gpt-4*` finds `gpt-4o`.
    """
    field = leaf.field or ALL_TEXT
    found = list(tokens(leaf.text))
    parts = [token.term for token in found if not token.is_compound]
    match leaf:
        case Phrase():
            words = [_exact(part, field) for part in parts]
        case Fuzzy():
            words = [nodes.Word(field, part.encode(), Match.CLOSE) for part in parts]
        case Prefix():
            is_compound = bool(found) and found[0].is_compound
            if is_compound and len(parts) == len(found) - 1:
                parts = [found[0].term]
            words = [_by_stem(part, field) for part in parts]
            if words:
                words[-1] = _beginning(parts[-1], field, is_typed=leaf.is_typed)
        case _:
            words = [_by_stem(part, field) for part in parts]
    distance = leaf.distance if isinstance(leaf, Near) else 0
    return nodes.Run(tuple(words), distance) if words else None


def words_of(node: nodes.Node) -> list[nodes.Word]:
    """Return the words that documents are found for, in the order of the query."""
    match node:
        case nodes.Run(words):
            return list(words)
        case nodes.All(parts) | nodes.Any(parts):
            return [word for part in parts for word in words_of(part)]


def telling_words_of(children: Iterable[q.Node]) -> list[nodes.Word]:
    """Return the words of queries that may lack some, common ones left out, in their order."""
    leaves = [leaf for child in children for leaf in q.text_leaves(child)]
    told = set(telling([token.term for leaf in leaves for token in tokens(leaf.text)]))
    runs = (
        run_of(leaf) for leaf in leaves if any(token.term in told for token in tokens(leaf.text))
    )
    return [word for run in runs if run is not None for word in run.words]


def _any_of(parts: Iterable[nodes.Node | None]) -> nodes.Node | None:
    found = tuple(part for part in parts if part is not None)
    return nodes.Any(found) if len(found) > 1 else next(iter(found), None)


def _all_of(children: tuple[q.Node, ...]) -> nodes.Node | None:
    wanted: list[nodes.Node] = []
    excluded: list[nodes.Node] = []
    for child in children:
        if isinstance(child, q.Not):
            part = node_of(child.node)
            if part is not None:
                excluded.append(part)
            continue
        part = node_of(child)
        if part is None:
            return None
        wanted.append(part)
    return nodes.All(tuple(wanted), tuple(excluded))


def _is_compound(text: str) -> bool:
    return any(token.is_compound for token in tokens(text))


def _exact(part: str, field: str) -> nodes.Word:
    return nodes.Word(field, part.encode())


def _by_stem(part: str, field: str) -> nodes.Word:
    if field in NAMES:
        return _exact(part, field)
    return nodes.Word(field, class_of(part.encode()), Match.CLASS)


def _beginning(part: str, field: str, *, is_typed: bool) -> nodes.Word:
    text = part.encode()
    also = class_of(text) if is_typed and field not in NAMES else None
    return nodes.Word(field, text, Match.BEGINNING, also, is_scored=len(part) > _SHORT)

"""The normal form of a query's nodes: joined as flatly as can be, and freed of its views.

None stands for a part of a text in which there is nothing to search for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.query.nodes import And, Everything, InView, Node, Not, Or
from store.query.words import NAME_FIELDS, Prefix, Term
from store.text import tokens
from store.texts.stems import stem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_UNLIKE_ENDS = ("e", "i", "l")
"""How a stem ends that is no beginning of its words: `siz-ing`, `happ-y`, `possib-ility`."""


def any_of(nodes: Iterable[Node | None]) -> Node | None:
    """Return the node for what any of `nodes` finds."""
    parts = _parts(nodes, Or)
    if Everything() in parts:
        return Everything()
    return Or(parts) if len(parts) > 1 else next(iter(parts), None)


def all_of(nodes: Iterable[Node | None]) -> Node | None:
    """Return the node for what all of `nodes` find."""
    parts = _parts(nodes, And)
    if len(parts) > 1:
        parts = tuple(node for node in parts if node != Everything())
    return And(parts) if len(parts) > 1 else next(iter(parts), None)


def none_of(node: Node | None) -> Node | None:
    """Return the node for what `node` does not find."""
    if node is None:
        return None
    return node.node if isinstance(node, Not) else Not(node)


def expanded(node: Node) -> Node:
    """Return `node` with each view in it replaced by what the view finds."""

    def without_view(part: Node) -> Node | None:
        return expanded(part.node) if isinstance(part, InView) else part

    return rebuilt(node, without_view) or Everything()


def settled(node: Node) -> Node:
    """Return `node` as it means the same once none of its words is typed any more.

    Views have no such words.
    """
    return rebuilt(node, _settled) or Everything()


def rebuilt(node: Node, change: Callable[[Node], Node | None]) -> Node | None:
    """Return `node` with what `change` makes of each part of it that joins no others."""
    match node:
        case Not(child):
            return none_of(rebuilt(child, change))
        case And(nodes):
            return all_of(rebuilt(child, change) for child in nodes)
        case Or(nodes):
            return any_of(rebuilt(child, change) for child in nodes)
        case _:
            return change(node)


def _settled(part: Node) -> Node | None:
    if not isinstance(part, Prefix) or not part.is_typed:
        return part
    begun = Prefix(part.text, part.field)
    if part.field in NAME_FIELDS or not _has_forms(part.text):
        return begun
    return any_of([Term(part.text, part.field), begun])


def _has_forms(text: str) -> bool:
    """Tell whether words with the stems of those of `text` may begin in another way."""
    return any(
        stem(word.term) != word.term or word.term.endswith(_UNLIKE_ENDS) for word in tokens(text)
    )


def _parts(nodes: Iterable[Node | None], joint: type[And | Or]) -> tuple[Node, ...]:
    """Return each node once, those of a `joint` among them in its place."""
    parts: dict[Node, None] = {}
    for node in nodes:
        if isinstance(node, joint):
            parts.update(dict.fromkeys(node.nodes))
        elif node is not None:
            parts[node] = None
    return tuple(parts)

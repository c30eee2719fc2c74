"""The normal form of a query's nodes: joined as flatly as can be, and freed of its views.

None stands for a part of a text in which there is nothing to search for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.query import And, Everything, InView, Node, Not, Or

if TYPE_CHECKING:
    from collections.abc import Iterable


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
    return _expanded(node) or Everything()


def _expanded(node: Node) -> Node | None:
    match node:
        case InView(_, child):
            return _expanded(child)
        case Not(child):
            return none_of(_expanded(child))
        case And(nodes):
            return all_of(map(_expanded, nodes))
        case Or(nodes):
            return any_of(map(_expanded, nodes))
        case _:
            return node


def _parts(nodes: Iterable[Node | None], joint: type[And | Or]) -> tuple[Node, ...]:
    """Return each node once, those of a `joint` among them in its place."""
    parts: dict[Node, None] = {}
    for node in nodes:
        if isinstance(node, joint):
            parts.update(dict.fromkeys(node.nodes))
        elif node is not None:
            parts[node] = None
    return tuple(parts)

"""Why a query finds nothing: which of its conditions alone finds none, and what comes closest."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from store.errors import shown
from store.query import And, InView, NumberIn, Query, TaggedAny
from store.spelling import nearest_tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.library import Library
    from store.query import Node
    from store.search import Result

_MOST_CONDITIONS = 20
"""Of a query with more of them, each alone would take too long to look for."""
_NAMED = 2
"""So many conditions that find nothing are named."""
_PAIR = 2


def reasons(library: Library, result: Result) -> Iterator[str]:
    """Yield lines on why a query found nothing or only what comes closest, and what was meant."""
    meant = library.suggestion(str(result.query))
    conditions = _conditions(result.query.node)
    too_many = len(conditions) > _MOST_CONDITIONS
    unmet = [] if too_many else [one for one in conditions if not _is_met(library, one)]
    explained = _explained(
        library, unmet, alone=len(conditions) > 1, is_corrected=meant is not None
    )
    why = "; ".join(islice(explained, _NAMED))
    near = result
    if near.partial_of is None:
        near = library.search(result.query, limit=1, closest=True)
    if near.partial_of is not None:
        yield _nearness(near, follows=bool(result.keys))
        if why:
            yield why
    elif why:
        yield f"nothing found: {why}"
    elif too_many or len(conditions) == 1:
        yield "nothing found"
    else:
        number = len(conditions)
        yield "nothing found: " + (
            "each condition finds papers, but no paper meets both"
            if number == _PAIR
            else f"each of the {number} conditions finds papers, but no paper meets them all"
        )
    if meant is not None:
        yield f"did you mean '{meant}'?"


def _conditions(node: Node) -> tuple[Node, ...]:
    """Return what a paper has to meet; a view that stands alone is taken apart."""
    match node:
        case InView(_, child):
            return _conditions(child)
        case And(nodes):
            return nodes
        case _:
            return (node,)


def _is_met(library: Library, condition: Node) -> bool:
    return bool(library.search(Query(condition), limit=1).keys)


def _explained(
    library: Library, unmet: list[Node], *, alone: bool, is_corrected: bool
) -> Iterator[str]:
    for condition in unmet:
        if isinstance(condition, TaggedAny):
            names = " or ".join(f"'{shown(name)}'" for name in condition.names)
            nearest = "" if is_corrected else _nearest_tag(library, condition)
            yield f"no paper is tagged {names}{nearest}"
        elif alone:
            yield f"'{shown(_as_written(condition))}' alone finds nothing"


def _as_written(condition: Node) -> str:
    match condition:
        case NumberIn(name, int(least), None):
            return f"{name}:>{least - 1}"
        case NumberIn(name, None, int(most)):
            return f"{name}:<{most + 1}"
        case _:
            return str(condition)


def _nearest_tag(library: Library, condition: TaggedAny) -> str:
    counts = library.tags.counts()
    for name in condition.names:
        nearest = nearest_tag(name, counts)
        if nearest is not None:
            return f"; did you mean '{nearest}'?"
    return ""


def _nearness(near: Result, *, follows: bool) -> str:
    number = len(near.keys) + near.beyond
    if near.partial_of == _PAIR:
        wanted, had = "both words", "one of them"
    else:
        wanted, had = f"all {near.partial_of} words", "some of them"
    if follows:
        return f"no paper has {wanted}; those with {had} follow"
    return f"no paper has {wanted}; {number:,} {'has' if number == 1 else 'have'} {had}"

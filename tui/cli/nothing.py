"""Why a query finds nothing: which of its conditions alone finds none, and what comes closest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import UnknownPaperError, shown
from store.explaining import parts_of
from store.query.nodes import IdIs, Like, NumberIn, TaggedAny
from store.spelling import nearest_tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.explaining import Explanation
    from store.library import Library
    from store.query.nodes import Node
    from store.searching.search import Result

_NAMED = 2
"""So many conditions that find nothing are named."""
_PAIR = 2


def reasons(
    library: Library, result: Result, explanation: Explanation | None = None
) -> Iterator[str]:
    """Yield lines on why a query found nothing or only what comes closest, and what was meant.

    What `explanation` has, if it is given, was said already, and is not said again.
    """
    meant = library.suggestion(str(result.query))
    near = result
    if near.partial_of is None:
        near = library.search(result.query, limit=1, closest=True)
    if near.partial_of is not None:
        yield _nearness(near, follows=bool(result.keys))
    if explanation is None:
        explained = library.explain(str(result.query))
        why = _named(library, result.query.node, explained, is_corrected=meant is not None)
        if near.partial_of is None:
            why = ": ".join(filter(None, ("nothing found", why or _not_together(explained))))
        if why:
            yield why
    elif meant is None:
        tags = _unmet(result.query.node, explanation)
        meant = next(filter(None, (_nearest_tag(library, tag) for tag in tags)), None)
    if meant is not None:
        yield f"did you mean '{meant}'?"


def _unmet(node: Node, explanation: Explanation) -> list[Node]:
    """Return the conditions of which each alone finds no paper; none where not all were tried."""
    if explanation.is_either or explanation.left_out:
        return []
    conditions = zip(parts_of(node), explanation.parts, strict=True)
    return [condition for condition, part in conditions if not part.papers]


def _named(library: Library, node: Node, explanation: Explanation, *, is_corrected: bool) -> str:
    """Return what there is to say of conditions of which each alone finds no paper."""
    said = []
    for condition in _unmet(node, explanation)[:_NAMED]:
        if isinstance(condition, TaggedAny):
            names = " or ".join(f"'{shown(name)}'" for name in condition.names)
            nearest = None if is_corrected else _nearest_tag(library, condition)
            meant = f"; did you mean '{nearest}'?" if nearest else ""
            said.append(f"no paper is tagged {names}{meant}")
        elif isinstance(condition, IdIs | Like) and not _is_known(library, condition.text):
            said.append(f"no paper has the identifier '{shown(condition.text)}'")
        elif len(explanation.parts) > 1:
            said.append(f"'{shown(_as_written(condition))}' alone finds nothing")
    return "; ".join(said)


def _not_together(explanation: Explanation) -> str:
    number = len(explanation.parts)
    if explanation.is_either or explanation.left_out or number == 1:
        return ""
    if number == _PAIR:
        return "each condition finds papers, but no paper meets both"
    return f"each of the {number} conditions finds papers, but no paper meets them all"


def _as_written(condition: Node) -> str:
    match condition:
        case NumberIn(name, int(least), None):
            return f"{name}:>{least - 1}"
        case NumberIn(name, None, int(most)):
            return f"{name}:<{most + 1}"
        case _:
            return str(condition)


def _is_known(library: Library, identifier: str) -> bool:
    try:
        library.paper_by_identifier(identifier)
    except UnknownPaperError:
        return False
    return True


def _nearest_tag(library: Library, condition: Node) -> str | None:
    """Return the tag that may be meant by one of those that papers have to have, if any."""
    if not isinstance(condition, TaggedAny):
        return None
    counts = library.tags.counts()
    return next(filter(None, (nearest_tag(name, counts) for name in condition.names)), None)


def _nearness(near: Result, *, follows: bool) -> str:
    number = len(near.keys) + near.beyond
    if near.partial_of == _PAIR:
        wanted, had = "both words", "one of them"
    else:
        wanted, had = f"all {near.partial_of} words", "some of them"
    if follows:
        return f"no paper has {wanted}; those with {had} follow"
    return f"no paper has {wanted}; {number:,} {'has' if number == 1 else 'have'} {had}"

"""Which names of papers are of one paper, because the reader joined them, and which are of two.

A paper that was joined has given its identifiers away: it is named by those that it had by itself,
as it would be in a library that took it for another paper.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from store.changes.joins import join_of_text
from store.decisions.lines import LONGEST_LINE
from store.decisions.pairnames import Name, pair_of
from store.identifiers import SCHEMES, read_identifier
from store.identity.joined import paper_now
from store.identity.paperids import identifiers_of
from store.identity.targets import title_target

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from store.decisions.statements import PaperPair
    from store.models import Identifier


class _Leaf(NamedTuple):
    """A paper as it was by itself."""

    key: int
    identifiers: frozenset[Identifier]
    title: str
    title_fold: str


class _Brought(NamedTuple):
    """What was joined to a paper."""

    other: int
    identifiers: frozenset[Identifier]


def pairs_of(connection: sqlite3.Connection) -> list[PaperPair]:
    """Return what the reader joined and took apart, by the names of the papers."""
    brought = _brought(connection)
    apart = connection.execute("SELECT paper, other FROM apart").fetchall()
    roots = {paper_now(connection, key) for key in (*brought, *chain.from_iterable(apart))}
    trees = [
        _leaves(connection, root, frozenset(identifiers_of(connection, [root])[root]), brought)
        for root in sorted(roots)
        if _is_there(connection, root)
    ]
    leaves = {leaf.key: leaf for leaf in chain.from_iterable(trees)}
    names = _names(connection, leaves)
    pairs = {
        pair_of(names[into.key], names[part.key], are_one=True)
        for into, *parts in trees
        for part in parts
    }
    for one, other in apart:
        if one in names and other in names:
            keys = sorted((one, other), key=lambda key: (not leaves[key].identifiers, key))
            if paper_now(connection, one) != paper_now(connection, other):
                pairs.add(pair_of(*(names[key] for key in keys), are_one=False))
    return sorted(pairs, key=lambda pair: (pair.are_one, pair.target, pair.other))


def _brought(connection: sqlite3.Connection) -> dict[int, list[_Brought]]:
    """Return what was joined to each paper, as it came."""
    brought: dict[int, list[_Brought]] = defaultdict(list)
    for paper, other, text in connection.execute(
        "SELECT paper, other, text FROM joins WHERE other IS NOT NULL ORDER BY key"
    ):
        steps = join_of_text(text).changes
        found = [read_identifier(name or "") for field, _, name in steps if field == "identifier"]
        brought[paper].append(_Brought(other, frozenset(filter(None, found))))
    return brought


def _leaves(
    connection: sqlite3.Connection,
    key: int,
    identifiers: frozenset[Identifier],
    brought: Mapping[int, Sequence[_Brought]],
) -> list[_Leaf]:
    """Return a paper, and those that became part of it, each with its own identifiers."""
    parts: list[_Leaf] = []
    for one in reversed(brought.get(key, ())):
        parts += _leaves(connection, one.other, one.identifiers, brought)
        identifiers -= one.identifiers
    return [_leaf(connection, key, identifiers), *parts]


def _is_there(connection: sqlite3.Connection, key: int) -> bool:
    (is_removed,) = connection.execute(
        "SELECT removed FROM papers WHERE key = ?", (key,)
    ).fetchone()
    return not is_removed


def _leaf(connection: sqlite3.Connection, key: int, identifiers: frozenset[Identifier]) -> _Leaf:
    row = connection.execute("SELECT title, title_fold FROM papers WHERE key = ?", (key,))
    return _Leaf(key, identifiers, *row.fetchone())


def _names(connection: sqlite3.Connection, leaves: Mapping[int, _Leaf]) -> dict[int, Name]:
    """Return what names each of some papers, with the title to stand behind it."""
    nameless = Counter(leaf.title_fold for leaf in leaves.values() if not leaf.identifiers)
    return {
        key: _name(connection, leaf, is_alone=nameless[leaf.title_fold] == 1)
        for key, leaf in leaves.items()
    }


def _name(connection: sqlite3.Connection, leaf: _Leaf, *, is_alone: bool) -> Name:
    """Return what names a paper; `is_alone` says that its title may, as far as is known."""
    if leaf.identifiers:
        return Name(str(min(leaf.identifiers, key=_rank)), leaf.title)
    # One that became part of another is not found by its title before one that has an identifier.
    whole = paper_now(connection, leaf.key)
    (others,) = connection.execute(
        "SELECT count(*) FROM papers WHERE title_fold = ? AND removed = 0 AND key != ?"
        " AND (? OR NOT EXISTS (SELECT 1 FROM identifiers WHERE paper = papers.key))",
        (leaf.title_fold, whole, whole != leaf.key),
    ).fetchone()
    if is_alone and leaf.title_fold and not others and len(leaf.title) < LONGEST_LINE // 4:
        return Name(title_target(leaf.title), "")
    return Name(f"paperdeck:{leaf.key}", leaf.title)


def _rank(identifier: Identifier) -> tuple[int, str]:
    return SCHEMES.index(identifier.scheme), identifier.value

"""Tags as the tree that the `/` in their names makes of them, with counts of whole branches."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from store.models import STATE_TAGS
from store.searching.conditions import tags_in
from store.text import as_line

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class TagNode:
    """A tag of the reader's own, or what such tags are nested in, which may be none in use."""

    name: str
    """In full: `rl/agents`."""
    depth: int
    """How many names stand before its last part; 0 for `rl`, 1 for `rl/agents`."""
    papers: int
    """How many papers have the tag or one nested below it, each counted once."""
    unread: int
    """How many of these are unread."""


class _Tag(NamedTuple):
    key: int
    name: str
    fold: str
    papers: int
    unread: int


@dataclass(slots=True)
class _Branch:
    """What is counted for one node."""

    tags: list[_Tag] = field(default_factory=list)
    """Those in use at the node and below it, in the order of their folded names."""
    repeated: list[set[int]] = field(default_factory=list)
    """For some of the tags, the papers that have one of those before it too."""


def tree(connection: sqlite3.Connection) -> tuple[TagNode, ...]:
    """Return the reader's tags in use, each behind what it is nested in.

    A branch of one tag in use, which is what most are, costs no look at the papers.
    """
    tags = [
        _Tag(key, as_line(name), *rest)
        for key, name, *rest in connection.execute(
            "SELECT key, name, fold, papers, unread FROM tags WHERE papers > 0 ORDER BY fold"
        )
    ]
    own = {above for tag in tags if tag.fold not in STATE_TAGS for above in _path(tag.fold)}
    branches: dict[tuple[str, ...], _Branch] = defaultdict(_Branch)
    for tag in tags:
        for above in _path(tag.fold):
            # A tag of a paper's state is in the tree only where the reader's own are nested in it.
            if above in own:
                branches[above].tags.append(tag)
    nested = [branch for branch in branches.values() if len(branch.tags) > 1]
    unread = frozenset[int]()
    if nested:
        _find_repeated(connection, nested)
        repeated = (papers for branch in nested for papers in branch.repeated)
        unread = _unread_among(connection, set().union(*repeated))
    return tuple(_node(parts, branches[parts], unread) for parts in sorted(branches))


def unread_since(connection: sqlite3.Connection, name: str, newest: int) -> int:
    """Return how many unread papers with a key above `newest` have a tag, or one nested in it."""
    where = tags_in((name,))
    papers, arrived = connection.execute(
        "SELECT coalesce(sum(papers), 0), (SELECT max(key) FROM papers) - ? FROM tags"  # noqa: S608 see store.searching.conditions
        f" WHERE papers > 0 AND {where.sql}",
        (newest, *where.values),
    ).fetchone()
    if not papers or arrived is None or arrived <= 0:
        return 0
    # By way of the papers that have come, or of those that have the tag: whichever are fewer. With
    # a sign before it, a column is none that SQLite would look up in an index.
    paper, tag = ("paper", "+tag") if arrived < papers else ("+paper", "tag")
    (number,) = connection.execute(
        f"SELECT count(DISTINCT paper) FROM paper_tags AS one WHERE {paper} > ?"  # noqa: S608 as above
        f" AND {tag} IN (SELECT key FROM tags WHERE papers > 0 AND {where.sql})"
        " AND EXISTS (SELECT 1 FROM paper_tags AS other WHERE other.paper = one.paper"
        " AND other.tag = (SELECT key FROM tags WHERE fold = 'unread'))",
        (newest, *where.values),
    ).fetchone()
    return int(number)


def _path(fold: str) -> Iterator[tuple[str, ...]]:
    """Yield the parts of a name, and before these the parts of each that it is nested in."""
    parts = tuple(fold.split("/"))
    return (parts[:end] for end in range(1, len(parts) + 1))


def _find_repeated(connection: sqlite3.Connection, branches: Sequence[_Branch]) -> None:
    """Find the papers that have several tags of a branch."""
    wanted = json.dumps(sorted({tag.key for branch in branches for tag in branch.tags}))
    # One text for each tag: a row for each paper would take ten times as long to fetch.
    rows = connection.execute(
        "SELECT tag, json_group_array(paper) FROM paper_tags"
        " WHERE tag IN (SELECT value FROM json_each(?)) GROUP BY tag",
        (wanted,),
    )
    papers: dict[int, set[int]] = {tag: set(json.loads(text)) for tag, text in rows}
    for branch in branches:
        seen: set[int] = set()
        for tag in branch.tags:
            branch.repeated.append(seen & papers[tag.key])
            seen |= papers[tag.key]


def _unread_among(connection: sqlite3.Connection, papers: set[int]) -> frozenset[int]:
    (text,) = connection.execute(
        "SELECT json_group_array(paper) FROM json_each(?) CROSS JOIN paper_tags ON paper = value"
        " AND tag = (SELECT key FROM tags WHERE fold = 'unread')",
        (json.dumps(list(papers)),),
    ).fetchone()
    return frozenset(json.loads(text))


def _node(parts: tuple[str, ...], branch: _Branch, unread: frozenset[int]) -> TagNode:
    return TagNode(
        # A name that is in use comes before those nested in it, which may be cased otherwise.
        name="/".join(branch.tags[0].name.split("/")[: len(parts)]),
        depth=len(parts) - 1,
        papers=sum(tag.papers for tag in branch.tags) - sum(map(len, branch.repeated)),
        unread=sum(tag.unread for tag in branch.tags)
        - sum(len(papers & unread) for papers in branch.repeated),
    )

"""Where a query can only be about few papers: those papers first, the rest of it for each.

SQLite, left to itself, walks all papers in their order and asks of each whether it is meant: at
75,000 papers that takes some 10 ms, for a tag that three have too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store import query as q
from store.conditions import BY_DATE, RISING, WITH_NOTE, Condition, dated_in, listed_in, tags_in
from store.models import STATE_TAGS
from store.queryforms import all_of

if TYPE_CHECKING:
    import sqlite3

_FEW = 20
"""One paper in so many: of more, each at its own place in the file, a walk is as fast."""


class Candidates(NamedTuple):
    """A part of a query that only few papers fulfil, and what remains of the query."""

    node: q.Node
    rest: q.Node | None
    """What to ask of each of them; None where that is nothing."""
    papers: int
    """There are no more than these, removed ones and repetitions included."""


def few_candidates(connection: sqlite3.Connection, node: q.Node) -> Candidates | None:
    """Return how to begin with few papers where `node`, which has neither text nor views, can."""
    (last,) = connection.execute("SELECT max(key) FROM papers").fetchone()
    most = (last or 0) // _FEW
    found = _candidates(connection, node, most)
    return found if found and found.papers <= most else None


class TagList(NamedTuple):
    """The papers of one tag, which are kept in the order of days."""

    tag: int
    """The tag's key."""
    papers: int


def one_tag(connection: sqlite3.Connection, node: q.Node) -> TagList | None:
    """Return the tag whose papers `node` asks for, where it is one that papers have."""
    where = _tags_meant(node)
    if where is None:
        return None
    found = connection.execute(
        f"SELECT key, papers FROM tags WHERE papers > 0 AND {where.sql}",  # noqa: S608 see store.conditions
        where.values,
    ).fetchall()
    # A paper may have several of the tags that are named, or nested in one.
    return TagList(*found[0]) if len(found) == 1 else None


def _candidates(connection: sqlite3.Connection, node: q.Node, most: int) -> Candidates | None:
    match node:
        case q.And(nodes):
            return _fewest(connection, nodes, most)
        case q.Or(nodes):
            return _united(connection, node, nodes, most)
        case _:
            papers = _count(connection, node, most)
            return None if papers is None else Candidates(node, None, papers)


def _fewest(
    connection: sqlite3.Connection, nodes: tuple[q.Node, ...], most: int
) -> Candidates | None:
    best: tuple[Candidates, q.Node] | None = None
    for child in nodes:
        found = _candidates(connection, child, most)
        if found and (best is None or found.papers < best[0].papers):
            best = found, child
    if best is None:
        return None
    found, chosen = best
    others = (child for child in nodes if child is not chosen)
    return found._replace(rest=all_of((found.rest, *others)))


def _united(
    connection: sqlite3.Connection, node: q.Node, nodes: tuple[q.Node, ...], most: int
) -> Candidates | None:
    parts: list[Candidates] = []
    for child in nodes:
        found = _candidates(connection, child, most)
        if found is None:
            return None
        parts.append(found)
    rest = node if any(part.rest for part in parts) else None
    return Candidates(q.Or(tuple(p.node for p in parts)), rest, sum(p.papers for p in parts))


def _count(connection: sqlite3.Connection, node: q.Node, most: int) -> int | None:
    """Return how many papers there are at the most; None where only looking at all can tell."""
    if isinstance(node, q.IdIs):
        return 1
    rows = _rows_meant(node)
    if rows is not None:
        return _count_up_to(connection, most, rows)
    where = _tags_meant(node)
    if where is None:
        return None
    return _one_number(
        connection,
        f"SELECT coalesce(sum(papers), 0) FROM tags WHERE {where.sql}",  # noqa: S608 as above
        where.values,
    )


def _rows_meant(node: q.Node) -> Condition | None:
    """Return the rows of an index that `node` finds the papers of; None where there is none."""
    match node:
        case q.DayIn("on" | "listed", first, last):
            sql, values = listed_in(first, last)
            return Condition(f"sightings WHERE {sql}", values)
        case q.DayIn("date", first, last):
            sql, values = dated_in(first, last)
            return Condition(f"{BY_DATE} AND {sql}", values)
        case q.Has("note"):
            return Condition(WITH_NOTE)
        case q.InState("rising"):
            return Condition(RISING)
        case _:
            return None


def _tags_meant(node: q.Node) -> Condition | None:
    """Return the condition on `tags` whose papers `node` finds; None where it asks otherwise."""
    match node:
        case q.TaggedAny(names):
            return tags_in(names)
        case q.InState(state) if state in STATE_TAGS:
            return Condition("fold = ?", (state,))
        case _:
            return None


def _count_up_to(connection: sqlite3.Connection, most: int, rows: Condition) -> int:
    """Return how many rows there are; one more than `most` for any number above it."""
    statement = f"SELECT count(*) FROM (SELECT 1 FROM {rows.sql} LIMIT {most + 1})"  # noqa: S608 as above
    return _one_number(connection, statement, rows.values)


def _one_number(connection: sqlite3.Connection, statement: str, values: tuple[object, ...]) -> int:
    (number,) = connection.execute(statement, values).fetchone()
    return int(number)

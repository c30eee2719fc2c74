"""Writing a new paper into the record, with what became part of it in the library it comes from."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from store import merging
from store.changes.joins import Join, apply_join
from store.citations import keep_key
from store.identity.paperids import note_namers
from store.links import has_code
from store.models import Record
from store.sightings import distinct, standing
from store.text import fold_title

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from store.models import Identifier


class Arriving(NamedTuple):
    """What is true of all papers that come in by one transaction."""

    now: str
    """The UTC time to note."""
    revision: int
    entry: int | None
    """The number of their import in the journal."""


def insert_paper(
    connection: sqlite3.Connection,
    record: Record,
    identifiers: Sequence[Identifier],
    arriving: Arriving,
    *,
    title_fold: str = "",
    waits: bool = False,
    is_gone: bool = False,
) -> int:
    """Write a paper without tags, and return its key; inside `atomic`.

    `waits`, it is to wait in the inbox; `is_gone`, it became part of another.
    """
    facts = merging.facts_of(record)
    sightings = distinct(record.sightings, arriving.now)
    listed, votes, comments, trend = standing(sightings)
    columns = {
        **facts.columns,
        "title_fold": title_fold or fold_title(record.title),
        "provenance": merging.to_json(facts.stamps),
        "has_code": has_code(facts.columns["abstract"] or "", record.links),
        "listed": listed,
        "votes": votes,
        "comments": comments,
        "trend": trend,
        "note": record.note,
        "decided_votes": None if waits else votes or 0,
        "added": arriving.now,
        "import": arriving.entry,
        "removed": is_gone,
        "revision": arriving.revision,
    }
    key = _insert(connection, "papers", columns)
    for one in dict.fromkeys(identifiers):
        named = {"scheme": one.scheme, "value": one.value, "paper": key}
        _insert(connection, "identifiers", named)
    note_namers(connection, record, identifiers)
    for sighting in sightings:
        _insert(connection, "sightings", {"paper": key, **asdict(sighting)})
    for other in facts.other_abstracts:
        _insert(connection, "other_abstracts", {"paper": key, **asdict(other)})
    if record.citation_key:
        keep_key(connection, key, record.citation_key)
    _insert_parts(connection, key, record, arriving)
    return key


def _insert_parts(
    connection: sqlite3.Connection, key: int, record: Record, arriving: Arriving
) -> None:
    """Keep what became part of a paper elsewhere, so that it can be split here too."""
    for part in record.parts:
        if not isinstance(part.of, Record):
            continue
        if part.is_paper:
            # Its identifiers are those of the paper that it became part of.
            other = insert_paper(connection, part.of, (), arriving, is_gone=True)
            join = Join(part.changes, other, part.of.tags or ())
        else:
            join = Join(part.changes, record=part.of)
        apply_join(connection, key, None, str(join))


def _insert(connection: sqlite3.Connection, table: str, columns: Mapping[str, object]) -> int:
    cursor = connection.execute(_insertion(table, tuple(columns)), tuple(columns.values()))
    return int(cursor.lastrowid or 0)


@cache
def _insertion(table: str, columns: tuple[str, ...]) -> str:
    # The names are ours, never a reader's text.
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 as said

"""Papers that the reader has joined to others, or taken apart: which one a source speaks of now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from store.text import fold

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from store.models import Record

_COLUMNS = "title, abstract, authors, published, venue, provenance"


def paper_now(connection: sqlite3.Connection, key: int) -> int:
    """Return the paper that stands for one: itself, or the one that it was joined to."""
    while True:
        row = connection.execute(
            "SELECT joins.paper FROM joins JOIN papers ON papers.key = other"
            " WHERE other = ? AND removed = 1",
            (key,),
        ).fetchone()
        if row is None:
            return key
        (key,) = row


def said_most_likely(connection: sqlite3.Connection, key: int, record: Record) -> int:
    """Return the paper that a record is of: `key`, or one that was taken from it and says more.

    What the record says decides, word for word, and `key` where both say as much of it.
    """
    others = connection.execute("SELECT other FROM apart WHERE paper = ?", (key,)).fetchall()
    if not others:  # nearly every time
        return key
    keys = [key, *(paper_now(connection, other) for (other,) in others)]
    return max(keys, key=lambda one: _nearness(connection, one, record))


def _nearness(connection: sqlite3.Connection, key: int, record: Record) -> int:
    """Return how much of what a record says a paper says too; an abstract weighs most."""
    row: Sequence[Any] = connection.execute(
        f"SELECT {_COLUMNS} FROM papers WHERE key = ?",  # noqa: S608 our own words
        (key,),
    ).fetchone()
    title, abstract, authors, published, venue, provenance = row
    texts = connection.execute("SELECT text FROM other_abstracts WHERE paper = ?", (key,))
    abstracts = {fold(text) for text in (abstract, *(text for (text,) in texts))}
    sources = {stamp.partition(" ")[0] for stamp in json.loads(provenance).values()}
    score: int = (
        4 * (fold(record.abstract) in abstracts)
        + 2 * (record.title == title)
        + 2 * (list(record.authors) == json.loads(authors))
        + (record.published == published)
        + (record.venue == venue)
        + (record.source in sources)
    )
    return score

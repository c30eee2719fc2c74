"""Records that were told by their words: the same words again are of the same paper.

What a title tells depends on the papers that are there, and a DOI on the title that its paper has
by then: so what a record came to is kept, by the digest of what it says of the paper itself.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3

    from store.models import Record

_DIGEST_BYTES = 16


class KnownRecord(NamedTuple):
    """What a record was taken for."""

    paper: int
    """Which may have become part of another since, or be removed."""
    is_judged: bool
    """Whether it was there already, and words told it."""


def known_paper(connection: sqlite3.Connection, record: Record) -> KnownRecord | None:
    """Return what a record in the same words was taken for, if there was one.

    None where an identifier tells its paper for certain, whatever came in.
    """
    if _is_certain(record):
        return None
    row = connection.execute(
        "SELECT paper, judged FROM known_records WHERE digest = ?", (_digest(record),)
    ).fetchone()
    return None if row is None else KnownRecord(row[0], bool(row[1]))


def keep_known(
    connection: sqlite3.Connection, record: Record, paper: int, *, is_judged: bool
) -> None:
    """Keep what a record was taken for, where that has to be and is not known; inside `atomic`."""
    if not _is_certain(record):
        connection.execute(
            "INSERT OR IGNORE INTO known_records VALUES (?, ?, ?)",
            (_digest(record), paper, is_judged),
        )


def _is_certain(record: Record) -> bool:
    # A DOI may be that of a whole volume.
    return any(identifier.scheme != "doi" for identifier in record.identifiers)


def _digest(record: Record) -> bytes:
    """Return the digest of what a record says of its paper, wherever and whenever it was seen."""
    words = (
        record.source,
        # Two papers of one library may say the same, and are two still.
        record.own_id,
        record.title,
        record.abstract,
        record.authors,
        tuple(map(str, record.identifiers)),
        record.published,
        record.venue,
    )
    return blake2b(json.dumps(words).encode(), digest_size=_DIGEST_BYTES).digest()

"""Which papers each commit has changed, for whoever keeps something about them in memory."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection

KEPT_REVISIONS = 1_000
"""So many of the latest commits are known; whoever is behind them looks at all papers."""
KEPT_PAPERS = 100_000
"""And no more than so many papers of them: who has to look at so many looks at all as soon."""
FEW_PAPERS = 100
"""All of those commits together may change so many each."""


def note_touches(connection: sqlite3.Connection, revision: int, papers: Collection[int]) -> None:
    """Note that the commit of this revision changes these papers; inside `atomic`.

    Papers that come in need no note: they have the revision themselves. Yet every commit has its
    row, or nobody could tell one without changes from one by a program that keeps no such notes.
    """
    connection.execute(
        "INSERT INTO touches VALUES (?, ?)", (revision, struct.pack(f"<{len(papers)}q", *papers))
    )
    connection.execute("DELETE FROM touches WHERE revision <= ?", (revision - KEPT_REVISIONS,))
    if len(papers) > FEW_PAPERS:
        connection.execute(_FORGET, (KEPT_PAPERS,))


def touched_since(connection: sqlite3.Connection, revision: int, now: int) -> set[int] | None:
    """Return the papers that the commits after `revision` up to `now` have changed or added.

    None where not all of these commits are known.
    """
    if now - revision > KEPT_REVISIONS:
        return None
    rows = connection.execute("SELECT papers FROM touches WHERE revision > ?", (revision,))
    notes: list[bytes] = [papers for (papers,) in rows]
    if len(notes) != now - revision:
        return None
    touched = {paper for note in notes for (paper,) in struct.iter_unpack("<q", note)}
    arrived = connection.execute("SELECT key FROM papers WHERE revision > ?", (revision,))
    return touched.union(key for (key,) in arrived)


_FORGET = """
DELETE FROM touches WHERE revision <= (
    SELECT max(revision) FROM (
        SELECT revision, sum(length(papers) / 8) OVER (ORDER BY revision DESC) AS held FROM touches
    ) WHERE held > ?
)
"""

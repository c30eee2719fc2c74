"""Letting go of rows that nothing needs any more.

A paper that was taken out keeps its row while the journal, or anything that the reader wrote or
joined, knows of it: undo brings it back. Once its entries have expired, nothing does.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from store.record.freepages import writing_step

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

KEPT_COMMITS = 10_000
"""So many of the latest commits that changed texts are known; an index that is behind them is made
anew."""
LOOKED_PAPERS = 2_000
STEP_PAPERS = 100
STEP_COMMITS = 2_000
MOST_LOOKS = 50
"""So often is looked anew, where others write meanwhile; the rest is for another time."""


def forget(connection: sqlite3.Connection, pause: float) -> None:
    """Let go of what nothing needs, in steps; after each it pauses so many seconds.

    `connection` is in autocommit mode, and checks no references: nothing refers to what goes, and
    to look for that would take a look at the whole journal for each paper.
    """
    _forget_commits(connection, pause)
    for _ in range(MOST_LOOKS):
        revision, papers = _unneeded(connection)
        if not papers:
            return
        for start in range(0, len(papers), STEP_PAPERS):
            if not _forget_papers(connection, papers[start : start + STEP_PAPERS], revision):
                break
            time.sleep(pause)


def _forget_commits(connection: sqlite3.Connection, pause: float) -> None:
    row = connection.execute(
        "SELECT revision FROM text_commits ORDER BY revision DESC LIMIT 1 OFFSET ?", (KEPT_COMMITS,)
    ).fetchone()
    gone = STEP_COMMITS if row else 0
    while gone == STEP_COMMITS:
        with writing_step(connection):
            gone = connection.execute(
                "DELETE FROM text_commits WHERE revision IN (SELECT revision FROM text_commits"
                " WHERE revision <= ? ORDER BY revision LIMIT ?)",
                (*row, STEP_COMMITS),
            ).rowcount
        time.sleep(pause)


def _unneeded(connection: sqlite3.Connection) -> tuple[int, list[int]]:
    """Return the first papers that can go, and the revision as of which."""
    connection.execute("BEGIN")
    try:
        (revision,) = connection.execute("SELECT revision FROM library").fetchone()
        found = connection.execute(_UNNEEDED, (LOOKED_PAPERS,)).fetchall()
    finally:
        connection.execute("ROLLBACK")
    return revision, [key for (key,) in found]


def _forget_papers(connection: sqlite3.Connection, papers: Sequence[int], revision: int) -> bool:
    """Let go of papers, unless somebody has written since; tell whether they are gone."""
    with writing_step(connection):
        if connection.execute("SELECT revision FROM library").fetchone() != (revision,):
            return False
        given = (json.dumps(list(papers)),)
        connection.execute(_FORGET_COMMITS, given)
        for statement in _FORGET:
            connection.execute(statement, given)
    return True


_UNNEEDED = """
SELECT key FROM papers WHERE removed = 1 AND note = ''
    -- The newest one tells what has come in since.
    AND key < (SELECT max(key) FROM papers)
    AND NOT EXISTS (SELECT 1 FROM citation_keys WHERE citation_keys.paper = papers.key)
    AND NOT EXISTS (SELECT 1 FROM joins WHERE joins.paper = papers.key)
    AND NOT EXISTS (SELECT 1 FROM joins WHERE joins.other = papers.key)
    AND key NOT IN (SELECT paper FROM apart UNION SELECT other FROM apart)
    AND key NOT IN (SELECT paper FROM changes WHERE paper IS NOT NULL)
    AND key NOT IN (
        SELECT CAST(coalesce(after, before) AS INTEGER) FROM changes WHERE field = 'apart')
    AND key NOT IN (
        SELECT json_extract(coalesce(after, before), '$.other') FROM changes
        WHERE field = 'join' AND json_extract(coalesce(after, before), '$.other') IS NOT NULL)
    LIMIT ?
"""
# An index, or what a browser has in memory, of before they were taken out would know them still:
# without the commit that it has reached it is made anew.
_FORGET_COMMITS = """
DELETE FROM text_commits WHERE revision < (
    SELECT max(revision) FROM papers WHERE key IN (SELECT value FROM json_each(?)))
"""
_FORGET = (
    """
DELETE FROM identifier_sources WHERE (scheme, value) IN (
    SELECT scheme, value FROM identifiers WHERE paper IN (SELECT value FROM json_each(?)))
""",
    *(
        f"DELETE FROM {table} WHERE paper IN (SELECT value FROM json_each(?))"  # noqa: S608 our own words
        for table in ("identifiers", "sightings", "other_abstracts", "known_records")
    ),
    "DELETE FROM papers WHERE key IN (SELECT value FROM json_each(?))",
)

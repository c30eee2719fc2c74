"""The fourth step: the record of version 0.4."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.migrations.statements import run

if TYPE_CHECKING:
    import sqlite3


def search_fast(connection: sqlite3.Connection) -> None:
    """Note what each commit has changed, and list what searches ask of all papers."""
    run(connection, _STATEMENTS)


_STATEMENTS = """
-- The papers that a commit changed, for programs that keep in memory what searches ask for: their
-- keys as little-endian numbers of eight bytes. Of older commits than the latest ones there is no
-- row, and none of those that version 0.3 made.
CREATE TABLE touches (
    revision INTEGER PRIMARY KEY,
    papers BLOB NOT NULL
)
;;
-- What searches ask of all papers and no other index has: to read it from the papers themselves
-- takes half a second at 500,000, as their abstracts are read along.
CREATE INDEX papers_by_added ON papers (added, comments, trend, has_code)
"""

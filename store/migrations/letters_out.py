"""The fifth step: the record of version 0.6."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.migrations.statements import run

if TYPE_CHECKING:
    import sqlite3


def letters_out(connection: sqlite3.Connection) -> None:
    """Keep the citation keys that papers were given, and what the latest letters told."""
    run(connection, _STATEMENTS)


_STATEMENTS = """
-- What papers are called in bibliographies. A key is given once and never goes to another paper,
-- whatever becomes of this one: texts of the reader's cite by it. BibTeX compares without case.
CREATE TABLE citation_keys (
    paper INTEGER PRIMARY KEY REFERENCES papers (key),
    name TEXT NOT NULL UNIQUE COLLATE NOCASE
)
;;
-- The latest digest of each query: the newest paper that was there, and when it was made (UTC).
CREATE TABLE digests (
    query TEXT PRIMARY KEY,
    newest INTEGER NOT NULL,
    made_at TEXT NOT NULL
) WITHOUT ROWID
"""

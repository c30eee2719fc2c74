"""The fifth step: the record of version 0.6."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.migrations.statements import run

if TYPE_CHECKING:
    import sqlite3


def letters_out(connection: sqlite3.Connection) -> None:
    """Keep citation keys, what letters told, what became one paper and which import brought it."""
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
;;
-- What was joined to a paper: another paper, which is removed, by the reader, or a record that an
-- import told by its title. `text` is what `store.changes.joins` makes of it: what it was, and what
-- it changed.
CREATE TABLE joins (
    key INTEGER PRIMARY KEY,
    paper INTEGER NOT NULL REFERENCES papers (key),
    other INTEGER REFERENCES papers (key),
    text TEXT NOT NULL
)
;;
CREATE INDEX joins_by_paper ON joins (paper)
;;
CREATE INDEX joins_by_other ON joins (other) WHERE other IS NOT NULL
;;
-- Papers that the reader took apart: no import takes a record of one for the other's.
CREATE TABLE apart (
    paper INTEGER NOT NULL REFERENCES papers (key),
    other INTEGER NOT NULL REFERENCES papers (key),
    PRIMARY KEY (paper, other)
) WITHOUT ROWID
;;
-- The import that brought the paper in, by the number of its entry, which may have expired. Of a
-- paper that was gone it is the latest that did; of one that came before all entries, none.
ALTER TABLE papers ADD COLUMN import INTEGER
;;
UPDATE papers SET import = brought.journal FROM (
    SELECT paper, max(changes.journal) AS journal
        FROM changes JOIN journal ON journal.key = changes.journal
        WHERE kind = 'import' AND field = 'paper' AND before IS NULL GROUP BY paper
) AS brought WHERE papers.key = brought.paper
;;
CREATE INDEX papers_by_import ON papers (import) WHERE removed = 0
"""

"""The sixth step: what version 0.6 keeps so that one paper stays one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.migrations.statements import run

if TYPE_CHECKING:
    import sqlite3


def one_paper(connection: sqlite3.Connection) -> None:
    """Keep which paper a record was of where no identifier says so, and who named identifiers."""
    run(connection, _STATEMENTS)


_STATEMENTS = """
-- The paper that a record without an identifier of its own was taken for, by the digest of its
-- words: the same record again is of that paper, whatever came in since. `judged` says that the
-- paper was there already.
CREATE TABLE known_records (
    digest BLOB PRIMARY KEY,
    paper INTEGER NOT NULL REFERENCES papers (key),
    judged INTEGER NOT NULL
) WITHOUT ROWID
;;
-- The most trusted source that names an identifier, as `store.models.RECORD_SOURCES` ranks them,
-- whichever paper has it: splitting gives it to that source's paper.
CREATE TABLE identifier_sources (
    scheme TEXT NOT NULL,
    value TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (scheme, value)
) WITHOUT ROWID
"""

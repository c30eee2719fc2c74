"""The first step: the record of version 0.1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.migrations.statements import run

if TYPE_CHECKING:
    import sqlite3


def first_light(connection: sqlite3.Connection) -> None:
    """Papers, identifiers, sightings, tags, journal."""
    run(connection, _STATEMENTS)


_STATEMENTS = """
CREATE TABLE migrations (
    name TEXT PRIMARY KEY,
    applied TEXT NOT NULL
) WITHOUT ROWID
;;
-- One row. The id tells a library from any other; the revision grows with each commit.
CREATE TABLE library (
    id TEXT NOT NULL,
    revision INTEGER NOT NULL
)
;;
INSERT INTO library VALUES (lower(hex(randomblob(16))), 0)
;;
-- Each commit that changed what can be searched, with a random token: an index that remembers
-- the token of the commit it has reached can tell that the library went another way since.
CREATE TABLE text_commits (
    revision INTEGER PRIMARY KEY,
    token TEXT NOT NULL
)
;;
-- Lists (authors, links, categories, keywords) are JSON arrays; provenance is a JSON object that
-- names, for each field, the source and day it came from. A removed paper keeps its row and its
-- identifiers, so that undo brings it back and its identifiers go on resolving.
CREATE TABLE papers (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    title_fold TEXT NOT NULL,
    abstract TEXT NOT NULL,
    authors TEXT NOT NULL,
    published TEXT,
    links TEXT NOT NULL,
    categories TEXT NOT NULL,
    keywords TEXT NOT NULL,
    venue TEXT NOT NULL,
    organisation TEXT NOT NULL,
    summary TEXT NOT NULL,
    provenance TEXT NOT NULL,
    listed TEXT,
    votes INTEGER,
    comments INTEGER,
    day TEXT GENERATED ALWAYS AS (coalesce(listed, published)) VIRTUAL,
    added TEXT NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL
)
;;
CREATE INDEX papers_by_day ON papers (removed, day DESC, votes DESC, key)
;;
CREATE INDEX papers_by_title ON papers (title_fold)
;;
CREATE INDEX papers_by_revision ON papers (revision)
;;
CREATE TABLE identifiers (
    scheme TEXT NOT NULL,
    value TEXT NOT NULL,
    paper INTEGER NOT NULL REFERENCES papers (key),
    PRIMARY KEY (scheme, value)
) WITHOUT ROWID
;;
CREATE INDEX identifiers_by_paper ON identifiers (paper)
;;
CREATE TABLE sightings (
    paper INTEGER NOT NULL REFERENCES papers (key),
    source TEXT NOT NULL,
    day TEXT NOT NULL,
    rank INTEGER,
    votes INTEGER,
    comments INTEGER,
    day_is_guess INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (paper, source, day)
) WITHOUT ROWID
;;
CREATE INDEX sightings_by_day ON sightings (day, paper)
;;
-- The day that was guessed for a text without a year, by the digest of the text.
CREATE TABLE guessed_days (
    digest TEXT PRIMARY KEY,
    day TEXT NOT NULL
) WITHOUT ROWID
;;
CREATE TABLE tags (
    key INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    fold TEXT NOT NULL UNIQUE,
    papers INTEGER NOT NULL DEFAULT 0
)
;;
CREATE TABLE paper_tags (
    paper INTEGER NOT NULL REFERENCES papers (key),
    tag INTEGER NOT NULL REFERENCES tags (key),
    PRIMARY KEY (paper, tag)
) WITHOUT ROWID
;;
CREATE INDEX paper_tags_by_tag ON paper_tags (tag, paper)
;;
CREATE TRIGGER count_tagged AFTER INSERT ON paper_tags BEGIN
    UPDATE tags SET papers = papers + 1 WHERE key = new.tag;
END
;;
CREATE TRIGGER count_untagged AFTER DELETE ON paper_tags BEGIN
    UPDATE tags SET papers = papers - 1 WHERE key = old.tag;
END
;;
CREATE TABLE journal (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    label TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('act', 'automatic', 'import')),
    program TEXT NOT NULL,
    made_at TEXT NOT NULL,
    is_finished INTEGER NOT NULL,
    -- An undone entry passes when its program acts anew: then it can't be redone any more.
    state TEXT NOT NULL DEFAULT 'standing' CHECK (state IN ('standing', 'undone', 'passed'))
)
;;
CREATE TABLE changes (
    journal INTEGER NOT NULL REFERENCES journal (key) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    paper INTEGER NOT NULL REFERENCES papers (key),
    field TEXT NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (journal, number)
) WITHOUT ROWID
"""

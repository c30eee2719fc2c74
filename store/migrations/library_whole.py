"""The second step: the record of version 0.2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.links import has_code, links_from_column
from store.migrations.statements import run
from store.models import Sighting
from store.sightings import standing

if TYPE_CHECKING:
    import sqlite3


def library_whole(connection: sqlite3.Connection) -> None:
    """Votes over time, every abstract, saved views, undo by name."""
    run(connection, _STATEMENTS)
    _derive_trends(connection)
    _derive_code(connection)


def _derive_trends(connection: sqlite3.Connection) -> None:
    found: dict[int, list[Sighting]] = {}
    for paper, *facts in connection.execute(
        "SELECT paper, source, day, rank, votes, comments, day_is_guess, seen FROM sightings"
    ):
        found.setdefault(paper, []).append(Sighting.of_row(facts))
    connection.executemany(
        "UPDATE papers SET trend = ? WHERE key = ?",
        [(standing(sightings).trend, paper) for paper, sightings in found.items()],
    )


def _derive_code(connection: sqlite3.Connection) -> None:
    rows = connection.execute("SELECT key, abstract, links FROM papers")
    with_code = [
        (key,) for key, abstract, links in rows if has_code(abstract, links_from_column(links))
    ]
    connection.executemany("UPDATE papers SET has_code = 1 WHERE key = ?", with_code)


_STATEMENTS = """
-- Whether a link leads to code, and the votes gained per day: derived from the paper's other
-- values, and kept here so that searches can ask for them.
ALTER TABLE papers ADD COLUMN has_code INTEGER NOT NULL DEFAULT 0
;;
ALTER TABLE papers ADD COLUMN trend REAL
;;
-- For `date:`, which would look at all papers.
CREATE INDEX papers_by_date
    ON papers (substr(coalesce(published, listed) || '-01-01', 1, 10)) WHERE removed = 0
;;
-- How many papers there are, as for tags: counting them takes 6 ms at 75,000.
ALTER TABLE library ADD COLUMN papers INTEGER NOT NULL DEFAULT 0
;;
UPDATE library SET papers = (SELECT count(*) FROM papers WHERE removed = 0)
;;
CREATE TRIGGER count_paper AFTER INSERT ON papers BEGIN
    UPDATE library SET papers = papers + (new.removed = 0);
END
;;
CREATE TRIGGER count_removed AFTER UPDATE OF removed ON papers BEGIN
    UPDATE library SET papers = papers + (new.removed = 0) - (old.removed = 0);
END
;;
-- A day of a source that is read again later, with other votes, is another sighting: they have a
-- history. When 0.1 saw its sightings is not known.
ALTER TABLE sightings RENAME TO sightings_of_0_1
;;
CREATE TABLE sightings (
    paper INTEGER NOT NULL REFERENCES papers (key),
    source TEXT NOT NULL,
    day TEXT NOT NULL,
    -- Beside the rest of the key: SQLite 3.40 takes a value between its parts for NULL when it
    -- checks the file.
    seen TEXT NOT NULL,
    rank INTEGER,
    votes INTEGER,
    comments INTEGER,
    day_is_guess INTEGER NOT NULL,
    PRIMARY KEY (paper, source, day, seen)
) WITHOUT ROWID
;;
INSERT INTO sightings
    SELECT paper, source, day, '', rank, votes, comments, day_is_guess FROM sightings_of_0_1
;;
DROP TABLE sightings_of_0_1
;;
CREATE INDEX sightings_by_day ON sightings (day, paper)
;;
-- Abstracts that differ from the one in `papers`, each with the source and day of its stamp.
CREATE TABLE other_abstracts (
    key INTEGER PRIMARY KEY,
    paper INTEGER NOT NULL REFERENCES papers (key),
    source TEXT NOT NULL,
    day TEXT NOT NULL,
    text TEXT NOT NULL
)
;;
CREATE INDEX other_abstracts_by_paper ON other_abstracts (paper)
;;
CREATE TABLE views (
    name TEXT NOT NULL,
    fold TEXT PRIMARY KEY,
    query TEXT NOT NULL
) WITHOUT ROWID
;;
-- An entry is undone and redone by name too, by any program: so each notes who undid it, and in
-- which order. What an import did grows while it goes on, and is counted then.
ALTER TABLE journal ADD COLUMN papers INTEGER NOT NULL DEFAULT 0
;;
ALTER TABLE journal ADD COLUMN undone_by TEXT
;;
ALTER TABLE journal ADD COLUMN undone_at INTEGER
;;
UPDATE journal SET
    papers = (SELECT count(DISTINCT paper) FROM changes WHERE journal = journal.key),
    undone_by = CASE state WHEN 'undone' THEN program END,
    -- In 0.1 entries were undone from the latest back.
    undone_at = CASE state WHEN 'undone' THEN -key END
;;
-- The reader's state has one spelling.
UPDATE tags SET name = fold WHERE fold IN ('inbox', 'unread', 'dismissed', 'starred', 'queued')
;;
CREATE INDEX journal_by_undoing ON journal (undone_at) WHERE undone_at IS NOT NULL
;;
CREATE INDEX journal_by_undoer ON journal (undone_by) WHERE state = 'undone'
;;
-- The tags of papers with what lists are put in order by, so that a tag's list is read as it is
-- shown, however many papers the library holds.
ALTER TABLE paper_tags RENAME TO paper_tags_of_0_1
;;
CREATE TABLE paper_tags (
    paper INTEGER NOT NULL REFERENCES papers (key),
    tag INTEGER NOT NULL REFERENCES tags (key),
    day TEXT,
    votes INTEGER,
    PRIMARY KEY (paper, tag)
) WITHOUT ROWID
;;
INSERT INTO paper_tags
    SELECT paper, tag, day, votes FROM paper_tags_of_0_1 JOIN papers ON papers.key = paper
;;
DROP TABLE paper_tags_of_0_1
;;
CREATE INDEX paper_tags_in_order ON paper_tags (tag, day DESC, votes DESC, paper)
;;
CREATE TRIGGER count_tagged AFTER INSERT ON paper_tags BEGIN
    UPDATE tags SET papers = papers + 1 WHERE key = new.tag;
END
;;
CREATE TRIGGER count_untagged AFTER DELETE ON paper_tags BEGIN
    UPDATE tags SET papers = papers - 1 WHERE key = old.tag;
END
;;
CREATE TRIGGER order_tagged AFTER UPDATE OF listed, published, votes ON papers BEGIN
    UPDATE paper_tags SET day = coalesce(new.listed, new.published), votes = new.votes
        WHERE paper = new.key;
END
;;
-- A change of a saved view belongs to no paper.
ALTER TABLE changes RENAME TO changes_of_0_1
;;
CREATE TABLE changes (
    journal INTEGER NOT NULL REFERENCES journal (key) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    paper INTEGER REFERENCES papers (key),
    field TEXT NOT NULL,
    before TEXT,
    after TEXT,
    -- Whether undoing the entry left it: redo makes again only what undo took back.
    kept INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (journal, number)
) WITHOUT ROWID
;;
INSERT INTO changes SELECT *, 0 FROM changes_of_0_1
;;
DROP TABLE changes_of_0_1
"""

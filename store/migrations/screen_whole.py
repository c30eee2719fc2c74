"""The third step: the record of version 0.3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.migrations.statements import run

if TYPE_CHECKING:
    import sqlite3


def screen_whole(connection: sqlite3.Connection) -> None:
    """Keep notes, votes at the time of a decision, unread papers by tag, visits of views."""
    run(connection, _STATEMENTS)


_STATEMENTS = """
-- The reader's own note on a paper; empty where there is none.
ALTER TABLE papers ADD COLUMN note TEXT NOT NULL DEFAULT ''
;;
-- For `has:note`, which would look at all papers.
CREATE INDEX papers_with_note ON papers (day DESC, votes DESC, key) WHERE note != ''
;;
-- How many votes a paper had when it left the inbox: NULL while it is there, and for one that
-- never was. What was decided before is taken to have been decided now.
ALTER TABLE papers ADD COLUMN decided_votes INTEGER
;;
UPDATE papers SET decided_votes = coalesce(votes, 0) WHERE NOT EXISTS (
    SELECT 1 FROM paper_tags JOIN tags ON tags.key = tag
    WHERE paper = papers.key AND fold = 'inbox')
;;
-- And, of one that is back in the inbox, how many it had when it left before: NULL for one that
-- never did. Undo and redo write them down with what they turn.
ALTER TABLE papers ADD COLUMN former_votes INTEGER
;;
ALTER TABLE changes ADD COLUMN votes INTEGER
;;
-- Those that rise, few at any time: their votes have doubled since.
CREATE INDEX papers_rising ON papers (day DESC, votes DESC, key)
    WHERE votes >= 2 * max(decided_votes, 1)
;;
-- How many of a tag's papers are unread, the revision of the library at which a reader tagged one
-- with it last, and how often papers got or lost it: where that stands still, the same have it.
ALTER TABLE tags ADD COLUMN unread INTEGER NOT NULL DEFAULT 0
;;
ALTER TABLE tags ADD COLUMN used INTEGER NOT NULL DEFAULT 0
;;
ALTER TABLE tags ADD COLUMN moves INTEGER NOT NULL DEFAULT 0
;;
-- With a key of their own: triggers look them up at every change of a tag.
INSERT OR IGNORE INTO tags (name, fold) VALUES ('inbox', 'inbox'), ('unread', 'unread')
;;
UPDATE tags SET unread = (
    SELECT count(*) FROM paper_tags AS one
    JOIN paper_tags AS other ON other.paper = one.paper
    WHERE one.tag = tags.key AND other.tag = (SELECT key FROM tags WHERE fold = 'unread'))
;;
DROP TRIGGER count_tagged
;;
DROP TRIGGER count_untagged
;;
CREATE TRIGGER count_tagged AFTER INSERT ON paper_tags BEGIN
    UPDATE tags SET papers = papers + 1, moves = moves + 1, unread = unread + EXISTS (
        SELECT 1 FROM paper_tags
        WHERE paper = new.paper AND tag = (SELECT key FROM tags WHERE fold = 'unread'))
        WHERE key = new.tag;
END
;;
CREATE TRIGGER count_untagged AFTER DELETE ON paper_tags BEGIN
    UPDATE tags SET papers = papers - 1, moves = moves + 1,
        unread = unread - (fold = 'unread' OR EXISTS (
        SELECT 1 FROM paper_tags
        WHERE paper = old.paper AND tag = (SELECT key FROM tags WHERE fold = 'unread')))
        WHERE key = old.tag;
END
;;
-- The other tags of a paper that becomes unread, or read.
CREATE TRIGGER count_unread AFTER INSERT ON paper_tags
    WHEN new.tag = (SELECT key FROM tags WHERE fold = 'unread') BEGIN
    UPDATE tags SET unread = unread + 1 WHERE key != new.tag
        AND key IN (SELECT tag FROM paper_tags WHERE paper = new.paper);
END
;;
CREATE TRIGGER count_read AFTER DELETE ON paper_tags
    WHEN old.tag = (SELECT key FROM tags WHERE fold = 'unread') BEGIN
    UPDATE tags SET unread = unread - 1
        WHERE key IN (SELECT tag FROM paper_tags WHERE paper = old.paper);
END
;;
CREATE TRIGGER note_decision AFTER DELETE ON paper_tags
    WHEN old.tag = (SELECT key FROM tags WHERE fold = 'inbox') BEGIN
    UPDATE papers SET decided_votes = coalesce(votes, 0) WHERE key = old.paper;
END
;;
CREATE TRIGGER note_return AFTER INSERT ON paper_tags
    WHEN new.tag = (SELECT key FROM tags WHERE fold = 'inbox') BEGIN
    UPDATE papers SET former_votes = decided_votes, decided_votes = NULL
        WHERE key = new.paper AND decided_votes IS NOT NULL;
END
;;
-- The newest paper that was there when the reader was last at a view; `view` is its query.
CREATE TABLE visits (
    view TEXT PRIMARY KEY,
    newest INTEGER NOT NULL
) WITHOUT ROWID
"""

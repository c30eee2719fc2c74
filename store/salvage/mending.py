"""Making a record of salvaged rows whole: what they refer to, what is derived, what is counted."""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from store.record.inspection import COUNTS
from store.record.values import quoted
from store.text import fold_title

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_OF_DECISIONS = ("identifiers", "paper_tags", "citation_keys")
"""Tables whose rows are worth a paper that nothing else is known of."""
_DANGLING = ("sightings", "other_abstracts", "changes", "joins", "apart")
"""Tables whose rows mean nothing without their paper."""


class Mended(NamedTuple):
    """What had to be made up, so that no decision is lost with what it is of."""

    papers: int
    """Of which only an identifier, or nothing but decisions, is known."""
    tags: int
    """Of which nobody knows the name."""
    dropped: int
    """Rows that say nothing without what is lost."""


def mend(connection: sqlite3.Connection, now: str, revision: int) -> Mended:
    """Make a record whole, inside a transaction and without triggers.

    `revision` is the least that it can be at; its search index is made anew.
    """
    papers = _stand_in(connection, now)
    tags = connection.execute(
        "INSERT INTO tags (key, name, fold) SELECT DISTINCT tag, 'lost/' || tag, 'lost/' || tag"
        " FROM paper_tags WHERE tag NOT IN (SELECT key FROM tags)"
    ).rowcount
    connection.execute(
        "INSERT OR IGNORE INTO tags (name, fold) VALUES ('inbox', 'inbox'), ('unread', 'unread')"
    )
    dropped = _drop_dangling(connection)
    _derive(connection)
    for statement, _ in COUNTS.values():
        connection.execute(statement)
    _begin_anew(connection, revision)
    return Mended(papers, tags, dropped)


@contextmanager
def triggers_off(connection: sqlite3.Connection) -> Iterator[None]:
    """Do what is done inside without the triggers of a record; within a transaction."""
    found = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall()
    for name, _ in found:
        connection.execute(f"DROP TRIGGER {quoted(name)}")
    yield
    for _, statement in found:
        connection.execute(statement)


def _stand_in(connection: sqlite3.Connection, now: str) -> int:
    """Let there be a paper for each that decisions or identifiers are of."""
    wanted = " UNION ".join(f"SELECT paper FROM {table}" for table in _OF_DECISIONS)  # noqa: S608 our own
    missing = connection.execute(
        f"SELECT paper, (SELECT scheme || ':' || value FROM identifiers WHERE paper = wanted.paper)"  # noqa: S608 our own
        f" FROM ({wanted}) AS wanted WHERE paper NOT IN (SELECT key FROM papers)"
    ).fetchall()
    connection.executemany(
        "INSERT INTO papers (key, title, title_fold, abstract, authors, links, categories,"
        " keywords, venue, organisation, summary, provenance, added, revision)"
        " VALUES (?, ?, ?, '', '[]', '[]', '[]', '[]', '', '', '', '{}', ?, 0)",
        [
            (key, title, fold_title(title), now)
            for key, identifier in missing
            for title in (identifier or f"paperdeck:{key}",)
        ],
    )
    return len(missing)


def _drop_dangling(connection: sqlite3.Connection) -> int:
    dropped = 0
    for table in _DANGLING:
        dropped += connection.execute(
            f"DELETE FROM {table} WHERE paper IS NOT NULL"  # noqa: S608 our own words
            " AND paper NOT IN (SELECT key FROM papers)"
        ).rowcount
    for table in ("joins", "apart"):
        dropped += connection.execute(
            f"DELETE FROM {table} WHERE other NOT IN (SELECT key FROM papers)"  # noqa: S608 our own
        ).rowcount
    dropped += connection.execute(
        "DELETE FROM changes WHERE journal NOT IN (SELECT key FROM journal)"
    ).rowcount
    return dropped


def _derive(connection: sqlite3.Connection) -> None:
    """Bring what is derived from a paper's title, and from nothing, to what it has to be."""
    titles = connection.execute("SELECT key, title, title_fold FROM papers").fetchall()
    connection.executemany(
        "UPDATE papers SET title_fold = ? WHERE key = ?",
        [(fold_title(title), key) for key, title, fold in titles if fold_title(title) != fold],
    )
    connection.execute("DELETE FROM sqlite_sequence")
    for table, column, others in (
        ("papers", "key", ("SELECT max(paper) FROM changes",)),
        ("journal", "key", ("SELECT max(import) FROM papers",)),
    ):
        keys = [f"SELECT max({column}) FROM {table}", *others]  # noqa: S608 our own words
        found = [connection.execute(one).fetchone()[0] or 0 for one in keys]
        connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, max(found)))


def _begin_anew(connection: sqlite3.Connection, revision: int) -> None:
    """Give the library a revision beyond all it ever had, at which every index begins anew."""
    found = connection.execute("SELECT id, revision FROM library").fetchall()
    latest = connection.execute(
        "SELECT max((SELECT coalesce(max(revision), 0) FROM papers),"
        " (SELECT coalesce(max(revision), 0) FROM text_commits),"
        " (SELECT coalesce(max(revision), 0) FROM touches))"
    ).fetchone()[0]
    revision = max([revision, latest, *(one for _, one in found)]) + 1
    name = found[0][0] if found else secrets.token_hex(16)
    connection.execute("DELETE FROM library")
    connection.execute(
        "INSERT INTO library (id, revision, papers)"
        " VALUES (?, ?, (SELECT count(*) FROM papers WHERE removed = 0))",
        (name, revision),
    )
    connection.execute("DELETE FROM touches")
    connection.execute("DELETE FROM text_commits")
    connection.execute("INSERT INTO text_commits VALUES (?, ?)", (revision, secrets.token_hex(8)))

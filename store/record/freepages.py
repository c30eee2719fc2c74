"""Giving the pages of a record back that hold nothing, and the room of its log.

SQLite writes into free pages again and never makes the file smaller by itself. What is done here
is done in steps, between which anybody may write, and each of which is a commit: cut off, it is
gone on with another time. A small file alone is written anew as a whole.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from store.migrations import MIGRATIONS, recorded

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

STEP_SECONDS = 0.01
"""A step ends after the page that passes this: the write lock is held 50 ms at most."""
MANY_PAGES = 256
MANY_PART = 8
"""So many free pages, and such a part of all, are worth the trouble."""
SMALL_PAGES = 2_500
"""A file of so many pages is written anew in less than 50 ms of processor."""
_INCREMENTAL = 2


class NewerStepsError(Exception):
    """A newer version has brought the record up to date, or an older one left it behind."""


@contextmanager
def writing_step(connection: sqlite3.Connection) -> Iterator[None]:
    """Do one step, as one commit; raises `NewerStepsError` where the record is not as we know it.

    `connection` is in autocommit mode.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        _refuse_others(connection)
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _refuse_others(connection: sqlite3.Connection) -> None:
    if recorded(connection) != list(MIGRATIONS):
        raise NewerStepsError


def prepare_new(connection: sqlite3.Connection) -> None:
    """Let a file that is made now give pages back; one that is there stays as it is."""
    if _number(connection, "page_count") == 0:
        connection.execute(f"PRAGMA auto_vacuum = {_INCREMENTAL}")


def gives_back(connection: sqlite3.Connection) -> bool:
    """Tell whether the file can give pages back, as those made since version 0.7 can."""
    return _number(connection, "auto_vacuum") == _INCREMENTAL


def has_many_free(connection: sqlite3.Connection) -> bool:
    """Tell whether `give_back` would make the file a good deal smaller."""
    free, pages = _number(connection, "freelist_count"), _number(connection, "page_count")
    is_able = gives_back(connection) or pages <= SMALL_PAGES
    return is_able and free >= MANY_PAGES and free * MANY_PART >= pages


def give_back(connection: sqlite3.Connection, pause: float) -> None:
    """Give all free pages back, pausing so many seconds after each step.

    A file of a version that could not do so is written anew if it is small; else it stays as it is.
    """
    if not gives_back(connection):
        if _number(connection, "page_count") <= SMALL_PAGES:
            _refuse_others(connection)
            rewrite(connection)
        return
    # Others may free more meanwhile: that is for another time.
    left = _number(connection, "freelist_count")
    while left > 0 and _number(connection, "freelist_count"):
        with writing_step(connection):
            until = time.monotonic() + STEP_SECONDS
            while left > 0 and time.monotonic() < until:
                # One by one: Python's driver stops after the first in any case.
                connection.execute("PRAGMA incremental_vacuum(1)")
                left -= 1
        time.sleep(pause)


def rewrite(connection: sqlite3.Connection) -> None:
    """Write the whole file anew, without free pages, so that it can give them back from now on.

    Nobody else writes meanwhile: a file of 200 MB takes a second.
    """
    connection.execute(f"PRAGMA auto_vacuum = {_INCREMENTAL}")
    connection.execute("VACUUM")


def shorten_log(connection: sqlite3.Connection) -> None:
    """Write the log into the file, and cut it unless somebody else is at work with it."""
    _, written, moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    if written != moved or written <= 0:
        return
    patience = _number(connection, "busy_timeout")
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        # Nothing is left to be written, for which others would have to wait.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    (number,) = connection.execute(f"PRAGMA {pragma}").fetchone()
    return int(number)

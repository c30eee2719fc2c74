"""Keeping a record as small as what it holds, while others read and write it."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from store.record.forgetting import forget
from store.record.freepages import NewerStepsError, give_back, has_many_free, shorten_log

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_SECONDS = 1.0
"""So long is waited for another program's write; then the rest is for another time."""
PAUSE_SECONDS = 0.03
"""After each step, so that whoever waits comes to write."""


def compact(file: Path, pause: float = PAUSE_SECONDS) -> None:
    """Let go of what the record `file` does not need, in short steps, as far as that can be done.

    Cut off anywhere, the record is whole, and the next time goes on with it. A disk that is full,
    or a program that holds the record for long, is no failure: it is tried again.
    """
    address = f"{file.absolute().as_uri()}?mode=rw"
    with (
        suppress(sqlite3.Error, NewerStepsError),
        closing(
            sqlite3.connect(address, uri=True, isolation_level=None, timeout=PATIENCE_SECONDS)
        ) as connection,
    ):
        connection.execute("PRAGMA synchronous = FULL")
        # What somebody has put into the file may run nothing beyond it.
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA foreign_keys = OFF")
        forget(connection, pause)
        if has_many_free(connection):
            give_back(connection, pause)
        shorten_log(connection)

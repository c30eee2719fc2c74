"""A glimpse into a library: the names of its tags and views, while a command is being written.

The library is not opened for it: nothing is created, migrated or written, not even SQLite's own
files beside the record. What can't be read at once has no names.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

from store.database import FILE_NAME
from store.readonly import connected, ways
from store.text import fold_case

if TYPE_CHECKING:
    from pathlib import Path

BUSY_SECONDS = 0.05
"""Who completes a word does not wait for a writer."""

_TAGS = "SELECT name FROM tags WHERE papers > 0 AND substr(fold, 1, length(?1)) = ?1 ORDER BY name"
_VIEWS = "SELECT name FROM views WHERE substr(fold, 1, length(?1)) = ?1 ORDER BY name"


def tag_names(folder: Path, beginning: str = "") -> tuple[str, ...]:
    """Return the tags in use that begin so, without regard to case."""
    return _names(folder, _TAGS, beginning)


def view_names(folder: Path, beginning: str = "") -> tuple[str, ...]:
    """Return the views whose names begin so, without regard to case."""
    return _names(folder, _VIEWS, beginning)


def _names(folder: Path, statement: str, beginning: str) -> tuple[str, ...]:
    file = folder / FILE_NAME
    for way in ways(file):
        # Others may leave just now, and take the log with them.
        with suppress(sqlite3.Error), connected(file, way, BUSY_SECONDS) as connection:
            found = connection.execute(statement, (fold_case(beginning),)).fetchall()
            return tuple(str(name) for (name,) in found)
    return ()

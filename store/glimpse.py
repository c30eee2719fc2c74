"""A glimpse into a library: names of tags and views for who writes a command, and its revision.

The library is not opened for it: nothing is created, migrated or written, not even SQLite's own
files beside the record. What can't be read at once tells nothing.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from store.record import FILE_NAME
from store.record.readonly import connected, ways
from store.text import as_line, fold_case

if TYPE_CHECKING:
    from pathlib import Path

BUSY_SECONDS = 0.05
"""Who completes a word does not wait for a writer."""

_TAGS = "SELECT name FROM tags WHERE papers > 0 AND substr(fold, 1, length(?1)) = ?1 ORDER BY name"
_VIEWS = "SELECT name FROM views WHERE substr(fold, 1, length(?1)) = ?1 ORDER BY name"

_STANDING = "SELECT revision, view, newest FROM library LEFT JOIN visits"


def tag_names(folder: Path, beginning: str = "") -> tuple[str, ...]:
    """Return the tags in use that begin so, without regard to case."""
    return _names(folder, _TAGS, beginning)


def view_names(folder: Path, beginning: str = "") -> tuple[str, ...]:
    """Return the views whose names begin so, without regard to case."""
    return _names(folder, _VIEWS, beginning)


def standing(folder: Path) -> tuple[int, dict[str, int]] | None:
    """Return the revision of the latest commit, and what `Visits.to_dict` does.

    None where it can't be read at once.
    """
    rows = _rows(folder, _STANDING)
    visits = {view: newest for _, view, newest in rows if view is not None}
    return (int(rows[0][0]), visits) if rows else None


def _names(folder: Path, statement: str, beginning: str) -> tuple[str, ...]:
    return tuple(as_line(str(name)) for (name,) in _rows(folder, statement, fold_case(beginning)))


def _rows(folder: Path, statement: str, *values: str) -> list[tuple[Any, ...]]:
    file = folder / FILE_NAME
    for way in ways(file):
        # Others may leave just now, and take the log with them.
        with suppress(sqlite3.Error), connected(file, way, BUSY_SECONDS) as connection:
            return connection.execute(statement, values).fetchall()
    return []

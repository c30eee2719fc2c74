"""The schema of a library's record, as named steps that are never edited once released.

Each step is a module, and a step and the note that it was taken share one transaction. A library
that has a step which this version does not know was written by a newer one, and is refused before
anything is touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.migrations.first_light import first_light
from store.migrations.letters_out import letters_out
from store.migrations.library_whole import library_whole
from store.migrations.screen_whole import screen_whole
from store.migrations.search_fast import search_fast

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

APPLICATION_ID = 0x70646B31
"""Marks the SQLite file as a paperdeck library (`PRAGMA application_id`)."""

MIGRATIONS: dict[str, Callable[[sqlite3.Connection], None]] = {
    "0001 first light": first_light,
    "0002 library whole": library_whole,
    "0003 screen whole": screen_whole,
    "0004 search fast": search_fast,
    "0005 letters out": letters_out,
}
"""Every step by its recorded name, in order."""


def recorded(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the steps that the library has taken; none for an empty file."""
    exists = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'"
    ).fetchone()
    if not exists:
        return []
    return [name for (name,) in connection.execute("SELECT name FROM migrations ORDER BY name")]

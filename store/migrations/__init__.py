"""The schema of a library's record, as named steps that are never edited once released.

Each step is a module, and a step and the note that it was taken share one transaction. A library
that has a step which this version does not know was written by a newer one, and is refused before
anything is touched.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

APPLICATION_ID = 0x70646B31
"""Marks the SQLite file as a paperdeck library (`PRAGMA application_id`)."""


def _step(name: str) -> Callable[[sqlite3.Connection], None]:
    """Return a step, which is loaded when it is taken: most libraries have taken all."""

    def take(connection: sqlite3.Connection) -> None:
        getattr(import_module(f"store.migrations.{name}"), name)(connection)

    return take


MIGRATIONS: dict[str, Callable[[sqlite3.Connection], None]] = {
    "0001 first light": _step("first_light"),
    "0002 library whole": _step("library_whole"),
    "0003 screen whole": _step("screen_whole"),
    "0004 search fast": _step("search_fast"),
    "0005 letters out": _step("letters_out"),
    "0006 one paper": _step("one_paper"),
}
"""Every step by its recorded name, in order."""


def newest_unknown(connection: sqlite3.Connection) -> str:
    """Return the last step of a library of a newer version; empty where all are known."""
    return max(set(recorded(connection)) - set(MIGRATIONS), default="")


def recorded(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the steps that the library has taken; none for an empty file."""
    exists = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'"
    ).fetchone()
    if not exists:
        return []
    return [name for (name,) in connection.execute("SELECT name FROM migrations ORDER BY name")]


def are_in_order(steps: Sequence[str]) -> bool:
    """Tell whether a library has taken the first steps and no others, so that its form is known."""
    return list(steps) == list(MIGRATIONS)[: len(steps)]


def take_missing(connection: sqlite3.Connection, applied: str) -> None:
    """Bring a library that nobody else has open up to date; `applied` says when (UTC)."""
    for name, step in MIGRATIONS.items():
        if name not in recorded(connection):
            connection.execute("BEGIN")
            step(connection)
            connection.execute("INSERT INTO migrations VALUES (?, ?)", (name, applied))
            connection.execute("COMMIT")


@contextmanager
def empty_after(steps: Sequence[str]) -> Iterator[sqlite3.Connection]:
    """Have an empty library in memory that has taken these steps, those that are known."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for step in steps:
            MIGRATIONS[step](connection)
        yield connection
    finally:
        connection.close()

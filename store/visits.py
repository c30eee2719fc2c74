"""What the reader has seen of each view: the newest paper that was there at the last visit."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from store.database import BUSY_SECONDS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from store.database import Database

PATIENCE_SECONDS = 0.2
"""How long noting a visit waits for another program's write: whoever leaves should not wait."""


class Visits:
    """The reader's visits of views, each known by the text of its query.

    They belong to no history: noting one is no act, and the library stays at its revision.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self, view: str) -> int | None:
        """Return the key of the newest paper at the end of the last visit; None before the first.

        A paper with a greater key has come in since.
        """
        with self._database.reading() as connection:
            row = connection.execute("SELECT newest FROM visits WHERE view = ?", (view,)).fetchone()
        return None if row is None else int(row[0])

    def to_dict(self) -> dict[str, int]:
        """Return what `newest` does of every view that was ever visited."""
        with self._database.reading() as connection:
            return dict(connection.execute("SELECT view, newest FROM visits").fetchall())

    def end(self, view: str, newest: int) -> None:
        """Note a visit that ended when `newest` was the library's newest paper.

        One that began earlier and ends later takes nothing back. Raises a `LibraryError` where it
        can't be written, also while another program writes: only the note is lost then.
        """
        with _impatient(self._database.connection), self._database.atomic() as connection:
            connection.execute(
                "INSERT INTO visits VALUES (?, ?) ON CONFLICT (view)"
                " DO UPDATE SET newest = max(newest, excluded.newest)",
                (view, newest),
            )


@contextmanager
def _impatient(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute(f"PRAGMA busy_timeout = {1000 * PATIENCE_SECONDS:.0f}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA busy_timeout = {1000 * BUSY_SECONDS:.0f}")

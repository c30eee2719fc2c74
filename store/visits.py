"""What the reader has seen of each view: the newest paper that was there at the last visit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from store.query import nodes as q
from store.text import fold_case

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from store.record.database import Database

PATIENCE_SECONDS = 0.2
"""How long noting a visit waits for another program's write: whoever leaves should not wait."""
KEPT_DAYS = 60
"""A visit of a day is remembered for so many days after it: nothing comes in for it any more."""
_OF_A_DAY = "(view GLOB 'on:????-??-??' OR view GLOB 'date:????-??-??')"


def _local_day() -> date:
    return datetime.now(UTC).astimezone().date()


class Visits:
    """The reader's visits of views, each known by the text of its query.

    They belong to no history: noting one is no act, and the library stays at its revision. `today`
    gives the present day.
    """

    def __init__(self, database: Database, today: Callable[[], date] = _local_day) -> None:
        self._database = database
        self._today = today

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
        can't be written, also while another program writes: only the note is lost then. Visits of
        days that are long past are forgotten.
        """
        until = self._today() - timedelta(days=KEPT_DAYS)
        database = self._database
        with database.waiting(PATIENCE_SECONDS), database.atomic() as connection:
            connection.execute(
                "INSERT INTO visits VALUES (?, ?) ON CONFLICT (view)"
                " DO UPDATE SET newest = max(newest, excluded.newest)",
                (view, newest),
            )
            connection.execute(
                f"DELETE FROM visits WHERE {_OF_A_DAY} AND substr(view, -10) < ?",  # noqa: S608 our own words
                (until.isoformat(),),
            )


def follow_tag(connection: sqlite3.Connection, old: str, new: str) -> None:
    """Note the visits of a tag and of those nested in it under its new name; inside `atomic`.

    Those under the old one stay, for whoever undoes the renaming. Where both names were visited,
    the earlier visit counts: what may not have been seen is new.
    """
    depth = old.count("/") + 1
    rows = connection.execute("SELECT view, newest FROM visits WHERE view LIKE 'tag:%'").fetchall()
    for view, newest in rows:
        name = view.removeprefix("tag:").strip('"')
        if f"{fold_case(name)}/".startswith(f"{fold_case(old)}/") and "," not in name:
            renamed = "/".join([new, *name.split("/")[depth:]])
            connection.execute(
                "INSERT INTO visits VALUES (?, ?) ON CONFLICT (view)"
                " DO UPDATE SET newest = min(newest, excluded.newest)",
                (str(q.TaggedAny((renamed,))), newest),
            )

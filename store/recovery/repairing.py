"""Putting what can be salvaged of a damaged record in its place, while nobody else uses it."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.clock import stamp
from store.errors import (
    BackupError,
    NotALibraryError,
)
from store.record.backups import (
    FOLDER,
    Backup,
    backups_in,
    note_repair,
    prepare_folder,
    take_away_leftovers,
    unfinished,
    unpack,
    utc_now,
)
from store.record.database import FILE_NAME, Database
from store.record.freepages import gives_back, rewrite
from store.record.place import check_place
from store.recovery.common import BUSY_SECONDS, alone, check, faults_of, free_name, writing
from store.salvage import Salvaged, salvage
from store.salvage.replacing import parts_of, replace_record

if TYPE_CHECKING:
    from pathlib import Path

_WORTH = ("papers", "paper_tags", "identifiers")
"""Tables of which something has to be there for a repair to be one."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """What repairing a library came to."""

    faults: tuple[str, ...]
    """What was wrong; empty where nothing was, and nothing was done."""
    salvaged: Salvaged | None = None
    backup: Backup | None = None
    """The one that gaps were filled from."""
    kept: Path | None = None


def repair(folder: Path, *, on_network: bool | None = None) -> Repaired:
    """Make the record in `folder` sound again, of all that can be read of it and of backups.

    `on_network` is what `Database` is told. Raises a `LibraryError` where it is in use, of a newer
    version, or nothing of it is left; then it is as it was.
    """
    file = folder / FILE_NAME
    with writing(folder):
        check_place(file)
    with writing(folder), alone(folder, on_network=on_network):
        found = faults_of(file) if file.exists() else ["it is not there"]
        if not found:
            # A repair may have been killed when all of it was done.
            take_away_leftovers(folder / FOLDER)
            _let_give_back(file)
            note_repair(folder, utc_now())
            return Repaired(())
        with unfinished(prepare_folder(folder)) as place:
            backup = _newest_sound(folder, place)
            ready = place / "salvaged.db"
            now = stamp(utc_now())
            salvaged = salvage(file, ready, place / "older.db" if backup else None, now)
            worth = [one for one in salvaged.tables if one.name in _WORTH and one.counts]
            if not worth:
                raise NotALibraryError(
                    folder, "has nothing left that can be read", "put a copy of yours in its place"
                )
            check(ready, folder)
            kept = free_name(file) if any(parts_of(file)) else None
            replace_record(file, ready, kept)
        note_repair(folder, utc_now())
    with writing(folder):
        # It keeps the journal that its disk asks for from here on.
        Database(folder, on_network=on_network).close()
    return Repaired(tuple(found), salvaged, backup, kept)


def _let_give_back(file: Path) -> None:
    """Have a sound record of an older version give pages back from now on, if there is room."""
    with (
        suppress(sqlite3.OperationalError),
        closing(sqlite3.connect(file, isolation_level=None, timeout=BUSY_SECONDS)) as connection,
    ):
        connection.execute("PRAGMA synchronous = FULL")
        if not gives_back(connection):
            rewrite(connection)


def _newest_sound(folder: Path, place: Path) -> Backup | None:
    """Unpack the newest backup that is sound."""
    for one in backups_in(folder):
        older = place / "older.db"
        older.unlink(missing_ok=True)
        try:
            unpack(one.path, older)
            if not faults_of(older):
                return one
        except BackupError:
            continue
    return None

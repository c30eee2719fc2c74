"""Putting what can be salvaged of a damaged record in its place, while nobody else uses it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from store.clock import stamp
from store.errors import BackupError, NotALibraryError
from store.migrations import are_in_order, recorded
from store.privatefiles import create_private
from store.record import FILE_NAME
from store.record.backups import (
    FOLDER,
    Backup,
    about,
    backups_in,
    note_repair,
    prepare_folder,
    take_away_leftovers,
    unfinished,
    unpack,
    utc_now,
)
from store.record.database import Database
from store.record.freepages import gives_back, rewrite
from store.record.place import check_place
from store.recovery.common import BUSY_SECONDS, alone, check, faults_of, free_name, writing
from store.salvage import Salvaged, salvage
from store.salvage.replacing import parts_of, replace_record
from store.salvage.wrongvalues import Righted, right_values

if TYPE_CHECKING:
    from pathlib import Path

_MUCH_LESS = 2
"""A backup with less than such a part of the papers of another is not filled in from."""
_WORTH = ("papers", "paper_tags", "identifiers")
"""Tables of which something has to be there for a repair to be one."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """What repairing a library came to."""

    faults: tuple[str, ...] = ()
    """What was wrong; empty where nothing was, and nothing was done."""
    righted: Righted = field(default_factory=Righted)
    """Values that could not be read, before anything was salvaged."""
    salvaged: Salvaged | None = None
    """What came of it where righting values was not enough."""
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
            return Repaired()
        with unfinished(prepare_folder(folder)) as place:
            backup = _newest_sound(folder, place)
            ready, done = _made_sound(file, place, has_older=backup is not None)
            check(ready, folder)
            kept = free_name(file) if any(parts_of(file)) else None
            replace_record(file, ready, kept)
        note_repair(folder, utc_now())
    with writing(folder):
        # It keeps the journal that its disk asks for from here on.
        Database(folder, on_network=on_network).close()
    return replace(done, faults=tuple(found), backup=backup, kept=kept)


def _made_sound(file: Path, place: Path, *, has_older: bool) -> tuple[Path, Repaired]:
    """Make a sound record of a damaged one: by righting its values alone, where that is enough.

    Returns where it is, and what came of it. Raises `NotALibraryError` where nothing is left.
    """
    older, now = place / "older.db" if has_older else None, stamp(utc_now())
    copy, ready = place / "copied.db", place / "salvaged.db"
    done = Repaired()
    source = file
    if _can_be_read(file):
        # What stands in the way of that is salvaged as it is.
        with suppress(sqlite3.Error):
            _copy(file, copy)
            done = Repaired(righted=right_values(copy, older, now))
            if not faults_of(copy):
                return copy, done
            source = copy
    salvaged = salvage(source, ready, older, now)
    if not any(one.name in _WORTH and one.counts for one in salvaged.tables):
        raise NotALibraryError(
            file.parent, "has nothing left that can be read", "put a copy of yours in its place"
        )
    return ready, replace(done, salvaged=salvaged)


def _can_be_read(file: Path) -> bool:
    """Tell whether every page of a record is as SQLite would have written it."""
    if not file.exists():
        return False
    try:
        with closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as connection:
            steps = recorded(connection)
            is_sound = connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
            return is_sound and bool(steps) and are_in_order(steps)
    except sqlite3.DatabaseError:
        return False


def _copy(file: Path, copy: Path) -> None:
    os.close(create_private(copy))
    with (
        closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
        # As a file alone: what is made of it is put into its place as one.
        target.execute("PRAGMA journal_mode = DELETE").fetchone()


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
    """Unpack the newest backup that is sound, and is not of a library that was begun anew."""
    found = backups_in(folder)
    held = {one: said.papers for one in found if (said := about(one.path))}
    most = max(held.values(), default=0)
    for one in found:
        if held.get(one, 0) * _MUCH_LESS < most:
            continue
        older = place / "older.db"
        older.unlink(missing_ok=True)
        try:
            unpack(one.path, older)
            if not faults_of(older):
                return one
        except BackupError:
            continue
    return None

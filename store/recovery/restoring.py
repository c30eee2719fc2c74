"""Putting a backup in the place of a library's record.

A sound record is replaced within one transaction, so that a browser that has it open goes on with
the other one. A damaged one is replaced while nobody else uses it, and kept beside.
"""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.clock import stamp
from store.errors import BackupError
from store.migrations import newest_unknown
from store.record import FILE_NAME
from store.record.backups import (
    FOLDER,
    QUICK,
    Backup,
    Occasion,
    add_backup,
    backups_in,
    note_repair,
    prepare_folder,
    thin_out,
    unfinished,
    unpack,
    utc_now,
)
from store.record.database import Database
from store.record.inspection import faults
from store.record.place import check_place
from store.record.values import quoted
from store.recovery.common import BUSY_SECONDS, alone, faults_of, free_name, writing
from store.salvage.mending import triggers_off
from store.salvage.replacing import parts_of, replace_record
from store.salvage.wrongvalues import Righted, right_values

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Restored:
    """What putting a backup in the library's place came to."""

    backup: Backup
    before: Backup | None
    """The backup of what was there; None where that was none, or damaged."""
    kept: Path | None
    """The damaged file that was there."""
    righted: Righted
    """What could not be read in the backup."""


def restore_backup(folder: Path, name: str, *, on_network: bool | None = None) -> Restored:
    """Put a backup in the place of the record in `folder`; what is there is kept as one first.

    `on_network` is what `Database` is told. Raises `BackupError`, or a `LibraryError`; then the
    record is as it was.
    """
    backup = _named(folder, name)
    file = folder / FILE_NAME
    with writing(folder), unfinished(_checked(folder)) as place:
        ready, righted = _brought_up_to_date(backup, place)
        if file.exists() and not faults_of(file):
            before = _exchange(file, ready, on_network=on_network)
            return Restored(backup, before, None, righted)
        with alone(folder, on_network=on_network):
            kept = free_name(file) if any(parts_of(file)) else None
            replace_record(file, ready, kept)
        note_repair(folder, utc_now())
        # It keeps the journal that its disk asks for from here on.
        Database(folder, on_network=on_network).close()
        return Restored(backup, None, kept, righted)


def _named(folder: Path, name: str) -> Backup:
    backups = backups_in(folder)
    for one in backups:
        named = {one.name, one.path.name, str(one.path), str(one.path.absolute())}
        if name in named or (name == "newest" and one is backups[0]):
            return one
    raise BackupError(
        folder / FOLDER / name, "is not there", "'paperdeck backup --list' lists them"
    )


def _brought_up_to_date(backup: Backup, place: Path) -> tuple[Path, Righted]:
    """Unpack a backup and bring it up to date, so that every program here can go on with it."""
    ready = place / "restored.db"
    unpack(backup.path, ready)
    _check_kind(ready, backup)
    try:
        # Whoever made the backup may not have known that a value of it can't be read.
        righted = right_values(ready, None, stamp(utc_now()))
        with closing(sqlite3.connect(ready)) as connection:
            found = faults(connection)
    except sqlite3.DatabaseError as error:
        raise BackupError(backup.path, f"is damaged ({error})", "take an older one") from error
    if found:
        raise BackupError(backup.path, f"is damaged ({found[0]})", "take an older one")
    return ready, righted


def _check_kind(ready: Path, backup: Backup) -> None:
    with closing(sqlite3.connect(ready)) as connection:
        unknown = newest_unknown(connection)
    if unknown:
        raise BackupError(
            backup.path, f"is of a newer version (it has '{unknown}')", "upgrade paperdeck"
        )


def _checked(folder: Path) -> Path:
    """Return the folder of a library's backups, once nothing stands where we write."""
    if folder.exists():
        check_place(folder / FILE_NAME)
    return prepare_folder(folder)


def _exchange(file: Path, ready: Path, *, on_network: bool | None) -> Backup:
    """Replace what a sound record holds, as one commit; return the backup of what it held."""
    # An older one is brought up to date, so that both are alike.
    Database(file.parent, on_network=on_network).close()
    with closing(sqlite3.connect(file, isolation_level=None, timeout=BUSY_SECONDS)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("ATTACH ? AS other", (str(ready),))
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Nobody else writes from here on: what the backup holds is what is replaced.
            before = add_backup(file, Occasion.RESTORE, utc_now(), level=QUICK)
            _copy_contents(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    # Not before: it could be the one that is put back.
    thin_out(file, utc_now())
    return before


def _copy_contents(connection: sqlite3.Connection) -> None:
    (revision,) = connection.execute(
        "SELECT max(one.revision, other.revision) + 1"
        " FROM main.library AS one, other.library AS other"
    ).fetchone()
    # Whatever else somebody has put there stays.
    tables = connection.execute(
        "SELECT name FROM main.sqlite_master WHERE type = 'table'"
        " AND name IN (SELECT name FROM other.sqlite_master)"
    ).fetchall()
    with triggers_off(connection):
        for (table,) in tables:
            _copy_table(connection, table)
    # What others have in memory is of commits that are no more.
    connection.execute("DELETE FROM main.touches")
    connection.execute("UPDATE main.library SET revision = ?", (revision,))
    connection.execute(
        "INSERT INTO main.text_commits VALUES (?, ?)", (revision, secrets.token_hex(8))
    )


def _copy_table(connection: sqlite3.Connection, table: str) -> None:
    columns = connection.execute(
        "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0", (table,)
    )
    listed = ", ".join(quoted(name) for (name,) in columns)
    connection.execute(f"DELETE FROM main.{quoted(table)}")  # noqa: S608 quoted
    connection.execute(
        f"INSERT INTO main.{quoted(table)} ({listed})"  # noqa: S608 as above
        f" SELECT {listed} FROM other.{quoted(table)}"
    )

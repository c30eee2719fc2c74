"""Putting another record in the place of a library's: a backup, or what was salvaged of it.

A sound record is replaced within one transaction, so that a browser that has it open goes on with
the other one. A damaged one is replaced while nobody else uses it, and kept beside.
"""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.clock import stamp
from store.errors import (
    BackupError,
    LibraryBusyError,
    LibraryError,
    LibraryFullError,
    LibraryTooNewError,
    NotALibraryError,
)
from store.migrations import APPLICATION_ID, MIGRATIONS, recorded
from store.record import locks
from store.record.backups import (
    FOLDER,
    QUICK,
    Backup,
    Occasion,
    backups_in,
    make_backup,
    note_repair,
    prepare_folder,
    take_away_leftovers,
    unfinished,
    unpack,
    utc_now,
)
from store.record.database import FILE_NAME, Database
from store.record.inspection import faults
from store.record.readonly import log_of
from store.record.sqliteerrors import translated
from store.salvage import Salvaged, salvage
from store.salvage.replacing import replace_record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_SECONDS = 60.0
_WORTH = ("papers", "paper_tags", "identifiers")
"""Tables of which something has to be there for a repair to be one."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What putting a backup in the library's place came to."""

    backup: Backup
    before: Backup | None
    """The backup of what was there; None where that was none, or damaged."""
    kept: Path | None
    """The damaged file that was there."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """What repairing a library came to."""

    faults: tuple[str, ...]
    """What was wrong; empty where nothing was, and nothing was done."""
    salvaged: Salvaged | None = None
    backup: Backup | None = None
    """The one that gaps were filled from."""
    kept: Path | None = None


def restore_backup(folder: Path, name: str) -> Restored:
    """Put a backup in the place of the record in `folder`; what is there is kept as one first.

    Raises `BackupError`, or a `LibraryError`; then the record is as it was.
    """
    backup = _named(folder, name)
    file = folder / FILE_NAME
    with _writing(folder), unfinished(prepare_folder(folder)) as place:
        ready = _brought_up_to_date(backup, place)
        if file.exists() and not _faults(file):
            return Restored(backup, _exchange(file, ready), None)
        with _alone(folder):
            kept = _beside(file) if file.exists() else None
            replace_record(file, ready, kept)
        note_repair(folder, utc_now())
        return Restored(backup, None, kept)


def repair(folder: Path) -> Repaired:
    """Make the record in `folder` sound again, of all that can be read of it and of backups.

    Raises a `LibraryError` where it is in use, of a newer version, or nothing of it is left; then
    it is as it was.
    """
    file = folder / FILE_NAME
    with _writing(folder), _alone(folder):
        found = _faults(file) if file.exists() else ["it is not there"]
        if not found:
            # A repair may have been killed when all of it was done.
            take_away_leftovers(folder / FOLDER)
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
            _check(ready, folder)
            kept = _beside(file) if file.exists() else None
            replace_record(file, ready, kept)
        note_repair(folder, utc_now())
        return Repaired(tuple(found), salvaged, backup, kept)


def _named(folder: Path, name: str) -> Backup:
    backups = backups_in(folder)
    for one in backups:
        if name in {one.name, one.path.name} or (name == "newest" and one is backups[0]):
            return one
    raise BackupError(folder / name, "is not there", "'paperdeck backup --list' lists them")


def _brought_up_to_date(backup: Backup, place: Path) -> Path:
    """Unpack a backup and bring it up to date, so that every program here can go on with it."""
    ready = place / "restored.db"
    unpack(backup.path, ready)
    _check_kind(ready, backup)
    with closing(sqlite3.connect(ready, isolation_level=None)) as connection:
        for name, step in MIGRATIONS.items():
            if name not in recorded(connection):
                connection.execute("BEGIN")
                step(connection)
                applied = stamp(utc_now())
                connection.execute("INSERT INTO migrations VALUES (?, ?)", (name, applied))
                connection.execute("COMMIT")
        found = faults(connection)
    if found:
        raise BackupError(backup.path, f"is damaged ({found[0]})", "take an older one")
    return ready


def _check_kind(ready: Path, backup: Backup) -> None:
    with closing(sqlite3.connect(ready)) as connection:
        unknown = set(recorded(connection)) - set(MIGRATIONS)
    if unknown:
        raise BackupError(
            backup.path, f"is of a newer version (it has '{max(unknown)}')", "upgrade paperdeck"
        )


def _exchange(file: Path, ready: Path) -> Backup:
    """Replace what a sound record holds, as one commit; return the backup of what it held."""
    Database(file.parent).close()  # an older one is brought up to date, so that both are alike
    with closing(sqlite3.connect(file, isolation_level=None, timeout=BUSY_SECONDS)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("ATTACH ? AS other", (str(ready),))
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Nobody else writes from here on: what the backup holds is what is replaced.
            before = make_backup(file, Occasion.RESTORE, utc_now(), level=QUICK)
            _copy_contents(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    return before


def _copy_contents(connection: sqlite3.Connection) -> None:
    (revision,) = connection.execute(
        "SELECT max(one.revision, other.revision) + 1"
        " FROM main.library AS one, other.library AS other"
    ).fetchone()
    triggers = connection.execute(
        "SELECT name, sql FROM main.sqlite_master WHERE type = 'trigger'"
    ).fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER main.{name}")
    tables = connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")
    for (table,) in tables.fetchall():
        columns = connection.execute(
            "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0", (table,)
        )
        listed = ", ".join(f'"{name}"' for (name,) in columns)
        connection.execute(f"DELETE FROM main.{table}")  # noqa: S608 our own names
        connection.execute(
            f"INSERT INTO main.{table} ({listed}) SELECT {listed} FROM other.{table}"  # noqa: S608 as above
        )
    for _, sql in triggers:
        connection.execute(sql)
    # What others have in memory is of commits that are no more.
    connection.execute("DELETE FROM main.touches")
    connection.execute("UPDATE main.library SET revision = ?", (revision,))
    connection.execute(
        "INSERT INTO main.text_commits VALUES (?, ?)", (revision, secrets.token_hex(8))
    )


def _newest_sound(folder: Path, place: Path) -> Backup | None:
    """Unpack the newest backup that is sound."""
    for one in backups_in(folder):
        older = place / "older.db"
        older.unlink(missing_ok=True)
        try:
            unpack(one.path, older)
            if not _faults(older):
                return one
        except BackupError:
            continue
    return None


def _faults(file: Path) -> list[str]:
    """Return what is wrong with a record; raise `LibraryTooNewError` for one of the future."""
    if file.stat().st_size == 0 and not log_of(file).exists():
        return ["it is empty"]
    try:
        with closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as connection:
            _refuse(connection, file.parent)
            return faults(connection)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise
        return [str(error)]


def _refuse(connection: sqlite3.Connection, folder: Path) -> None:
    unknown = set(recorded(connection)) - set(MIGRATIONS)
    if unknown:
        raise LibraryTooNewError(
            folder,
            f"was written by a newer version (it has '{max(unknown)}')",
            "upgrade paperdeck; nothing was changed",
        )
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if mark != APPLICATION_ID and names and not {"papers", "journal"} <= names:
        raise NotALibraryError(
            folder,
            f"holds a '{FILE_NAME}' that another program made",
            "name another folder with --library DIR or PAPERDECK_LIBRARY",
        )


def _check(ready: Path, folder: Path) -> None:
    """See to it that nothing is put in a library's place that is not sound."""
    found = _faults(ready)
    if found:
        raise LibraryError(
            folder, f"can't be repaired ({found[0]})", "restore a backup: 'paperdeck backup --list'"
        )


def _beside(file: Path) -> Path:
    """Return where a damaged file is kept."""
    time = utc_now().strftime("%Y%m%dT%H%M%SZ")
    kept = file.with_name(f"{file.name}.damaged-{time}")
    number = 1
    while kept.exists():
        number += 1
        kept = file.with_name(f"{file.name}.damaged-{time}-{number}")
    return kept


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    try:
        with locks.alone(folder):
            yield
    except BlockingIOError as error:
        raise LibraryBusyError(
            folder, "is in use by another program", "close every browser on it, then try again"
        ) from error


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Turn what the disk and SQLite say into errors of the library."""
    with translated(folder / FILE_NAME):
        try:
            yield
        except BlockingIOError:
            raise
        except OSError as error:
            raise LibraryFullError(
                folder,
                f"can't be written ({error.strerror or error})",
                "free some space on its disk, then try again",
            ) from error

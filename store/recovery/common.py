"""What it takes to replace a record: to know that one is sound, and to be alone with the other."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from store.errors import (
    LibraryBusyError,
    LibraryError,
    LibraryFullError,
    LibraryNotWritableError,
    LibraryTooNewError,
    NotALibraryError,
)
from store.migrations import APPLICATION_ID, newest_unknown
from store.record import FILE_NAME, locks
from store.record.backups import utc_now
from store.record.disks import is_on_network
from store.record.inspection import faults
from store.record.readonly import log_of
from store.record.sqliteerrors import code_of, is_without_space, translated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_SECONDS = 60.0


def faults_of(file: Path) -> list[str]:
    """Return what is wrong with a record; raise `LibraryTooNewError` for one of the future."""
    if file.stat().st_size == 0 and not log_of(file).exists():
        return ["it is empty"]
    try:
        with closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as connection:
            _refuse(connection, file.parent)
            return faults(connection)
    except sqlite3.DatabaseError as error:
        if code_of(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise
        return [str(error)]


def _refuse(connection: sqlite3.Connection, folder: Path) -> None:
    if unknown := newest_unknown(connection):
        raise LibraryTooNewError(folder, unknown)
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if mark != APPLICATION_ID and names and not {"papers", "journal"} <= names:
        raise NotALibraryError(
            folder,
            f"holds a '{FILE_NAME}' that another program made",
            "name another folder with --library DIR or PAPERDECK_LIBRARY",
        )


def check(ready: Path, folder: Path) -> None:
    """See to it that nothing is put in a library's place that is not sound."""
    found = faults_of(ready)
    if found:
        raise LibraryError(
            folder, f"can't be repaired ({found[0]})", "restore a backup: 'paperdeck backup --list'"
        )


def free_name(file: Path) -> Path:
    """Return where a damaged file is kept."""
    time = utc_now().strftime("%Y%m%dT%H%M%SZ")
    kept = file.with_name(f"{file.name}.damaged-{time}")
    number = 1
    while kept.exists():
        number += 1
        kept = file.with_name(f"{file.name}.damaged-{time}-{number}")
    return kept


@contextmanager
def alone(folder: Path, *, on_network: bool | None) -> Iterator[None]:
    """Have a library alone; raise `LibraryBusyError` where any other process uses it."""
    is_remote = is_on_network(folder) if on_network is None else on_network
    try:
        with locks.alone(folder, is_remote=is_remote):
            yield
    except BlockingIOError as error:
        raise LibraryBusyError(
            folder, "is in use by another program", "close every browser on it, then try again"
        ) from error


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn what the disk and SQLite say into errors of the library."""
    with translated(folder / FILE_NAME):
        try:
            yield
        except BlockingIOError:
            raise
        except OSError as error:
            is_full = is_without_space(error)
            kind = LibraryFullError if is_full else LibraryNotWritableError
            raise kind(
                folder,
                f"can't be written ({error.strerror or error})",
                "free some space on its disk, then try again"
                if is_full
                else "see who may write there, then try again",
            ) from error

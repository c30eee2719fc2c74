"""How a library and its index are: looked at from outside, whatever state they are in.

The library is not opened for it: nothing is created, migrated or written, so that a damaged one,
or one of another version, stays as it was found.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from store import reading
from store.errors import (
    IndexUnavailableError,
    LibraryBusyError,
    LibraryError,
    LibraryNotWritableError,
    LibraryTooNewError,
    LibraryTooOldError,
    NotALibraryError,
)
from store.index.state import check_folder, newest_revision, read_state
from store.migrations import APPLICATION_ID, MIGRATIONS, newest_unknown, recorded
from store.privatefiles import read_regular
from store.record import FILE_NAME
from store.record.place import check_place
from store.record.readonly import ALONE, can_only_be_read, connected, has_log, log_of, ways
from store.record.sqliteerrors import translated
from store.record.values import wrong_values

if TYPE_CHECKING:
    from pathlib import Path

BUSY_SECONDS = 2.0
"""So long is waited for another program that holds the file for itself."""


_REPAIR = "run 'paperdeck doctor --repair', or 'paperdeck backup --list' and restore one"


@dataclass(frozen=True, slots=True)
class Health:
    """What can be told of the library in `folder` and of its index in `index_folder`."""

    folder: Path
    index_folder: Path
    exists: bool = False
    """Whether there is a file; or something in its place, or in the way to it."""
    bytes: int = 0
    """Of the file and of its log."""
    log_bytes: int = 0
    """Of the log alone."""
    has_log: bool | None = None
    """Whether it keeps a write-ahead log; None where its header does not tell."""
    steps: tuple[str, ...] = ()
    """The names of the migrations that it has taken."""
    papers: int | None = None
    searchable: int | None = None
    is_index_current: bool = False
    error: LibraryError | None = None
    """Why the library can't be used, if it can't."""
    index_error: IndexUnavailableError | None = None
    """Why no index can be used or made, if none can."""
    missing_steps: tuple[str, ...] = field(default=())
    """The migrations that it takes when it is opened next."""
    is_read_only: bool = False
    """Whether it can be read where it is, and not be written."""


def look(folder: Path, index_folder: Path) -> Health:
    """Look at a library and its index. Raises nothing that is the library's own."""
    file = folder / FILE_NAME
    log_bytes = _size(log_of(file))
    health = Health(
        folder,
        index_folder,
        bytes=_size(file) + log_bytes,
        log_bytes=log_bytes,
        has_log=_keeps_log(file),
    )
    try:
        check_folder(index_folder)
    except IndexUnavailableError as error:
        health = replace(health, index_error=error)
    try:
        if not _is_there(file):
            return health
        health = replace(health, exists=True)
        check_place(file)
        health = replace(_looked_into(file, health), is_read_only=can_only_be_read(file))
        if health.is_read_only and health.missing_steps:
            raise LibraryTooOldError(folder)
    except LibraryError as error:
        health = replace(health, exists=True, error=error)
    return health


def _is_there(file: Path) -> bool:
    try:
        file.lstat()  # a link that leads nowhere is no empty place
    except FileNotFoundError:
        return False
    except OSError as error:
        raise LibraryError(
            file.parent,
            f"can't be opened ({error.strerror})",
            "mend the way to it, or name another folder with --library DIR",
        ) from error
    return True


def _looked_into(file: Path, health: Health) -> Health:
    """Add what the file says; the first way to read it that goes well is believed."""
    *first, last = ways(file)
    for way in first:
        try:
            return _read(file, way, health)
        except (LibraryNotWritableError, LibraryBusyError):
            continue  # such as a log that its writer has taken along just now
    return _read(file, last, health)


def _read(file: Path, way: str, health: Health) -> Health:
    with translated(file), connected(file, way, BUSY_SECONDS) as connection:
        steps = tuple(recorded(connection))
        health = replace(health, steps=steps)
        _check_kind(connection, health.folder)
        if way == ALONE and has_log(file):
            return health  # without its log, a file may look damaged or empty, and is neither
        _check_content(connection, health.folder)
        if not steps:
            return replace(health, missing_steps=tuple(MIGRATIONS))
        health = replace(
            health,
            papers=_papers(connection),
            missing_steps=tuple(step for step in MIGRATIONS if step not in steps),
        )
        return health if health.missing_steps else _with_index(connection, health)


def _check_kind(connection: sqlite3.Connection, folder: Path) -> None:
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    if tables and mark != APPLICATION_ID:
        raise NotALibraryError(
            folder, f"holds a '{FILE_NAME}' that another program made", "name another folder"
        )
    if unknown := newest_unknown(connection):
        raise LibraryTooNewError(folder, unknown)


def _check_content(connection: sqlite3.Connection, folder: Path) -> None:
    """Raise `NotALibraryError` where a page or a value is none that SQLite or we would write."""
    (first,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if first != "ok":
        raise NotALibraryError(
            folder,
            f"is damaged ({str(first).splitlines()[-1]})",
            _REPAIR,
        )
    for one in wrong_values(connection, most=1):
        place = f"{one.field.table}.{one.field.name}"
        raise NotALibraryError(folder, f"has a value in '{place}' that can't be read", _REPAIR)


def _papers(connection: sqlite3.Connection) -> int | None:
    try:
        return reading.count(connection)
    except sqlite3.OperationalError:  # the first version kept no count
        (count,) = connection.execute("SELECT count(*) FROM papers").fetchone()
        return int(count)


def _with_index(connection: sqlite3.Connection, health: Health) -> Health:
    if health.index_error:
        return health
    state = read_state(health.index_folder)
    if state is None or not state.is_of(connection):
        return replace(health, searchable=0, is_index_current=health.papers == 0)
    return replace(
        health,
        searchable=state.searchable(connection),
        is_index_current=newest_revision(connection) <= state.revision,
    )


def _keeps_log(file: Path) -> bool | None:
    """Read from a file's header how it is written (SQLite's file format, 1.3.3)."""
    try:
        # A pipe in its place would keep us until somebody writes.
        return {b"\2": True, b"\1": False}.get(read_regular(file, 19)[18:])
    except OSError:
        return None


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0

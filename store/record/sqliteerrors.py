"""SQLite's errors as those of a library."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from store.errors import (
    LibraryBusyError,
    LibraryError,
    LibraryFullError,
    LibraryNotWritableError,
    NotALibraryError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What says nothing of the file: a mistake in a statement, or the wish to stop it.
_OF_A_STATEMENT = {
    0,
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_TOOBIG,
}


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file at `path` into those of the library that it is."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        translation = _library_error(path, error)
        if translation is None:
            raise
        raise translation from error
    except MemoryError as error:  # as Python has SQLITE_NOMEM
        raise LibraryError(
            path.parent, "needs more memory than there is", "end other programs, then try again"
        ) from error


def code_of(error: sqlite3.Error) -> int:
    """Return the primary code of an error of SQLite; 0 where Python found it and has none.

    Bytes that are no text, where one should be, are damage.
    """
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF
    return sqlite3.SQLITE_CORRUPT if "decode" in str(error) else 0


def is_without_space(error: OSError) -> bool:
    """Tell whether a disk is full, or the part of it that somebody may fill."""
    return error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def _library_error(path: Path, error: sqlite3.DatabaseError) -> LibraryError | None:
    folder = path.parent
    code = code_of(error)
    if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
        return NotALibraryError(
            folder,
            "is damaged" if code == sqlite3.SQLITE_CORRUPT else "is damaged, or no library",
            "'paperdeck doctor --repair' makes it sound, or name another folder with --library DIR",
        )
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return LibraryNotWritableError(
            folder,
            "can't be written",
            "make the folder and its files writable, or name another with --library DIR",
        )
    if code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
        why = "its disk is full" if code == sqlite3.SQLITE_FULL else str(error)
        return LibraryFullError(
            folder, f"can't be written ({why})", "free some space on its disk, then try again"
        )
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}:
        return LibraryBusyError(
            folder, "is in use by another program", "wait for it to finish, then try again"
        )
    if code in _OF_A_STATEMENT or isinstance(error, sqlite3.ProgrammingError):
        return None
    return LibraryError(
        folder, f"can't be used ({error})", "try again, or name another folder with --library DIR"
    )

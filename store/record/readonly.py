"""Reading a library's file without leaving a trace: nothing is created, migrated or written."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from store.privatefiles import open_regular, read_regular

if TYPE_CHECKING:
    from collections.abc import Iterator

WITH_LOG = "mode=ro&readonly_shm=1"
"""How a file is read that others have open: what they wrote last is in the write-ahead log."""
ALONE = "mode=ro&immutable=1"
"""How any other file is read: a plain read-only connection would leave a log's files behind."""
PLAIN = "mode=ro"
"""How a file is read that keeps no log: as others may write into it just now, it is locked."""


_LOG = "-wal"
"""What the name of the log ends with beyond that of its file (SQLite's "Write-Ahead Logging")."""
_VERSION = 19
"""The byte of a file that tells how it is read ("Database File Format", section 1.3.3)."""
_ROLLBACK = b"\x01"


def log_of(file: Path) -> Path:
    """Return the write-ahead log of a library's file, whether it is there or not."""
    return Path(f"{file}{_LOG}")


def has_log(file: Path) -> bool:
    """Tell whether a write-ahead log stands beside a library's file, as far as one can see."""
    # `Path.exists` raises what it is not allowed to know.
    return os.path.exists(log_of(file))  # noqa: PTH110


def can_only_be_read(file: Path) -> bool:
    """Tell whether a library's file is there, and we may read it and not write it."""
    folder = file.parent
    return os.access(file, os.R_OK) and not (
        os.access(file, os.W_OK) and os.access(folder, os.W_OK)
    )


def address(file: Path, way: str) -> str:
    """Return what SQLite opens a file by in one of the `ways`, as a URI."""
    return f"{file.absolute().as_uri()}?{way}"


def ways(file: Path) -> tuple[str, ...]:
    """Return how a file can be read, the best way first; others may come or leave just now."""
    if _keeps_no_log(file):
        return (PLAIN, ALONE)
    return (WITH_LOG, ALONE) if has_log(file) else (ALONE,)


def only_way(file: Path) -> str:
    """Return how a file is read where nothing can be written, not even beside it."""
    best = ways(file)[0]
    with suppress(OSError):
        is_left_empty = not log_of(file).stat().st_size and not Path(f"{file}-shm").exists()
        if best == WITH_LOG and is_left_empty:
            return ALONE
    return best


@contextmanager
def connected(file: Path, way: str, seconds: float) -> Iterator[sqlite3.Connection]:
    """Open a file in one of its ways and wait so long for others; raises `sqlite3.Error`."""
    try:
        with open_regular(file, follows_links=True):
            pass
    except OSError as error:  # a pipe in its place would keep SQLite waiting
        refusal = sqlite3.OperationalError(f"unable to open: {error.strerror}")
        refusal.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
        raise refusal from error
    with closing(sqlite3.connect(address(file, way), uri=True, timeout=seconds)) as connection:
        yield connection


def _keeps_no_log(file: Path) -> bool:
    """Tell whether a file is of the kind that has a rollback journal, as far as one can see."""
    try:
        version = read_regular(file, _VERSION + 1)[_VERSION:]
    except OSError:
        return False
    return version == _ROLLBACK

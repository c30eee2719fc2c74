"""Reading a library's file without leaving a trace: nothing is created, migrated or written."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WITH_LOG = "mode=ro&readonly_shm=1"
"""How a file is read that others have open: what they wrote last is in the write-ahead log."""
ALONE = "mode=ro&immutable=1"
"""How any other file is read: a plain read-only connection would leave a log's files behind."""


_LOG = "-wal"
"""What the name of the log ends with beyond that of its file (SQLite's "Write-Ahead Logging")."""


def log_of(file: Path) -> Path:
    """Return the write-ahead log of a library's file, whether it is there or not."""
    return Path(f"{file}{_LOG}")


def has_log(file: Path) -> bool:
    """Tell whether a write-ahead log stands beside a library's file, as far as one can see."""
    # `Path.exists` raises what it is not allowed to know.
    return os.path.exists(log_of(file))  # noqa: PTH110


def ways(file: Path) -> tuple[str, ...]:
    """Return how a file can be read, the best way first; others may come or leave just now."""
    return (WITH_LOG, ALONE) if has_log(file) else (ALONE,)


@contextmanager
def connected(file: Path, way: str, seconds: float) -> Iterator[sqlite3.Connection]:
    """Open a file in one of its ways and wait so long for others; raises `sqlite3.Error`."""
    address = f"{file.absolute().as_uri()}?{way}"
    with closing(sqlite3.connect(address, uri=True, timeout=seconds)) as connection:
        yield connection

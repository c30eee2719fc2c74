"""Putting a new record in the place of another: as a whole or not at all, whenever it is cut off.

The pages of the new one are written as one commit of a write-ahead log, and the log is renamed
into its place: from then on every page of the file is the new one's, whatever stands in it. SQLite
brings them into the file by itself.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from store.privatefiles import create_private
from store.record.readonly import log_of
from store.wholefiles import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator


def replace_record(file: Path, new: Path, kept: Path | None) -> None:
    """Put the record `new` in the place of `file`, which nobody else may have open.

    What was there is copied to `kept` first, with its log. Raises `OSError` and `sqlite3.Error`;
    then `file` is as it was.
    """
    if kept is not None:
        _keep(file, kept, new.parent)
    if not file.exists() or file.stat().st_size == 0:
        # SQLite would take the log of an empty file for a leftover.
        _put(new, file)
        return
    log = _as_log(new)
    # Readers would take it for what the other log holds; who comes next makes it anew.
    Path(f"{file}-shm").unlink(missing_ok=True)
    log.replace(log_of(file))
    sync_folder(file.parent)
    # Rolled back, it would change nothing: the log has every page.
    Path(f"{file}-journal").unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as connection:
        # Without a file of locks, which disks of other machines may not share.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _put(new: Path, file: Path) -> None:
    """Put a record where there is none, or an empty file."""
    whole = new.with_name("whole.db")
    _copy(new, whole)
    for end in ("-wal", "-shm", "-journal"):
        Path(f"{file}{end}").unlink(missing_ok=True)
    sync_folder(file.parent)  # no log of another record may come back beside it
    whole.replace(file)
    sync_folder(file.parent)


def parts_of(file: Path) -> Iterator[Path]:
    """Yield the files that a record is made of, those that are there."""
    for part in (file, log_of(file), Path(f"{file}-journal")):
        if part.exists():
            yield part


def _as_log(new: Path) -> Path:
    """Return a log that makes the record `new` of any file; it stands beside `new`."""
    empty, result = new.with_name("log.db"), new.with_name("log")
    with closing(sqlite3.connect(new)) as source, closing(sqlite3.connect(empty)) as target:
        target.execute("PRAGMA journal_mode = WAL").fetchone()
        target.execute("PRAGMA wal_autocheckpoint = 0")
        source.backup(target)
        # While the connection is open, as SQLite takes the log away with its last one.
        _copy(log_of(empty), result)
    return result


def _keep(file: Path, kept: Path, place: Path) -> None:
    """Copy a record beside it, as it is, with its log and journal; made in another `place` first.

    The file itself comes last: where it is, all of it is.
    """
    parts = [part.name for part in parts_of(file)]
    for name in parts:
        _copy(file.with_name(name), place / f"kept-{name}")
    for name in reversed(parts):
        (place / f"kept-{name}").replace(f"{kept}{name.removeprefix(file.name)}")
    sync_folder(kept.parent)


def _copy(source: Path, target: Path) -> None:
    """Copy a file to one that is not there, for its owner only, down to the disk."""
    descriptor = create_private(target)
    with source.open("rb") as stream, os.fdopen(descriptor, "wb") as copy:
        shutil.copyfileobj(stream, copy, 1 << 20)
        copy.flush()
        os.fsync(copy.fileno())

"""Looking after a record by itself: a backup a day, a thorough check a week, in the background.

After them it is made smaller, where it takes more room than it needs.

What came of it is kept beside the backups, for whoever tells the reader.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from store.clock import stamp
from store.errors import BackupError
from store.privatefiles import read_privately, write_privately
from store.record.backups.kept import FOLDER, Backup, Occasion, backups_in
from store.record.backups.making import (
    DamagedRecordError,
    copy_checked,
    make_backup,
    prepare_folder,
    unfinished,
    utc_now,
)
from store.record.backups.packing import QUICK, failing
from store.record.compaction import compact
from store.record.freepages import has_many_free
from store.record.locks import one_at_a_time
from store.text import as_line

if TYPE_CHECKING:
    from pathlib import Path

STATE = "state.json"
LOCK = "making.lock"
CHECK_EVERY = timedelta(days=7)
TRY_EVERY = timedelta(hours=1)
YOUNG = timedelta(hours=1)
"""A library younger than this has nothing yet that is worth a backup."""
PAUSE_SECONDS = 0.002
"""After each megabyte, so that others come to the disk."""
_LONGEST_STATE = 100_000
_MOST_FAULTS = 5


@dataclass(frozen=True, slots=True)
class Care:
    """What came of looking after a library."""

    tried_at: str = ""
    """When it was tried last, in UTC; empty where it never was."""
    failure: str = ""
    """Why the last try made no backup, if it should have."""
    checked_at: str = ""
    """When the record was checked thoroughly last."""
    faults: tuple[str, ...] = ()
    """What that found."""


def read_care(library: Path) -> Care:
    """Return what is known; nothing where it can't be read."""
    try:
        values = json.loads(read_privately(library / FOLDER / STATE, _LONGEST_STATE))
        texts = {name: as_line(values[name]) for name in ("tried_at", "failure", "checked_at")}
        return Care(**texts, faults=tuple(map(as_line, values["faults"][:_MOST_FAULTS])))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Care()


def is_due(
    library: Path, revision: int, begun: str, now: datetime, *, is_large: bool = False
) -> bool:
    """Tell whether there is something to do for a library that began then and is at `revision`.

    `is_large` says that it takes a good deal more room than it needs.
    """
    care = read_care(library)
    if _age(begun, now) < YOUNG or _age(care.tried_at, now) < TRY_EVERY:
        return False
    return is_large or _is_backup_due(library, revision, now) or _is_check_due(care, now)


def begin_if_due(library: Path, connection: sqlite3.Connection) -> None:
    """Start to look after a library, whose record is open, if there is something to do."""
    revision, begun = connection.execute(
        "SELECT (SELECT revision FROM library), (SELECT min(applied) FROM migrations)"
    ).fetchone()
    is_large = has_many_free(connection)
    if is_due(library, revision, begun or "", utc_now(), is_large=is_large):
        process = start(library)
        if process is not None:
            # Somebody has to take note of its end, or it stays as a zombie.
            threading.Thread(target=process.wait, daemon=True).start()


def start(library: Path) -> subprocess.Popen[bytes] | None:
    """Start to look after a library, in a process that gives way to all others.

    None where no process can be started: that is tried again.
    """
    try:
        return subprocess.Popen(  # noqa: S603 our own program, no shell
            [sys.executable, "-P", "-m", "store.record.backups", str(library.absolute())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return None


def look_after(file: Path, now: datetime) -> None:
    """Do what is due for the record `file`; what comes of it is kept. Raises `BackupError`."""
    folder = prepare_folder(file.parent)
    with one_at_a_time(folder / LOCK) as is_ours:
        if not is_ours:
            return
        care = replace(read_care(file.parent), tried_at=stamp(now), failure="")
        _write_care(folder, care)  # or one that is killed would be tried again and again
        try:
            with failing(folder):
                if _is_check_due(care, now):
                    care = replace(care, checked_at=stamp(now), faults=tuple(_check(file, folder)))
                if not care.faults and _is_backup_due(file.parent, _revision(file), now):
                    make_backup(file, Occasion.DAY, now, pause=PAUSE_SECONDS)
            if not care.faults:
                compact(file)
        except DamagedRecordError as error:
            care = replace(care, checked_at=stamp(now), faults=error.found)
        except BackupError as error:
            care = replace(care, failure=f"{error.reason}: {error.remedy}")
        _write_care(folder, care)


def back_up_before_migration(file: Path) -> None:
    """Make a backup of a record that is about to be brought up to date, if there is none of it.

    Quickly, as somebody waits. Where it can't be made, that is kept, and no obstacle.
    """
    now = utc_now()
    try:
        revision = _revision(file)
        newest = next(iter(backups_in(file.parent)), None)
        if newest is None or newest.revision != revision:
            make_backup(file, Occasion.MIGRATION, now, level=QUICK)
    except (BackupError, sqlite3.Error) as error:
        with suppress(BackupError):
            folder = prepare_folder(file.parent)
            _write_care(folder, replace(read_care(file.parent), failure=str(error)))


def note_repair(library: Path, now: datetime) -> None:
    """Note that a record is sound as of now."""
    with suppress(OSError, BackupError):
        folder = prepare_folder(library)
        care = replace(read_care(library), checked_at=stamp(now), faults=())
        _write_care(folder, care)


def _revision(file: Path) -> int:
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)) as connection:
        (revision,) = connection.execute("SELECT revision FROM library").fetchone()
        return int(revision)


def _check(file: Path, folder: Path) -> list[str]:
    """Look at a copy of the record thoroughly: that way nobody waits for it."""
    with unfinished(folder) as place:
        try:
            copy_checked(file, place / "checked.db", thoroughly=True, pause=PAUSE_SECONDS)
        except DamagedRecordError as error:
            return list(error.found)
    return []


def _is_backup_due(library: Path, revision: int, now: datetime) -> bool:
    newest: Backup | None = next(iter(backups_in(library)), None)
    if newest is None:
        return revision > 0
    is_today = newest.made_at.astimezone().date() == now.astimezone().date()
    return newest.revision != revision and not is_today


def _is_check_due(care: Care, now: datetime) -> bool:
    return _age(care.checked_at, now) >= CHECK_EVERY


def _age(noted: str, now: datetime) -> timedelta:
    """Return how long ago something was; very long where it never was, or is to come."""
    try:
        age = now - datetime.fromisoformat(noted).astimezone(UTC)
    except ValueError:
        return timedelta.max
    return age if age >= timedelta(0) else timedelta.max


def _write_care(folder: Path, care: Care) -> None:
    with suppress(OSError):
        write_privately(folder / STATE, json.dumps(asdict(care)).encode(), durably=True)

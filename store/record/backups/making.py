"""Making a backup: the record as of one commit, while others read and write it.

It is copied within one read transaction, which no writer of a write-ahead log waits for; checked;
packed; read once more; and only then given its name.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from store.errors import BackupError
from store.privatefiles import PRIVATE_FOLDER, create_private
from store.record.backups.kept import (
    FOLDER,
    LARGEST_SHARE,
    Backup,
    Occasion,
    backups_in,
    name_of,
    superfluous,
)
from store.record.backups.packing import (
    CONTENT,
    SMALL,
    About,
    digest_of_file,
    failing,
    is_whole,
    pack,
    record_bytes,
)
from store.record.inspection import faults
from store.record.sqliteerrors import code_of
from store.wholefiles import is_alive, sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_STEP_PAGES = 256
_UNFINISHED = "unfinished-"


class DamagedRecordError(BackupError):
    """What was copied is not sound, so that no backup was made of it."""

    def __init__(self, folder: Path, found: list[str]) -> None:
        self.found = tuple(found)
        super().__init__(
            folder, f"would be of a damaged library ({found[0]})", "run 'paperdeck doctor --repair'"
        )


def make_backup(
    file: Path, occasion: Occasion, now: datetime, *, level: int = SMALL, pause: float = 0.0
) -> Backup:
    """Make a backup of the record `file` and return it; those that it makes superfluous go.

    After each step it pauses so many seconds. Raises `BackupError`; then there is no new one.
    """
    made = add_backup(file, occasion, now, level=level, pause=pause)
    thin_out(file, now)
    return made


def add_backup(
    file: Path, occasion: Occasion, now: datetime, *, level: int = SMALL, pause: float = 0.0
) -> Backup:
    """Make a backup as `make_backup` does, but beside all others."""
    folder = prepare_folder(file.parent)
    with failing(folder), unfinished(folder) as place:
        copy = place / CONTENT
        said, revision = copy_checked(file, copy, pause=pause)
        packed = place / "packed.zip"
        pack(copy, packed, said, level, pause)
        copy.unlink()
        if not is_whole(packed, said):
            raise BackupError(folder, "was not written as it should be", "look at the disk")
        made_at = _free_moment(file.parent, now)
        name, size = name_of(made_at, revision, occasion), packed.stat().st_size
        packed.rename(folder / name)
        sync_folder(folder)
    return Backup(folder / name, made_at, revision, occasion, size)


def copy_checked(
    file: Path, copy: Path, *, thoroughly: bool = False, pause: float = 0.0
) -> tuple[About, int]:
    """Copy a record as of one commit, and return what it holds and its revision.

    Raises `DamagedRecordError`, `OSError` or `sqlite3.Error`.
    """
    try:
        after, steps = _copied(file, copy, thoroughly=thoroughly, pause=pause)
    except sqlite3.DatabaseError as error:
        if code_of(error) not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            raise
        raise DamagedRecordError(file.parent / FOLDER, [str(error)]) from error
    revision, papers, tagged = after
    return About(papers, tagged, steps, digest_of_file(copy)), revision


def _copied(
    file: Path, copy: Path, *, thoroughly: bool, pause: float
) -> tuple[tuple[int, int, int], tuple[str, ...]]:
    """Copy a record, and return its contents and its steps."""
    with closing(_opened(file)) as source, closing(_made(copy)) as target:
        is_logged = source.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        if is_logged:
            # Else a reader would keep writers waiting, and each step has to see to itself.
            source.execute("BEGIN")
        before = _contents(source)
        source.backup(target, pages=_STEP_PAGES, progress=lambda *_: time.sleep(pause))
        target.execute("PRAGMA journal_mode = DELETE").fetchone()
        found = faults(target, thoroughly=thoroughly)
        after = _contents(target)
        if is_logged and after != before:
            found = [*found, "its copy holds something else"]
        if found:
            raise DamagedRecordError(file.parent / FOLDER, found)
        steps = tuple(name for (name,) in target.execute("SELECT name FROM migrations"))
    return after, steps


def thin_out(file: Path, now: datetime) -> None:
    """Take away the backups that are kept no longer.

    How much room they may take goes by the largest record of them all: one that was lost, and
    begun anew, does not cost the backups of what it held.
    """
    found = backups_in(file.parent)
    sizes = [record_bytes(one.path) for one in found]
    with suppress(OSError):
        sizes.append(file.stat().st_size)
    for one in superfluous(found, now, LARGEST_SHARE * max(sizes, default=0)):
        with suppress(OSError):
            one.path.unlink()


def prepare_folder(library: Path) -> Path:
    """Return the folder of a library's backups, made for its owner only; raises `BackupError`."""
    folder = library / FOLDER
    with failing(folder):
        if not folder.exists():
            folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
            sync_folder(library)
        if folder.is_symlink() or not folder.is_dir():
            raise BackupError(folder, "can't be made: a link stands there", "take it away")
    return folder


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """Have a folder for what is being made; what others have left behind is taken away."""
    take_away_leftovers(folder)
    place = folder / f"{_UNFINISHED}{os.getpid()}-{os.urandom(4).hex()}"
    place.mkdir(mode=PRIVATE_FOLDER)
    try:
        yield place
    finally:
        _take_away(place)


def take_away_leftovers(folder: Path) -> None:
    """Take away what programs that were killed have left in the folder of a library's backups."""
    for place in folder.glob(f"{_UNFINISHED}*"):
        number = place.name.removeprefix(_UNFINISHED).partition("-")[0]
        if number.isdecimal() and not is_alive(int(number)):
            _take_away(place)


def _take_away(place: Path) -> None:
    with suppress(OSError):
        if place.is_symlink():  # somebody else's; what it leads to is not ours to take away
            place.unlink()
            return
        for path in place.iterdir():
            path.unlink()
        place.rmdir()


def _opened(file: Path) -> sqlite3.Connection:
    address = f"{file.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=60.0)


def _made(copy: Path) -> sqlite3.Connection:
    os.close(create_private(copy))
    target = sqlite3.connect(copy, isolation_level=None)
    target.execute("PRAGMA journal_mode = OFF").fetchone()
    target.execute("PRAGMA synchronous = OFF")
    return target


def _contents(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """Return the revision, and how many papers and tags of papers there are."""
    (revision,) = connection.execute("SELECT revision FROM library").fetchone()
    (papers,) = connection.execute("SELECT count(*) FROM papers").fetchone()
    (tagged,) = connection.execute("SELECT count(*) FROM paper_tags").fetchone()
    return int(revision), int(papers), int(tagged)


def _free_moment(library: Path, now: datetime) -> datetime:
    """Return a second after those of the latest backups: it tells which is the newest."""
    moment = now.astimezone(UTC).replace(microsecond=0)
    found = {one.made_at for one in backups_in(library)}
    # What a wrong clock has left in a far future is left there.
    near = [one for one in found if one < moment + timedelta(minutes=10)]
    moment = max([moment, *(one + timedelta(seconds=1) for one in near)])
    while moment in found:
        moment += timedelta(seconds=1)
    return moment


def utc_now() -> datetime:
    """Return the time on this machine's clock."""
    return datetime.now(UTC)

"""Making a backup: the record as of one commit, while others read and write it.

It is copied within one read transaction, which no writer of a write-ahead log waits for; checked;
packed; read once more; and only then given its name.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
import zipfile
import zlib
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import IO, TYPE_CHECKING

from store.backups.kept import (
    FOLDER,
    LARGEST_SHARE,
    Backup,
    Occasion,
    backups_in,
    name_of,
    superfluous,
)
from store.errors import BackupError
from store.inspection import faults

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

CONTENT = "library.db"
ABOUT = "about.json"
QUICK, SMALL = 1, 6
"""How hard a backup is packed: 75,000 papers take 2 s and 66 MB, or 6 s and 56 MB."""
_STEP_PAGES = 256
_CHUNK = 1 << 20
_UNFINISHED = "unfinished-"
_NO_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError)
"""What reading something else than an archive of ours raises."""
_OWNER_ONLY = 0o700


@dataclass(frozen=True, slots=True)
class About:
    """What a backup holds."""

    papers: int
    tagged: int
    """How many tags papers have, each counted for each."""
    steps: tuple[str, ...]
    sha256: str
    """Of the record in it."""


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
    folder = prepare_folder(file.parent)
    with _failing(folder), unfinished(folder) as place:
        copy = place / CONTENT
        said, revision = copy_checked(file, copy, pause=pause)
        packed = place / "packed.zip"
        _pack(copy, packed, said, level, pause)
        copy.unlink()
        if not is_whole(packed, said):
            raise BackupError(folder, "was not written as it should be", "look at the disk")
        path = _free_name(folder, now, revision, occasion)
        packed.rename(path)
        _sync(folder)
    thin_out(file, now)
    return next(one for one in backups_in(file.parent) if one.path == path)


def copy_checked(
    file: Path, copy: Path, *, thoroughly: bool = False, pause: float = 0.0
) -> tuple[About, int]:
    """Copy a record as of one commit, and return what it holds and its revision.

    Raises `DamagedRecordError`, `OSError` or `sqlite3.Error`.
    """
    try:
        after, steps = _copied(file, copy, thoroughly=thoroughly, pause=pause)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            raise
        raise DamagedRecordError(file.parent / FOLDER, [str(error)]) from error
    revision, papers, tagged = after
    return About(papers, tagged, steps, _digest(copy)), revision


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


def about(backup: Path) -> About | None:
    """Return what a backup says that it holds; None where it can't be read."""
    try:
        with zipfile.ZipFile(backup) as archive, archive.open(ABOUT) as stream:
            values = json.loads(stream.read(_CHUNK))
        return About(**{**values, "steps": tuple(values["steps"])})
    except (OSError, KeyError, TypeError, *_NO_ARCHIVE):
        return None


def unpack(backup: Path, target: Path) -> None:
    """Write the record of a backup to `target`, which is not there; raises `BackupError`."""
    said = about(backup)
    with _failing(backup):
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            found = _digest_of(_opened_in(backup), stream.write)
            stream.flush()
            os.fsync(stream.fileno())
        if said is None or found != said.sha256:
            raise BackupError(backup, "is damaged", "take an older one: 'paperdeck backup --list'")


def is_whole(backup: Path, said: About) -> bool:
    """Tell whether a backup holds what it should, as it is on the disk now."""
    try:
        with backup.open("rb") as stream, suppress(OSError, AttributeError):
            # What the system still has in memory says nothing of the disk.
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return _digest_of(_opened_in(backup), lambda _: None) == said.sha256
    except (OSError, KeyError, *_NO_ARCHIVE):
        return False


def thin_out(file: Path, now: datetime) -> None:
    """Take away the backups that are kept no longer."""
    ceiling = LARGEST_SHARE * file.stat().st_size
    for one in superfluous(backups_in(file.parent), now, ceiling):
        with suppress(OSError):
            one.path.unlink()


def prepare_folder(library: Path) -> Path:
    """Return the folder of a library's backups, made for its owner only; raises `BackupError`."""
    folder = library / FOLDER
    with _failing(folder):
        folder.mkdir(mode=_OWNER_ONLY, exist_ok=True)
        if folder.is_symlink() or not folder.is_dir():
            raise BackupError(folder, "can't be made: a link stands there", "take it away")
    return folder


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """Have a folder for what is being made; what others have left behind is taken away."""
    _take_away_leftovers(folder)
    place = folder / f"{_UNFINISHED}{os.getpid()}-{os.urandom(4).hex()}"
    place.mkdir(mode=_OWNER_ONLY)
    try:
        yield place
    finally:
        _take_away(place)


def _take_away_leftovers(folder: Path) -> None:
    for place in folder.glob(f"{_UNFINISHED}*"):
        number = place.name.removeprefix(_UNFINISHED).partition("-")[0]
        if number.isdecimal() and not _is_alive(int(number)):
            _take_away(place)


def _take_away(place: Path) -> None:
    with suppress(OSError):
        for path in place.iterdir():
            path.unlink()
        place.rmdir()


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # another user's
    return True


def _opened(file: Path) -> sqlite3.Connection:
    address = f"{file.absolute().as_uri()}?mode=rw"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=60.0)


def _made(copy: Path) -> sqlite3.Connection:
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
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


def _pack(copy: Path, packed: Path, said: About, level: int, pause: float) -> None:
    descriptor = os.open(packed, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w+b") as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
            archive.writestr(ABOUT, json.dumps(asdict(said), indent=2))
            with (
                archive.open(CONTENT, "w", force_zip64=True) as target,
                copy.open("rb") as source,
            ):
                while part := source.read(_CHUNK):
                    target.write(part)
                    time.sleep(pause)
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def _opened_in(backup: Path) -> Iterator[IO[bytes]]:
    with zipfile.ZipFile(backup) as archive, archive.open(CONTENT) as stream:
        yield stream


def _digest_of(opening: AbstractContextManager[IO[bytes]], take: Callable[[bytes], object]) -> str:
    digest = hashlib.sha256()
    with opening as stream:
        while part := stream.read(_CHUNK):
            digest.update(part)
            take(part)
    return digest.hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _free_name(folder: Path, now: datetime, revision: int, occasion: Occasion) -> Path:
    while (path := folder / name_of(now, revision, occasion)).exists():
        now += timedelta(seconds=1)
    return path


def _sync(folder: Path) -> None:
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _failing(place: Path) -> Iterator[None]:
    """Turn what the disk or SQLite says into a `BackupError`."""
    try:
        yield
    except OSError as error:
        raise BackupError(
            place, f"can't be made ({error.strerror or error})", "free some space on its disk"
        ) from error
    except (sqlite3.Error, KeyError, *_NO_ARCHIVE) as error:
        raise BackupError(place, f"can't be made or read ({error})", "look at the disk") from error


def utc_now() -> datetime:
    """Return the time on this machine's clock."""
    return datetime.now(UTC)

"""The archive that a backup is: the record, packed, and what it holds."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
import zipfile
import zlib
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING

from store.errors import BackupError
from store.privatefiles import create_private
from store.record.sqliteerrors import code_of, is_without_space

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

CONTENT = "library.db"
ABOUT = "about.json"
QUICK, SMALL = 1, 6
"""How hard a backup is packed: 75,000 papers take 2 s and 66 MB, or 6 s and 56 MB."""
_CHUNK = 1 << 20
_SPACE = "free some space on its disk"
_NO_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError)
"""What reading something else than an archive of ours raises."""


@dataclass(frozen=True, slots=True)
class About:
    """What a backup holds."""

    papers: int
    tagged: int
    """How many tags papers have, each counted for each."""
    steps: tuple[str, ...]
    sha256: str
    """Of the record in it."""


def pack(copy: Path, packed: Path, said: About, level: int, pause: float) -> None:
    """Write a record and what it holds to an archive that is not there, down to the disk."""
    descriptor = create_private(packed)
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
    with failing(backup):
        descriptor = create_private(target)
        with os.fdopen(descriptor, "wb") as stream:
            found = _digest_of(_opened_in(backup), stream.write)
            stream.flush()
            os.fsync(stream.fileno())
        if said is None or found != said.sha256:
            raise BackupError(backup, "is damaged", "take an older one: 'paperdeck backup --list'")


def record_bytes(backup: Path) -> int:
    """Return how large the record in a backup is; 0 where that can't be read."""
    try:
        with zipfile.ZipFile(backup) as archive:
            return archive.getinfo(CONTENT).file_size
    except (OSError, KeyError, *_NO_ARCHIVE):
        return 0


def is_whole(backup: Path, said: About) -> bool:
    """Tell whether a backup holds what it should, as it is on the disk now."""
    try:
        with backup.open("rb") as stream, suppress(OSError, AttributeError):
            # What the system still has in memory says nothing of the disk.
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return _digest_of(_opened_in(backup), lambda _: None) == said.sha256
    except (OSError, KeyError, *_NO_ARCHIVE):
        return False


@contextmanager
def failing(place: Path) -> Iterator[None]:
    """Turn what the disk or SQLite says into a `BackupError`."""
    try:
        yield
    except OSError as error:
        remedy = _SPACE if is_without_space(error) else "see who may write there"
        raise BackupError(place, f"can't be made ({error.strerror or error})", remedy) from error
    except sqlite3.OperationalError as error:  # as SQLite has a full disk, or one that fails
        is_full = code_of(error) in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
        remedy = _SPACE if is_full else "wait for other programs to finish, then try again"
        raise BackupError(place, f"can't be made ({error})", remedy) from error
    except (sqlite3.Error, KeyError, *_NO_ARCHIVE) as error:
        raise BackupError(place, f"can't be made or read ({error})", "look at the disk") from error


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


def digest_of_file(path: Path) -> str:
    """Return the digest of a file as archives note it."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

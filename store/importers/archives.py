"""Zip archives: each file in one is a source of its own, read without unpacking the archive."""

from __future__ import annotations

import stat
from contextlib import contextmanager
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, cast
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from store.errors import SourceError
from store.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_FILES = 10_000
"""Of one archive."""

_MAGIC = b"PK\x03\x04"
_HIDDEN = (".", "__MACOSX")
# Office programs and e-books keep theirs in such archives.
_OF_OFFICE = frozenset({"[Content_Types].xml", "mimetype"})


def is_archive(path: Path) -> bool:
    """Tell whether a file is a zip archive; pipes and devices are not looked into."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except (OSError, ValueError):
        return False


class Archive:
    """A zip archive: its directory is read once, however many of its files are opened.

    `name` is what messages call it. SourceError is raised for one that can't be read.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.members = _members(path, name)
        """The files in it, sorted by name."""
        self._path = path
        self._opened: ZipFile | None = None
        self._to_come = 0

    def open(self, member: ZipInfo, name: str) -> BinaryIO:
        """Return the content of one of its files, as it is stored there."""
        with _failures_named(name):
            if self._opened is None:
                self._opened, self._to_come = ZipFile(self._path), len(self.members)
            self._to_come -= 1
            try:
                return cast("BinaryIO", self._opened.open(member))
            finally:
                if not self._to_come:
                    # Its own file stays open as long as that member does.
                    self._opened.close()
                    self._opened = None


def name_in(member: ZipInfo) -> str:
    """Return a member's path, safe to show."""
    return clean_line(member.filename)


def day_of(member: ZipInfo) -> date:
    """Return the day on which a file in an archive was changed last."""
    try:
        return date(*member.date_time[:3])
    except ValueError:
        return date.max


def _members(path: Path, name: str) -> list[ZipInfo]:
    with _failures_named(name), ZipFile(path) as archive:
        found = archive.infolist()
    if any(one.filename in _OF_OFFICE for one in found):
        raise SourceError(name, "is a document of an office program; save it as CSV instead")
    if len(found) > MOST_FILES:
        raise SourceError(name, f"holds more than {MOST_FILES:,} files; unpack it first")
    files = [one for one in found if not one.is_dir() and not _is_hidden(one.filename)]
    if not files:
        raise SourceError(name, "is an archive without a file to import")
    return sorted(files, key=lambda one: one.filename)


def _is_hidden(filename: str) -> bool:
    return any(part.startswith(_HIDDEN) for part in PurePosixPath(filename).parts)


@contextmanager
def _failures_named(name: str) -> Iterator[None]:
    try:
        yield
    except (BadZipFile, LargeZipFile, EOFError) as error:
        raise SourceError(name, f"is a damaged zip archive: {error}") from error
    except (RuntimeError, NotImplementedError) as error:
        # A password, or a way of compressing that nobody knows.
        raise SourceError(name, f"can't be unpacked: {error}") from error
    except OSError as error:
        raise SourceError(name, f"can't be read: {error.strerror or error}") from error

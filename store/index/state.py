"""What an index says of itself: one small file, replaced by each commit and believed by all.

An index is usable where its state says that it was made by this version (`FINGERPRINT`), of this
library, up to a commit that the library still knows by its token, and where its files are those
that the state lists. Anything else counts as no index at all, and the writer begins anew.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import unicodedata
import zlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from store.errors import IndexUnavailableError
from store.index.fields import COLUMNS, LISTS, NAMES, NO_TEXT, PART_GAP, TWICE
from store.text import tokens

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from typing import IO

STATE_NAME = "state.json"
LOCK_NAME = "MAIN_WRITELOCK"
"""Whoosh's own name for the lock of a writer."""

_FORMAT = 3
"""To be raised with any change to the state or to what `store.index.writing` writes."""
_PROBE = "Naïve GPT-4's C++/F# self-supervised x_1 Straße ﬁne Ångström Œuvre 深度 한글 かな 3.5"
_SHARED = stat.S_IRWXG | stat.S_IRWXO
_CHUNK = 1 << 20

_INGREDIENTS = (
    _FORMAT,
    sys.byteorder,
    unicodedata.unidata_version,
    list(COLUMNS.items()),
    *(sorted(names) for names in (LISTS, NO_TEXT, NAMES)),
    TWICE,
    PART_GAP,
    list(tokens(_PROBE)),
)
FINGERPRINT = f"{zlib.crc32(repr(_INGREDIENTS).encode()):08x}"
"""Changes with the format, the fields and the way that texts become words."""


@dataclass(frozen=True, slots=True)
class FileSum:
    """A file of the index as it was written."""

    name: str
    size: int
    crc: int
    modified: int
    """When it was, in nanoseconds as the file system has them."""

    @classmethod
    def of(cls, path: Path) -> FileSum:
        """Return what a file is, having brought it to the disk."""
        with path.open("rb") as file:
            os.fsync(file.fileno())
            return cls(path.name, *_size_and_crc(file), os.fstat(file.fileno()).st_mtime_ns)

    def fits(self, folder: Path) -> bool:
        """Tell whether the file is still what it was; raise `OSError` if it is gone.

        Nobody but its owner can write it, so one that was not touched since is not read again.
        """
        path = folder / self.name
        found = path.stat()
        if (found.st_size, found.st_mtime_ns) == (self.size, self.modified):
            return stat.S_ISREG(found.st_mode)
        with path.open("rb") as file:
            return _size_and_crc(file) == (self.size, self.crc)


@dataclass(frozen=True, slots=True)
class State:
    """What a commit of the index came to."""

    fingerprint: str
    engine: str
    """Whoosh's version."""
    library: str
    """The library's id."""
    revision: int
    """All papers up to this revision of the library are in."""
    reached: int
    """And of those up to this one, all but the `pending` ones, which are the older ones."""
    token: str
    """Of the library's last commit up to `reached` that changed what can be searched."""
    pending: int
    """How many papers up to `reached` are still to come."""
    generation: int
    """Whoosh's number of the commit."""
    files: tuple[FileSum, ...]

    def is_of(self, connection: sqlite3.Connection) -> bool:
        """Tell whether the index was made by this version, of this library as it still is."""
        return (
            self.fingerprint == FINGERPRINT
            and self.library == library_id(connection)
            and self.token == token_at(connection, self.reached)
        )

    def searchable(self, connection: sqlite3.Connection) -> int:
        """Return how many papers of the library can be found as they are now."""
        (count,) = connection.execute(
            "SELECT (SELECT papers FROM library)"
            # The sign makes SQLite look the newer papers up by their revision: they are few.
            " - (SELECT count(*) FROM papers WHERE +removed = 0 AND revision > ?)",
            (self.reached,),
        ).fetchone()
        return max(0, int(count) - self.pending)


def read_state(folder: Path) -> State | None:
    """Return the state of the index in `folder`; None where there is none that can be read."""
    try:
        fields = json.loads((folder / STATE_NAME).read_bytes())
        files = tuple(FileSum(**each) for each in fields.pop("files"))
        return State(**fields, files=files)
    # Whatever is in its place: no file, a folder, no JSON, no object, other keys.
    except (OSError, ValueError, TypeError, AttributeError, KeyError):
        return None


def write_state(folder: Path, state: State) -> None:
    """Replace the state, durably."""
    new = folder / f"{STATE_NAME}.new"
    with new.open("w", encoding="utf-8") as file:
        json.dump(asdict(state), file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(folder / STATE_NAME)
    sync_folder(folder)


def summed(folder: Path, names: Sequence[str], known: Iterable[FileSum]) -> tuple[FileSum, ...]:
    """Return what these files are, having brought them to the disk.

    Segments never change, so those that are `known` are not read again.
    """
    sums = {each.name: each for each in known}
    return tuple(sums.get(name) or FileSum.of(folder / name) for name in sorted(names))


def sync_folder(folder: Path) -> None:
    """Bring the names of the files to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def prepare_folder(folder: Path) -> None:
    """Create the folder of an index, for its owner only; raise `IndexUnavailableError`."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise IndexUnavailableError(
            folder, f"can't be created ({error.strerror})", "name another cache folder"
        ) from error
    check_folder(folder)


def check_folder(folder: Path) -> None:
    """Raise `IndexUnavailableError` where someone else could have written into `folder`.

    Whoosh's files hold pickles, and reading a stranger's pickle runs the stranger's program. A
    folder that is not there yet is as good as an empty one.
    """
    try:
        found = folder.stat()
    except FileNotFoundError:
        return
    except OSError as error:
        raise IndexUnavailableError(
            folder, f"can't be opened ({error.strerror})", "name another cache folder"
        ) from error
    if not stat.S_ISDIR(found.st_mode):
        raise IndexUnavailableError(folder, "is no folder", "remove it: it is made anew")
    if found.st_uid != os.geteuid():
        raise IndexUnavailableError(folder, "belongs to another user", "name another cache folder")
    if found.st_mode & _SHARED:
        raise IndexUnavailableError(
            folder, "can be opened by other users", f"remove it, or run: chmod 700 '{folder}'"
        )


def library_id(connection: sqlite3.Connection) -> str:
    """Return what tells the library from any other."""
    (found,) = connection.execute("SELECT id FROM library").fetchone()
    return str(found)


def newest_revision(connection: sqlite3.Connection) -> int:
    """Return the revision of the last commit that changed what can be searched; 0 for none."""
    (found,) = connection.execute("SELECT coalesce(max(revision), 0) FROM text_commits").fetchone()
    return int(found)


def token_at(connection: sqlite3.Connection, revision: int) -> str:
    """Return the token of the last such commit up to `revision`; empty for none."""
    row = connection.execute(
        "SELECT token FROM text_commits WHERE revision <= ? ORDER BY revision DESC LIMIT 1",
        (revision,),
    ).fetchone()
    return str(row[0]) if row else ""


def _size_and_crc(file: IO[bytes]) -> tuple[int, int]:
    size, crc = 0, 0
    while chunk := file.read(_CHUNK):
        size, crc = size + len(chunk), zlib.crc32(chunk, crc)
    return size, crc

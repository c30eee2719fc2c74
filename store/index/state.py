"""What an index says of itself: one small file, replaced by each commit and believed by all.

An index is usable where its state says that it was made by this version (`fingerprint`), of this
library, up to a commit that the library still knows by its token, and where its files are those
that the state lists. Anything else counts as no index at all, and the writer begins anew.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
import unicodedata
import zlib
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from store.errors import IndexUnavailableError
from store.index.fields import COLUMNS, LISTS, NAMES, NO_TEXT, PART_GAP, TWICE
from store.privatefiles import make_private, read_privately
from store.text import tokens

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from pathlib import Path

STATE_NAME = "state.json"
LOCK_NAME = "MAIN_WRITELOCK"
"""Whoosh's own name for the lock of a writer."""

_FORMAT = 4
"""To be raised with any change to the state or to what `store.index.writing` writes."""
_LARGEST = 4_000_000
"""Bytes: the state of an index of any size has a few hundred files."""
_PROBE = "Naïve GPT-4's C++/F# self-supervised x_1 Straße ﬁne Ångström Œuvre 深度 한글 かな 3.5"
_SHARED = stat.S_IRWXG | stat.S_IRWXO
_PASSING = {
    errno.EAGAIN,
    errno.EINTR,
    errno.EIO,
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOMEM,
    errno.ESTALE,
}
"""Errors that say nothing of what a file holds: it may well be read in a moment."""

_INGREDIENTS = (
    _FORMAT,
    sys.byteorder,
    unicodedata.unidata_version,
    list(COLUMNS.items()),
    *(sorted(names) for names in (LISTS, NO_TEXT, NAMES)),
    TWICE,
    PART_GAP,
)


class Signature(NamedTuple):
    """What tells the file of a state from an older or newer one."""

    inode: int
    modified: int
    """When it was, in nanoseconds as the file system has them."""
    size: int


@dataclass(frozen=True, slots=True)
class FileSum:
    """A file of the index as it was written."""

    name: str
    size: int
    crc: int
    """A file of arrays brings its own; of any other, it is that of all its bytes."""
    modified: int
    """When it was, in nanoseconds as the file system has them."""

    @classmethod
    def of(cls, path: Path) -> FileSum:
        """Return what a file is, having brought it to the disk."""
        with path.open("rb") as file:
            os.fsync(file.fileno())
            found = os.fstat(file.fileno())
        return cls(path.name, found.st_size, _checksum(path), found.st_mtime_ns)

    def fits(self, folder: Path) -> bool:
        """Tell whether the file is ours and still what it was; raise `OSError` if it is gone.

        Nobody but its owner can write it, so one that was not touched since is not read again.
        """
        path = folder / self.name
        found = path.stat()
        if not _is_ours(found):
            return False
        if (found.st_size, found.st_mtime_ns) == (self.size, self.modified):
            return True
        return found.st_size == self.size and _is_as_written(path, self.crc)


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
            self.fingerprint == fingerprint()
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


@cache
def fingerprint() -> str:
    """Return what changes with the format, the fields and the way that texts become words."""
    ingredients = (*_INGREDIENTS, list(tokens(_PROBE)))
    return f"{zlib.crc32(repr(ingredients).encode()):08x}"


def read_state(folder: Path) -> State | None:
    """Return the state of the index in `folder`; None where there is none.

    Raises `IndexUnavailableError` where it can't be read just now.
    """
    try:
        data = read_privately(folder / STATE_NAME, _LARGEST)
        text, _, crc = data.partition(b"\n")
        if int(crc, 16) != zlib.crc32(text):
            return None
        fields = json.loads(text)
        files = tuple(FileSum(**each) for each in fields.pop("files"))
        return State(**fields, files=files)
    except OSError as error:
        if is_passing(error):
            raise unreadable(folder, error) from error
        return None
    # Whatever is in its place: no JSON, no object, other keys.
    except (ValueError, TypeError, AttributeError, KeyError):
        return None


def signature_of(folder: Path) -> Signature | None:
    """Return what tells the state in `folder` from others; None where there is none."""
    try:
        found = (folder / STATE_NAME).stat()
    except OSError:
        return None
    return Signature(found.st_ino, found.st_mtime_ns, found.st_size)


def write_state(folder: Path, state: State) -> None:
    """Replace the state, durably: a line of JSON, and its CRC-32 in hexadecimal digits."""
    new = folder / f"{STATE_NAME}.new"
    text = json.dumps(asdict(state)).encode()
    # What a writer left that was cut off; anything else in its place is not written into.
    new.unlink(missing_ok=True)
    with new.open("xb") as file:
        file.write(b"%s\n%08x" % (text, zlib.crc32(text)))
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
        if not folder.exists():  # one that was open to others may hold what they have put there
            make_private(folder)
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
        raise IndexUnavailableError(folder, "is no folder", "remove it; it is made anew")
    if found.st_uid != os.geteuid():
        raise IndexUnavailableError(folder, "belongs to another user", "name another cache folder")
    if found.st_mode & _SHARED:
        raise IndexUnavailableError(
            folder, "can be opened by other users", "remove it; it is made anew"
        )


def is_passing(error: OSError) -> bool:
    """Tell whether a file that could not be read may be whole all the same."""
    return error.errno in _PASSING


def unreadable(folder: Path, error: OSError) -> IndexUnavailableError:
    """Return the error that stands for one that passes."""
    return IndexUnavailableError(
        folder, f"can't be read ({error.strerror})", "try again in a moment"
    )


def library_id(connection: sqlite3.Connection) -> str:
    """Return what tells the library from any other."""
    (found,) = connection.execute("SELECT id FROM library").fetchone()
    return str(found)


def searchable(connection: sqlite3.Connection, state: State | None) -> int:
    """Return how many papers of the library can be found as they are now; none without a state."""
    return state.searchable(connection) if state else 0


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


def _is_ours(found: os.stat_result) -> bool:
    return stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid()


def _checksum(path: Path) -> int:
    # Imported here and below, as it brings NumPy: only what was written or touched is looked into.
    from store.engine.arrayfile import ArrayFile
    from store.engine.files import is_array_file

    return ArrayFile(path).checksum if is_array_file(path) else zlib.crc32(path.read_bytes())


def _is_as_written(path: Path, crc: int) -> bool:
    """Tell whether a file holds what has this checksum; reads all of it."""
    from store.engine.arrayfile import ArrayFile, ArrayFileError
    from store.engine.files import is_array_file

    if not is_array_file(path):
        return zlib.crc32(path.read_bytes()) == crc
    try:
        file = ArrayFile(path)
    except ArrayFileError:
        return False
    return file.checksum == crc and file.is_whole()

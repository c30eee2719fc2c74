"""Files and folders for their owner only: created so, and read and written through no link.

A folder is opened once and asked who it belongs to; what is done in it then is done by its
descriptor, so that nobody can put another folder, or a link, in its place meanwhile.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from store.wholefiles import clear_unfinished, held, sync_folder, unfinished_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600
OTHERS = 0o077
"""The permissions that others must not have."""
WRITTEN_BY_OTHERS = 0o022

_HAS_DESCRIPTORS = sys.platform != "win32"
"""Whether files are opened within a folder that is open; Windows has neither links nor modes so."""
_OF_ANOTHER_KIND = {errno.ELOOP, errno.ENXIO, errno.EISDIR}
"""What opening a link, a pipe or a folder as a file fails with."""
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
"""Nobody is waited for who would read or write a pipe in the place of a file."""
_KEPT_TO_US = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_PREFIX = "."


class NotPrivateError(OSError):
    """Something else than a file or folder of ours alone is in its place; an `OSError`."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(errno.EPERM, reason, str(path))


def make_private(folder: Path) -> None:
    """Create `folder`, and the folders above it that are missing, for their owner only.

    A folder that is there is closed to others if it is ours and no link leads to it: such a link
    may lead to a folder that others are meant to see. Only for folders of the program's own.
    Raises `OSError` where it can't be created.
    """
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        sync_folder(path.parent)  # or what is written into it durably is gone with its name
    if not _HAS_DESCRIPTORS:
        return
    found = folder.lstat()
    is_narrowed = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    if is_narrowed and found.st_mode & OTHERS:
        # A file system without modes, such as a memory stick's, is no reason to stop.
        with suppress(OSError):
            folder.chmod(PRIVATE_FOLDER)


def write_privately(file: Path, data: bytes, *, durably: bool = False) -> os.stat_result:
    """Put a file of this content in its place, whole or not at all, for its owner only.

    Written `durably`, it is on the disk by then: no power loss takes it.
    Whatever is in its place, be it a link, a pipe or another's file, is replaced and not written
    into. Returns what was written. Raises `OSError`: for a folder that others may write into too.
    """
    make_private(file.parent)
    name = unfinished_name(file.name)
    with _opened_folder(file.parent) as folder:
        clear_unfinished(file.parent if folder is None else folder, file.name)
        new, place = (_within(folder, file.parent, one) for one in (name, file.name))
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | _KEPT_TO_US
        descriptor = os.open(new, flags, PRIVATE_FILE, dir_fd=folder)
        try:
            with held(descriptor):
                with os.fdopen(descriptor, "wb") as stream:
                    _check_alone(file.parent, folder, descriptor)
                    stream.write(data)
                    stream.flush()
                    if durably:
                        os.fsync(descriptor)
                    # Not of the file in its place: that may be another program's by then.
                    written = os.fstat(descriptor)
                os.replace(new, place, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            with suppress(OSError):
                os.unlink(new, dir_fd=folder)
            raise
        if durably and folder is not None:
            with suppress(OSError):  # some disks sync no folders
                os.fsync(folder)
    return written


def read_privately(file: Path, limit: int) -> bytes:
    """Return the first `limit` bytes of a regular file of ours to which no link leads.

    Raises `OSError` for anything else in its place; never waits for a pipe.
    """
    with open_regular(file, follows_links=False) as descriptor:
        if is_another_s(os.fstat(descriptor)):
            raise NotPrivateError(file, "belongs to another user")
        return _read(descriptor, limit)


def read_regular(file: Path, limit: int) -> bytes:
    """Return the first `limit` bytes of a regular file, by a link too; raises `OSError`.

    For what the reader writes and this program only reads: neither a pipe nor a device in its
    place keeps it waiting.
    """
    with open_regular(file, follows_links=True) as descriptor:
        return _read(descriptor, limit)


@contextmanager
def open_regular(file: Path, *, follows_links: bool) -> Iterator[int]:
    """Open a regular file to read it; raise `OSError` for any other kind, at once."""
    link = 0 if follows_links else _NO_LINK
    descriptor = os.open(file, os.O_RDONLY | link | _NO_WAIT | _KEPT_TO_US)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NotPrivateError(file, "is no regular file")
        yield descriptor
    finally:
        os.close(descriptor)


def create_private(file: Path) -> int:
    """Create a file that is not there, to read and write it, for its owner only.

    Returns its descriptor. Raises `OSError`: `FileExistsError` for a link in its place too.
    """
    return os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_LINK | _KEPT_TO_US, PRIVATE_FILE)


def open_lock(file: Path, *, creates: bool = True) -> int:
    """Open a file that is only locked, made for its owner if it `creates`; raises `OSError`."""
    flags = os.O_RDWR | os.O_CREAT * creates | _NO_LINK | _NO_WAIT | _KEPT_TO_US
    descriptor = os.open(file, flags, PRIVATE_FILE)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise NotPrivateError(file, "is no regular file")


def make_lockable(file: Path) -> None:
    """Have a regular file stand in the place of a lock; anything else gets another name.

    Raises `OSError` where that can't be seen, as without a free descriptor.
    """
    try:
        os.close(open_lock(file))
    except OSError as error:
        if not isinstance(error, NotPrivateError) and error.errno not in _OF_ANOTHER_KIND:
            raise
        with suppress(OSError):
            file.rename(file.with_name(f"{_PREFIX}{file.name}.{os.urandom(6).hex()}"))


def why_open_to_others(folder: Path) -> str:
    """Return why others can put something of theirs into a folder; empty if none can.

    It goes on from the folder's name. Raises `OSError` where it can't be looked at.
    """
    if not _HAS_DESCRIPTORS:
        return ""
    found = folder.stat()
    if found.st_uid != os.geteuid():
        return "belongs to another user"
    return "can be written by other users" if is_written_by_others(found) else ""


def is_written_by_others(found: os.stat_result) -> bool:
    """Tell whether others may write what was found; a group of the owner alone is no other."""
    return _HAS_DESCRIPTORS and bool(
        found.st_mode & stat.S_IWOTH
        or (found.st_mode & stat.S_IWGRP and not _is_group_of_one(found.st_gid))
    )


def is_another_s(found: os.stat_result) -> bool:
    """Tell whether what was found belongs to another user."""
    return _HAS_DESCRIPTORS and found.st_uid != os.geteuid()


def is_open_to_others(found: os.stat_result) -> bool:
    """Tell whether others than its owner may read or write what was found."""
    return _HAS_DESCRIPTORS and bool(found.st_mode & OTHERS)


@contextmanager
def _opened_folder(folder: Path) -> Iterator[int | None]:
    """Open a folder of ours; None where folders can't be opened."""
    if not _HAS_DESCRIPTORS:
        yield None
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | _KEPT_TO_US)
    try:
        if is_another_s(os.fstat(descriptor)):
            raise NotPrivateError(folder, "belongs to another user")
        yield descriptor
    finally:
        os.close(descriptor)


def _check_alone(folder: Path, opened: int | None, file: int) -> None:
    """Raise `NotPrivateError` where others can write into a folder that `file` was made in.

    Where the file itself is open to all, its file system has no modes, as a memory stick's.
    """
    if opened is None or is_open_to_others(os.fstat(file)):
        return
    if os.fstat(opened).st_mode & WRITTEN_BY_OTHERS:
        raise NotPrivateError(folder, "can be written by other users")


def _within(descriptor: int | None, folder: Path, name: str) -> str:
    return name if descriptor is not None else str(folder / name)


def _read(descriptor: int, limit: int) -> bytes:
    data = b""
    while len(data) < limit and (part := os.read(descriptor, limit - len(data))):
        data += part
    return data


def _is_group_of_one(number: int) -> bool:
    """Tell whether a group is the one that a user has alone, as many systems give to each."""
    # Needed only where a folder is open to its group.
    import grp
    import pwd

    try:
        group, user = grp.getgrgid(number), pwd.getpwuid(os.geteuid())
    except KeyError:
        return False
    return group.gr_name == user.pw_name and set(group.gr_mem) <= {user.pw_name}

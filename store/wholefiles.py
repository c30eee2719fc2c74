"""Files that come to their places whole: written under another name, and renamed.

That name tells whose file it is, and a lock on it that its writer lives: what a program that was
killed has left is cleared away by the next one that writes the same file.
"""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FLAGS = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def unfinished_name(name: str) -> str:
    """Return the name under which this process writes a file of this `name`, and no other does."""
    return f".{name}.{os.getpid()}-{os.urandom(6).hex()}"


@contextmanager
def held(descriptor: int) -> Iterator[None]:
    """Keep an unfinished file from being cleared away until it has its name.

    It tells programs on other machines, which can't see whether this process lives. A disk may have
    no locks.
    """
    if sys.platform == "win32":
        yield
        return
    # The lock outlasts the stream that the file is written by.
    same = os.dup(descriptor)
    try:
        with suppress(OSError):
            fcntl.flock(same, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(same)


def clear_unfinished(folder: Path | int, name: str) -> None:
    """Remove what programs have left in a folder that were killed as they wrote a file of `name`.

    The folder may be one that is open, by its descriptor. What can't be removed stays.
    """
    with suppress(OSError):
        for found in _unfinished(folder, name):
            with suppress(OSError):
                _remove_if_left(folder, found)


def is_alive(process: int) -> bool:
    """Tell whether a process of this number runs on this machine."""
    if sys.platform == "win32":
        return True  # to ask there is to interrupt it
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # another user's
    return True


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where that can be asked for."""
    with suppress(OSError), _opened(folder) as descriptor:
        os.fsync(descriptor)


def _unfinished(folder: Path | int, name: str) -> list[str]:
    form = re.compile(rf"\.{re.escape(name)}\.(\d+)-[0-9a-f]{{12}}")
    with os.scandir(folder) as entries:
        matches = [match for entry in entries if (match := form.fullmatch(entry.name))]
    return [match.group() for match in matches if not is_alive(int(match[1]))]


def _remove_if_left(folder: Path | int, name: str) -> None:
    with _opened(folder) as place:
        descriptor = os.open(name, _FLAGS, dir_fd=place)
        try:
            if sys.platform != "win32":
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.unlink(name, dir_fd=place)
        finally:
            os.close(descriptor)


@contextmanager
def _opened(folder: Path | int) -> Iterator[int]:
    """Yield the descriptor of a folder, opened here unless it is one already."""
    if isinstance(folder, int):
        yield folder
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)

"""Telling who is at work on a library: locks that end with their process."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from store.privatefiles import open_lock

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE_NAME = "imports.lock"
REMOTE_FILE_NAME = "use.lock"
"""Locked by whoever uses a library that other machines use too."""
_ASKED = 5
"""So many times in a row the lock is not to be had: one time, it may be somebody else who asks."""
_PAUSE_SECONDS = 0.001
_BETWEEN_SECONDS = 0.05


@contextmanager
def at_work(folder: Path) -> Iterator[None]:
    """Be at work on the library in `folder`; any number of processes may be at once."""
    if sys.platform == "win32":  # an import that was cut off is not told apart there
        yield
        return
    file: int | None = None
    # A disk without locks is no reason not to import: then nobody can tell, and that is all.
    with suppress(OSError):
        file = open_lock(folder / FILE_NAME)
        # Waits for whoever is asking just now, which is a matter of microseconds.
        fcntl.flock(file, fcntl.LOCK_SH)
    try:
        yield
    finally:
        if file is not None:
            os.close(file)


def is_at_work(folder: Path) -> bool:
    """Tell whether any process is at work on the library in `folder`."""
    if sys.platform == "win32":
        return False
    try:
        file = open_lock(folder / FILE_NAME, creates=False)
    except OSError:  # nobody ever was, or it is not ours to work on
        return False
    try:
        return not any(_is_free(file) for _ in range(_ASKED))
    except OSError:  # as where the disk has no locks
        return False
    finally:
        os.close(file)


def use(folder: Path, seconds: float, *, is_remote: bool) -> int | None:
    """Be among those who use the library in `folder`, until the file that is returned is closed.

    It `is_remote` where other machines use it too: a folder is locked on one machine only. Whoever
    has it `alone` is waited for, so long at the most: `BlockingIOError` then. None where nobody can
    be kept out, as on a disk without locks.
    """
    if sys.platform == "win32":
        return None
    deadline = time.monotonic() + seconds
    file = _opened(folder, is_remote=is_remote)
    if file is None:
        return None
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(file)
                raise
            time.sleep(_BETWEEN_SECONDS)
        except OSError:
            os.close(file)
            return None
        else:
            return file


@contextmanager
def alone(folder: Path, *, is_remote: bool) -> Iterator[None]:
    """Have the library in `folder` alone; `BlockingIOError` where any other process uses it."""
    file = None if sys.platform == "win32" else _opened(folder, is_remote=is_remote)
    if file is None:
        yield
        return
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:
            pass  # a disk without locks
        yield
    finally:
        os.close(file)


@contextmanager
def one_at_a_time(file: Path) -> Iterator[bool]:
    """Tell whether no other process is inside with the same file, which is made for it."""
    if sys.platform == "win32":
        yield True
        return
    try:
        lock = open_lock(file)
    except OSError:
        yield True
        return
    try:
        is_free = True
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            is_free = False
        except OSError:
            pass  # a disk without locks
        yield is_free
    finally:
        os.close(lock)


def _opened(folder: Path, *, is_remote: bool) -> int | None:
    if is_remote:
        with suppress(OSError):
            # What is locked has to be a file, open for writing, for its server to hear of it.
            return open_lock(folder / REMOTE_FILE_NAME)
    # The folder itself: SQLite locks its file, and a file for this alone could not be made where
    # the folder can only be read.
    try:
        return os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None


def _is_free(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(_PAUSE_SECONDS)
        return False
    return True

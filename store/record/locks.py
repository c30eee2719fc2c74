"""Telling whether an import is at work on a library: a lock that ends with its process."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE_NAME = "imports.lock"
_ASKED = 5
"""So many times in a row the lock is not to be had: one time, it may be somebody else who asks."""
_PAUSE_SECONDS = 0.001


@contextmanager
def at_work(folder: Path) -> Iterator[None]:
    """Be at work on the library in `folder`; any number of processes may be at once."""
    if sys.platform == "win32":  # an import that was cut off is not told apart there
        yield
        return
    file: int | None = None
    # A disk without locks is no reason not to import: then nobody can tell, and that is all.
    with suppress(OSError):
        file = os.open(folder / FILE_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
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
        file = os.open(folder / FILE_NAME, os.O_RDWR | os.O_CLOEXEC)
    except OSError:  # nobody ever was, or it is not ours to work on
        return False
    try:
        return not any(_is_free(file) for _ in range(_ASKED))
    except OSError:  # as where the disk has no locks
        return False
    finally:
        os.close(file)


def _is_free(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(_PAUSE_SECONDS)
        return False
    return True

"""Looking after a library as a program: `python -m store.record.backups LIBRARY_FOLDER`.

Makes the backup that is due, and the check. Prints nothing. Exit status 0: nothing failed.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path

from store.errors import StoreError
from store.record import FILE_NAME
from store.record.backups.care import look_after
from store.record.backups.making import utc_now
from store.record.locks import REMOTE_FILE_NAME, use

NICENESS = 19
"""Everybody comes first."""
PATIENCE_SECONDS = 1.0


def main(arguments: list[str]) -> int:
    """Look after a library and return the exit status."""
    folder = Path(arguments[0])
    if not (folder / FILE_NAME).exists():
        return 1  # to open it would make an empty one
    os.nice(NICENESS)
    # Nobody puts another file there meanwhile, by whichever lock: this does not know whether the
    # reader takes the disk for another machine's.
    in_use: list[int | None] = []
    try:
        in_use.append(use(folder, PATIENCE_SECONDS, is_remote=False))
        if (folder / REMOTE_FILE_NAME).exists():
            in_use.append(use(folder, PATIENCE_SECONDS, is_remote=True))
        look_after(folder / FILE_NAME, utc_now())
    except (BlockingIOError, StoreError, sqlite3.Error, OSError):
        return 1
    finally:
        for lock in in_use:
            if lock is not None:
                os.close(lock)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

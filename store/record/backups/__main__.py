"""Looking after a library as a program: `python -m store.record.backups LIBRARY_FOLDER`.

Makes the backup that is due, and the check. Prints nothing. Exit status 0: nothing failed.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path

from store.errors import StoreError
from store.record.backups.care import look_after
from store.record.backups.making import utc_now
from store.record.backups.packing import CONTENT
from store.record.locks import REMOTE_FILE_NAME, use

NICENESS = 19
"""Everybody comes first."""
PATIENCE_SECONDS = 1.0


def main(arguments: list[str]) -> int:
    """Look after a library and return the exit status."""
    folder = Path(arguments[0])
    if not (folder / CONTENT).exists():
        return 1  # to open it would make an empty one
    os.nice(NICENESS)
    try:
        # Nobody puts another file there meanwhile.
        is_remote = (folder / REMOTE_FILE_NAME).exists()
        in_use = use(folder, PATIENCE_SECONDS, is_remote=is_remote)
    except BlockingIOError:
        return 1
    try:
        look_after(folder / CONTENT, utc_now())
    except (StoreError, sqlite3.Error, OSError):
        return 1
    finally:
        if in_use is not None:
            os.close(in_use)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The writer as a program: `python -m store.index LIBRARY_FOLDER INDEX_FOLDER [OPTIONS]`.

With `--network`, the library is on another machine's disk. With `--rebuild`, the index is made
anew; with `--instead-of INODE MODIFIED SIZE`, if its state is that file. Prints nothing. Exit
status 0: the index is up to date, or another writer is at it; else 1.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path

from store.errors import StoreError
from store.index.process import NETWORK
from store.index.state import Signature
from store.index.writing import catch_up
from store.privatefiles import OTHERS
from store.record import FILE_NAME
from store.record.database import Database

NICENESS = 10
"""Readers come first."""


def main(arguments: list[str]) -> int:
    """Bring the index up to date and return the exit status."""
    library, index = map(Path, arguments[:2])
    options = arguments[2:]
    on_network = options[:1] == [NETWORK]
    option, *numbers = options[on_network:] or ("",)
    condemned = Signature(*map(int, numbers)) if option == "--instead-of" else None
    if not (library / FILE_NAME).exists():
        return 1  # to open it would make an empty one
    os.nice(NICENESS)
    # Whoosh makes its files as any program does.
    os.umask(OTHERS)
    try:
        database = Database(library, on_network=on_network)
        try:
            catch_up(database, index, rebuild=option == "--rebuild", condemned=condemned)
        finally:
            database.close()
    except (StoreError, sqlite3.Error, OSError):
        return 1  # such as a full disk; what was committed stays
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

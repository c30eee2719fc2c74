"""The citation keys of papers: given once, and kept.

A reader's texts cite by them, so that a key must not depend on what a paper is taken out with, nor
change as the library grows. A paper that came from the reader's own bibliography keeps its key.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from store import reading
from store.errors import LibraryError
from store.exporters.citationkeys import base_key, suffixed

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from store.database import Database

LONGEST_KEY = 100
_READABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_:.+/-]*", re.ASCII)
"""What BibTeX, biber and LaTeX all take, in files and in `\\cite`."""


def is_citation_key(text: str) -> bool:
    """Tell whether every program that reads bibliographies takes this for a key."""
    return len(text) <= LONGEST_KEY and _READABLE.fullmatch(text) is not None


def cite_all(database: Database, keys: Sequence[int]) -> None:
    """Give citation keys to those of these papers that have none, unless nothing can be written."""
    with suppress(LibraryError), database.reading() as connection:
        if _uncited(connection, keys):
            with database.atomic():
                cite(connection, keys)


def cite(connection: sqlite3.Connection, keys: Sequence[int]) -> None:
    """Give citation keys to those of these papers that have none; inside `atomic`."""
    taken = {name.lower() for (name,) in connection.execute("SELECT name FROM citation_keys")}
    named = []
    for paper in reading.papers(connection, _uncited(connection, keys)):
        name = next(name for name in suffixed(base_key(paper)) if name not in taken)
        taken.add(name)
        named.append((paper.key, name))
    connection.executemany("INSERT INTO citation_keys VALUES (?, ?)", named)


def keep_key(connection: sqlite3.Connection, paper: int, name: str) -> None:
    """Let a paper that has none have the citation key of its source, unless another has it."""
    if is_citation_key(name):
        connection.execute("INSERT OR IGNORE INTO citation_keys VALUES (?, ?)", (paper, name))


def _uncited(connection: sqlite3.Connection, keys: Sequence[int]) -> list[int]:
    """Return those of these papers that have no citation key yet, as they came in."""
    known = {paper for (paper,) in connection.execute("SELECT paper FROM citation_keys")}
    return sorted(set(keys) - known)

"""The citation keys of papers: given once, and kept.

A reader's texts cite by them, so that a key must not depend on what a paper is taken out with, nor
change as the library grows. A paper that came from the reader's own bibliography keeps its key.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from store import reading
from store.citationkeys import is_citation_key
from store.errors import LibraryFullError, LibraryNotWritableError
from store.exporters.citationkeys import base_key, suffixed

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from store.record.database import Database

TOGETHER = 500
"""So many papers are given their keys in one transaction, which takes some 20 ms."""


def cite_all(database: Database, keys: Sequence[int]) -> None:
    """Give citation keys to those of these papers that have none, unless the library is read-only.

    Others may write in between: the lock is held for `TOGETHER` papers at a time. Raises a
    `LibraryError` for a full disk and the like.
    """
    try:
        with database.reading() as connection:
            _cite_chunks(database, connection, _uncited(connection, keys))
    except LibraryFullError:
        raise
    except LibraryNotWritableError:
        return


def _cite_chunks(database: Database, connection: sqlite3.Connection, missing: list[int]) -> None:
    free: dict[str, Iterator[str]] = {}
    for start in range(0, len(missing), TOGETHER):
        papers = reading.papers(connection, missing[start : start + TOGETHER])
        bases = [(paper.key, base_key(paper)) for paper in papers]
        for base in {base for _, base in bases} - free.keys():
            # Before the lock is taken: a base key may be that of very many papers.
            names = suffixed(base)
            free[base] = chain([_next_free(connection, names)], names)
        with database.atomic():
            _cite(connection, bases, free)


def _cite(
    connection: sqlite3.Connection,
    bases: Iterable[tuple[int, str]],
    free: Mapping[str, Iterator[str]],
) -> None:
    """Give papers keys after their base keys, unless they have one; inside `atomic`.

    `free` are the names that each base key has left. A name that is taken stays so: none is asked
    for twice.
    """
    for paper, base in bases:
        connection.execute(
            "INSERT INTO citation_keys VALUES (?, ?) ON CONFLICT (paper) DO NOTHING",
            (paper, _next_free(connection, free[base])),
        )


def _next_free(connection: sqlite3.Connection, names: Iterator[str]) -> str:
    return next(name for name in names if not _is_taken(connection, name))


def keep_key(connection: sqlite3.Connection, paper: int, name: str) -> None:
    """Let a paper that has none have the citation key of its source, unless another has it."""
    if is_citation_key(name):
        connection.execute("INSERT OR IGNORE INTO citation_keys VALUES (?, ?)", (paper, name))


def _is_taken(connection: sqlite3.Connection, name: str) -> bool:
    found = connection.execute("SELECT 1 FROM citation_keys WHERE name = ?", (name,))
    return found.fetchone() is not None


def _uncited(connection: sqlite3.Connection, keys: Sequence[int]) -> list[int]:
    """Return those of these papers that have no citation key yet, as they came in."""
    missing = set(keys)
    for start in range(0, len(keys), reading.CHUNK):
        chunk = keys[start : start + reading.CHUNK]
        marks = ", ".join("?" * len(chunk))
        missing.difference_update(
            paper
            for (paper,) in connection.execute(
                f"SELECT paper FROM citation_keys WHERE paper IN ({marks})",  # noqa: S608 marks are '?'
                chunk,
            )
        )
    return sorted(missing)

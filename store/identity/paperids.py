"""The identifiers of papers, the canonical one first, and which source named each."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from store.identifiers import SCHEMES
from store.models import RECORD_SOURCES, Identifier, Provenance
from store.text import is_one_word

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from store.models import Record


def identifiers_of(
    connection: sqlite3.Connection, keys: Sequence[int]
) -> dict[int, list[Identifier]]:
    """Return those of each of some papers, as many as one statement takes."""
    found: dict[int, list[Identifier]] = defaultdict(list)
    for paper, scheme, value in _rows(connection, keys):
        if is_one_word(value):
            found[paper].append(Identifier(scheme, value))
    for identifiers in found.values():
        identifiers.sort(key=lambda one: (SCHEMES.index(one.scheme), one.value))
    return found


def canonical_ids(connection: sqlite3.Connection, keys: Sequence[int]) -> dict[int, str]:
    """Return the first of the identifiers of each paper that has any, as text."""
    first: dict[int, tuple[int, str, str]] = {}
    for paper, scheme, value in _rows(connection, keys):
        own = (SCHEMES.index(scheme), value, scheme)
        if is_one_word(value) and (paper not in first or own < first[paper]):
            first[paper] = own
    return {paper: str(Identifier(scheme, value)) for paper, (_, value, scheme) in first.items()}


def note_namers(
    connection: sqlite3.Connection, record: Record, identifiers: Iterable[Identifier]
) -> None:
    """Note which source names the identifiers of a new paper; inside `atomic`."""
    for one in identifiers:
        source = namer(record, one)
        if source:
            connection.execute(
                "INSERT OR REPLACE INTO identifier_sources VALUES (?, ?, ?)",
                (one.scheme, one.value, source),
            )


def namer(record: Record, identifier: Identifier) -> str:
    """Return the source that names an identifier of a record; '' where that is not known.

    What another library exported says it itself, where it knows.
    """
    told = {one.field: one.source for one in record.provenance} if record.provenance else {}
    source = told.get(str(identifier), record.source)
    return source if source in RECORD_SOURCES and source != "paperdeck" else ""


def present_namer(connection: sqlite3.Connection, identifier: Identifier) -> str | None:
    """Return the most trusted source that has named an identifier so far, if it is known."""
    row = connection.execute(
        "SELECT source FROM identifier_sources WHERE scheme = ? AND value = ?",
        (identifier.scheme, identifier.value),
    ).fetchone()
    return None if row is None else str(row[0])


def namers_of(
    connection: sqlite3.Connection, keys: Sequence[int]
) -> dict[int, tuple[Provenance, ...]]:
    """Return where the identifiers of each of some papers are from, as far as that is known."""
    found: dict[int, list[Provenance]] = defaultdict(list)
    marks = ", ".join("?" * len(keys))
    for paper, name, source in connection.execute(
        "SELECT paper, scheme || ':' || value, source FROM identifiers"  # noqa: S608 marks are '?'
        f" JOIN identifier_sources USING (scheme, value) WHERE paper IN ({marks}) ORDER BY 2",
        keys,
    ):
        found[paper].append(Provenance(name, source, ""))
    return {paper: tuple(stamps) for paper, stamps in found.items()}


def _rows(connection: sqlite3.Connection, keys: Sequence[int]) -> sqlite3.Cursor:
    marks = ", ".join("?" * len(keys))
    return connection.execute(
        f"SELECT paper, scheme, value FROM identifiers WHERE paper IN ({marks})",  # noqa: S608 marks are '?'
        keys,
    )

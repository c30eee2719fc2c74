"""Looking for a tag among papers, and for the tags among them, without reading the papers."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from store import reading
from store.models import STATE_TAGS
from store.text import as_line, fold_case

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator, Sequence

NEAR = 2_000
"""Among so many papers one with a tag is looked for first; then all that have it are asked for."""
_WORTH = 10
"""Asking what tags a paper has costs as much as reading so many papers of a tag."""


class _Used(NamedTuple):
    key: int
    name: str
    fold: str
    papers: int


def papers_with(connection: sqlite3.Connection, name: str) -> frozenset[int]:
    """Return the papers that have this very tag."""
    return frozenset(_papers(connection, _key_of(connection, name)))


def first_with(connection: sqlite3.Connection, name: str, keys: Sequence[int]) -> int | None:
    """Return the first of these papers that has this very tag; None where none of them has."""
    tag = _key_of(connection, name)
    near = next(reading.tagged(connection, keys[:NEAR], tag), None)
    if near is not None or len(keys) <= NEAR:
        return near
    having = frozenset(_papers(connection, tag))
    return next((key for key in keys[NEAR:] if key in having), None)


def among(connection: sqlite3.Connection, keys: Collection[int]) -> tuple[str, ...]:
    """Return the reader's own tags that any of these papers has, by name."""
    used = connection.execute(
        "SELECT key, name, fold, papers FROM tags WHERE papers > 0 ORDER BY fold"
    )
    own = [
        _Used(key, as_line(name), fold, papers)
        for key, name, fold, papers in used
        if fold not in STATE_TAGS
    ]
    if len(keys) * _WORTH < sum(tag.papers for tag in own):
        there = set(chain.from_iterable(reading.tags_of(connection, tuple(keys)).values()))
        return tuple(tag.name for tag in own if tag.name in there)
    wanted = frozenset(keys)
    # Of most tags one of the first papers is among many.
    found = (tag for tag in own if not wanted.isdisjoint(_papers(connection, tag.key)))
    return tuple(tag.name for tag in found)


def _key_of(connection: sqlite3.Connection, name: str) -> int:
    """Return the key of a tag; 0, which none has, for one that never was."""
    row = connection.execute("SELECT key FROM tags WHERE fold = ?", (fold_case(name),)).fetchone()
    return row[0] if row else 0


def _papers(connection: sqlite3.Connection, tag: int) -> Iterator[int]:
    """Yield the papers that have a tag, in no order."""
    rows = connection.execute("SELECT paper FROM paper_tags WHERE tag = ?", (tag,))
    return (paper for (paper,) in rows)

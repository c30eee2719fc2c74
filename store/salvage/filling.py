"""Making a record of the rows that were found, and filling its gaps from what else knows of them.

What stood in a gap may be known to an index of its table, to an older state of the page, or to a
backup. Nothing of a gap is taken where an index that lost nothing says that it was not there.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from store.salvage.cells import LOST, Value
from store.salvage.keys import Key, key_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from store.salvage.gathering import Found, TableTrees
    from store.salvage.shapes import Index, Table
    from store.salvage.trees import Tree

_BATCH = 1_000
_PAIRS = "paper_tags"
READ, REBUILT, OUTDATED, BACKUP = "read", "rebuilt", "outdated", "backup"
"""Where a row came from: its own tree, an index, an older state of its page, a backup."""
_TEXTS = ("title", "title_fold", "abstract", "venue", "organisation", "summary")
_LISTS = ("authors", "links", "categories", "keywords")
EMPTY: Mapping[str, Mapping[str, str | int]] = {
    "papers": {
        **dict.fromkeys(_TEXTS, ""),
        **dict.fromkeys(_LISTS, "[]"),
        "provenance": "{}",
        "revision": 0,
    },
    "tags": {},
    "sightings": {"day_is_guess": 0},
}
"""What stands for values that are known no more, in the tables where a row is worth it."""
INSTEAD = {"title": "title_fold", "name": "fold", "listed": "day"}
"""What comes nearest to a value that is lost."""


@dataclass
class Known:
    """What is known of the rows of a table beside those that were read whole."""

    parts: dict[Key, dict[str, Value]] = field(default_factory=dict)
    by_index: dict[str, set[Key]] = field(default_factory=dict)
    """The keys of the table's rows in each index that has all of them."""

    def take(self, key: Key, values: Mapping[str, Value]) -> None:
        """Add what one place says; what was said first stays."""
        part = self.parts.setdefault(key, {})
        for name, value in values.items():
            if value is not LOST:
                part.setdefault(name, value)


class Record:
    """The new record, while it is filled: `connection` has its tables, without indices."""

    def __init__(self, connection: sqlite3.Connection, now: str) -> None:
        self._connection = connection
        self._now = now
        self._known: dict[str, Known] = {}
        self._pairs: dict[tuple[Value, Value], tuple[Value, ...]] = {}
        self.counts: dict[str, Counter[str]] = {}

    def take(self, found: Iterable[Found]) -> None:
        """Write the rows that are whole, and keep what is known of others."""
        waiting: dict[str, tuple[Table, list[tuple[Value, ...]]]] = {}
        for one, tree, row in found:
            table = one.table
            if tree is not one.tree:
                self._note(one, tree, row.values)
                continue
            values = table.completed(row.rowid, row.values)
            if values is None:
                continue
            if not row.is_whole:
                self._of(table).take(row.key, dict(zip(table.names, values, strict=True)))
                continue
            if table.name == _PAIRS:
                self._pairs[values[0], values[1]] = values
            _, batch = waiting.setdefault(table.name, (table, []))
            batch.append(values)
            if len(batch) >= _BATCH:
                self._write(*waiting.pop(table.name), READ)
        for table, batch in waiting.values():
            self._write(table, batch, READ)

    def fill(self, one: TableTrees, backup: sqlite3.Connection | None) -> None:
        """Write what is known of the rows that may be missing from a table."""
        table, known = one.table, self._of(one.table)
        if not one.tree.gaps or (not table.keys and self._has_rows(table)):
            return
        older = {row.key: row for row in one.uncertain if row.is_whole}
        kept = dict(_backed_up(table, backup))
        present = self._allowed(one)
        for key in {**known.parts, **older, **kept}:
            if not one.tree.lacks(key) or (present is not None and key not in present):
                continue
            outdated = table.completed(older[key].rowid, older[key].values) if key in older else ()
            sources = (
                (BACKUP, dict(kept.get(key, {}))),
                (OUTDATED, dict(zip(table.names, outdated or (), strict=False))),
                (REBUILT, known.parts.get(key, {})),
            )
            values = _composed(table, key, [said for _, said in sources], self._now)
            if values is not None:
                is_known = set(table.names) <= set(known.parts.get(key, {}))
                origin = REBUILT if is_known else next(name for name, one in sources if one)
                self._write(table, [values], origin)

    def check_pairs(self, one: TableTrees, papers: Tree) -> None:
        """Compare the tags of papers with their index: what one of both alone has may be wrong.

        It is believed where the other one has lost rows there, and where the count of the tag says
        that there were so many; and where it goes with its paper, of whose tree is known what it
        has lost.
        """
        ((index, tree),) = one.indices
        known = self._of(one.table).by_index.get(index.name, set())
        shared = {pair for pair in self._pairs if key_of(pair) in known}
        room = dict(self._connection.execute("SELECT key, papers FROM tags"))
        for _, tag in shared:
            room[tag] = room.get(tag, 0) - 1
        parts = self._of(one.table).parts
        alone = [pair for pair in self._pairs if pair not in shared]
        others = [
            key
            for key in known - set(map(key_of, self._pairs))
            if not one.tree.lacks(key) and self._is_likely(parts[key], papers)
        ]
        for pair in list(alone):
            values = self._pairs[pair]
            if not self._is_likely(dict(zip(one.table.names, values, strict=True)), papers):
                alone.remove(pair)
                if not _index_lacks(one.table, index, tree, values):
                    self._drop(*pair)
        for tag, number in Counter(
            [tag for _, tag in alone] + [int(key[1][1]) for key in others]
        ).items():
            if number <= room.get(tag, 0):
                self._believe(one, [key for key in others if key[1][1] == tag])
                continue
            for paper, _ in [pair for pair in alone if pair[1] == tag]:
                values = self._pairs[paper, tag]
                if not _index_lacks(one.table, index, tree, values):
                    self._drop(paper, tag)

    def _is_likely(self, said: Mapping[str, Value], papers: Tree) -> bool:
        """Tell whether a row goes with its paper, of which it repeats the day and the votes."""
        row = self._connection.execute(
            "SELECT day, votes FROM papers WHERE key = ?", (said["paper"],)
        ).fetchone()
        if row is None:
            return papers.lacks(key_of([said["paper"]]))
        return "day" not in said or row == (said["day"], said["votes"])

    def _believe(self, one: TableTrees, keys: Iterable[Key]) -> None:
        for key in keys:
            parts = self._of(one.table).parts[key]
            values = _composed(one.table, key, [parts], self._now)
            if values is not None:
                self._write(one.table, [values], REBUILT)

    def _drop(self, paper: Value, tag: Value) -> None:
        self._connection.execute("DELETE FROM paper_tags WHERE paper = ? AND tag = ?", (paper, tag))
        self.counts[_PAIRS][READ] -= 1

    def _note(self, one: TableTrees, tree: Tree, values: Sequence[Value]) -> None:
        """Keep what an index says of a row, where the table itself lacks some."""
        if not one.tree.gaps and one.table.name != _PAIRS:
            return
        index = next(index for index, its in one.indices if its is tree)
        said = {
            column.name: value
            for column, value in zip(index.columns, values, strict=True)
            if column is not None and column.name
        }
        if one.table.has_rowids:
            key = key_of(values[-1:])
        else:
            key = key_of(said[name] for name in one.table.keys)
        known = self._of(one.table)
        known.take(key, said)
        if index.has_all:
            known.by_index.setdefault(index.name, set()).add(key)

    def _allowed(self, one: TableTrees) -> set[Key] | None:
        """Return the keys that were there; None where no index can tell."""
        for index, tree in one.indices:
            if index.has_all and tree.is_whole:
                return self._of(one.table).by_index.get(index.name, set())
        return None

    def _has_rows(self, table: Table) -> bool:
        found = self._connection.execute(f"SELECT 1 FROM {table.name} LIMIT 1")  # noqa: S608 our own
        return found.fetchone() is not None

    def _of(self, table: Table) -> Known:
        return self._known.setdefault(table.name, Known())

    def _write(self, table: Table, rows: list[tuple[Value, ...]], origin: str) -> None:
        marks = ", ".join("?" * len(table.names))
        written = self._connection.executemany(
            f"INSERT OR IGNORE INTO {table.name} ({_listed(table)}) VALUES ({marks})",  # noqa: S608 our own
            rows,
        ).rowcount
        self.counts.setdefault(table.name, Counter())[origin] += written


def _index_lacks(table: Table, index: Index, tree: Tree, values: Sequence[Value]) -> bool:
    """Tell whether an index may have lost a row that the table has."""
    by_name = dict(zip(table.names, values, strict=True))
    key = index.key([by_name[column.name] if column else None for column in index.columns])
    return key is None or tree.lacks(key)


def _backed_up(
    table: Table, backup: sqlite3.Connection | None
) -> Iterator[tuple[Key, dict[str, Value]]]:
    """Yield the rows of a table as a backup has them."""
    if backup is None:
        return
    place = "rowid" if table.has_rowids else "NULL"
    rows = backup.execute(f"SELECT {place}, {_listed(table)} FROM {table.name}")  # noqa: S608 our own
    for rowid, *values in rows:
        key = key_of((rowid,) if table.has_rowids else values[: len(table.keys)])
        yield key, dict(zip(table.names, values, strict=True))


def _composed(
    table: Table, key: Key, sources: Sequence[Mapping[str, Value]], now: str
) -> tuple[Value, ...] | None:
    """Return a row of what is known of it, the last source first; None where that is too little."""
    known: dict[str, Value] = {}
    for source in sources:
        known |= {name: value for name, value in source.items() if value is not LOST}
    if table.has_rowids and table.keys:
        known[table.keys[0]] = int(key[0][1])
    for name, near in INSTEAD.items():
        if near in known and known.get(name) is None:
            known[name] = known[near]
    empty = {**EMPTY.get(table.name, {}), **({"added": now} if table.name == "papers" else {})}
    row = tuple(
        known.get(column.name, empty.get(column.name, column.default)) for column in table.columns
    )
    good = all(column.takes(value) for column, value in zip(table.columns, row, strict=True))
    return row if good else None


def _listed(table: Table) -> str:
    return ", ".join(f'"{name}"' for name in table.names)  # one of them is called import

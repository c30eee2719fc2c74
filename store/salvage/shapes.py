"""What the tables and indices of a library look like on its pages, told by a new one's."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from store.migrations import MIGRATIONS
from store.record.freepages import prepare_new
from store.salvage.cells import LOST, Value
from store.salvage.keys import Key, key_in_order, key_of
from store.salvage.trees import Tree

if TYPE_CHECKING:
    from collections.abc import Sequence

_KINDS: dict[str, tuple[type, ...]] = {
    "INTEGER": (int,),
    "REAL": (int, float),
    "TEXT": (str,),
    "BLOB": (bytes,),
}
_VIRTUAL = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    kinds: tuple[type, ...]
    is_needed: bool
    """Whether it is never NULL."""
    has_default: bool
    default: Value

    def takes(self, value: Value) -> bool:
        """Tell whether a value can stand in it."""
        if value is None:
            return not self.is_needed
        return value is LOST or type(value) in self.kinds


@dataclass(frozen=True, slots=True)
class Index:
    """A tree that has some columns of a table in another order."""

    name: str
    columns: tuple[Column | None, ...]
    """As they stand in it, the row's own key at the end; None for what is computed."""
    descending: tuple[bool, ...]
    without_case: tuple[bool, ...]
    root: int
    has_all: bool
    """Whether every row of the table stands in it."""

    def key(self, values: Sequence[Value]) -> Key | None:
        """Return the key of a row of the index; None where it can't be one."""
        if len(values) != len(self.columns) or not all(
            column is None or column.takes(value)
            for column, value in zip(self.columns, values, strict=True)
        ):
            return None
        return key_in_order(values, self.descending, self.without_case)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the columns as they stand in its tree, and its indices."""

    name: str
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    """The columns that tell a row from any other."""
    has_rowids: bool
    root: int
    indices: tuple[Index, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    def completed(self, rowid: int | None, values: Sequence[Value]) -> tuple[Value, ...] | None:
        """Return a row with all its columns; None where it can't be one of this table."""
        if len(values) > len(self.columns) or (
            not self.has_rowids and len(values) < len(self.keys)
        ):
            return None
        later = self.columns[len(values) :]
        if not all(column.has_default or not column.is_needed for column in later):
            return None
        row = (*values, *(column.default for column in later))
        if rowid is not None and self.columns[0].name in self.keys and row[0] is None:
            row = (rowid, *row[1:])
        good = all(column.takes(value) for column, value in zip(self.columns, row, strict=True))
        return row if good else None

    def key(self, rowid: int | None, values: Sequence[Value]) -> Key | None:
        """Return the key of a row in its tree; None where it can't be one."""
        row = self.completed(rowid, values)
        if row is None:
            return None
        return key_of((rowid,) if self.has_rowids else row[: len(self.keys)])

    def tree(self, root: int) -> Tree:
        """Return the tree of the table itself."""
        return Tree(self.name, root, self.has_rowids, self.key)

    def index_tree(self, index: Index, root: int) -> Tree:
        """Return the tree of one of its indices."""
        return Tree(index.name, root, has_rowids=False, key=partial(_index_key, index))


def _index_key(index: Index, _: int | None, values: Sequence[Value]) -> Key | None:
    return index.key(values)


def shapes_after(steps: Sequence[str], *, gives_back: bool = True) -> list[Table]:
    """Return the tables of a library that has taken these steps.

    `gives_back` says whether its file can give pages back, as their roots lie elsewhere then.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        if gives_back:
            prepare_new(connection)
        for step in steps:
            MIGRATIONS[step](connection)
        names = connection.execute(
            "SELECT name, rootpage FROM sqlite_master WHERE type = 'table' ORDER BY rootpage"
        ).fetchall()
        return [_table(connection, name, root) for name, root in names]


def _table(connection: sqlite3.Connection, name: str, root: int) -> Table:
    (without_rowid,) = connection.execute(
        "SELECT wr FROM pragma_table_list WHERE name = ?", (name,)
    ).fetchone()
    found: dict[int, Column] = {}
    order: list[tuple[int, int]] = []
    keys: dict[int, str] = {}
    for cid, column, kind, is_needed, default, place, hidden in connection.execute(
        "SELECT * FROM pragma_table_xinfo(?)", (name,)
    ):
        is_own_key = bool(place) and not without_rowid
        if default is not None:
            (value,) = connection.execute(f"SELECT {default}").fetchone()
        found[cid] = Column(
            column,
            _KINDS.get(kind, (int, float, str, bytes)),
            bool(is_needed) or bool(place and without_rowid),
            default is not None,
            value if default is not None else None,
        )
        if place:
            keys[place] = column
        if hidden != _VIRTUAL:
            order.append((place or len(keys) + 1_000 if without_rowid else cid, cid))
        if is_own_key:
            found[cid] = Column(column, (int,), is_needed=False, has_default=False, default=None)
    columns = tuple(found[cid] for _, cid in sorted(order))
    return Table(
        name,
        columns,
        tuple(keys[place] for place in sorted(keys)),
        not without_rowid,
        root,
        tuple(_indices(connection, name, found)),
    )


def _indices(connection: sqlite3.Connection, table: str, found: dict[int, Column]) -> list[Index]:
    indices = []
    for name, is_partial in connection.execute(
        "SELECT name, partial FROM pragma_index_list(?)", (table,)
    ).fetchall():
        root = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND name = ?", (name,)
        ).fetchone()
        if root is None:
            continue  # the table itself, where it has no row numbers
        parts = connection.execute(
            "SELECT cid, desc, coll FROM pragma_index_xinfo(?) ORDER BY seqno", (name,)
        ).fetchall()
        rowid = Column("", (int,), is_needed=True, has_default=False, default=None)
        indices.append(
            Index(
                name,
                tuple(rowid if cid == -1 else found.get(cid) for cid, _, _ in parts),
                tuple(bool(descends) for _, descends, _ in parts),
                tuple(collation == "NOCASE" for *_, collation in parts),
                root[0],
                not is_partial,
            )
        )
    return indices

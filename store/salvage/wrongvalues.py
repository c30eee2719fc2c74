"""Putting a value that can be read in the place of each that can't, in a record that else is whole.

It is the one that the newest sound backup has there; or what the same row tells of it elsewhere; or
what can be read of its bytes; or nothing, where nothing may stand there. A row whose key can't be
read is taken out.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from store.record.values import (
    TEXT,
    Field,
    Row,
    Stored,
    bytes_for_text,
    can_stand,
    condition,
    fields_of,
    quoted,
    wrong_values,
)
from store.salvage.filling import BACKUP, EMPTY, INSTEAD
from store.salvage.mending import mend, triggers_off
from store.text import fold_case

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from store.record.values import WrongValue

ANEW, ELSEWHERE, PARTLY, NOTHING, OUT = "anew", "elsewhere", "partly", "nothing", "out"
"""Where a value came from, beside a backup; or that its row was taken out."""
_DERIVED = {
    ("papers", "title_fold"),
    ("paper_tags", "day"),
    ("paper_tags", "votes"),
    ("tags", "papers"),
    ("tags", "unread"),
    ("library", "papers"),
}
"""Columns that `mend` makes anew of others."""
_FOLDED = {"fold": "name"}
"""Columns that have what another one has, without case."""
_ZERO = {"papers", "library"}
"""Tables whose rows stay whatever is lost of them: without a number they have 0."""


def right_values(record: Path, backup: Path | None, now: str) -> Mapping[str, Mapping[str, int]]:
    """Right what can't be read in a record that nobody else has open, and make it whole again.

    Returns how many values of each table came from where. Raises `sqlite3.Error`.
    """
    with (
        closing(sqlite3.connect(record, isolation_level=None)) as connection,
        closing(_opened(backup)) as older,
    ):
        connection.execute("PRAGMA trusted_schema = OFF")
        wrong = wrong_values(connection)
        if not wrong:
            return {}
        connection.execute("BEGIN")
        righting = _Righting(connection, older, now)
        with triggers_off(connection):
            for _, group in groupby(wrong, key=attrgetter("table", "row")):
                righting.right(list(group))
            mend(connection, now, 0)
        connection.execute("COMMIT")
        return righting.counts


class _Righting:
    """The values of one record that were righted."""

    def __init__(self, connection: sqlite3.Connection, older: sqlite3.Connection, now: str) -> None:
        self._connection = connection
        self._older = older
        self._now = now
        self._fields: dict[str, dict[str, Field]] = {}
        self.counts: dict[str, Counter[str]] = {}
        """By table."""

    def right(self, wrong: list[WrongValue]) -> None:
        """Right all the values of one row that can't be read."""
        table, row = wrong[0].table, wrong[0].row
        found: dict[str, tuple[str, Stored]] = {}
        for one in wrong:
            field = self._fields_of(table)[one.column]
            candidates = self._candidates(table, field, row)
            good = (
                (origin, value)
                for origin, value in candidates
                if can_stand(self._connection, table, field, value)
            )
            chosen = next(good, None)
            if chosen is None:
                self._take_out(table, row)
                return
            found[one.column] = chosen
        if self._write(table, row, {name: value for name, (_, value) in found.items()}):
            self._counted(table).update(origin for origin, _ in found.values())
        else:
            self._take_out(table, row)

    def _candidates(self, table: str, field: Field, row: Row) -> Iterator[tuple[str, Stored]]:
        """Yield what may stand in the place of a value, the best of it first."""
        if (table, field.name) in _DERIVED:
            yield ANEW, self._nothing(table, field)
            return
        value = self._read(self._connection, table, field.name, row)
        if field.name in _FOLDED:
            for _, name in self._known(ANEW, self._connection, table, _FOLDED[field.name], row):
                yield ANEW, fold_case(str(name))
        if not field.in_key:
            yield from self._known(BACKUP, self._older, table, field.name, row)
            near = INSTEAD.get(field.name)
            if near in self._fields_of(table):
                yield from self._known(ELSEWHERE, self._connection, table, near, row)
        if field.kind == TEXT and isinstance(value, bytes):
            yield PARTLY, value.decode(errors="replace")
        if not field.in_key:
            yield NOTHING, self._nothing(table, field)

    def _known(
        self, origin: str, connection: sqlite3.Connection, table: str, column: str, row: Row
    ) -> Iterator[tuple[str, Stored]]:
        try:
            value = self._read(connection, table, column, row)
            field = self._fields_of(table)[column]
            if field.kind == TEXT and isinstance(value, bytes):
                yield origin, value.decode()
            else:
                yield origin, value
        except (LookupError, UnicodeDecodeError, sqlite3.OperationalError):
            return  # a backup of an older version has not all tables and columns

    def _nothing(self, table: str, field: Field) -> Stored:
        """Return what stands for no value; None may be none that can stand there."""
        if (table, field.name) == ("papers", "added"):
            return self._now
        if field.default is not None and field.default.isdecimal():
            return int(field.default)
        usual = 0 if field.is_needed and table in _ZERO else None
        return EMPTY.get(table, {}).get(field.name, usual)

    def _read(self, connection: sqlite3.Connection, table: str, column: str, row: Row) -> Stored:
        """Return a value, its text as bytes; raises `LookupError` where there is no such row."""
        where, values = condition(row)
        with bytes_for_text(connection):
            found: tuple[Stored] | None = connection.execute(
                f"SELECT {quoted(column)} FROM {quoted(table)} WHERE {where}",  # noqa: S608 names of the record's own, quoted
                values,
            ).fetchone()
        if found is None:
            raise LookupError
        return found[0]

    def _write(self, table: str, row: Row, new: Mapping[str, Stored]) -> bool:
        """Write values into a row, unless another one has its key by then."""
        where, values = condition(row)
        put = ", ".join(f"{quoted(name)} = ?" for name in new)
        done = self._connection.execute(
            f"UPDATE OR IGNORE {quoted(table)} SET {put} WHERE {where}",  # noqa: S608 as above
            [*new.values(), *values],
        )
        return done.rowcount > 0

    def _take_out(self, table: str, row: Row) -> None:
        where, values = condition(row)
        self._connection.execute(
            f"DELETE FROM {quoted(table)} WHERE {where}",  # noqa: S608 as above
            values,
        )
        self._counted(table)[OUT] += 1

    def _fields_of(self, table: str) -> dict[str, Field]:
        if table not in self._fields:
            with bytes_for_text(self._connection):
                fields = fields_of(self._connection, table)
            self._fields[table] = {field.name: field for field in fields}
        return self._fields[table]

    def _counted(self, table: str) -> Counter[str]:
        return self.counts.setdefault(table, Counter())


def _opened(backup: Path | None) -> sqlite3.Connection:
    """Return a backup's record, to read it; an empty one where there is none."""
    if backup is None:
        return sqlite3.connect(":memory:")
    return sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro&immutable=1", uri=True)

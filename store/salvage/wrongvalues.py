"""Putting a value that can be read in the place of each that can't, in a record that else is whole.

It is what the newest sound backup has of the same row; or what the row tells of it elsewhere; or
what can be read of its bytes; or nothing, where nothing may stand there. Of what tells a row from
others only the first will do: without it the row goes.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from store.migrations import MIGRATIONS, recorded, take_missing
from store.record.values import (
    TEXT,
    Field,
    Row,
    Stored,
    bytes_for_text,
    can_stand,
    condition,
    fields_after,
    is_text,
    quoted,
    wrong_values,
)
from store.salvage.filling import BACKUP, EMPTY, INSTEAD
from store.salvage.mending import Mended, mend, triggers_off
from store.text import fold_case

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
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
_TIMES = {"added", "applied", "day", "listed", "made_at", "published", "seen"}
"""Columns of moments and days, of which a part says nothing."""
_MOMENTS = {"added", "applied", "made_at"}
"""Those that are never empty: what is lost of them is now."""
_ZERO = {"papers", "library"}
"""Tables whose rows stay whatever is lost of them: without a number they have 0."""
_ALIKE: Mapping[str, tuple[str, ...]] = {
    "changes": ("field", "paper"),
    "joins": ("paper", "other"),
    "journal": ("made_at", "program"),
    "other_abstracts": ("paper", "source", "day"),
    "papers": ("added", "title_fold"),
    "tags": ("fold", "name"),
}
"""What two rows of one number have alike if they are the same: a number may be given again."""


@dataclass
class Righted:
    """What was righted in a record."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    """How many values of each table came from where."""
    mended: Mended = field(default_factory=lambda: Mended(0, 0, 0))
    """What had to be made up."""


def right_values(record: Path, backup: Path | None, now: str) -> Righted:
    """Right what can't be read in a record that nobody else has open, and make it whole again.

    It may be of an older version, and is brought up to date then. Raises `sqlite3.Error`.
    """
    righted = Righted()
    with (
        closing(sqlite3.connect(record, isolation_level=None)) as connection,
        closing(_opened(backup)) as older,
    ):
        # What somebody has put into the file may run nothing beyond it.
        connection.execute("PRAGMA trusted_schema = OFF")
        for _ in range(2):  # a step may meet what was righted, and copy it
            _right_all(connection, older, righted, now)
            if recorded(connection) == list(MIGRATIONS):
                break
            take_missing(connection, now)
        if righted.counts:
            connection.execute("BEGIN")
            with triggers_off(connection):
                righted.mended = mend(connection, now, 0)
            connection.execute("COMMIT")
    return righted


def _right_all(
    connection: sqlite3.Connection, older: sqlite3.Connection, righted: Righted, now: str
) -> None:
    wrong = wrong_values(connection)
    if not wrong:
        return
    fields = fields_after(recorded(connection))
    righting = _Righting(connection, older, fields, righted.counts, now)
    connection.execute("BEGIN")
    with triggers_off(connection):
        for _, group in groupby(wrong, key=attrgetter("field.table", "row")):
            righting.right(list(group))
    connection.execute("COMMIT")


class _Righting:
    """The righting of one record's values."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        older: sqlite3.Connection,
        fields: Mapping[str, Sequence[Field]],
        counts: dict[str, Counter[str]],
        now: str,
    ) -> None:
        self._connection = connection
        self._older = older
        self._fields = fields
        self._counts = counts
        self._now = now

    def right(self, wrong: list[WrongValue]) -> None:
        """Right all the values of one row that can't be read."""
        table, row = wrong[0].field.table, wrong[0].row
        present = self._read(self._connection, table, row) or {}
        names = {one.field.name for one in wrong}
        known = {name: value for name, value in present.items() if name not in names}
        lost = {one.field.name: present.get(one.field.name) for one in wrong}
        found: dict[str, tuple[str, Stored]] = {}
        # What is folded comes of what it is the fold of.
        for one in sorted((one.field for one in wrong), key=lambda one: one.name in _FOLDED):
            good = (
                (origin, value)
                for origin, value in self._candidates(one, row, known, lost[one.name])
                if can_stand(self._connection, one, value)
            )
            chosen = next(good, None)
            if chosen is None:
                self._take_out(table, row)
                return
            found[one.name] = chosen
            known[one.name] = chosen[1]
        if self._write(table, row, {name: value for name, (_, value) in found.items()}):
            self._counted(table).update(origin for origin, _ in found.values())
        else:
            self._take_out(table, row)

    def _candidates(
        self, one: Field, row: Row, known: Mapping[str, Stored], value: Stored
    ) -> Iterator[tuple[str, Stored]]:
        """Yield what may stand in the place of a value, the best of it first.

        `known` is what else is known of the row.
        """
        if (one.table, one.name) in _DERIVED:
            yield ANEW, self._nothing(one)
            return
        folded = known.get(_FOLDED.get(one.name, ""))
        if isinstance(folded, str):
            yield ANEW, fold_case(folded)
        if one.in_key:
            yield from self._missing_keys(one, known)
            return
        kept = self._read(self._older, one.table, row)
        if kept is not None and one.name in kept and _are_alike(one.table, kept, known):
            yield BACKUP, kept[one.name]
        near = known.get(INSTEAD.get(one.name, ""))
        if near is not None:
            yield ELSEWHERE, near
        if one.kind == TEXT and isinstance(value, bytes) and one.name not in _TIMES:
            yield PARTLY, value.decode(errors="replace")
        yield NOTHING, self._nothing(one)

    def _missing_keys(
        self, one: Field, known: Mapping[str, Stored]
    ) -> Iterator[tuple[str, Stored]]:
        """Yield what a backup has in a key, if one row of it alone is like this one and not here.

        With several it is not known which of them this one was.
        """
        fields = self._fields[one.table]
        same = [
            field.name
            for field in fields
            if field.name in known and (field.in_key or field.name == "paper")
        ]
        if not same:
            return
        rows = self._rows(self._older, one.table, {name: known[name] for name in same})
        here = {
            row.get(one.name)
            for row in self._rows(self._connection, one.table, {name: known[name] for name in same})
        }
        values = {row.get(one.name) for row in rows} - here
        if len(values) == 1:
            yield BACKUP, values.pop()

    def _nothing(self, one: Field) -> Stored:
        """Return what stands for no value; None may be none that can stand there."""
        if one.name in _MOMENTS:
            return self._now
        if one.default is not None and one.default.isdecimal():
            return int(one.default)
        usual = 0 if one.is_needed and one.table in _ZERO else None
        return EMPTY.get(one.table, {}).get(one.name, usual)

    def _read(
        self, connection: sqlite3.Connection, table: str, row: Row
    ) -> dict[str, Stored] | None:
        """Return a row with its texts, as bytes where they are none; None where there is none."""
        where, values = condition(row)
        found = self._select(connection, table, where, values)
        return found[0] if found else None

    def _rows(
        self, connection: sqlite3.Connection, table: str, known: Mapping[str, Stored]
    ) -> list[dict[str, Stored]]:
        where = " AND ".join(f"{quoted(name)} IS ?" for name in known)
        return self._select(connection, table, where, list(known.values()))

    def _select(
        self, connection: sqlite3.Connection, table: str, where: str, values: Sequence[Stored]
    ) -> list[dict[str, Stored]]:
        names = [field.name for field in self._fields[table]]
        try:
            with bytes_for_text(connection):
                rows = connection.execute(
                    f"SELECT {', '.join(map(quoted, names))} FROM {table} WHERE {where}",  # noqa: S608 our own words
                    values,
                ).fetchall()
        except sqlite3.OperationalError:
            return []  # a backup of an older version has not all tables and columns
        kinds = {field.name: field.kind for field in self._fields[table]}
        return [
            {
                name: value.decode()
                if isinstance(value, bytes) and kinds[name] == TEXT and is_text(value)
                else value
                for name, value in zip(names, row, strict=True)
            }
            for row in rows
        ]

    def _write(self, table: str, row: Row, new: Mapping[str, Stored]) -> bool:
        """Write values into a row, unless another one has its key by then."""
        where, values = condition(row)
        put = ", ".join(f"{quoted(name)} = ?" for name in new)
        done = self._connection.execute(
            f"UPDATE OR IGNORE {table} SET {put} WHERE {where}",  # noqa: S608 our own words
            [*new.values(), *values],
        )
        return done.rowcount > 0

    def _take_out(self, table: str, row: Row) -> None:
        where, values = condition(row)
        self._connection.execute(
            f"DELETE FROM {table} WHERE {where}",  # noqa: S608 our own words
            values,
        )
        self._counted(table)[OUT] += 1

    def _counted(self, table: str) -> Counter[str]:
        return self._counts.setdefault(table, Counter())


def _are_alike(table: str, kept: Mapping[str, Stored], known: Mapping[str, Stored]) -> bool:
    """Tell whether a backup's row is the one that it has the number of."""
    names = [name for name in _ALIKE.get(table, ()) if name in known]
    if not names:
        return table not in _ALIKE
    return all(kept.get(name) == known[name] for name in names)


def _opened(backup: Path | None) -> sqlite3.Connection:
    """Return a backup's record, to read it; an empty one where there is none."""
    if backup is None:
        return sqlite3.connect(":memory:")
    return sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro&immutable=1", uri=True)

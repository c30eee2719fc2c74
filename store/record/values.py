"""Values that no version of ours writes into a record: of another type, or bytes that are no text.

SQLite takes a value of any type into any column, and any bytes for text, so neither is a fault to
its own check; but whoever reads such a value fails at it. Tables that are not ours are left alone.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from store.identifiers import SCHEMES
from store.migrations import are_in_order, empty_after, recorded
from store.models import LinkKind

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

Stored: TypeAlias = int | float | bytes | str | None
"""A value as it stands in a record; where it may be no text, its bytes."""

TEXT = "TEXT"
_TYPES: Mapping[str, str] = {
    TEXT: "'text'",
    "INTEGER": "'integer'",
    "REAL": "'real', 'integer'",
    "BLOB": "'blob'",
}
"""What `typeof` says of the values of a column, by its declared type."""


def _listed(words: Sequence[str]) -> str:
    """Return words of our own as a list of SQL's; none of them has an apostrophe."""
    return ", ".join(f"'{word}'" for word in words)


_STRAY_TEXT = "type != 'text'"
_STRAY_LINK = (
    "type != 'array' OR json_array_length(value) != 2"
    f" OR json_extract(value, '$[0]') NOT IN ({_listed([kind.value for kind in LinkKind])})"
    " OR json_type(value, '$[1]') != 'text'"
)
_JSON: Mapping[tuple[str, str], tuple[str, str]] = {
    ("papers", "authors"): ("array", _STRAY_TEXT),
    ("papers", "categories"): ("array", _STRAY_TEXT),
    ("papers", "keywords"): ("array", _STRAY_TEXT),
    ("papers", "links"): ("array", _STRAY_LINK),
    ("papers", "provenance"): ("object", _STRAY_TEXT),
}
"""Columns that hold JSON: of which type, and what none of its members may be."""
_WORDS: Mapping[tuple[str, str], str] = {("identifiers", "scheme"): _listed(SCHEMES)}
"""Columns that hold one of some words."""


class Field(NamedTuple):
    """A stored column of a table of ours."""

    table: str
    name: str
    kind: str
    is_needed: bool
    """Whether it is never NULL."""
    default: str | None
    """An expression for what it has by default."""
    in_key: bool
    """Whether it is a part of what tells a row from any other."""

    @property
    def wrong(self) -> str:
        """An expression that is 1 where the column has a value that can't stand there, else 0."""
        name = quoted(self.name)
        wrong = f"typeof({name}) NOT IN ({_TYPES[self.kind]})"
        if not self.is_needed:
            wrong = f"({name} IS NOT NULL AND {wrong})"
        place = (self.table, self.name)
        if place in _WORDS:
            return f"({wrong} OR {name} NOT IN ({_WORDS[place]}))"
        if place in _JSON:
            kind, stray = _JSON[place]
            members = f"SELECT 1 FROM json_each({name}) WHERE {stray}"  # noqa: S608 our own words
            of_kind = f"json_valid({name}) AND json_type({name}) = '{kind}'"
            return f"CASE WHEN {wrong} OR NOT ({of_kind}) THEN 1 ELSE EXISTS ({members}) END"
        return wrong


Row: TypeAlias = tuple[tuple[str, str, Stored], ...]
"""What tells a row: columns with the types and values that they have there, texts as bytes."""


class WrongValue(NamedTuple):
    """A value that can't be read, by where it stands."""

    field: Field
    row: Row


def wrong_values(connection: sqlite3.Connection, most: int | None = None) -> list[WrongValue]:
    """Return the values that can't be read, so many at the most; all texts are read for it.

    Raises `sqlite3.DatabaseError` where the record can't be.
    """
    steps = recorded(connection)
    if not are_in_order(steps):
        return []  # nobody knows which tables it has
    tables = fields_after(steps)
    with bytes_for_text(connection):
        found = (
            _wrong_in(connection, table, fields)
            for table, fields in tables.items()
            if _has(connection, table, fields)
        )
        return list(islice(chain.from_iterable(found), most))


def fields_after(steps: Sequence[str]) -> dict[str, list[Field]]:
    """Return the stored columns of each table of a library that has taken these steps."""
    with empty_after(steps) as model:
        tables = model.execute(
            "SELECT name, wr FROM pragma_table_list"
            " WHERE schema = 'main' AND type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name"
        ).fetchall()
        return {
            table: [
                Field(table, name, kind.upper(), bool(is_needed), default, bool(has_key and place))
                for name, kind, is_needed, default, place in model.execute(
                    'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo(?)'
                    " WHERE hidden = 0 ORDER BY cid",
                    (table,),
                )
            ]
            for table, has_key in tables
        }


def condition(row: Row) -> tuple[str, list[Stored]]:
    """Return what finds a row in its table, and the values for it."""
    parts: list[str] = []
    values: list[Stored] = []
    for name, kind, value in row:
        given = "?"
        if kind == "text" and isinstance(value, bytes):
            # A text never is the same as a blob of its bytes.
            given, value = ("?", value.decode()) if is_text(value) else ("CAST(? AS TEXT)", value)  # noqa: PLW2901 as it is given
        parts.append(f"{quoted(name)} = {given}")
        values.append(value)
    return " AND ".join(parts), values


@contextmanager
def bytes_for_text(connection: sqlite3.Connection) -> Iterator[None]:
    """Have a connection give texts as the bytes that they are stored as."""
    usual, connection.text_factory = connection.text_factory, bytes
    try:
        yield
    finally:
        connection.text_factory = usual


def can_stand(connection: sqlite3.Connection, field: Field, value: Stored) -> bool:
    """Tell whether a value can stand in a column; its text, if it is one, is a `str`."""
    (is_wrong,) = connection.execute(
        f"SELECT {field.wrong} FROM (SELECT ? AS {quoted(field.name)})",  # noqa: S608 our own words
        (value,),
    ).fetchone()
    return not is_wrong


def is_text(value: Stored) -> bool:
    """Tell whether a value is text, or no bytes at all."""
    if not isinstance(value, bytes):
        return True
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def quoted(name: str) -> str:
    """Return the name of a table, a column or a trigger, for a statement."""
    return '"' + name.replace('"', '""') + '"'


def _has(connection: sqlite3.Connection, table: str, fields: Sequence[Field]) -> bool:
    """Tell whether a record has a table as it should be; that it has not is another fault."""
    found = connection.execute(
        "SELECT name FROM pragma_table_xinfo(?)"
        " WHERE EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?)",
        (table, table),
    )
    return {field.name.encode() for field in fields} <= {name for (name,) in found}


def _wrong_in(
    connection: sqlite3.Connection, table: str, fields: Sequence[Field]
) -> Iterator[WrongValue]:
    keys = [field.name for field in fields if field.in_key] or ["rowid"]
    told = ", ".join([*map(quoted, keys), *(f"typeof({quoted(key)})" for key in keys)])
    masks = " | ".join(f"(({field.wrong}) << {number})" for number, field in enumerate(fields))
    # With a space between them, as two halves of a character make a whole one.
    texts = [f"coalesce({quoted(field.name)}, '')" for field in fields if field.kind == TEXT]
    joined = " || ' ' || ".join(texts) or "NULL"
    for mask, text, *values in connection.execute(
        f"SELECT {masks}, {joined}, {told} FROM {table}"  # noqa: S608 our own words
    ):
        if not mask and is_text(text):
            continue
        kinds = (kind.decode() for kind in values[len(keys) :])
        row = tuple(zip(keys, kinds, values[: len(keys)], strict=True))
        for number, field in enumerate(fields):
            if mask >> number & 1 or not _is_readable(connection, field, row):
                yield WrongValue(field, row)


def _is_readable(connection: sqlite3.Connection, field: Field, row: Row) -> bool:
    if field.kind != TEXT:
        return True
    where, values = condition(row)
    found = connection.execute(
        f"SELECT {quoted(field.name)} FROM {field.table} WHERE {where}",  # noqa: S608 our own words
        values,
    ).fetchone()
    return found is None or is_text(found[0])

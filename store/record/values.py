"""Values that no version of ours writes into a record: of another type, or bytes that are no text.

SQLite takes a value of any type into any column, and any bytes for text, so neither is a fault to
its own check; but whoever reads such a value fails at it.
"""

from __future__ import annotations

from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from store.identifiers import SCHEMES
from store.models import LinkKind

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping

Stored: TypeAlias = int | float | bytes | str | None
"""A value as it stands in a record; where it may be no text, its bytes."""

TEXT = "TEXT"
_TYPES: Mapping[str, tuple[str, ...]] = {
    TEXT: ("text",),
    "INTEGER": ("integer",),
    "REAL": ("real", "integer"),
    "BLOB": ("blob",),
}
"""What `typeof` says of the values of a column, by its declared type."""

_KINDS = ", ".join(f"'{kind.value}'" for kind in LinkKind)
_NO_TEXT = "type != 'text'"
_NO_LINK = (
    "type != 'array' OR json_array_length(value) != 2"
    f" OR json_extract(value, '$[0]') NOT IN ({_KINDS}) OR json_type(value, '$[1]') != 'text'"
)
_JSON: Mapping[tuple[str, str], tuple[str, str]] = {
    ("papers", "authors"): ("array", _NO_TEXT),
    ("papers", "categories"): ("array", _NO_TEXT),
    ("papers", "keywords"): ("array", _NO_TEXT),
    ("papers", "links"): ("array", _NO_LINK),
    ("papers", "provenance"): ("object", _NO_TEXT),
}
"""Columns that hold JSON: of which type, and what none of its members may be."""
_WORDS: Mapping[tuple[str, str], tuple[str, ...]] = {("identifiers", "scheme"): SCHEMES}
"""Columns that hold one of some words."""


class Field(NamedTuple):
    """A stored column of a table, as the record itself declares it."""

    name: str
    kind: str
    is_needed: bool
    """Whether it is never NULL."""
    default: str | None
    """An expression for what it has by default."""
    in_key: bool
    """Whether it is a part of what tells a row from any other."""


Row: TypeAlias = tuple[tuple[str, str, Stored], ...]
"""What tells a row: columns with the types and values that they have there, texts as bytes."""


class WrongValue(NamedTuple):
    """A value that can't be read, by where it stands."""

    table: str
    column: str
    row: Row


def wrong_values(connection: sqlite3.Connection, most: int | None = None) -> list[WrongValue]:
    """Return the values that can't be read, so many at the most; all texts are read for it.

    Raises `sqlite3.DatabaseError` where the record can't be.
    """
    with bytes_for_text(connection):
        tables = connection.execute(
            "SELECT name FROM sqlite_master"
            " WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name"
        ).fetchall()
        found = (_wrong_in(connection, table.decode()) for (table,) in tables)
        return list(islice(chain.from_iterable(found), most))


def fields_of(connection: sqlite3.Connection, table: str) -> list[Field]:
    """Return the columns of a table that are stored; inside `bytes_for_text`."""
    (has_no_rowid,) = connection.execute(
        "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?", (table,)
    ).fetchone()
    found = connection.execute(
        'SELECT name, upper(type), "notnull", dflt_value, pk FROM pragma_table_xinfo(?)'
        " WHERE hidden = 0",
        (table,),
    )
    return [
        Field(
            name.decode(),
            kind.decode(),
            bool(is_needed),
            None if default is None else default.decode(),
            bool(has_no_rowid and place),
        )
        for name, kind, is_needed, default, place in found
    ]


def condition(row: Row) -> tuple[str, list[Stored]]:
    """Return what finds a row in its table, and the values for it."""
    # A text never is the same as a blob of its bytes.
    parts = " AND ".join(
        f"{quoted(name)} = {'CAST(? AS TEXT)' if kind == 'text' else '?'}" for name, kind, _ in row
    )
    return parts, [value for *_, value in row]


@contextmanager
def bytes_for_text(connection: sqlite3.Connection) -> Iterator[None]:
    """Have a connection give texts as the bytes that they are stored as."""
    usual, connection.text_factory = connection.text_factory, bytes
    try:
        yield
    finally:
        connection.text_factory = usual


def can_stand(connection: sqlite3.Connection, table: str, field: Field, value: Stored) -> bool:
    """Tell whether a value can stand in a column; its text, if it is one, is a `str`."""
    (is_wrong,) = connection.execute(
        f"SELECT {_test(table, field)} FROM (SELECT ? AS {quoted(field.name)})",  # noqa: S608 as below
        (value,),
    ).fetchone()
    return not is_wrong


def quoted(name: str) -> str:
    """Return the name of a table or a column, for a statement."""
    return '"' + name.replace('"', '""') + '"'


def _wrong_in(connection: sqlite3.Connection, table: str) -> Iterator[WrongValue]:
    fields = fields_of(connection, table)
    keys = [field.name for field in fields if field.in_key] or ["rowid"]
    tests = (f"(({_test(table, field)}) << {number})" for number, field in enumerate(fields))
    # With a space between them, as two halves of a character make a whole one.
    texts = " || ' ' || ".join(f"coalesce({quoted(field.name)}, '')" for field in fields)
    told = ", ".join([*map(quoted, keys), *(f"typeof({quoted(key)})" for key in keys)])
    for mask, text, *values in connection.execute(
        f"SELECT {' | '.join(tests)}, {texts}, {told} FROM {quoted(table)}"  # noqa: S608 names of the record's own, quoted
    ):
        if not mask and _is_text(text):
            continue
        kinds = (kind.decode() for kind in values[len(keys) :])
        row = tuple(zip(keys, kinds, values[: len(keys)], strict=True))
        for number, field in enumerate(fields):
            if mask >> number & 1 or not _is_readable(connection, table, field, row):
                yield WrongValue(table, field.name, row)


def _is_readable(connection: sqlite3.Connection, table: str, field: Field, row: Row) -> bool:
    where, values = condition(row)
    (value,) = connection.execute(
        f"SELECT {quoted(field.name)} FROM {quoted(table)} WHERE {where}",  # noqa: S608 as above
        values,
    ).fetchone()
    return field.kind != TEXT or _is_text(value)


def _test(table: str, field: Field) -> str:
    """Return what is 1 where a column has a value of no type of its own, and 0 else."""
    name = quoted(field.name)
    types = _TYPES.get(field.kind)
    if types is None:
        return "0"
    wrong = f"typeof({name}) NOT IN ({', '.join(map(repr, types))})"
    if not field.is_needed:
        wrong = f"({name} IS NOT NULL AND {wrong})"
    if (table, field.name) in _WORDS:
        words = ", ".join(map(repr, _WORDS[table, field.name]))
        return f"({wrong} OR {name} NOT IN ({words}))"
    if (table, field.name) not in _JSON:
        return wrong
    kind, stray = _JSON[table, field.name]
    members = f"SELECT 1 FROM json_each({name}) WHERE {stray}"  # noqa: S608 as above
    of_kind = f"json_valid({name}) AND json_type({name}) = '{kind}'"
    return f"CASE WHEN {wrong} OR NOT ({of_kind}) THEN 1 ELSE EXISTS ({members}) END"


def _is_text(value: Stored) -> bool:
    if not isinstance(value, bytes):
        return True
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True

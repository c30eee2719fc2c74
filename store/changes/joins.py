"""What was joined to a paper, as the record keeps it and as changes set and take it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from store.models import (
    Identifier,
    Link,
    LinkKind,
    OtherAbstract,
    Provenance,
    Record,
    Sighting,
)

if TYPE_CHECKING:
    import sqlite3

_Step: TypeAlias = tuple[str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Join:
    """A paper or a record that became part of another paper, and what it changed there."""

    changes: tuple[_Step, ...]
    """Field, before and after of each change of the paper that it became part of."""
    other: int | None = None
    """The paper, which is removed since."""
    tags: tuple[str, ...] = ()
    """Those that it had."""
    record: Record | None = None
    """What an import brought, where that was no paper yet."""

    def __str__(self) -> str:
        """Return it as the `join` field of a change has it."""
        return json.dumps(
            asdict(self), ensure_ascii=False, separators=(",", ":"), default=_kind_as_text
        )


def join_of_text(text: str) -> Join:
    """Return what the text of a `Join` says."""
    raw = json.loads(text)
    return Join(
        tuple((field, before, after) for field, before, after in raw["changes"]),
        raw["other"],
        tuple(raw["tags"]),
        None if raw["record"] is None else _record(raw["record"]),
    )


def apply_join(
    connection: sqlite3.Connection, paper: int | None, before: str | None, after: str | None
) -> bool:
    """Join or part, and tell whether that took effect; inside `atomic`."""
    if after is not None:
        statement = (
            "INSERT INTO joins (paper, text, other) VALUES (?1, ?2, json_extract(?2, '$.other'))"
        )
    else:
        statement = (
            "DELETE FROM joins WHERE key ="
            " (SELECT max(key) FROM joins WHERE paper = ?1 AND text = ?2)"
        )
    return connection.execute(statement, (paper, after or before)).rowcount > 0


def apply_apart(
    connection: sqlite3.Connection, paper: int | None, before: str | None, after: str | None
) -> bool:
    """Keep a paper apart from another, or no longer; tell whether that is new."""
    statement = (
        "DELETE FROM apart WHERE paper = ? AND other = ?"
        if after is None
        else "INSERT OR IGNORE INTO apart VALUES (?, ?)"
    )
    return connection.execute(statement, (paper, int(after or before or 0))).rowcount > 0


def apply_citation_key(
    connection: sqlite3.Connection, paper: int | None, before: str | None, after: str | None
) -> bool:
    """Give a paper a citation key that no other has, or take it; tell whether that took effect."""
    statement = (
        "DELETE FROM citation_keys WHERE paper = ? AND name = ?"
        if after is None
        else "INSERT OR IGNORE INTO citation_keys VALUES (?, ?)"
    )
    return connection.execute(statement, (paper, after or before)).rowcount > 0


def joins_of(connection: sqlite3.Connection, paper: int) -> list[str]:
    """Return what was joined to a paper, as changes have it, the latest first."""
    rows = connection.execute("SELECT text FROM joins WHERE paper = ? ORDER BY key DESC", (paper,))
    return [text for (text,) in rows]


def _kind_as_text(kind: LinkKind) -> str:
    return kind.value


def _record(raw: dict[str, Any]) -> Record:
    listed = {
        "identifiers": lambda one: Identifier(**one),
        "links": lambda one: Link(LinkKind(one["kind"]), one["url"]),
        "sightings": lambda one: Sighting(**one),
        "other_abstracts": lambda one: OtherAbstract(**one),
        "provenance": lambda one: Provenance(**one),
    }
    values: dict[str, Any] = {
        name: tuple(map(listed.get(name, str), value)) if isinstance(value, list) else value
        for name, value in raw.items()
    }
    return Record(**values)

"""The journal: every change as one labelled entry that can be undone and redone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from store.changes.votes import enters_inbox
from store.text import as_line

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from store.changes.change import Change

KEPT_DAYS = 90
KEPT_ENTRIES = 1_000
"""An entry is kept for so many days, and while it is among so many latest ones."""
_EXPIRED_AT_ONCE = 1_000
"""Changes of expired entries after which a new entry leaves the rest of them to the next one."""


class EntryKind(Enum):
    """Who made a change."""

    ACT = "act"
    """The reader, on purpose."""
    AUTOMATIC = "automatic"
    """The program, on the reader's behalf: undone from the history only."""
    IMPORT = "import"
    """The reader, by an import."""


class EntryState(Enum):
    """Whether what an entry did holds."""

    STANDING = "standing"
    UNDONE = "undone"
    """The program that undid it can redo it as its latest."""
    PASSED = "passed"
    """Undone, and that program has acted anew since: it is redone by its name only."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the journal, as the history shows it."""

    key: int
    """Its name: a number that grows and is never used again."""
    label: str
    kind: EntryKind
    program: str
    """Who made it."""
    made_at: str
    """UTC, `2026-03-12T08:00:00Z`."""
    papers: int
    """How many papers it changed."""
    state: EntryState
    is_finished: bool
    """False for an import that is at work still, or was cut off."""


def open_entry(
    connection: sqlite3.Connection,
    *,
    label: str,
    kind: EntryKind,
    program: str,
    made_at: str,
    is_finished: bool = True,
    continues: bool = False,
) -> int:
    """Begin an entry and return its key, letting old ones go; inside `atomic`.

    An act ends what its program could redo, but for one that only `continues` an earlier act.
    """
    if kind is not EntryKind.AUTOMATIC and not continues:
        connection.execute(
            "UPDATE journal SET state = 'passed' WHERE undone_by = ? AND state = 'undone'",
            (program,),
        )
    cursor = connection.execute(
        "INSERT INTO journal (label, kind, program, made_at, is_finished) VALUES (?, ?, ?, ?, ?)",
        (label, kind.value, program, made_at, is_finished),
    )
    _expire(connection, made_at)
    return int(cursor.lastrowid or 0)


def adopt(connection: sqlite3.Connection, program: str, has_ended: Callable[[str], bool]) -> None:
    """Give `program` the entries of all that have ended, to undo and redo; inside `atomic`."""
    for column in ("program", "undone_by"):
        others = connection.execute(
            f"SELECT DISTINCT {column} FROM journal WHERE {column} != ?",  # noqa: S608 one of two
            (program,),
        ).fetchall()
        connection.executemany(
            f"UPDATE journal SET {column} = ? WHERE {column} = ?",  # noqa: S608 as above
            [(program, other) for (other,) in others if has_ended(other)],
        )


def finish_entry(connection: sqlite3.Connection, key: int, label: str) -> None:
    """Close an entry under its final label; inside `atomic`."""
    connection.execute("UPDATE journal SET is_finished = 1, label = ? WHERE key = ?", (label, key))


def is_standing(connection: sqlite3.Connection, key: int) -> bool:
    """Tell whether an entry was not undone, or was redone since."""
    row = connection.execute("SELECT state FROM journal WHERE key = ?", (key,)).fetchone()
    return bool(row) and row[0] == "standing"


def note_changes(
    connection: sqlite3.Connection, key: int, changes: Sequence[Change], papers: int
) -> None:
    """Add changes that were made to an entry, which concerns so many papers; inside `atomic`."""
    (count,) = connection.execute(
        "SELECT coalesce(max(number), 0) FROM changes WHERE journal = ?", (key,)
    ).fetchone()
    connection.executemany(
        "INSERT INTO changes (journal, number, paper, field, before, after, votes)"
        " VALUES (?, ?, ?, ?, ?, ?, (SELECT former_votes FROM papers WHERE key = ?))",
        [
            (key, number, *change, change.paper if enters_inbox(change) else None)
            for number, change in enumerate(changes, count + 1)
        ],
    )
    connection.execute("UPDATE journal SET papers = ? WHERE key = ?", (papers, key))


def entries(connection: sqlite3.Connection, limit: int | None = None) -> tuple[Entry, ...]:
    """Return the entries that can be undone or redone, the latest first."""
    return _entries(connection, "1 ORDER BY key DESC LIMIT ?", (-1 if limit is None else limit,))


def undoable(connection: sqlite3.Connection, program: str) -> Entry | None:
    """Return the latest act of `program` that stands; automatic entries are passed over."""
    found = _entries(
        connection,
        "program = ? AND kind != 'automatic' AND state = 'standing' ORDER BY key DESC LIMIT 1",
        (program,),
    )
    return found[0] if found else None


def redoable(connection: sqlite3.Connection, program: str) -> Entry | None:
    """Return the entry that `program` undid last and may make again."""
    found = _entries(
        connection,
        "undone_by = ? AND state = 'undone' ORDER BY undone_at DESC, key LIMIT 1",
        (program,),
    )
    return found[0] if found else None


def _entries(
    connection: sqlite3.Connection, condition: str, values: tuple[object, ...]
) -> tuple[Entry, ...]:
    rows = connection.execute(
        "SELECT key, label, kind, program, made_at, papers, state, is_finished FROM journal"  # noqa: S608 our own words
        f" WHERE {condition}",
        values,
    )
    return tuple(
        Entry(
            key,
            as_line(label),
            EntryKind(kind),
            as_line(program),
            as_line(at),
            papers,
            EntryState(state),
            bool(finished),
        )
        for key, label, kind, program, at, papers, state, finished in rows
    )


def _expire(connection: sqlite3.Connection, now: str) -> None:
    """Let go of the oldest entries that are expired: some at a time, so that nobody waits."""
    until = f"{datetime.fromisoformat(now) - timedelta(days=KEPT_DAYS):%Y-%m-%dT%H:%M:%SZ}"
    # Of several, as a clock may have been wrong.
    (oldest,) = connection.execute(
        "SELECT min(made_at) FROM (SELECT made_at FROM journal ORDER BY key LIMIT 20)"
    ).fetchone()
    if oldest >= until:
        return
    expired = connection.execute(
        "SELECT key, (SELECT count(*) FROM changes WHERE journal = journal.key) FROM journal"
        " WHERE made_at < ? AND key <= (SELECT key FROM journal ORDER BY key DESC LIMIT 1 OFFSET ?)"
        " ORDER BY key LIMIT ?",
        (until, KEPT_ENTRIES, _EXPIRED_AT_ONCE),
    )
    gone: list[tuple[int]] = []
    changes = 0
    for key, count in expired:
        gone.append((key,))
        changes += count
        if changes >= _EXPIRED_AT_ONCE:
            break
    connection.executemany("DELETE FROM journal WHERE key = ?", gone)

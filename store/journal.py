"""The journal: every change as one labelled entry that can be undone and redone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from store.changes import Change, apply, stands

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable


class EntryKind(Enum):
    """Who made a change."""

    ACT = "act"
    """The reader, on purpose."""
    AUTOMATIC = "automatic"
    """The program, on the reader's behalf: undone from the history only."""
    IMPORT = "import"
    """The reader, by an import."""


@dataclass(frozen=True, slots=True)
class Reversal:
    """What undoing or redoing an entry came to."""

    key: int
    label: str
    changed: tuple[int, ...]
    """Papers that were restored."""
    kept: tuple[int, ...]
    """Papers that stay as they are in some respect, because they were changed since."""


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
    """Begin an entry and return its key; inside `atomic`.

    An act ends what its program could redo, but for one that only `continues` an earlier act.
    """
    if kind is not EntryKind.AUTOMATIC and not continues:
        connection.execute(
            "UPDATE journal SET state = 'passed' WHERE program = ? AND state = 'undone'", (program,)
        )
    cursor = connection.execute(
        "INSERT INTO journal (label, kind, program, made_at, is_finished) VALUES (?, ?, ?, ?, ?)",
        (label, kind.value, program, made_at, is_finished),
    )
    return int(cursor.lastrowid or 0)


def adopt(connection: sqlite3.Connection, program: str, has_ended: Callable[[str], bool]) -> None:
    """Give `program` the entries of all that have ended, to undo and redo; inside `atomic`."""
    for (other,) in connection.execute("SELECT DISTINCT program FROM journal").fetchall():
        if other != program and has_ended(other):
            connection.execute("UPDATE journal SET program = ? WHERE program = ?", (program, other))


def finish_entry(connection: sqlite3.Connection, key: int, label: str) -> None:
    """Close an entry under its final label; inside `atomic`."""
    connection.execute("UPDATE journal SET is_finished = 1, label = ? WHERE key = ?", (label, key))


def is_standing(connection: sqlite3.Connection, key: int) -> bool:
    """Tell whether an entry was not undone, or was redone since."""
    row = connection.execute("SELECT state FROM journal WHERE key = ?", (key,)).fetchone()
    return bool(row) and row[0] == "standing"


def note_changes(connection: sqlite3.Connection, key: int, changes: Iterable[Change]) -> None:
    """Add changes that were made to an entry; inside `atomic`."""
    (count,) = connection.execute(
        "SELECT coalesce(max(number), 0) FROM changes WHERE journal = ?", (key,)
    ).fetchone()
    connection.executemany(
        "INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?)",
        [
            (key, number, change.paper, change.field, change.before, change.after)
            for number, change in enumerate(changes, count + 1)
        ],
    )


def undo(connection: sqlite3.Connection, program: str) -> Reversal | None:
    """Take back the latest act of `program` that stands; None if there is none. Inside `atomic`.

    Automatic entries and those of other programs are passed over.
    """
    row = connection.execute(
        "SELECT key, label FROM journal WHERE program = ? AND kind != 'automatic'"
        " AND state = 'standing' ORDER BY key DESC LIMIT 1",
        (program,),
    ).fetchone()
    if row is None:
        return None
    changes = _changes_of(connection, row[0])
    # A paper that was decided on since stays as a whole, with all that the entry brought for it.
    decided = {
        change.paper
        for change in changes
        if change.field == "paper" and not stands(connection, change)
    }
    taken_back = [c.reversed() for c in reversed(changes) if c.paper not in decided]
    return _reverse(connection, row, taken_back, kept=decided, state="undone")


def redo(connection: sqlite3.Connection, program: str) -> Reversal | None:
    """Make the act of `program` that was undone last again; None if there is none.

    Inside `atomic`.
    """
    row = connection.execute(
        "SELECT key, label FROM journal WHERE program = ? AND kind != 'automatic'"
        " AND state = 'undone' ORDER BY key LIMIT 1",
        (program,),
    ).fetchone()
    if row is None:
        return None
    changes = _changes_of(connection, row[0])
    return _reverse(connection, row, changes, kept=set(), state="standing")


def _reverse(
    connection: sqlite3.Connection,
    row: tuple[int, str],
    changes: list[Change],
    *,
    kept: set[int],
    state: str,
) -> Reversal:
    key, label = row
    made = apply(connection, changes)
    connection.execute("UPDATE journal SET state = ? WHERE key = ?", (state, key))
    # Each change is a value of its own: those that were not made are what was kept.
    unmade = set(changes) - set(made)
    return Reversal(
        key,
        label,
        tuple(sorted({change.paper for change in made})),
        tuple(sorted(kept | {change.paper for change in unmade})),
    )


def _changes_of(connection: sqlite3.Connection, key: int) -> list[Change]:
    rows = connection.execute(
        "SELECT paper, field, before, after FROM changes WHERE journal = ? ORDER BY number", (key,)
    )
    return [Change(*row) for row in rows]

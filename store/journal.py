"""The journal: every change as one labelled entry that can be undone and redone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from store.changefields import tags_as_text, tags_of
from store.changes import Change, apply, net
from store.errors import UnknownEntryError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence
    from collections.abc import Set as AbstractSet

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


@dataclass(frozen=True, slots=True)
class Reversal:
    """What undoing or redoing an entry came to."""

    key: int
    label: str
    changed: tuple[int, ...]
    """Papers that were restored."""
    kept: tuple[int, ...]
    """Papers that stay as they are in some respect, because they were changed since."""
    kept_views: tuple[str, ...] = ()
    """Names of saved views that stay as they are, for the same reason."""
    took_effect: bool = True
    """False where everything was kept."""


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
        "INSERT INTO changes (journal, number, paper, field, before, after)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [(key, number, *change) for number, change in enumerate(changes, count + 1)],
    )
    connection.execute("UPDATE journal SET papers = ? WHERE key = ?", (papers, key))


def entries(connection: sqlite3.Connection, limit: int | None = None) -> tuple[Entry, ...]:
    """Return the entries that can be undone or redone, the latest first."""
    rows = connection.execute(
        "SELECT key, label, kind, program, made_at, papers, state, is_finished FROM journal"
        " ORDER BY key DESC LIMIT ?",
        (-1 if limit is None else limit,),
    )
    return tuple(
        Entry(key, label, EntryKind(kind), program, at, papers, EntryState(state), bool(finished))
        for key, label, kind, program, at, papers, state, finished in rows
    )


def undo(connection: sqlite3.Connection, program: str, entry: int | None = None) -> Reversal | None:
    """Take back an entry, by default the latest act of `program` that stands. Inside `atomic`.

    None says that there is none: automatic entries and those of other programs are passed over.
    A paper that the entry brought in goes only if no later act and no later import concerns it.
    Raises `UnknownEntryError` for an `entry` that is not there or does not stand.
    """
    if entry is None:
        row = connection.execute(
            "SELECT key, label FROM journal WHERE program = ? AND kind != 'automatic'"
            " AND state = 'standing' ORDER BY key DESC LIMIT 1",
            (program,),
        ).fetchone()
        if row is None:
            return None
    else:
        row = _named(connection, entry, is_standing=True)
    steps = _steps_of(connection, row[0])
    brought = {c.paper for _, c in steps if c.field == "paper" and c.before is None}
    # Such a paper stays as a whole, with all that the entry brought for it.
    decided = brought & _concerned_since(connection, row[0]) if brought else set()
    wanted = {
        numbers: _taken_back(connection, change)
        for numbers, change in reversed(steps)
        if change.paper not in decided
    }
    made = set(apply(connection, wanted.values()))
    left = [n for numbers, _ in steps if wanted.get(numbers) not in made for n in numbers]
    _note_kept(connection, row[0], left)
    connection.execute(
        "UPDATE journal SET state = 'undone', undone_by = ?, undone_at = 1 + coalesce("
        "(SELECT max(undone_at) FROM journal WHERE undone_at IS NOT NULL), 0) WHERE key = ?",
        (program, row[0]),
    )
    return _reversal(row, made, set(wanted.values()) - made, decided)


def redo(connection: sqlite3.Connection, program: str, entry: int | None = None) -> Reversal | None:
    """Make an entry again, by default the one that `program` undid last. Inside `atomic`.

    Only what undoing it took back is made again. None says that there is none. Raises
    `UnknownEntryError` for an `entry` that is not there or stands.
    """
    if entry is None:
        row = connection.execute(
            "SELECT key, label FROM journal WHERE undone_by = ? AND state = 'undone'"
            " ORDER BY undone_at DESC, key LIMIT 1",
            (program,),
        ).fetchone()
        if row is None:
            return None
    else:
        row = _named(connection, entry, is_standing=False)
    wanted = [change for _, change in _steps_of(connection, row[0], was_taken_back=True)]
    made = set(apply(connection, wanted))
    connection.execute(
        "UPDATE journal SET state = 'standing', undone_by = NULL, undone_at = NULL WHERE key = ?",
        (row[0],),
    )
    return _reversal(row, made, set(wanted) - made)


def _taken_back(connection: sqlite3.Connection, change: Change) -> Change:
    if change.field == "paper" and change.before is None:
        # It may have been read since without the reader's doing.
        tags = tags_as_text(tags_of(connection, change.paper))
        return change.reversed()._replace(before=tags)
    return change.reversed()


def _concerned_since(connection: sqlite3.Connection, entry: int) -> set[int | None]:
    """Return the papers that acts and imports after an entry changed, where these stand."""
    rows = connection.execute(
        "SELECT DISTINCT paper FROM journal JOIN changes ON changes.journal = journal.key"
        " WHERE journal.key > ? AND state = 'standing' AND kind != 'automatic'",
        (entry,),
    )
    return {paper for (paper,) in rows}


def _note_kept(connection: sqlite3.Connection, entry: int, numbers: list[int]) -> None:
    """Note which changes of an entry were not taken back as it was undone."""
    connection.execute("UPDATE changes SET kept = 0 WHERE journal = ? AND kept = 1", (entry,))
    connection.executemany(
        "UPDATE changes SET kept = 1 WHERE journal = ? AND number = ?",
        [(entry, number) for number in numbers],
    )


def _named(connection: sqlite3.Connection, entry: int, *, is_standing: bool) -> tuple[int, str]:
    row = connection.execute(
        "SELECT key, label, state FROM journal WHERE key = ?", (entry,)
    ).fetchone()
    if row is None:
        raise UnknownEntryError(entry, "is not in the history")
    key, label, state = row
    if (state == "standing") is not is_standing:
        raise UnknownEntryError(
            entry, "is undone already" if is_standing else "stands: there is nothing to redo"
        )
    return key, label


def _reversal(
    row: tuple[int, str],
    made: AbstractSet[Change],
    unmade: AbstractSet[Change],
    decided: AbstractSet[int | None] = frozenset(),
) -> Reversal:
    views = (json.loads(c.after or c.before or "")[0] for c in unmade if c.field == "view")
    return Reversal(
        key=row[0],
        label=row[1],
        changed=_sorted(change.paper for change in made),
        kept=_sorted({*decided, *(change.paper for change in unmade)}),
        kept_views=tuple(sorted(views)),
        took_effect=bool(made),
    )


def _sorted(papers: Iterable[int | None]) -> tuple[int, ...]:
    return tuple(sorted({paper for paper in papers if paper is not None}))


def _steps_of(
    connection: sqlite3.Connection, key: int, *, was_taken_back: bool = False
) -> list[tuple[tuple[int, ...], Change]]:
    """Return what the changes of an entry come to, with their numbers."""
    rows = connection.execute(
        "SELECT number, paper, field, before, after FROM changes"
        " WHERE journal = ? AND kept <= ? ORDER BY number",
        (key, not was_taken_back),
    )
    return net((number, Change(*change)) for number, *change in rows)


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

"""Undoing entries of the journal, and redoing what undoing them took back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.changes.change import Change, apply, net
from store.changes.journal import redoable, undoable
from store.changes.tags import spelling_of, tags_as_text, tags_of
from store.changes.votes import turn_votes
from store.errors import UnknownEntryError
from store.text import as_line

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from store.changes.journal import Entry


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
    kept_tags: tuple[str, ...] = ()
    """Tags that stay spelled as they are, likewise."""
    took_effect: bool = True
    """False where everything was kept."""


def undo(connection: sqlite3.Connection, program: str, entry: int | None = None) -> Reversal | None:
    """Take back an entry, by default the latest act of `program` that stands. Inside `atomic`.

    None says that there is none: automatic entries and those of other programs are passed over.
    A paper that the entry brought in goes only if no later act and no later import concerns it.
    Raises `UnknownEntryError` for an `entry` that is not there or does not stand.
    """
    row = _chosen(connection, program, entry, undoable)
    if row is None:
        return None
    steps = _steps_of(connection, row[0])
    brought = {c.paper for _, c in steps if c.field == "paper" and c.before is None}
    # Such a paper stays as a whole, with all that the entry brought for it.
    decided = brought & _concerned_since(connection, row[0]) if brought else set()
    wanted = {
        numbers: _taken_back(connection, change)
        for numbers, change in reversed(steps)
        if change.paper not in decided
    }
    made = _turned(connection, row[0], wanted)
    left = [n for numbers, _ in steps if wanted.get(numbers) not in made for n in numbers]
    _note_kept(connection, row[0], left)
    connection.execute(
        "UPDATE journal SET state = 'undone', undone_by = ?, undone_at = 1 + coalesce("
        "(SELECT max(undone_at) FROM journal WHERE undone_at IS NOT NULL), 0) WHERE key = ?",
        (program, row[0]),
    )
    return _reversal(connection, row, made, set(wanted.values()) - made, decided)


def redo(connection: sqlite3.Connection, program: str, entry: int | None = None) -> Reversal | None:
    """Make an entry again, by default the one that `program` undid last. Inside `atomic`.

    Only what undoing it took back is made again. None says that there is none. Raises
    `UnknownEntryError` for an `entry` that is not there or stands.
    """
    row = _chosen(connection, program, entry, redoable)
    if row is None:
        return None
    wanted = dict(_steps_of(connection, row[0], was_taken_back=True))
    made = _turned(connection, row[0], wanted)
    connection.execute(
        "UPDATE journal SET state = 'standing', undone_by = NULL, undone_at = NULL WHERE key = ?",
        (row[0],),
    )
    return _reversal(connection, row, made, set(wanted.values()) - made)


def _turned(
    connection: sqlite3.Connection, entry: int, wanted: Mapping[tuple[int, ...], Change]
) -> set[Change]:
    """Make changes that turn those of an entry with these numbers; return what took effect."""
    made = set(apply(connection, wanted.values()))
    turned = ((numbers[0], change) for numbers, change in wanted.items() if change in made)
    turn_votes(connection, entry, turned)
    return made


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


def _chosen(
    connection: sqlite3.Connection,
    program: str,
    entry: int | None,
    latest: Callable[[sqlite3.Connection, str], Entry | None],
) -> tuple[int, str] | None:
    """Return key and label of an entry, by default what `latest` finds, if anything."""
    if entry is not None:
        return _named(connection, entry, is_standing=latest is undoable)
    found = latest(connection, program)
    return None if found is None else (found.key, found.label)


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
    return key, as_line(label)


def _reversal(
    connection: sqlite3.Connection,
    row: tuple[int, str],
    made: AbstractSet[Change],
    unmade: AbstractSet[Change],
    decided: AbstractSet[int | None] = frozenset(),
) -> Reversal:
    # What is remembered of a join goes along with what it changed.
    made, unmade = ({c for c in changes if c.field != "join"} for changes in (made, unmade))
    views = (json.loads(c.after or c.before or "")[0] for c in unmade if c.field == "view")
    tags = (spelling_of(connection, c.after or "") for c in unmade if c.field == "tag name")
    return Reversal(
        key=row[0],
        label=row[1],
        changed=_sorted(change.paper for change in made),
        kept=_sorted({*decided, *(change.paper for change in unmade)}),
        kept_views=tuple(sorted(views)),
        kept_tags=tuple(sorted(tags)),
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

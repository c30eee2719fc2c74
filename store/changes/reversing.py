"""Undoing entries of the journal, and redoing what undoing them took back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING

from store.changes.change import Change, apply, net
from store.changes.journal import redoable, undoable
from store.changes.presence import tags_as_texts
from store.changes.tags import spelling_of
from store.changes.votes import turn_votes
from store.errors import UnknownEntryError
from store.keyset import KeySet
from store.text import as_line

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from store.changes.journal import Entry

BATCH_CHANGES = 2_000
"""An entry of more changes is reversed paper by paper, so many at a time: memory stays bounded."""


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
    An `entry` of which nothing can be taken back stands as before: it can be, once what was done
    since is undone. Raises `UnknownEntryError` for one that is not there or does not stand.
    """
    row = _chosen(connection, program, entry, undoable)
    if row is None:
        return None
    key, label = row
    tally = _Tally(key, label)
    connection.execute("UPDATE changes SET kept = 0 WHERE journal = ? AND kept = 1", (key,))
    later = cache(partial(_concerned_since, connection, key))
    for steps in _batches(connection, key):
        brought = {c.paper for _, c in steps if c.field == "paper" and c.before is None}
        # Such a paper stays as a whole, with all that the entry brought for it.
        decided = brought & later() if brought else set()
        tags = tags_as_texts(connection, brought - decided)
        wanted = {
            numbers: _taken_back(change, tags)
            for numbers, change in reversed(steps)
            if change.paper not in decided
        }
        made = _turned(connection, key, wanted)
        left = [n for numbers, _ in steps if wanted.get(numbers) not in made for n in numbers]
        _note_kept(connection, key, left)
        tally.count(made, set(wanted.values()) - made, decided)
    if entry is not None and not tally.is_turned:
        return tally.reversal(connection)
    connection.execute(
        "UPDATE journal SET state = 'undone', undone_by = ?, undone_at = 1 + coalesce("
        "(SELECT max(undone_at) FROM journal WHERE undone_at IS NOT NULL), 0) WHERE key = ?",
        (program, key),
    )
    return tally.reversal(connection)


def redo(connection: sqlite3.Connection, program: str, entry: int | None = None) -> Reversal | None:
    """Make an entry again, by default the one that `program` undid last. Inside `atomic`.

    Only what undoing it took back is made again. None says that there is none. Raises
    `UnknownEntryError` for an `entry` that is not there or stands.
    """
    row = _chosen(connection, program, entry, redoable)
    if row is None:
        return None
    key, label = row
    tally = _Tally(key, label)
    for steps in _batches(connection, key, was_taken_back=True):
        wanted = dict(steps)
        made = _turned(connection, key, wanted)
        tally.count(made, set(wanted.values()) - made)
    connection.execute(
        "UPDATE journal SET state = 'standing', undone_by = NULL, undone_at = NULL WHERE key = ?",
        (key,),
    )
    return tally.reversal(connection)


@dataclass(slots=True)
class _Tally:
    """What reversing an entry comes to, batch by batch."""

    key: int
    label: str
    changed: KeySet = field(default_factory=KeySet)
    kept: KeySet = field(default_factory=KeySet)
    kept_views: set[str] = field(default_factory=set)
    kept_tags: set[str] = field(default_factory=set)
    """As they were spelled."""
    took_effect: bool = False
    is_turned: bool = False
    """Whether anything was, be it only what is remembered of a join; who names an identifier aside.
    """

    def count(
        self,
        made: Iterable[Change],
        unmade: Iterable[Change],
        decided: Iterable[int | None] = (),
    ) -> None:
        """Count what was changed, what was not because of other changes, and what stays whole."""
        made = list(made)
        turned = any(change.field != "provenance identifier" for change in made)
        self.is_turned = self.is_turned or turned
        # What is remembered of a join goes along with what it changed.
        made = [change for change in made if change.field != "join"]
        unmade = [change for change in unmade if change.field != "join"]
        self.took_effect = self.took_effect or bool(made)
        for change in made:
            self.changed.add(change.paper)
        for paper in chain(decided, (change.paper for change in unmade)):
            self.kept.add(paper)
        self.kept_views |= {
            json.loads(change.after or change.before or "")[0]
            for change in unmade
            if change.field == "view"
        }
        self.kept_tags |= {change.after or "" for change in unmade if change.field == "tag name"}

    def reversal(self, connection: sqlite3.Connection) -> Reversal:
        """Return what all batches came to."""
        return Reversal(
            key=self.key,
            label=self.label,
            changed=tuple(self.changed),
            kept=tuple(self.kept),
            kept_views=tuple(sorted(self.kept_views)),
            kept_tags=tuple(sorted(spelling_of(connection, name) for name in self.kept_tags)),
            took_effect=self.took_effect,
        )


def _turned(
    connection: sqlite3.Connection, entry: int, wanted: Mapping[tuple[int, ...], Change]
) -> set[Change]:
    """Make changes that turn those of an entry with these numbers; return what took effect."""
    made = set(apply(connection, wanted.values()))
    turned = ((numbers[0], change) for numbers, change in wanted.items() if change in made)
    turn_votes(connection, entry, turned)
    return made


def _taken_back(change: Change, tags: Mapping[int | None, str]) -> Change:
    if change.field == "paper" and change.before is None:
        # It may have been read since without the reader's doing.
        return change.reversed()._replace(before=tags[change.paper])
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


def _batches(
    connection: sqlite3.Connection, key: int, *, was_taken_back: bool = False
) -> Iterator[list[tuple[tuple[int, ...], Change]]]:
    """Yield what the changes of an entry come to, with their numbers.

    Those of a paper are in one batch. All are where what they change goes from one paper to
    another, or is no paper's: then their order matters.
    """
    count, is_linked = connection.execute(
        "SELECT count(*), coalesce(max(paper IS NULL"
        " OR (after IS NULL AND field IN ('identifier', 'citation key'))), 0)"
        " FROM changes WHERE journal = ?",
        (key,),
    ).fetchone()
    is_whole = is_linked or count <= BATCH_CHANGES
    # Sorting so many, SQLite uses a file of its own where the memory that it may use is full.
    rows = connection.execute(
        "SELECT number, paper, field, before, after FROM changes"  # noqa: S608 one of two words
        f" WHERE journal = ? AND kept <= ? ORDER BY {'number' if is_whole else 'paper'}",
        (key, not was_taken_back),
    )
    batch: list[tuple[int, Change]] = []
    for number, *values in rows:
        change = Change(*values)
        if not is_whole and len(batch) >= BATCH_CHANGES and change.paper != batch[-1][1].paper:
            yield net(sorted(batch, key=itemgetter(0)))
            batch.clear()
        batch.append((number, change))
    if batch:
        yield net(sorted(batch, key=itemgetter(0)))

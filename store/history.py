"""What a library's reader did: the way to change papers, imports aside, and to take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store import reading
from store.changes import journal, reversing
from store.changes.change import apply
from store.changes.journal import EntryKind
from store.record.locks import is_at_work

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence

    from store.changes.change import Change
    from store.changes.journal import Entry
    from store.changes.reversing import Reversal
    from store.record.database import Database


class History:
    """The journal of a library, for one `program` that works with it.

    `now` gives the UTC time that entries note. Undo and redo are the program's own, unless an
    entry is named.
    """

    def __init__(self, database: Database, program: str, now: Callable[[], str]) -> None:
        self._database = database
        self._program = program
        self._now = now

    def act(
        self,
        changes: Iterable[Change],
        label: str,
        *,
        kind: EntryKind = EntryKind.ACT,
    ) -> tuple[Change, ...]:
        """Make changes, durably and as one entry, and return those that took effect.

        The entry is labelled with `label` and the papers. Where nothing takes effect there is no
        entry.
        """
        with self._database.atomic() as connection:
            made = apply(connection, changes)
            if made:
                label = _with_papers(connection, label, papers_of(made))
                self.note(made, label, kind=kind)
        return tuple(made)

    def note(self, made: Sequence[Change], label: str, *, kind: EntryKind = EntryKind.ACT) -> None:
        """Note changes that were made as one entry, under its whole label; inside `atomic`."""
        with self._database.atomic() as connection:
            entry = journal.open_entry(
                connection, label=label, kind=kind, program=self._program, made_at=self._now()
            )
            journal.note_changes(connection, entry, made, len(papers_of(made)))

    def entries(self, limit: int | None = None) -> tuple[Entry, ...]:
        """Return the entries that the journal keeps, the latest first; at most `limit`."""
        with self._database.reading() as connection:
            return journal.entries(connection, limit)

    def is_import_at_work(self) -> bool:
        """Tell whether any program imports just now: if none, an unfinished entry was cut off."""
        return is_at_work(self._database.folder)

    def undoable(self) -> Entry | None:
        """Return the entry that `undo` takes back, if there is one."""
        with self._database.reading() as connection:
            return journal.undoable(connection, self._program)

    def redoable(self) -> Entry | None:
        """Return the entry that `redo` makes again, if there is one."""
        with self._database.reading() as connection:
            return journal.redoable(connection, self._program)

    def undo(self, entry: int | None = None) -> Reversal | None:
        """Take back this program's latest act, or the entry of this key; None if none is left.

        Raises `UnknownEntryError`.
        """
        with self._database.atomic() as connection:
            return reversing.undo(connection, self._program, entry)

    def redo(self, entry: int | None = None) -> Reversal | None:
        """Make the act again that this program undid last, or the entry; None if there is none.

        Raises `UnknownEntryError`.
        """
        with self._database.atomic() as connection:
            return reversing.redo(connection, self._program, entry)

    def adopt(self, has_ended: Callable[[str], bool]) -> None:
        """Take over the acts of programs that have ended, so that they can be undone here."""
        with self._database.atomic() as connection:
            journal.adopt(connection, self._program, has_ended)


def _with_papers(connection: sqlite3.Connection, label: str, keys: tuple[int, ...]) -> str:
    """Return `label` with the paper's title, or how many papers there are, behind it."""
    match keys:
        case ():
            return label.removesuffix(":")
        case (key,):
            return f"{label} '{reading.title(connection, key)}'"
        case _:
            return f"{label} {len(keys):,} papers"


def papers_of(changes: Iterable[Change]) -> tuple[int, ...]:
    """Return the papers that changes are of, each once, in their order."""
    return tuple(dict.fromkeys(change.paper for change in changes if change.paper is not None))

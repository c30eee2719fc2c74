"""The votes that papers had when they left the inbox, through undo and redo.

The schema notes them as a paper leaves (`papers.decided_votes`) and, as it comes back, puts them
aside (`papers.former_votes`). A change that brought a paper back keeps them in the journal:
whatever turns it gives the paper the votes that it had, and not those of today.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from store.text import fold_case

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from store.changes.change import Change

INBOX = "inbox"


def enters_inbox(change: Change) -> bool:
    """Tell whether a change that takes effect brings its paper into the inbox."""
    return _has_inbox(change.field, change.after)


def leaves_inbox(change: Change) -> bool:
    """Tell whether a change that takes effect takes its paper out of the inbox."""
    return _has_inbox(change.field, change.before) and not enters_inbox(change)


def turn_votes(
    connection: sqlite3.Connection, entry: int, turned: Iterable[tuple[int, Change]]
) -> None:
    """Give papers that left the inbox their votes back, and keep those of papers that came back.

    `turned` are changes that undo or redo has made of an entry, under their numbers in it. Inside
    `atomic`.
    """
    left, entered = [], []
    for number, change in turned:
        if leaves_inbox(change):
            left.append(number)
        elif enters_inbox(change):
            entered.append(number)
    kept = connection.execute(
        "SELECT votes, paper FROM json_each(?) CROSS JOIN changes"
        " ON journal = ? AND number = value WHERE votes IS NOT NULL",
        (json.dumps(left), entry),
    ).fetchall()
    # Not by one statement: SQLite would look for each of all papers among these.
    connection.executemany(
        "UPDATE papers SET decided_votes = ? WHERE key = ? AND decided_votes IS NOT NULL", kept
    )
    connection.execute(
        "UPDATE changes SET votes = (SELECT former_votes FROM papers WHERE key = paper)"
        " WHERE journal = ? AND number IN (SELECT value FROM json_each(?))",
        (entry, json.dumps(entered)),
    )


def _has_inbox(field: str, value: str | None) -> bool:
    if value is None:
        return False
    if field == "paper":
        # The tags of a paper as JSON, where no name can hold a quotation mark.
        return f'"{INBOX}"' in fold_case(value)
    return field == "tag" and fold_case(value) == INBOX

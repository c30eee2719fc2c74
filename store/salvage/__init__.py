"""Repairing a damaged record: everything that can be read of it becomes a new one.

The file is read page by page and not through SQLite, which gives up at the first fault. What is
lost is filled in from the newest sound backup, in the places alone where something is lost: what
was decided since stays, and what was taken back does not return.
"""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.migrations import APPLICATION_ID, MIGRATIONS
from store.record.freepages import prepare_new
from store.record.inspection import schema_after
from store.record.readonly import log_of
from store.salvage.filling import Record
from store.salvage.gathering import Found, TableTrees, gather, table_trees
from store.salvage.mending import Mended, mend, triggers_off
from store.salvage.pages import Pages
from store.salvage.schema import likely_steps, roots, roots_in, steps_taken
from store.salvage.shapes import Table, shapes_after
from store.salvage.wrongvalues import Righted, right_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

_SEQUENCE = "sqlite_sequence"
_PAIRS = "paper_tags"


@dataclass(frozen=True, slots=True)
class TableReport:
    """What became of a table."""

    name: str
    counts: Mapping[str, int]
    """How many of its rows came from where, by the words of `store.salvage.filling`."""
    is_whole: bool
    """Whether every row of it could be read where it stood."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What came of a damaged file."""

    tables: tuple[TableReport, ...]
    mended: Mended
    righted: Righted


def salvage(file: Path, target: Path, backup: Path | None, now: str) -> Salvaged:
    """Write a sound record of all that can be read of `file` to `target`, which is not there.

    `backup` is the newest that is sound. Neither of them is changed. Raises `OSError`, and
    `sqlite3.Error` where the new one can't be written.
    """
    log = log_of(file)
    content = file.read_bytes() if file.exists() else b""
    pages = Pages(content, log.read_bytes() if log.exists() else b"")
    with ExitStack() as stack:
        older = None
        if backup is not None:
            address = f"{backup.absolute().as_uri()}?mode=ro&immutable=1"
            older = stack.enter_context(closing(sqlite3.connect(address, uri=True)))
        steps = _steps(pages, older)
        trees = _trees(pages, steps, older)
        new = stack.enter_context(closing(sqlite3.connect(target, isolation_level=None)))
        tables, mended = _write(new, gather(pages, trees), trees, older, steps=steps, now=now)
    # A text may have lost its middle, which no page tells.
    return Salvaged(tables, mended, right_values(target, backup, now))


def _steps(pages: Pages, older: sqlite3.Connection | None) -> list[str]:
    """Return the steps that the library has taken, as far as anything tells."""
    found = roots(pages)
    taken = steps_taken(pages, found.get("migrations", 0))
    if taken is None and older is not None:
        taken = [name for (name,) in older.execute("SELECT name FROM migrations ORDER BY name")]
    if taken is None or not set(taken) <= set(MIGRATIONS):
        names = list(MIGRATIONS)
        models = [
            (step, {name for kind, name in schema_after(names[: end + 1]) if kind == "table"})
            for end, step in enumerate(names)
        ]
        taken = likely_steps(found, models)
    return sorted(taken)


def _trees(
    pages: Pages, steps: Sequence[str], older: sqlite3.Connection | None
) -> list[TableTrees]:
    """Return the trees of all tables, whose roots are looked for at several places."""
    tables = shapes_after(steps, gives_back=pages.gives_back)
    fresh = {table.name: table.root for table in tables}
    fresh |= {index.name: index.root for table in tables for index in table.indices}
    found = roots(pages)
    for others in ([roots_in(older)] if older else []) + [fresh]:
        used = set(found.values())
        found |= {
            name: root for name, root in others.items() if name not in found and root not in used
        }
    return [table_trees(table, lambda name: found.get(name, 0)) for table in tables]


def _write(
    new: sqlite3.Connection,
    found: Iterable[Found],
    trees: Sequence[TableTrees],
    older: sqlite3.Connection | None,
    *,
    steps: Sequence[str],
    now: str,
) -> tuple[tuple[TableReport, ...], Mended]:
    new.execute("PRAGMA journal_mode = OFF").fetchone()
    new.execute("PRAGMA synchronous = OFF")
    prepare_new(new)
    new.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    new.execute("BEGIN")
    later = _make_tables(new, steps)
    record = Record(new, now)
    record.take(found)
    for one in trees:
        record.fill(one, older if _has(older, one.table) else None)
    named = {one.table.name: one for one in trees}
    record.check_pairs(named[_PAIRS], named["papers"].tree)
    for statement in later:
        new.execute(statement)
    _take_steps(new, steps, now)
    with triggers_off(new):
        mended = mend(new, now, _revision(older))
    new.execute("COMMIT")
    reports = (
        TableReport(one.table.name, record.counts.get(one.table.name, {}), not one.tree.gaps)
        for one in trees
        if one.table.name != _SEQUENCE
    )
    return tuple(reports), mended


def _make_tables(new: sqlite3.Connection, steps: Sequence[str]) -> list[str]:
    """Make the tables that these steps make, empty; return what makes all else."""
    for step in steps:
        MIGRATIONS[step](new)
    made = new.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    later = [(kind, name, sql) for kind, name, sql in made if kind in {"index", "trigger"}]
    for kind, name, _ in later:
        new.execute(f"DROP {kind.upper()} {name}")
    for kind, name, _ in made:
        if kind == "table":
            new.execute(f"DELETE FROM {name}")  # noqa: S608 our own words
    # Indices first: a trigger would see to what has just been made.
    return [sql for _, _, sql in sorted(later, key=lambda one: one[0])]


def _take_steps(new: sqlite3.Connection, steps: Sequence[str], now: str) -> None:
    """Note the steps that the library has taken, and take those that it has not."""
    for name, step in MIGRATIONS.items():
        if name not in steps:
            step(new)
        new.execute("INSERT OR IGNORE INTO migrations VALUES (?, ?)", (name, now))


def _has(older: sqlite3.Connection | None, table: Table) -> bool:
    """Tell whether a backup has a table as it is here."""
    if older is None:
        return False
    names = {
        name for (name,) in older.execute("SELECT name FROM pragma_table_xinfo(?)", (table.name,))
    }
    return set(table.names) <= names


def _revision(older: sqlite3.Connection | None) -> int:
    if older is None:
        return 0
    (revision,) = older.execute("SELECT max(revision) FROM library").fetchone()
    return int(revision or 0)

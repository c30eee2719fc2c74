"""What has to be so of a library whatever was done to the program that wrote it."""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

sys.path[:0] = [str(Path(__file__).resolve().parent)]

from acts import WORD, Place, State  # noqa: E402 it is run from anywhere

from store.errors import StoreError  # noqa: E402
from store.index.state import LOCK_NAME, STATE_NAME, read_state  # noqa: E402
from store.index.writing import catch_up  # noqa: E402
from store.record.backups import about, backups_in, is_whole  # noqa: E402
from store.record.inspection import faults  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK_SECONDS = 2.0
"""So long another program waits to write: one that was killed holds nothing."""
INDEX_SECONDS = 60.0
OF_LIBRARY = {"library.db", "imports.lock", "use.lock", "backups"}
WHILE_OPEN = {"library.db-wal", "library.db-shm", "library.db-journal"}
OF_BACKUPS = {"making.lock", "state.json"}
_TAGS = "SELECT paper, name FROM paper_tags JOIN tags ON tags.key = tag"


def state_of(file: Path) -> State:
    """Return what is decided on each paper, as any other program reads it."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)) as connection:
        tags: dict[int, set[str]] = {}
        for paper, name in connection.execute(_TAGS):
            tags.setdefault(paper, set()).add(name)
        columns = {name for _, name, *_ in connection.execute("PRAGMA table_info(papers)")}
        # The first version had neither.
        note, where = (
            ("note" if "note" in columns else "''"),
            ("removed = 0" if "removed" in columns else "1"),
        )
        rows = connection.execute(f"SELECT key, {note} FROM papers WHERE {where}")  # noqa: S608 our own
        return {key: (frozenset(tags.get(key, ())), note) for key, note in rows}


def wrong_with(place: Place, *, is_ours: bool = True) -> list[str]:
    """Open a library without help, write into it at once, and return what is wrong with it.

    Of one that `is_ours`, the index is brought up to date and has to find every paper.
    """
    try:
        return list(_wrong(place, is_ours=is_ours))
    except (StoreError, sqlite3.Error, OSError) as error:
        return [f"{type(error).__name__}: {error}"]


def _wrong(place: Place, *, is_ours: bool) -> Iterator[str]:
    with place.open("another program") as library:
        library.wait_at_most(LOCK_SECONDS)
        library.visits.end("view:attack", 1)
        if is_ours:
            _bring_up(place)
            found = len(library.search(WORD).keys)
            if found != len(library):
                yield f"{found} of {len(library)} papers are found by a word of all of them"
    with closing(sqlite3.connect(place.file)) as connection:
        yield from faults(connection)
        if is_ours and _replayed(connection) != _tagged(connection):
            yield "the journal replayed is not what papers are tagged with"
    for one in backups_in(place.library):
        said = about(one.path)
        if said is None or not is_whole(one.path, said):
            yield f"the backup {one.name} is not whole"


def _bring_up(place: Place) -> None:
    """Let the index catch up, beside a writer that may be at it."""
    deadline = time.monotonic() + INDEX_SECONDS
    with place.open("another program") as library, closing(place.database()) as database:
        while not library.index.is_current():
            assert time.monotonic() < deadline, "the index does not catch up"
            catch_up(database, place.index)
            time.sleep(0.002)


def _tagged(connection: sqlite3.Connection) -> dict[int, set[str]]:
    tags: dict[int, set[str]] = {}
    for paper, name in connection.execute(_TAGS):
        tags.setdefault(paper, set()).add(name)
    return tags


def _replayed(connection: sqlite3.Connection) -> dict[int, set[str]]:
    """Return the tags of every paper as the entries that stand have made them."""
    tags: dict[int, set[str]] = {}
    for paper, field, before, after in connection.execute(
        "SELECT paper, field, before, after FROM changes JOIN journal ON journal.key = journal"
        " WHERE field IN ('tag', 'paper') AND state = 'standing' ORDER BY journal, number"
    ):
        if field == "paper":
            tags[paper] = set(json.loads(after)) if after is not None else set()
            continue
        tags.setdefault(paper, set()).discard(before)
        if after is not None:
            tags[paper].add(after)
    return {paper: names for paper, names in tags.items() if names}


def left_behind(place: Place, outputs: set[str]) -> list[str]:
    """Return what lies in the folders that nothing needs; nobody has the library open.

    `outputs` are the files that the reader has there.
    """
    state = read_state(place.index) if place.index.exists() else None
    of_index = {STATE_NAME, LOCK_NAME, *(one.name for one in state.files)} if state else set()
    of_index = of_index or {LOCK_NAME}
    backups = place.library / "backups"
    wanted = [
        (place.library, OF_LIBRARY),
        (backups, OF_BACKUPS | {one.path.name for one in backups_in(place.library)}),
        (place.index, of_index),
        (place.session.parent, {place.session.name}),
        (place.output, outputs),
        (place.temporary, set()),
    ]
    return [
        str(path.relative_to(place.folder))
        for folder, names in wanted
        if folder.exists()
        for path in sorted(folder.iterdir())
        if path.name not in names
    ]

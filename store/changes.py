"""Changes to papers as values: each sets one thing from what it was to what it shall be.

Every write to a paper after its creation goes through `apply`, whether it comes from a key, an
import, undo or redo. A change takes effect only where the present value is its `before`: that is
what makes undo restore only what nobody has changed since.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from store.database import grow_revision, note_text_commit
from store.models import Sighting
from store.text import fold_case, fold_title

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

TEXT_COLUMNS = (
    "title",
    "abstract",
    "authors",
    "categories",
    "keywords",
    "venue",
    "organisation",
)
"""Columns of `papers` that the text index holds."""
FACT_COLUMNS = (*TEXT_COLUMNS, "published", "links", "summary", "provenance")
"""Columns of `papers` that an import may change."""


SIGHTING_COLUMNS = "source, day, rank, votes, comments, day_is_guess"
"""Columns of `sightings` in the order of the fields of a `Sighting`."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of one paper, from `before` to `after`; None means that it is not there.

    `field` says what the two texts are:
    `tag`: a tag's name, in one of the two; `identifier`: as `scheme:value`, in one of the two;
    `sighting`: a JSON array of its fields; `paper`: the paper as a whole, standing for its tags
    as a JSON array of sorted names; else one of `FACT_COLUMNS`, as that column keeps it.
    """

    paper: int
    field: str
    before: str | None
    after: str | None

    def reversed(self) -> Change:
        """Return the change that takes this one back."""
        return replace(self, before=self.after, after=self.before)


def apply(connection: sqlite3.Connection, changes: Iterable[Change]) -> list[Change]:
    """Make the changes, in order, and return those that took effect; inside `atomic`."""
    made = [change for change in changes if _apply_one(connection, change)]
    if made:
        revision = grow_revision(connection)
        _settle(connection, made, revision)
    return made


def stands(connection: sqlite3.Connection, change: Change) -> bool:
    """Tell whether a paper that `change` brought in still has the tags that it came with."""
    return _folds(tags_as_text(connection, change.paper)) == _folds(change.after or "[]")


def note_new_paper(connection: sqlite3.Connection, paper: int, tags: Iterable[str]) -> Change:
    """Return the change that stands for a paper just created, having tagged it."""
    for name in tags:
        _set_tag(connection, paper, name)
    return Change(paper, "paper", None, tags_as_text(connection, paper))


def tags_as_text(connection: sqlite3.Connection, paper: int) -> str:
    """Return the tags of a paper as the `paper` field of a change has them."""
    rows = connection.execute(
        "SELECT name FROM paper_tags JOIN tags ON tags.key = tag WHERE paper = ?", (paper,)
    )
    return json.dumps(sorted(name for (name,) in rows), ensure_ascii=False)


def sighting_as_text(sighting: Sighting) -> str:
    """Return a sighting as the `sighting` field of a change has it."""
    return json.dumps(
        [
            sighting.source,
            sighting.day,
            sighting.rank,
            sighting.votes,
            sighting.comments,
            sighting.day_is_guess,
        ],
        ensure_ascii=False,
    )


def sighting_at(connection: sqlite3.Connection, paper: int, place: Sighting) -> Sighting | None:
    """Return the sighting that a paper has in the source and on the day of `place`, if any."""
    row = connection.execute(
        f"SELECT {SIGHTING_COLUMNS} FROM sightings WHERE paper = ? AND source = ? AND day = ?",  # noqa: S608 our own words
        (paper, place.source, place.day),
    ).fetchone()
    return Sighting.of_row(row) if row else None


def _apply_one(connection: sqlite3.Connection, change: Change) -> bool:
    match change.field:
        case "tag":
            return _apply_tag(connection, change)
        case "paper":
            return _apply_paper(connection, change)
        case "identifier":
            return _apply_identifier(connection, change)
        case "sighting":
            return _apply_sighting(connection, change)
        case column if column in FACT_COLUMNS:
            cursor = connection.execute(
                # The column's name is one of ours, never a reader's text.
                f"UPDATE papers SET {column} = ? WHERE key = ? AND {column} IS ?",  # noqa: S608
                (change.after, change.paper, change.before),
            )
            return cursor.rowcount > 0
        case unknown:
            raise ValueError(unknown)


def _apply_tag(connection: sqlite3.Connection, change: Change) -> bool:
    is_here = connection.execute(
        "SELECT 1 FROM papers WHERE key = ? AND removed = 0", (change.paper,)
    ).fetchone()
    if not is_here:
        return False
    if change.after is not None:
        return _set_tag(connection, change.paper, change.after)
    cursor = connection.execute(
        "DELETE FROM paper_tags WHERE paper = ? AND tag = (SELECT key FROM tags WHERE fold = ?)",
        (change.paper, fold_case(change.before or "")),
    )
    return cursor.rowcount > 0


def _set_tag(connection: sqlite3.Connection, paper: int, name: str) -> bool:
    # A tag keeps the case it was first written in.
    connection.execute(
        "INSERT OR IGNORE INTO tags (name, fold) VALUES (?, ?)", (name, fold_case(name))
    )
    cursor = connection.execute(
        "INSERT OR IGNORE INTO paper_tags SELECT ?, key FROM tags WHERE fold = ?",
        (paper, fold_case(name)),
    )
    return cursor.rowcount > 0


def _apply_paper(connection: sqlite3.Connection, change: Change) -> bool:
    if change.after is None:
        if not stands(connection, change.reversed()):
            return False
        cursor = connection.execute(
            "UPDATE papers SET removed = 1 WHERE key = ? AND removed = 0", (change.paper,)
        )
        connection.execute("DELETE FROM paper_tags WHERE paper = ?", (change.paper,))
        return cursor.rowcount > 0
    cursor = connection.execute(
        "UPDATE papers SET removed = 0 WHERE key = ? AND removed = 1", (change.paper,)
    )
    if cursor.rowcount:
        for name in json.loads(change.after):
            _set_tag(connection, change.paper, name)
    return cursor.rowcount > 0


def _folds(tags: str) -> set[str]:
    return {fold_case(name) for name in json.loads(tags)}


def _apply_identifier(connection: sqlite3.Connection, change: Change) -> bool:
    scheme, _, value = (change.after or change.before or "").partition(":")
    if change.after is not None:
        cursor = connection.execute(
            "INSERT OR IGNORE INTO identifiers VALUES (?, ?, ?)", (scheme, value, change.paper)
        )
    else:
        cursor = connection.execute(
            "DELETE FROM identifiers WHERE scheme = ? AND value = ? AND paper = ?",
            (scheme, value, change.paper),
        )
    return cursor.rowcount > 0


def _apply_sighting(connection: sqlite3.Connection, change: Change) -> bool:
    before = None if change.before is None else Sighting.of_row(json.loads(change.before))
    after = None if change.after is None else Sighting.of_row(json.loads(change.after))
    seen_at = after or before
    if seen_at is None:
        return False
    if sighting_at(connection, change.paper, seen_at) != before:
        return False
    connection.execute(
        "DELETE FROM sightings WHERE paper = ? AND source = ? AND day = ?",
        (change.paper, seen_at.source, seen_at.day),
    )
    if after is not None:
        connection.execute(
            "INSERT INTO sightings VALUES (?, ?, ?, ?, ?, ?, ?)",
            (change.paper, *json.loads(change.after or "")),
        )
    return True


def _settle(connection: sqlite3.Connection, made: list[Change], revision: int) -> None:
    """Bring what is derived from the changed values up to date."""
    for paper in sorted({change.paper for change in made if change.field == "sighting"}):
        settle_sightings(connection, paper)
    for paper in sorted({change.paper for change in made if change.field == "title"}):
        (title,) = connection.execute("SELECT title FROM papers WHERE key = ?", (paper,)).fetchone()
        connection.execute(
            "UPDATE papers SET title_fold = ? WHERE key = ?", (fold_title(title), paper)
        )
    searchable = {c.paper for c in made if c.field == "paper" or c.field in TEXT_COLUMNS}
    if searchable:
        connection.executemany(
            "UPDATE papers SET revision = ? WHERE key = ?",
            [(revision, paper) for paper in sorted(searchable)],
        )
        note_text_commit(connection, revision)


def settle_sightings(connection: sqlite3.Connection, paper: int) -> None:
    """Derive the listed day (the first) and the votes and comments (the latest known)."""
    connection.execute(
        """
        UPDATE papers SET
            listed = (SELECT min(day) FROM sightings WHERE paper = papers.key),
            votes = (SELECT votes FROM sightings WHERE paper = papers.key
                     AND votes IS NOT NULL ORDER BY day DESC LIMIT 1),
            comments = (SELECT comments FROM sightings WHERE paper = papers.key
                        AND comments IS NOT NULL ORDER BY day DESC LIMIT 1)
        WHERE key = ?
        """,
        (paper,),
    )

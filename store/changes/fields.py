"""The fields that a change can be of: how each is written, and only where it stands as before.

Each kind of field is one function of the record, the paper, and the texts `before` and `after` as
`store.changes.change.Change` has them; it returns whether the change took effect.
"""

from __future__ import annotations

import json
from dataclasses import astuple
from typing import TYPE_CHECKING, TypeAlias

from store.changes.joins import apply_apart, apply_citation_key, apply_join
from store.changes.tags import has_tags, set_tag, spell_tag, take_off_tag
from store.links import has_code, links_from_column
from store.models import Sighting
from store.sightings import Standing, standing
from store.text import fold_case, fold_title

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

TEXT_COLUMNS = (
    "title",
    "abstract",
    "authors",
    "categories",
    "keywords",
    "venue",
    "organisation",
)
"""Columns of `papers` that the text index holds, beside the reader's note."""
FACT_COLUMNS = (*TEXT_COLUMNS, "published", "links", "summary")
"""Columns of `papers` that an import may change; each has its stamp in `provenance`."""
SIGHTING_COLUMNS = "source, day, rank, votes, comments, day_is_guess, seen"
"""Columns of `sightings` in the order of the fields of a `Sighting`."""

Text: TypeAlias = str | None


def apply_to_field(
    connection: sqlite3.Connection, paper: int | None, field: str, before: Text, after: Text
) -> bool:
    """Make one change, and tell whether it took effect; inside `atomic`."""
    applier = _APPLIERS.get(field)
    if applier is not None:
        return applier(connection, paper, before, after)
    kind, _, column = field.rpartition(".")
    if kind == "provenance" and column in FACT_COLUMNS:
        return _apply_stamp(connection, paper, column, before, after)
    if column in {*FACT_COLUMNS, "provenance"}:
        # Version 0.1 changed the provenance of all fields as one.
        return _apply_fact(connection, paper, column, before, after)
    raise ValueError(field)


def settle_paper(connection: sqlite3.Connection, paper: int, changed: AbstractSet[str]) -> None:
    """Bring what is derived from the `changed` fields of a paper up to date; inside `atomic`."""
    if "sighting" in changed:
        _write_standing(connection, paper, standing(sightings_of(connection, paper)))
    if "title" in changed:
        (title,) = connection.execute("SELECT title FROM papers WHERE key = ?", (paper,)).fetchone()
        connection.execute(
            "UPDATE papers SET title_fold = ? WHERE key = ?", (fold_title(title), paper)
        )
    if not changed.isdisjoint({"abstract", "links"}):
        abstract, links = connection.execute(
            "SELECT abstract, links FROM papers WHERE key = ?", (paper,)
        ).fetchone()
        connection.execute(
            "UPDATE papers SET has_code = ? WHERE key = ?",
            (has_code(abstract, links_from_column(links)), paper),
        )


def note_on(connection: sqlite3.Connection, paper: int) -> str:
    """Return the reader's note on a paper; '' where there is none, or no such paper."""
    row = connection.execute("SELECT note FROM papers WHERE key = ?", (paper,)).fetchone()
    return str(row[0]) if row else ""


def sighting_as_text(sighting: Sighting) -> str:
    """Return a sighting as the `sighting` field of a change has it."""
    return json.dumps(sighting_row(sighting), ensure_ascii=False)


def sighting_row(sighting: Sighting) -> list[str | int | None]:
    """Return the values of a sighting in the order of `SIGHTING_COLUMNS`."""
    return list(astuple(sighting))


def sightings_of(connection: sqlite3.Connection, paper: int | None) -> list[Sighting]:
    """Return the sightings of a paper."""
    rows = connection.execute(
        f"SELECT {SIGHTING_COLUMNS} FROM sightings WHERE paper = ?",  # noqa: S608 our own words
        (paper,),
    )
    return [Sighting.of_row(row) for row in rows]


def _apply_tag(
    connection: sqlite3.Connection, paper: int | None, before: Text, after: Text
) -> bool:
    if after is not None:
        return bool(set_tag(connection, [paper], after))
    return bool(take_off_tag(connection, [paper], before or ""))


def _apply_tag_name(
    connection: sqlite3.Connection, _: int | None, before: Text, after: Text
) -> bool:
    return spell_tag(connection, before, after)


def _apply_note(
    connection: sqlite3.Connection, paper: int | None, before: Text, after: Text
) -> bool:
    cursor = connection.execute(
        "UPDATE papers SET note = ? WHERE key = ? AND note = ? AND removed = 0",
        (after or "", paper, before or ""),
    )
    return cursor.rowcount > 0


def _apply_paper(
    connection: sqlite3.Connection, paper: int | None, before: Text, after: Text
) -> bool:
    if after is None:
        if not has_tags(connection, paper, before):
            return False
        cursor = connection.execute(
            "UPDATE papers SET removed = 1 WHERE key = ? AND removed = 0", (paper,)
        )
        connection.execute("DELETE FROM paper_tags WHERE paper = ?", (paper,))
        return cursor.rowcount > 0
    cursor = connection.execute(
        "UPDATE papers SET removed = 0 WHERE key = ? AND removed = 1", (paper,)
    )
    if cursor.rowcount:
        for name in json.loads(after):
            set_tag(connection, [paper], name)
    return cursor.rowcount > 0


def _apply_identifier(
    connection: sqlite3.Connection, paper: int | None, before: Text, after: Text
) -> bool:
    scheme, _, value = (after or before or "").partition(":")
    statement = (
        "DELETE FROM identifiers WHERE scheme = ? AND value = ? AND paper = ?"
        if after is None
        else "INSERT OR IGNORE INTO identifiers VALUES (?, ?, ?)"
    )
    return connection.execute(statement, (scheme, value, paper)).rowcount > 0


def _apply_sighting(
    connection: sqlite3.Connection, paper: int | None, before: Text, after: Text
) -> bool:
    old, new = (
        None if text is None else Sighting.of_row(json.loads(text)) for text in (before, after)
    )
    place = new or old
    if place is None:
        return False
    at = (paper, place.source, place.day, place.seen)
    row = connection.execute(
        f"SELECT {SIGHTING_COLUMNS} FROM sightings"  # noqa: S608 our own words
        " WHERE paper = ? AND source = ? AND day = ? AND seen = ?",
        at,
    ).fetchone()
    if (Sighting.of_row(row) if row else None) != old:
        return False
    connection.execute(
        "DELETE FROM sightings WHERE paper = ? AND source = ? AND day = ? AND seen = ?", at
    )
    if new is not None:
        connection.execute(
            f"INSERT INTO sightings (paper, {SIGHTING_COLUMNS})"  # noqa: S608 our own words
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (paper, *sighting_row(new)),
        )
    return True


def _apply_other_abstract(
    connection: sqlite3.Connection, paper: int | None, before: Text, after: Text
) -> bool:
    if before is not None:
        cursor = connection.execute(
            "DELETE FROM other_abstracts WHERE paper = ? AND source = ? AND day = ? AND text = ?",
            (paper, *json.loads(before)),
        )
        if not cursor.rowcount:
            return False
    if after is not None:
        cursor = connection.execute(
            "INSERT INTO other_abstracts (paper, source, day, text) SELECT ?1, ?2, ?3, ?4"
            " WHERE NOT EXISTS (SELECT 1 FROM other_abstracts"
            " WHERE paper = ?1 AND source = ?2 AND day = ?3 AND text = ?4)",
            (paper, *json.loads(after)),
        )
        return cursor.rowcount > 0
    return True


def _apply_view(connection: sqlite3.Connection, _: int | None, before: Text, after: Text) -> bool:
    name, query = json.loads(after or before or '["", ""]')
    row = connection.execute(
        "SELECT name, query FROM views WHERE fold = ?", (fold_case(name),)
    ).fetchone()
    if (None if row is None else list(row)) != (None if before is None else json.loads(before)):
        return False
    connection.execute("DELETE FROM views WHERE fold = ?", (fold_case(name),))
    if after is not None:
        connection.execute("INSERT INTO views VALUES (?, ?, ?)", (name, fold_case(name), query))
    return True


def _apply_fact(
    connection: sqlite3.Connection, paper: int | None, column: str, before: Text, after: Text
) -> bool:
    cursor = connection.execute(
        # The column's name is one of ours, never a reader's text.
        f"UPDATE papers SET {column} = ? WHERE key = ? AND {column} IS ?",  # noqa: S608
        (after, paper, before),
    )
    return cursor.rowcount > 0


def _apply_stamp(
    connection: sqlite3.Connection, paper: int | None, column: str, before: Text, after: Text
) -> bool:
    path = f"$.{column}"
    cursor = connection.execute(
        "UPDATE papers SET provenance = iif(?1 IS NULL, json_remove(provenance, ?2),"
        " json_set(provenance, ?2, ?1)) WHERE key = ?3 AND json_extract(provenance, ?2) IS ?4",
        (after, path, paper, before),
    )
    return cursor.rowcount > 0


def _write_standing(connection: sqlite3.Connection, paper: int, derived: Standing) -> None:
    connection.execute(
        "UPDATE papers SET listed = ?, votes = ?, comments = ?, trend = ? WHERE key = ?",
        (*derived, paper),
    )


_APPLIERS: dict[str, Callable[[sqlite3.Connection, int | None, Text, Text], bool]] = {
    "tag": _apply_tag,
    "tag name": _apply_tag_name,
    "note": _apply_note,
    "paper": _apply_paper,
    "identifier": _apply_identifier,
    "sighting": _apply_sighting,
    "other abstract": _apply_other_abstract,
    "view": _apply_view,
    "join": apply_join,
    "apart": apply_apart,
    "citation key": apply_citation_key,
}

"""Tags on papers, as changes set them and take them off."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from store.text import fold_case

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence


def set_tag(connection: sqlite3.Connection, papers: Sequence[int | None], name: str) -> set[int]:
    """Tag papers, and return which of those that are there had not the tag; inside `atomic`."""
    fold, keys = fold_case(name), json.dumps(papers)
    # A tag keeps the case it was first written in.
    connection.execute(
        "INSERT OR IGNORE INTO tags (name, fold) SELECT ?, ? WHERE EXISTS"
        " (SELECT 1 FROM json_each(?) CROSS JOIN papers ON papers.key = value WHERE removed = 0)",
        (name, fold, keys),
    )
    # One statement for all of them: one for each would take four times as long.
    cursor = connection.execute(
        "INSERT OR IGNORE INTO paper_tags SELECT papers.key, tags.key, day, votes"
        " FROM tags CROSS JOIN json_each(?) CROSS JOIN papers ON papers.key = value"
        " WHERE fold = ? AND removed = 0 RETURNING paper",
        (keys, fold),
    )
    return {paper for (paper,) in cursor}


def take_off_tag(
    connection: sqlite3.Connection, papers: Sequence[int | None], name: str
) -> set[int]:
    """Take a tag off papers, and return which had it; inside `atomic`."""
    # One that is gone has no tags.
    cursor = connection.execute(
        "DELETE FROM paper_tags WHERE tag = (SELECT key FROM tags WHERE fold = ?)"
        " AND paper IN (SELECT value FROM json_each(?)) RETURNING paper",
        (fold_case(name), json.dumps(papers)),
    )
    return {paper for (paper,) in cursor}


def note_use(connection: sqlite3.Connection, names: Iterable[str | None]) -> None:
    """Note that the reader tagged papers with these by the latest commit; inside `atomic`."""
    connection.executemany(
        "UPDATE tags SET used = (SELECT revision FROM library) WHERE fold = ?",
        [(fold,) for fold in sorted({fold_case(name) for name in names if name is not None})],
    )


def inherit_use(connection: sqlite3.Connection, moves: Iterable[tuple[str, str]]) -> None:
    """Take tags, by folded names, for used when those were which they replace; inside `atomic`."""
    connection.executemany(
        "UPDATE tags SET used = max(used, (SELECT used FROM tags WHERE fold = ?)) WHERE fold = ?",
        moves,
    )


def spell_tag(connection: sqlite3.Connection, before: str | None, after: str | None) -> bool:
    """Spell a tag in another case, and tell whether it was spelled as `before`; inside `atomic`."""
    cursor = connection.execute(
        "UPDATE tags SET name = ? WHERE fold = ? AND name = ?",
        (after, fold_case(after or ""), before),
    )
    return cursor.rowcount > 0


def spelling_of(connection: sqlite3.Connection, name: str) -> str:
    """Return how a tag is spelled; one that never was, as it is written here."""
    row = connection.execute("SELECT name FROM tags WHERE fold = ?", (fold_case(name),)).fetchone()
    return str(row[0]) if row else name


def tags_as_text(names: Iterable[str]) -> str:
    """Return the tags of a paper as the `paper` field of a change has them."""
    return json.dumps(sorted(names), ensure_ascii=False)


def tags_of(connection: sqlite3.Connection, paper: int | None) -> list[str]:
    """Return the names of a paper's tags."""
    rows = connection.execute(
        "SELECT name FROM paper_tags JOIN tags ON tags.key = tag WHERE paper = ?", (paper,)
    )
    return [name for (name,) in rows]


def has_tags(connection: sqlite3.Connection, paper: int | None, tags: str | None) -> bool:
    """Tell whether a paper has these tags, as `tags_as_text` gives them, and no others."""
    wanted = {fold_case(name) for name in json.loads(tags or "[]")}
    return wanted == {fold_case(name) for name in tags_of(connection, paper)}

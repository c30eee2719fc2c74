"""Papers that leave the library and come back, as changes of the `paper` field say: many at once.

A paper that is gone keeps its row, its identifiers and its note, and has no tags.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from store.changes.tags import set_tag, tags_as_text
from store.text import fold_case

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

_TAGGED = (
    "SELECT paper, name FROM json_each(?) CROSS JOIN paper_tags ON paper = value"
    " JOIN tags ON tags.key = tag"
)


def take_out(connection: sqlite3.Connection, papers: Sequence[int | None], tags: str) -> set[int]:
    """Take papers out that have these tags and no others; return which; inside `atomic`."""
    wanted = {fold_case(name) for name in json.loads(tags)}
    present = _tags_of(connection, papers)
    keys = [paper for paper in papers if {*map(fold_case, present.get(paper, ()))} == wanted]
    cursor = connection.execute(
        "UPDATE papers SET removed = 1"
        " WHERE key IN (SELECT value FROM json_each(?)) AND removed = 0 RETURNING key",
        (json.dumps(keys),),
    )
    gone = {key for (key,) in cursor}
    connection.execute(
        "DELETE FROM paper_tags WHERE paper IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(gone)),),
    )
    return gone


def put_back(connection: sqlite3.Connection, papers: Sequence[int | None], tags: str) -> set[int]:
    """Put papers back that are gone, with these tags; return which; inside `atomic`."""
    cursor = connection.execute(
        "UPDATE papers SET removed = 0"
        " WHERE key IN (SELECT value FROM json_each(?)) AND removed = 1 RETURNING key",
        (json.dumps(papers),),
    )
    back = {key for (key,) in cursor}
    for name in json.loads(tags):
        set_tag(connection, sorted(back), name)
    return back


def tags_as_texts(
    connection: sqlite3.Connection, papers: Iterable[int | None]
) -> dict[int | None, str]:
    """Return the tags of each of these papers as the `paper` field of a change has them."""
    keys = list(papers)
    present = _tags_of(connection, keys)
    return {key: tags_as_text(present.get(key, ())) for key in keys}


def _tags_of(
    connection: sqlite3.Connection, papers: Sequence[int | None]
) -> dict[int | None, list[str]]:
    found: dict[int | None, list[str]] = {}
    for paper, name in connection.execute(_TAGGED, (json.dumps(papers),)):
        found.setdefault(paper, []).append(name)
    return found

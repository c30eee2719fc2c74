"""Finding the papers that a list of decisions names."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Protocol

from store.decisions.lines import short_title
from store.identity.joined import paper_now
from store.identity.targets import key_of, title_of
from store.identity.titles import GENERIC_TITLES
from store.reading import CHUNK
from store.text import fold_title

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence


class Named(Protocol):
    """What names a paper."""

    @property
    def target(self) -> str:
        """As `store.decisions.lines` has it."""

    @property
    def title(self) -> str:
        """What stands beside it; with a number, it has to agree."""


def papers_named(connection: sqlite3.Connection, names: Iterable[Named]) -> dict[str, int]:
    """Return the papers that are named, by target; names of none, or of several, are left out."""
    by_key: dict[int, list[Named]] = defaultdict(list)
    by_title: dict[str, list[str]] = defaultdict(list)
    by_scheme: dict[str, list[str]] = defaultdict(list)
    for name in names:
        title, key = title_of(name.target), key_of(name.target)
        if title is not None:
            by_title[fold_title(title)].append(name.target)
        elif key is not None:
            by_key[key].append(name)
        else:
            scheme, _, value = name.target.partition(":")
            by_scheme[scheme].append(value)
    return {
        **_registered(connection, by_scheme),
        **_numbered(connection, by_key),
        **_titled(connection, by_title),
    }


def standing_for(connection: sqlite3.Connection, name: Named) -> int | None:
    """Return the paper of which one with this name has become part; None where that is not sure."""
    title, key = title_of(name.target), key_of(name.target)
    if title is None and key is None:
        return None
    rows = connection.execute(
        "SELECT key, title_fold FROM papers WHERE removed = 1 AND (title_fold = ? OR key = ?)",
        (None if title is None else fold_title(title), key),
    ).fetchall()
    if key is not None:
        rows = [row for row in rows if row[1] == fold_title(name.title)]
    found = {paper_now(connection, row[0]) for row in rows}
    there = [
        key
        for (key,) in connection.execute(
            "SELECT key FROM papers WHERE removed = 0 AND key IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(found)),),
        )
    ]
    return there[0] if len(there) == 1 else None


def _registered(
    connection: sqlite3.Connection, by_scheme: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    return {
        f"{scheme}:{value}": paper
        for scheme, values in by_scheme.items()
        for value, paper in rows_for(
            connection,
            "SELECT value, paper FROM identifiers JOIN papers ON papers.key = paper"
            " WHERE removed = 0 AND scheme = ? AND value IN",
            values,
            scheme,
        )
    }


def _numbered(
    connection: sqlite3.Connection, by_key: Mapping[int, Sequence[Named]]
) -> dict[str, int]:
    """Find papers by number. Another library gives its own: a title beside one has to agree."""
    found = {}
    for key, title in rows_for(
        connection, "SELECT key, title FROM papers WHERE removed = 0 AND key IN", list(by_key)
    ):
        spellings = {fold_title(title), fold_title(short_title(title))}
        if all(not one.title or fold_title(one.title) in spellings for one in by_key[key]):
            found[by_key[key][0].target] = key
    return found


def _titled(
    connection: sqlite3.Connection, by_title: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    """Find papers by folded title, one without an identifier before those that have one."""
    candidates: dict[str, dict[bool, list[int]]] = {}
    for key, title, is_registered in rows_for(
        connection,
        "SELECT key, title_fold, EXISTS (SELECT 1 FROM identifiers WHERE paper = papers.key)"
        " FROM papers WHERE removed = 0 AND title_fold IN",
        # A title of signs alone folds to nothing, as all others of its kind.
        [title for title in by_title if title],
    ):
        candidates.setdefault(title, {}).setdefault(bool(is_registered), []).append(key)
    found = {}
    for title, keys in candidates.items():
        # What many different works are called tells nothing of one that a register knows.
        known = [] if title in GENERIC_TITLES else keys.get(True, [])
        best = keys.get(False, known)
        if len(best) == 1:
            found.update(dict.fromkeys(by_title[title], best[0]))
    return found


def rows_for(
    connection: sqlite3.Connection, statement: str, values: Sequence[object], *first: object
) -> Iterator[tuple[Any, ...]]:
    """Yield what `statement`, which ends with IN, finds for any of `values`, a chunk at a time."""
    for start in range(0, len(values), CHUNK):
        chunk = values[start : start + CHUNK]
        marks = ", ".join("?" * len(chunk))
        yield from connection.execute(f"{statement} ({marks})", (*first, *chunk))

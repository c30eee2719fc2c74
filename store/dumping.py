"""Writing the reader's decisions as lines, and planning what lines change in a library.

The format is that of `store.decisions`: sorted, one line for a paper, with nothing in it that
changes without a decision, so that a dump merges under git.
"""

from __future__ import annotations

import heapq
import json
from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from store.changes import Change
from store.decisions import (
    HEADER,
    LONGEST_LINE,
    Decision,
    SavedView,
    key_of,
    named_twice,
    short_title,
    title_of,
    title_target,
    to_line,
)
from store.errors import DecisionSyntaxError, QuerySyntaxError
from store.identifiers import SCHEMES
from store.identity import GENERIC_TITLES
from store.reading import CHUNK
from store.text import fold_case, fold_title

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from store.decisions import Statement

_RANKS = " ".join(f"WHEN '{scheme}' THEN {rank}" for rank, scheme in enumerate(SCHEMES))
# One statement, so that all lines are of one moment. Beside min() the other columns are those of
# the row that has it. Papers without an identifier come first; a title names one of them only if
# no other of them has it.
_PAPERS = f"""
    SELECT papers.key, title, target,
        (SELECT group_concat(name, ' ') FROM paper_tags JOIN tags ON tags.key = tag
         WHERE paper = papers.key),
        target IS NULL AND title_fold != '' AND NOT EXISTS (
            SELECT 1 FROM papers AS other
            WHERE other.title_fold = papers.title_fold AND other.key != papers.key
            AND other.removed = 0
            AND NOT EXISTS (SELECT 1 FROM identifiers WHERE paper = other.key))
    FROM papers LEFT JOIN (
        SELECT paper, scheme || ':' || value AS target,
            min(CASE scheme {_RANKS} END || ':' || value) FROM identifiers GROUP BY paper
    ) ON paper = papers.key
    WHERE removed = 0 ORDER BY target
"""  # noqa: S608 our own words


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """What a list of decisions changes in a library."""

    changes: tuple[Change, ...]
    """Views first, then the tags of papers in the order of their lines."""
    unknown: tuple[Decision, ...]
    """Those on papers that the library does not have, or that could be several of its papers."""


class _PaperLine(NamedTuple):
    target: str
    line: str


def dump_lines(connection: sqlite3.Connection, views: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of a dump with their ends: a header, the views, then every paper.

    Views are sorted by name, papers by what names them: the canonical identifier, else the title,
    else the library's own number.
    """
    yield f"{HEADER}\n"
    for name in sorted(views, key=fold_case):
        yield f"{to_line(SavedView(name, views[name]))}\n"
    for paper in _paper_lines(connection):
        yield f"{paper.line}\n"


def plan_restore(
    connection: sqlite3.Connection,
    statements: Sequence[Statement],
    *,
    views: Mapping[str, str],
    check_query: Callable[[str, str], object],
    adding: bool = False,
) -> RestorePlan:
    """Return what `statements` change, without changing anything.

    The tags of each paper named become those that its line adds; `adding`, the line is an edit of
    the tags it has. `views` are the library's present ones; those not named stay. `check_query`
    raises `QuerySyntaxError` for a query that can't be a view's.

    Raises `DecisionSyntaxError` for such a view, and for the second of two lines on one paper.
    """
    saved = [statement for statement in statements if isinstance(statement, SavedView)]
    decisions = [statement for statement in statements if isinstance(statement, Decision)]
    changes = list(_view_changes(saved, views, check_query))
    keys = _keys_of(connection, decisions)
    known: dict[int, Decision] = {}
    for decision in decisions:
        key = keys.get(decision.target)
        if key is not None and known.setdefault(key, decision) is not decision:
            raise named_twice(decision, known[key].line)
    tags = _tags_of(connection, list(known))
    for key, decision in known.items():
        changes.extend(_tag_changes(key, decision, tags.get(key, {}), adding=adding))
    unknown = tuple(decision for decision in decisions if decision.target not in keys)
    return RestorePlan(tuple(changes), unknown)


def _paper_lines(connection: sqlite3.Connection) -> Iterator[_PaperLine]:
    rows: Iterator[tuple[int, str, str | None, str | None, int]]
    rows = iter(connection.execute(_PAPERS))
    words = _Words()
    unregistered = []
    for row in rows:
        key, title, target, tags, is_alone = row
        if target is not None:
            rows = chain((row,), rows)
            break
        if is_alone and len(title) < LONGEST_LINE // 2:
            unregistered.append(_paper_line(title_target(title), words[tags]))
        else:
            unregistered.append(_paper_line(f"paperdeck:{key}", words[tags], title))
    registered = (_paper_line(str(row[2]), words[row[3]], row[1]) for row in rows)
    return heapq.merge(sorted(unregistered), registered)


class _Words(dict[str | None, str]):
    """Tags as SQLite joins them, to the words of a line; few combinations serve most papers."""

    def __missing__(self, joined: str | None) -> str:
        names = sorted(joined.split(" "), key=fold_case) if joined else []
        words = self[joined] = "".join(f"+{name} " for name in names)
        return words


def _paper_line(target: str, words: str, title: str = "") -> _PaperLine:
    comment = f"  # {short_title(title)}" if title else ""
    return _PaperLine(target, f"{words}-- {target}{comment}")


def _view_changes(
    saved: Iterable[SavedView], views: Mapping[str, str], check_query: Callable[[str, str], object]
) -> Iterator[Change]:
    present = {fold_case(name): SavedView(name, query) for name, query in views.items()}
    for view in saved:
        try:
            check_query(view.name, view.query)
        except QuerySyntaxError as error:
            raise DecisionSyntaxError(
                view.line, f"the query of the view '{view.name}' can't be read: {error}"
            ) from error
        old = present.get(fold_case(view.name))
        if old is None:
            yield Change(None, "view", None, _as_json(view))
        # As lines, so that a blank which no line can hold makes no difference.
        elif to_line(SavedView(view.name, old.query)) != to_line(view):
            yield Change(None, "view", _as_json(old), _as_json(view))


def _as_json(view: SavedView) -> str:
    return json.dumps([view.name, view.query], ensure_ascii=False)


def _tag_changes(
    key: int, decision: Decision, present: Mapping[str, str], *, adding: bool
) -> Iterator[Change]:
    """Yield what brings the tags of a paper, `present` by folded name, to what a line says."""
    wanted = {fold_case(name): name for name in decision.edit.added}
    unwanted = (
        [fold_case(name) for name in decision.edit.removed]
        if adding
        else sorted(present.keys() - wanted.keys())
    )
    for fold, name in wanted.items():
        if fold not in present:
            yield Change(key, "tag", None, name)
    for fold in unwanted:
        if fold in present:
            yield Change(key, "tag", present[fold], None)


def _tags_of(connection: sqlite3.Connection, keys: Sequence[int]) -> dict[int, dict[str, str]]:
    """Return the tags of papers, by their folded names."""
    found: dict[int, dict[str, str]] = {}
    for paper, fold, name in _rows(
        connection,
        "SELECT paper, fold, name FROM paper_tags JOIN tags ON tags.key = tag WHERE paper IN",
        keys,
    ):
        found.setdefault(paper, {})[fold] = name
    return found


def _keys_of(connection: sqlite3.Connection, decisions: Iterable[Decision]) -> dict[str, int]:
    """Return the papers that decisions name, by target; those that name none are left out."""
    by_key: dict[int, Decision] = {}
    by_title: dict[str, list[str]] = defaultdict(list)
    by_scheme: dict[str, list[str]] = defaultdict(list)
    for decision in decisions:
        title, key = title_of(decision.target), key_of(decision.target)
        if title is not None:
            by_title[fold_title(title)].append(decision.target)
        elif key is not None:
            by_key[key] = decision
        else:
            scheme, _, value = decision.target.partition(":")
            by_scheme[scheme].append(value)
    return {
        **_registered(connection, by_scheme),
        **_numbered(connection, by_key),
        **_titled(connection, by_title),
    }


def _registered(
    connection: sqlite3.Connection, by_scheme: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    return {
        f"{scheme}:{value}": paper
        for scheme, values in by_scheme.items()
        for value, paper in _rows(
            connection,
            "SELECT value, paper FROM identifiers JOIN papers ON papers.key = paper"
            " WHERE removed = 0 AND scheme = ? AND value IN",
            values,
            scheme,
        )
    }


def _numbered(connection: sqlite3.Connection, by_key: Mapping[int, Decision]) -> dict[str, int]:
    """Find papers by number. Another library gives its own: a title beside one has to agree."""
    found = {}
    for key, title in _rows(
        connection, "SELECT key, title FROM papers WHERE removed = 0 AND key IN", list(by_key)
    ):
        decision = by_key[key]
        spellings = {fold_title(title), fold_title(short_title(title))}
        if not decision.title or fold_title(decision.title) in spellings:
            found[decision.target] = key
    return found


def _titled(
    connection: sqlite3.Connection, by_title: Mapping[str, Sequence[str]]
) -> dict[str, int]:
    """Find papers by folded title, one without an identifier before those that have one."""
    candidates: dict[str, dict[bool, list[int]]] = {}
    for key, title, is_registered in _rows(
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


def _rows(
    connection: sqlite3.Connection, statement: str, values: Sequence[object], *first: object
) -> Iterator[tuple[Any, ...]]:
    """Yield what `statement`, which ends with IN, finds for any of `values`, a chunk at a time."""
    for start in range(0, len(values), CHUNK):
        chunk = values[start : start + CHUNK]
        marks = ", ".join("?" * len(chunk))
        yield from connection.execute(f"{statement} ({marks})", (*first, *chunk))

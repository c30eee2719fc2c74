"""Carrying out a dump's lines in a library: all of them, or none."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from store.changes.change import Change
from store.decisions.lines import (
    Decision,
    PaperNote,
    SavedView,
    named_twice,
    read_decisions,
    short_title,
    to_line,
)
from store.decisions.targets import key_of, title_of
from store.errors import DecisionSyntaxError, QuerySyntaxError
from store.history import papers_of
from store.identity.titles import GENERIC_TITLES
from store.merging import to_json
from store.reading import CHUNK
from store.text import fold_case, fold_title

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from store.decisions.lines import Statement
    from store.history import History
    from store.record.database import Database
    from store.views import Views


OnPaper: TypeAlias = Decision | PaperNote
"""What a line says of one paper."""
Said = TypeVar("Said", Decision, PaperNote)


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What restoring decisions came to."""

    changed: tuple[int, ...]
    """Papers whose tags or notes are others now."""
    views: int
    """How many saved views are others now."""
    unknown: tuple[OnPaper, ...]
    """Decisions on papers that the library does not have, and notes where nothing is decided."""


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """What a list of decisions changes in a library."""

    changes: tuple[Change, ...]
    """Views first, then the tags of papers, tag by tag, then notes in the order of their lines."""
    unknown: tuple[OnPaper, ...]
    """Those on papers that the library does not have, or that could be several of its papers."""


def restore(
    database: Database,
    history: History,
    views: Views,
    lines: Iterable[str],
    *,
    adding: bool,
    label: str,
) -> RestoreReport:
    """Decide as `lines` say, as one entry of the journal.

    Raises `DecisionSyntaxError` for the first wrong line, before anything is changed.
    """
    # All are read first: whoever writes them may take long, and others want to write meanwhile.
    statements = tuple(read_decisions(lines))
    named = {one.name: one.query for one in statements if isinstance(one, SavedView)}
    with database.atomic() as connection:
        present = views.to_dict()
        plan = plan_restore(
            connection,
            statements,
            views=present,
            # A view may name another one of the file, wherever that stands.
            check_query=lambda name, query: views.check(name, query, {**present, **named}),
            adding=adding,
        )
        made = history.act(plan.changes, label)
    changed_views = sum(change.field == "view" for change in made)
    return RestoreReport(papers_of(made), changed_views, plan.unknown)


def plan_restore(
    connection: sqlite3.Connection,
    statements: Sequence[Statement],
    *,
    views: Mapping[str, str],
    check_query: Callable[[str, str], object],
    adding: bool = False,
    replacing_notes: bool = False,
) -> RestorePlan:
    """Return what `statements` change, without changing anything.

    The tags of each paper named become those that its line adds, its note that of its line;
    `adding`, the line is an edit of the tags it has, and a note comes in where there is none or,
    `replacing_notes`, in place of another.
    Papers without a line keep their tags, those without one for a note their notes. `views` are
    the library's present ones; those not named stay. `check_query` raises `QuerySyntaxError` for
    a query that can't be a view's.

    Raises `DecisionSyntaxError` for such a view where it is not there already, and for the second
    of two lines of one kind on one paper.
    """
    saved = [statement for statement in statements if isinstance(statement, SavedView)]
    decisions = [statement for statement in statements if isinstance(statement, Decision)]
    notes = [statement for statement in statements if isinstance(statement, PaperNote)]
    changes = list(_view_changes(saved, views, check_query))
    on_papers: tuple[OnPaper, ...] = (*decisions, *notes)
    keys = _keys_of(connection, on_papers)
    known = _by_paper(decisions, keys)
    tags = _tags_of(connection, list(known))
    decided = (
        _tag_changes(key, decision, tags.get(key, {}), adding=adding)
        for key, decision in known.items()
    )
    # Those that are alike are made at once, which takes half of the time.
    changes.extend(sorted(chain.from_iterable(decided), key=_tag_of))
    keeping = adding and not replacing_notes
    changes.extend(_note_changes(connection, _by_paper(notes, keys), keeping=keeping))
    unknown: dict[str, OnPaper] = {}
    for statement in on_papers:
        if statement.target not in keys:
            unknown.setdefault(statement.target, statement)
    return RestorePlan(tuple(changes), tuple(unknown.values()))


def _by_paper(statements: Iterable[Said], keys: Mapping[str, int]) -> dict[int, Said]:
    """Return what is said of each paper that is known; `keys` are those by target."""
    known: dict[int, Said] = {}
    for statement in statements:
        key = keys.get(statement.target)
        if key is not None and known.setdefault(key, statement) is not statement:
            raise named_twice(statement, known[key].line)
    return known


def _view_changes(
    saved: Iterable[SavedView], views: Mapping[str, str], check_query: Callable[[str, str], object]
) -> Iterator[Change]:
    present = {fold_case(name): SavedView(name, query) for name, query in views.items()}
    for view in saved:
        old = present.get(fold_case(view.name))
        # As lines, so that a blank which no line can hold makes no difference. One that stays is
        # not checked: it may name a view that was removed since, and the dump has to be restored.
        if old is not None and to_line(SavedView(view.name, old.query)) == to_line(view):
            continue
        try:
            check_query(view.name, view.query)
        except QuerySyntaxError as error:
            raise DecisionSyntaxError(
                view.line, f"the query of the view '{view.name}' can't be read: {error}"
            ) from error
        yield Change(None, "view", None if old is None else _as_json(old), _as_json(view))


def _as_json(view: SavedView) -> str:
    return to_json([view.name, view.query])


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


def _tag_of(change: Change) -> tuple[bool, str]:
    return change.after is None, fold_case(change.after or change.before or "")


def _note_changes(
    connection: sqlite3.Connection, notes: Mapping[int, PaperNote], *, keeping: bool
) -> Iterator[Change]:
    present = dict(_rows(connection, "SELECT key, note FROM papers WHERE key IN", list(notes)))
    for key, note in notes.items():
        old = present[key]
        if note.text != old and not (keeping and old):
            yield Change(key, "note", old, note.text)


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


def _keys_of(connection: sqlite3.Connection, statements: Iterable[OnPaper]) -> dict[str, int]:
    """Return the papers that statements name, by target; those that name none are left out."""
    by_key: dict[int, list[OnPaper]] = defaultdict(list)
    by_title: dict[str, list[str]] = defaultdict(list)
    by_scheme: dict[str, list[str]] = defaultdict(list)
    for statement in statements:
        title, key = title_of(statement.target), key_of(statement.target)
        if title is not None:
            by_title[fold_title(title)].append(statement.target)
        elif key is not None:
            by_key[key].append(statement)
        else:
            scheme, _, value = statement.target.partition(":")
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


def _numbered(
    connection: sqlite3.Connection, by_key: Mapping[int, Sequence[OnPaper]]
) -> dict[str, int]:
    """Find papers by number. Another library gives its own: a title beside one has to agree."""
    found = {}
    for key, title in _rows(
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

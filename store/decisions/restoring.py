"""Carrying out a dump's lines in a library: all of them, or none."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from store.changes.change import Change
from store.decisions.lines import named_twice, read_decisions, to_line
from store.decisions.pairing import pair
from store.decisions.papernames import papers_named, rows_for
from store.decisions.statements import Decision, PaperNote, PaperPair, SavedView
from store.errors import DecisionSyntaxError, QuerySyntaxError
from store.history import papers_of
from store.merging import to_json
from store.text import fold_case

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from store.decisions.statements import Statement
    from store.history import History
    from store.record.database import Database
    from store.views import Views


OnPaper: TypeAlias = Decision | PaperNote | PaperPair
"""What a line says of a paper, or of two."""
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
    now: str,
    adding: bool,
    label: str,
) -> RestoreReport:
    """Decide as `lines` say, as one entry of the journal; `now` is the UTC time to note.

    Raises `DecisionSyntaxError` for the first wrong line, before anything is changed.
    """
    # All are read first: whoever writes them may take long, and others want to write meanwhile.
    statements = tuple(read_decisions(lines))
    named = {one.name: one.query for one in statements if isinstance(one, SavedView)}
    with database.atomic() as connection:
        present = views.to_dict()
        # What is one paper, and what several, has to be so before they are decided on.
        paired = pair(database, statements, now)
        plan = plan_restore(
            connection,
            statements,
            views=present,
            # A view may name another one of the file, wherever that stands.
            check_query=lambda name, query: views.check(name, query, {**present, **named}),
            adding=adding,
        )
        made = history.act(plan.changes, label, after=paired.made)
    changed_views = sum(change.field == "view" for change in made)
    return RestoreReport(papers_of(made), changed_views, (*paired.unknown, *plan.unknown))


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
    on_papers: tuple[Decision | PaperNote, ...] = (*decisions, *notes)
    keys = papers_named(connection, on_papers)
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
    unknown: dict[str, Decision | PaperNote] = {}
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
    present = dict(rows_for(connection, "SELECT key, note FROM papers WHERE key IN", list(notes)))
    for key, note in notes.items():
        old = present[key]
        if note.text != old and not (keeping and old):
            yield Change(key, "note", old, note.text)


def _tags_of(connection: sqlite3.Connection, keys: Sequence[int]) -> dict[int, dict[str, str]]:
    """Return the tags of papers, by their folded names."""
    found: dict[int, dict[str, str]] = {}
    for paper, fold, name in rows_for(
        connection,
        "SELECT paper, fold, name FROM paper_tags JOIN tags ON tags.key = tag WHERE paper IN",
        keys,
    ):
        found.setdefault(paper, {})[fold] = name
    return found

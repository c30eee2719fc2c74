"""What a list of decisions changes in a library."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from store.changes.change import Change
from store.decisions.lines import to_line
from store.decisions.papernames import papers_named, rows_for, standing_for
from store.decisions.statements import Decision, PaperNote, PaperPair, SavedView
from store.decisions.syntax import named_twice
from store.errors import DecisionSyntaxError, QuerySyntaxError
from store.merging import to_json
from store.searching.conditions import WITH_NOTE
from store.text import fold_case, is_one_word

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from store.decisions.statements import Statement


OnPaper: TypeAlias = Decision | PaperNote | PaperPair
"""What a line says of a paper, or of two."""
Said = TypeVar("Said", Decision, PaperNote)


@dataclass(frozen=True, slots=True)
class RestorePlan:
    """What a list of decisions changes in a library."""

    changes: tuple[Change, ...]
    """Views first, then the tags of papers, tag by tag, then notes in the order of their lines."""
    unknown: tuple[OnPaper, ...]
    """Those on papers that the library does not have, or that could be several of its papers."""
    refused: tuple[DecisionSyntaxError, ...] = ()
    """What is wrong with lines that can be read: nothing may be changed then."""


def plan_restore(
    connection: sqlite3.Connection,
    statements: Sequence[Statement],
    *,
    views: Mapping[str, str],
    check_query: Callable[[str, str], object],
    adding: bool = False,
    replacing_notes: bool = False,
    is_whole: bool = False,
) -> RestorePlan:
    """Return what `statements` change, without changing anything.

    The tags of each paper named become those that its line adds, its note that of its line;
    `adding`, the line is an edit of the tags it has, and a note comes in where there is none or,
    `replacing_notes`, in place of another. Papers without a line keep their tags, those without
    one for a note their notes. `views` are the library's present ones; those not named stay. But
    where the list `is_whole`, other views go, and notes of the papers named that it does not have.

    Refused are a view where it is not there already and `check_query` raises `QuerySyntaxError`
    for its query, and the second of two lines of one kind on one paper.
    """
    saved = [statement for statement in statements if isinstance(statement, SavedView)]
    decisions = [statement for statement in statements if isinstance(statement, Decision)]
    notes = [statement for statement in statements if isinstance(statement, PaperNote)]
    refused: list[DecisionSyntaxError] = []
    changes = list(_view_changes(saved, views, check_query, refused))
    on_papers: tuple[Decision | PaperNote, ...] = (*decisions, *notes)
    keys = papers_named(connection, on_papers)
    for one in on_papers:
        # A paper that was joined has the decisions of its parts.
        whole = None if one.target in keys else standing_for(connection, one)
        if whole is not None:
            keys[one.target] = whole
    known, noted = _by_paper(decisions, keys, refused), _by_paper(notes, keys, refused)
    tags = _tags_of(connection, list(known))
    decided = (
        _tag_changes(key, decision, tags.get(key, {}), adding=adding)
        for key, decision in known.items()
    )
    # Those that are alike are made at once, which takes half of the time.
    changes.extend(sorted(chain.from_iterable(decided), key=_tag_of))
    changes.extend(_note_changes(connection, noted, keeping=adding and not replacing_notes))
    if is_whole and not adding:
        changes[:0] = _views_gone(saved, views)
        changes.extend(_notes_gone(connection, known.keys() - noted.keys()))
    unknown: dict[str, Decision | PaperNote] = {}
    for statement in on_papers:
        if statement.target not in keys:
            unknown.setdefault(statement.target, statement)
    return RestorePlan(tuple(changes), tuple(unknown.values()), tuple(refused))


def _by_paper(
    statements: Iterable[Said], keys: Mapping[str, int], refused: list[DecisionSyntaxError]
) -> dict[int, Said]:
    """Return what is said of each paper that is known; `keys` are those by target."""
    known: dict[int, Said] = {}
    for statement in statements:
        key = keys.get(statement.target)
        if key is not None and known.setdefault(key, statement) is not statement:
            refused.append(named_twice(statement, known[key].line))
    return known


def _view_changes(
    saved: Iterable[SavedView],
    views: Mapping[str, str],
    check_query: Callable[[str, str], object],
    refused: list[DecisionSyntaxError],
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
            wrong = f"the query of the view '{view.name}' can't be read: {error}"
            refused.append(DecisionSyntaxError(view.line, wrong))
        else:
            yield Change(None, "view", None if old is None else _as_json(old), _as_json(view))


def _views_gone(saved: Iterable[SavedView], views: Mapping[str, str]) -> Iterator[Change]:
    named = {fold_case(view.name) for view in saved}
    for name, query in views.items():
        # What can't stand in a list is not missing there.
        if fold_case(name) not in named and is_one_word(name):
            yield Change(None, "view", _as_json(SavedView(name, query)), None)


def _notes_gone(connection: sqlite3.Connection, unnoted: Container[int]) -> Iterator[Change]:
    rows = connection.execute(f"SELECT key, note FROM {WITH_NOTE} AND removed = 0").fetchall()  # noqa: S608 our own words
    for key, note in rows:
        if key in unnoted:
            yield Change(key, "note", note, "")


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

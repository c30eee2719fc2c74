"""The tags of a library: how many papers have each, and changing them on papers and as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from store import tagged, tagtree, visits
from store.changes.change import Change
from store.changes.journal import EntryKind
from store.changes.tags import inherit_use, note_use
from store.errors import QuerySyntaxError, TagNameError
from store.history import papers_of
from store.models import STATE_TAGS
from store.query import nodes as q
from store.tagnames import tag_name
from store.text import as_line, fold_case

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from store.history import History
    from store.record.database import Database
    from store.tagnames import TagEdit
    from store.tagtree import TagNode

LATEST = 10
"""So many tags that were used last come before the more frequent ones."""


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag, how many papers have it, and how many of these are unread."""

    name: str
    papers: int
    unread: int


class Tags:
    """The tags of a library, matched without regard to case.

    `views` are the saved views, whose queries `parse` reads.
    """

    def __init__(
        self,
        database: Database,
        history: History,
        views: Mapping[str, str],
        parse: Callable[[str], q.Query],
    ) -> None:
        self._database = database
        self._history = history
        self._views = views
        self._parse = parse

    def papers_with(self, name: str) -> frozenset[int]:
        """Return the papers that have this very tag."""
        with self._database.reading() as connection:
            return tagged.papers_with(connection, name)

    def first_with(self, name: str, keys: Sequence[int]) -> int | None:
        """Return the first of these papers that has this very tag; None where none of them has."""
        with self._database.reading() as connection:
            return tagged.first_with(connection, name, keys)

    def among(self, keys: Collection[int]) -> tuple[str, ...]:
        """Return the reader's own tags that any of these papers has, by name."""
        with self._database.reading() as connection:
            return tagged.among(connection, keys)

    def counts(self) -> tuple[TagCount, ...]:
        """Return the tags in use, the most frequent first."""
        with self._database.reading() as connection:
            cursor = connection.execute(
                "SELECT name, papers, unread FROM tags WHERE papers > 0 ORDER BY papers DESC, fold"
            )
            return tuple(TagCount(as_line(name), *counts) for name, *counts in cursor)

    def tree(self) -> tuple[TagNode, ...]:
        """Return the reader's own tags in use, each behind what it is nested in.

        A node counts the papers of all that is nested below it, as `tag:` finds them.
        """
        with self._database.reading() as connection:
            return tagtree.tree(connection)

    def unread_since(self, name: str, newest: int) -> int:
        """Return how many unread papers came in after the paper `newest` and have this tag.

        Tags nested in it count as it does: each paper once.
        """
        with self._database.reading() as connection:
            return tagtree.unread_since(connection, name, newest)

    def ranked(self) -> tuple[str, ...]:
        """Return the reader's own tags in use, the most likely to be wanted first.

        The `LATEST` that an act of the reader added last come first, the latest of them first;
        then all others, the most frequent first, and of those as frequent the one used later.
        """
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT name, fold, papers, used FROM tags WHERE papers > 0"
                " ORDER BY used DESC, papers DESC, fold"
            )
            own = [row for row in rows if row[1] not in STATE_TAGS]
        latest = [row for row in own[:LATEST] if row[3]]
        rest = sorted(own[len(latest) :], key=lambda row: -row[2])
        return tuple(as_line(name) for name, *_ in latest + rest)

    def edit(
        self,
        keys: Sequence[int],
        edit: TagEdit,
        *,
        label: str = "tag",
        kind: EntryKind = EntryKind.ACT,
    ) -> tuple[int, ...]:
        """Add and take off tags, durably and as one entry of the journal; return what changed.

        An edit that changes nothing leaves no entry.
        """
        # Tag by tag: the papers that get one are written at once.
        changes = chain(
            (Change(key, "tag", None, name) for name in edit.added for key in keys),
            (Change(key, "tag", name, None) for name in edit.removed for key in keys),
        )
        with self._database.atomic() as connection:
            made = self._history.act(changes, label, kind=kind)
            if kind is EntryKind.ACT:
                note_use(connection, {change.after for change in made})
        changed = frozenset(papers_of(made))
        return tuple(dict.fromkeys(key for key in keys if key in changed))

    def rename(self, old: str, new: str) -> tuple[int, ...]:
        """Give a tag, and with it all that is nested in it, another name; return their papers.

        Where there is a tag of the new name, they become one, spelled as that one. Another case of
        the same letters is another name too. What was new in the views of these tags still is. It
        is one entry of the journal, and none where nothing has the tag. Raises `TagNameError` where
        `new`, or what a nested tag would be called, is no name, and where either tag is of a
        paper's state.
        """
        new = tag_name(new)
        _refuse_state(old, "renamed")
        _refuse_state(new, "the new name of a tag")
        depth = old.count("/") + 1
        with self._database.atomic() as connection:
            tags = _branch(connection, old)
            names = [tag_name("/".join([new, *tag.name.split("/")[depth:]])) for tag in tags]
            moves = [_move(connection, tag, name) for tag, name in zip(tags, names, strict=True)]
            if moves and moves[0].tag.fold == fold_case(old):
                new = moves[0].name
            old = _spelled(tags, old)
            label = f"rename the tag '{old}' to '{new}':"
            self._history.act(_renaming(moves), label)
            inherit_use(connection, [(move.tag.fold, fold_case(move.name)) for move in moves])
            if moves:
                visits.follow_tag(connection, old, new)
        return _papers_of(move for move in moves if move.name != move.tag.name)

    def delete(self, name: str) -> tuple[int, ...]:
        """Take a tag, and all that is nested in it, off every paper; return which had them.

        It is one entry of the journal, and none where nothing has the tag. Raises `TagNameError`
        for a tag of a paper's state.
        """
        _refuse_state(name, "deleted")
        with self._database.atomic() as connection:
            tags = _branch(connection, name)
            changes = (Change(paper, "tag", tag.name, None) for tag in tags for paper in tag.papers)
            label = f"delete the tag '{_spelled(tags, name)}':"
            return papers_of(self._history.act(changes, label))

    def mentions(self, name: str) -> tuple[str, ...]:
        """Return the saved views that renaming or deleting a tag concerns, in their order.

        Their queries name the tag, one that it is nested in, or one that is nested in it. A view
        that finds it by way of another view does not name it, and one that can't be read names
        nothing.
        """
        return tuple(view for view, text in self._views.items() if self._names(text, name))

    def _names(self, text: str, name: str) -> bool:
        try:
            node = self._parse(text).node
        except QuerySyntaxError:
            return False
        return any(_is_within(name, tag) or _is_within(tag, name) for tag in _tags_in(node))


class _Tag(NamedTuple):
    name: str
    fold: str
    papers: tuple[int, ...]


class _Move(NamedTuple):
    tag: _Tag
    name: str
    """What it shall be called."""
    former: str | None
    """How a tag of that name is spelled that no paper has any more, or the tag itself."""


def _branch(connection: sqlite3.Connection, name: str) -> list[_Tag]:
    """Return a tag and those nested in it, as far as they are in use, with their papers."""
    fold = fold_case(name)
    rows = connection.execute(
        # '0' is the character after '/'.
        "SELECT key, name, fold FROM tags WHERE papers > 0"
        " AND (fold = ?1 OR (fold > ?1 || '/' AND fold < ?1 || '0')) ORDER BY fold",
        (fold,),
    ).fetchall()
    return [_Tag(name, fold, _papers_tagged(connection, key)) for key, name, fold in rows]


def _spelled(branch: Sequence[_Tag], name: str) -> str:
    """Return the name of a tag, whose branch it is, as it is spelled where it is in use."""
    is_in_use = bool(branch) and branch[0].fold == fold_case(name)
    return branch[0].name if is_in_use else name


def _papers_tagged(connection: sqlite3.Connection, tag: int) -> tuple[int, ...]:
    rows = connection.execute("SELECT paper FROM paper_tags WHERE tag = ? ORDER BY paper", (tag,))
    return tuple(paper for (paper,) in rows)


def _move(connection: sqlite3.Connection, tag: _Tag, name: str) -> _Move:
    """Return how a tag comes to its new name: a tag in use that has it keeps its spelling."""
    if fold_case(name) == tag.fold:
        return _Move(tag, name, tag.name)
    row = connection.execute(
        "SELECT name, papers FROM tags WHERE fold = ?", (fold_case(name),)
    ).fetchone()
    if row is None:
        return _Move(tag, name, None)
    former, papers = row
    return _Move(tag, former, None) if papers else _Move(tag, name, former)


def _renaming(moves: Sequence[_Move]) -> Iterator[Change]:
    """Yield the changes that make the moves.

    All come off before any goes on: what one tag shall be called may be another's old name.
    """
    for move in moves:
        if move.former is not None and move.former != move.name:
            yield Change(None, "tag name", move.former, move.name)
    moved = [move for move in moves if fold_case(move.name) != move.tag.fold]
    for move in moved:
        for paper in move.tag.papers:
            yield Change(paper, "tag", move.tag.name, None)
    for move in moved:
        for paper in move.tag.papers:
            yield Change(paper, "tag", None, move.name)


def _papers_of(moves: Iterable[_Move]) -> tuple[int, ...]:
    return tuple(sorted({paper for move in moves for paper in move.tag.papers}))


def _refuse_state(name: str, what: str) -> None:
    if fold_case(name) in STATE_TAGS:
        reason = "the program keeps by it what state a paper is in"
        raise TagNameError(fold_case(name), reason, what=what)


def _is_within(name: str, above: str) -> bool:
    """Tell whether a tag is another one, or is nested in it."""
    return f"{fold_case(name)}/".startswith(f"{fold_case(above)}/")


def _tags_in(node: q.Node) -> Iterator[str]:
    """Yield the tags that a query itself names."""
    match node:
        case q.TaggedAny(names):
            yield from names
        case q.And(nodes) | q.Or(nodes):
            for child in nodes:
                yield from _tags_in(child)
        case q.Not(child):
            yield from _tags_in(child)

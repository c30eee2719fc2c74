"""Making one paper of several by hand, and several of one, so that no import makes it undone.

The paper that others are joined to keeps its number; they are removed, and whatever a source says
of them from then on is said of it. What each brought is kept beside it, so that the paper can be
split again, however much later; undo takes either back as any act.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

from store import merging, reading
from store.changes.change import Change, apply
from store.changes.fields import note_on
from store.changes.joins import Join, join_of_text, joins_of
from store.changes.tags import tags_as_text, tags_of
from store.errors import JoinError, UnknownPaperError
from store.identity.joined import paper_now
from store.identity.matching import Match, find_paper
from store.imports.arrivals import Arrivals
from store.imports.sourceparts import part_of, record_of, sources_of, without
from store.models import NEW_PAPER_TAGS
from store.text import fold_case, fold_title

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from store.history import History
    from store.models import Identifier, Record
    from store.record.database import Database


class Joining:
    """What the reader knows to be one paper, or several; `now` gives the UTC time to note."""

    def __init__(self, database: Database, history: History, now: Callable[[], str]) -> None:
        self._database = database
        self._history = history
        self._now = now

    def join(self, keys: Sequence[int], *, label: str = "join") -> int:
        """Make one paper of several, as one entry of the journal; return which of them it is.

        It is the one whose title is the most trusted, the longest of several, and has the
        identifiers, sightings, tags and notes of all, and of each fact the value of the most
        trusted source. It waits in the inbox, or unread, where all of them do. Raises `JoinError`
        for fewer than two papers, `UnknownPaperError` for one that is not there.
        """
        with self._database.atomic() as connection:
            into, made = join_papers(connection, keys, self._now())
            title = reading.title(connection, into)
            self._history.note(made, f"{label} {len(set(keys))} papers to '{title}'")
        return into

    def split(self, key: int, *, label: str = "split") -> tuple[int, ...]:
        """Make of a paper what was joined to it, as one entry; return the others' keys.

        Those are the papers that the reader joined, and the records that imports told by words;
        where there are neither, what each source says of it becomes a paper. Raises `JoinError`
        where it is of one record only, `UnknownPaperError` where it is not there.
        """
        with self._database.atomic() as connection:
            made, others = split_paper(connection, key, self._now())
            self._history.note(made, f"{label} '{reading.title(connection, key)}'")
            return others


def join_papers(
    connection: sqlite3.Connection, keys: Sequence[int], now: str
) -> tuple[int, list[Change]]:
    """Make one paper of several as `Joining.join` does; return it with what was done."""
    keys = tuple(dict.fromkeys(keys))
    if len(keys) == 1:
        raise JoinError("there is one paper only: joining takes two or more")
    for key in keys:
        _check(connection, key)
    # Its title stays, and those of the others go on being found in their own rows.
    into = max(keys, key=lambda key: _weight(connection, key))
    others = [key for key in keys if key != into]
    return into, [change for other in others for change in _join(connection, into, other, now)]


def split_paper(
    connection: sqlite3.Connection, key: int, now: str
) -> tuple[list[Change], tuple[int, ...]]:
    """Make several of one paper as `Joining.split` does; return what was done, and the others."""
    _check(connection, key)
    parting = _Parting(connection, key, now)
    joins = joins_of(connection, key)
    if joins:
        parting.part(joins)
    else:
        parting.part_by_source()
    parting.keep_apart()
    return parting.made, tuple(parting.others)


class _Parting:
    """A paper that is being split, within one transaction."""

    def __init__(self, connection: sqlite3.Connection, key: int, now: str) -> None:
        self.made: list[Change] = []
        self.others: list[int] = []
        self._connection = connection
        self._key = key
        self._now = now
        self._records: dict[tuple[object, ...], int] = {}

    def part(self, texts: Iterable[str]) -> None:
        """Take back what was joined, given as the `join` fields of changes have it."""
        records: list[tuple[Record, list[Identifier]]] = []
        for text in texts:
            join = join_of_text(text)
            changes = [Change(self._key, *step) for step in reversed(join.changes)]
            self._apply(one.reversed() for one in changes if _is_of_join(one))
            self._apply([Change(self._key, "join", text, None)])
            if join.other is not None:
                self._bring_back(join.other, join.tags, changes)
            elif join.record is not None:
                brought = {one.after for one in changes if one.field == "identifier"}
                named = [one for one in join.record.identifiers if str(one) in brought]
                records.append((join.record, named))
        self._apply(merging.best_abstract_changes(self._connection, self._key))
        # Some may be of the papers that are back.
        for record, identifiers in reversed(records):
            self._add(record, identifiers)

    def part_by_source(self) -> None:
        """Make a paper of what each source says but the most trusted one."""
        record = record_of(self._connection, self._key)
        sources = sources_of(record)[1:]
        if not sources:
            raise JoinError("the library knows of one record of this paper: there is nothing apart")
        for source in sources:
            part = part_of(record, source)
            self._apply(list(without(self._connection, self._key, record, source)))
            self._add_alone(part, part.identifiers)
            record = record_of(self._connection, self._key)

    def keep_apart(self) -> None:
        """Let no import take a record of one of them for another's."""
        papers = [self._key, *self.others]
        self._apply(
            Change(one, "apart", None, str(other)) for one, other in permutations(papers, 2)
        )

    def _bring_back(self, other: int, tags: Sequence[str], changes: Iterable[Change]) -> None:
        tags = self._as_decided(tags)
        moved = (one for one in changes if one.field in {"identifier", "citation key"})
        self._apply(
            [
                Change(other, "paper", None, tags_as_text(tags)),
                *(one._replace(paper=other) for one in moved),
            ]
        )
        self.others.append(other)

    def _add(self, record: Record, identifiers: Sequence[Identifier]) -> None:
        """Add the paper of a record, or what it says to one of those that are there again."""
        same = (record.source, record.title, record.authors, record.published, record.venue)
        key = self._records.get(same) or find_paper(self._connection, record).paper
        if key in self.others:
            self._apply(merging.changes_for(self._connection, key, record, (), self._now))
            self._name(key, record, identifiers)
        else:
            key = self._add_alone(record, identifiers)
        self._records[same] = key

    def _add_alone(self, record: Record, identifiers: Sequence[Identifier]) -> int:
        """Add a paper of a record, whatever papers there are, and return its key."""
        arrivals = Arrivals(
            self._connection, self._now, (), into_inbox=True, open_entry=self._import
        )
        tags = tuple(tags_of(self._connection, self._key))
        alone = replace(record, tags=tags, note="", citation_key="")
        key = arrivals.create(alone, Match(None, (), (), fold_title(record.title)))
        self.made += arrivals.changes
        self.others.append(key)
        self._name(key, record, identifiers)
        return key

    def _name(self, key: int, record: Record, identifiers: Iterable[Identifier]) -> None:
        # Each as a change, for undo.
        self._apply(merging.identifier_changes(self._connection, key, record, identifiers))

    def _import(self) -> int | None:
        """Return the import that brought the paper in, and so what it is made of."""
        query = "SELECT import FROM papers WHERE key = ?"
        number: int | None = self._connection.execute(query, (self._key,)).fetchone()[0]
        return number

    def _as_decided(self, tags: Iterable[str]) -> list[str]:
        """Return tags without those of waiting papers where the reader has decided since."""
        present = set(map(fold_case, tags_of(self._connection, self._key)))
        return [
            name
            for name in tags
            if fold_case(name) not in NEW_PAPER_TAGS or fold_case(name) in present
        ]

    def _apply(self, changes: Iterable[Change]) -> None:
        self.made += apply(self._connection, changes)


def _is_of_join(change: Change) -> bool:
    """Tell whether splitting takes a change back: what the reader decided stays."""
    names = {change.before, change.after} - {None}
    return change.field != "tag" or not names <= NEW_PAPER_TAGS


def _check(connection: sqlite3.Connection, key: int) -> None:
    row = connection.execute("SELECT removed FROM papers WHERE key = ?", (key,)).fetchone()
    if row is None or row[0]:
        raise UnknownPaperError(f"paperdeck:{key}")


def _weight(connection: sqlite3.Connection, key: int) -> tuple[int, str, int, str]:
    """Return how far a paper's title is to be preferred."""
    stamp, title = connection.execute(
        "SELECT json_extract(provenance, '$.title'), title FROM papers WHERE key = ?", (key,)
    ).fetchone()
    return merging.weight(stamp or "", title)


def _join(connection: sqlite3.Connection, into: int, other: int, now: str) -> list[Change]:
    """Make one paper part of another, and return the changes."""
    record = record_of(connection, other)
    tags = tags_of(connection, other)
    made = apply(
        connection,
        [
            *_moves(connection, into, other, record),
            *merging.changes_for(connection, into, record, (), now),
            *_note_changes(connection, into, other),
            *_tag_changes(connection, into, tags),
            *_apart_changes(connection, into, other),
            Change(other, "paper", tags_as_text(tags), None),
        ],
    )
    # What it is kept apart from is no part of it.
    steps = tuple(
        (one.field, one.before, one.after)
        for one in made
        if one.paper == into and one.field != "apart"
    )
    join = Join(steps, other, tuple(tags))
    return made + apply(connection, [Change(into, "join", None, str(join))])


def _moves(
    connection: sqlite3.Connection, into: int, other: int, record: Record
) -> Iterator[Change]:
    """Yield the changes that give a paper the identifiers of another, and its citation key."""
    for identifier in record.identifiers:
        yield Change(other, "identifier", str(identifier), None)
        yield Change(into, "identifier", None, str(identifier))
    names = dict(
        connection.execute(
            "SELECT paper, name FROM citation_keys WHERE paper IN (?, ?)", (into, other)
        ).fetchall()
    )
    if other in names and into not in names:
        yield Change(other, "citation key", names[other], None)
        yield Change(into, "citation key", None, names[other])


def _note_changes(connection: sqlite3.Connection, into: int, other: int) -> Iterator[Change]:
    own, more = note_on(connection, into), note_on(connection, other)
    if more and more not in own:
        yield Change(into, "note", own, f"{own}\n\n{more}" if own else more)


def _apart_changes(connection: sqlite3.Connection, into: int, other: int) -> Iterator[Change]:
    """Yield the changes that keep a paper apart from what another, its part now, is apart from."""
    rows = connection.execute("SELECT other FROM apart WHERE paper = ?", (other,)).fetchall()
    for key in sorted({paper_now(connection, key) for (key,) in rows} - {into}):
        yield Change(into, "apart", None, str(key))
        yield Change(key, "apart", None, str(into))


def _tag_changes(
    connection: sqlite3.Connection, into: int, others: Sequence[str]
) -> Iterator[Change]:
    """Yield the changes that give a paper the tags of another; what is decided stays so."""
    present, arriving = (
        {fold_case(name): name for name in names} for names in (tags_of(connection, into), others)
    )
    for fold, name in arriving.items():
        if fold not in present and fold not in NEW_PAPER_TAGS:
            yield Change(into, "tag", None, name)
    for fold in NEW_PAPER_TAGS & present.keys() - arriving.keys():
        yield Change(into, "tag", present[fold], None)

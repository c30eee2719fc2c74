"""Writing records into the library: the arrivals of one transaction."""

from __future__ import annotations

from dataclasses import asdict
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from store import merging
from store.changes.change import Change, apply
from store.changes.joins import Join
from store.changes.tags import note_use, tags_as_text
from store.changes.votes import INBOX
from store.citations import keep_key
from store.identity.matching import find_paper
from store.links import has_code
from store.models import NEW_PAPER_TAGS
from store.reading import title
from store.record.database import grow_revision, note_text_commit
from store.record.touches import note_touches
from store.sightings import distinct, standing
from store.text import fold_case

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence

    from store.identity.matching import Clash, Match
    from store.models import Identifier, Record


class Outcome(Enum):
    """What a record came to."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Arrival(NamedTuple):
    """What became of one record."""

    outcome: Outcome
    paper: int
    """The one that it speaks of."""
    clashes: tuple[Clash, ...] = ()
    """Its identifiers that other papers have."""
    changed: tuple[str, ...] = ()
    """The fields of `store.changes.change.Change` that it changed, where the paper was there."""
    shared: Identifier | None = None
    """The identifier by which the paper was known, if any; told only where it is asked for."""
    title: str = ""
    """The one that the paper had before; likewise."""


class Arrivals:
    """Records that are written within one transaction, which its owner opens and closes.

    `tags` are set on every paper that a record speaks of, `into_inbox` says whether new papers
    wait there unread, `now` is the UTC time to note. `open_entry` gives the number of the
    import's entry in the journal; it is asked for one once there is something to note.
    `tells_why` asks for what makes a record and a paper one.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        now: str,
        tags: tuple[str, ...],
        *,
        into_inbox: bool,
        open_entry: Callable[[], int | None],
        tells_why: bool = False,
    ) -> None:
        self.changes: list[Change] = []
        """What was done, for the journal."""
        self._connection = connection
        self._now = now
        self._tags = tags
        self._into_inbox = into_inbox
        self._tells_why = tells_why
        self._open_entry = open_entry
        self._entry: int | None = None
        self._revision: int | None = None
        self._known_tags: dict[str, tuple[int, str]] = {}
        self._tag_texts: dict[tuple[str, ...], str] = {}
        self._has_noted_use = False

    @property
    def entry(self) -> int | None:
        """The number of the import that brings these papers in; None where none does."""
        if self._entry is None:
            self._entry = self._open_entry()
        return self._entry

    def write(self, record: Record) -> Arrival:
        """Write one record, and return what became of it."""
        match = find_paper(self._connection, record)
        if match.paper is None:
            return Arrival(Outcome.ADDED, self.create(record, match), match.clashes)
        if not self._tells_why:
            outcome, _ = self._merge(match.paper, record, match)
            return Arrival(outcome, match.paper, match.clashes)
        shared, before = self._shared(match.paper, match), title(self._connection, match.paper)
        outcome, made = self._merge(match.paper, record, match)
        fields = (change.field for change in made if not merging.is_stamp(change))
        changed = tuple(dict.fromkeys(fields))
        return Arrival(outcome, match.paper, match.clashes, changed, shared, before)

    def _shared(self, key: int, match: Match) -> Identifier | None:
        """Return the first identifier that the record and its paper both have."""
        rows = self._connection.execute(
            "SELECT scheme, value FROM identifiers WHERE paper = ?", (key,)
        )
        known = set(rows)
        return next((one for one in match.identifiers if (one.scheme, one.value) in known), None)

    def _merge(self, key: int, record: Record, match: Match) -> tuple[Outcome, list[Change]]:
        if record.citation_key:
            keep_key(self._connection, key, record.citation_key)
        changes = merging.changes_for(self._connection, key, record, match.identifiers, self._now)
        (is_removed,) = self._connection.execute(
            "SELECT removed FROM papers WHERE key = ?", (key,)
        ).fetchone()
        if is_removed:
            changes.insert(0, Change(key, "paper", None, tags_as_text(self._first_tags(record))))
        changes += [Change(key, "tag", None, name) for name in self._tags]
        made = apply(self._connection, changes)
        self.changes += made
        if match.is_judged and not is_removed:
            self._keep_record(key, record, made)
        note_use(self._connection, (change.after for change in made if change.field == "tag"))
        if is_removed:
            self._connection.execute(
                "UPDATE papers SET import = ? WHERE key = ?", (self.entry, key)
            )
            return Outcome.ADDED, made
        # Where a value comes from is of no interest to a reader who has it already.
        is_news = any(not merging.is_stamp(change) for change in made)
        return Outcome.UPDATED if is_news else Outcome.UNCHANGED, made

    def _keep_record(self, key: int, record: Record, made: Sequence[Change]) -> None:
        """Keep a record that was told by its words with what it changed: they may deceive."""
        changes = tuple(
            (one.field, one.before, one.after) for one in made if one.field not in {"tag", "note"}
        )
        if any(not merging.is_stamp(one) for one in made):
            joined = Change(key, "join", None, str(Join(changes, record=record)))
            self.changes += apply(self._connection, [joined])

    def create(self, record: Record, match: Match) -> int:
        """Write a new paper and return its key."""
        facts = merging.facts_of(record)
        sightings = distinct(record.sightings, self._now)
        listed, votes, comments, trend = standing(sightings)
        first_tags = self._first_tags(record)
        waits = any(fold_case(name) == INBOX for name in first_tags)
        columns = {
            **facts.columns,
            "title_fold": match.title_fold,
            "provenance": merging.to_json(facts.stamps),
            "has_code": has_code(facts.columns["abstract"] or "", record.links),
            "listed": listed,
            "votes": votes,
            "comments": comments,
            "trend": trend,
            "note": record.note,
            "decided_votes": None if waits else votes or 0,
            "added": self._now,
            "import": self.entry,
            "revision": self._text_revision(),
        }
        key = self._insert("papers", columns)
        for one in dict.fromkeys(match.identifiers):
            self._insert("identifiers", {"scheme": one.scheme, "value": one.value, "paper": key})
        for sighting in sightings:
            self._insert("sightings", {"paper": key, **asdict(sighting)})
        for other in facts.other_abstracts:
            self._insert("other_abstracts", {"paper": key, **asdict(other)})
        tags = [self._tag(name) for name in first_tags]
        day = listed or record.published
        self._connection.executemany(
            "INSERT INTO paper_tags (paper, tag, day, votes) VALUES (?, ?, ?, ?)",
            [(key, tag, day, votes) for tag, _ in tags],
        )
        self._note_use()
        names = tuple(name for _, name in tags)
        if names not in self._tag_texts:  # nearly all new papers have the same
            self._tag_texts[names] = tags_as_text(names)
        self.changes.append(Change(key, "paper", None, self._tag_texts[names]))
        if record.citation_key:
            keep_key(self._connection, key, record.citation_key)
        if record.note:  # no part of the paper as a source has it: undone by itself
            self.changes.append(Change(key, "note", "", record.note))
        return key

    def _insert(self, table: str, columns: Mapping[str, object]) -> int:
        cursor = self._connection.execute(
            _insertion(table, tuple(columns)), tuple(columns.values())
        )
        return int(cursor.lastrowid or 0)

    def _text_revision(self) -> int:
        """Return the revision of all papers that are new in this transaction."""
        if self._revision is None:
            self._revision = grow_revision(self._connection)
            note_text_commit(self._connection, self._revision)
            note_touches(self._connection, self._revision, ())
        return self._revision

    def _tag(self, name: str) -> tuple[int, str]:
        """Return the key and the name of a tag, which keeps the case it was first written in."""
        fold = fold_case(name)
        if fold not in self._known_tags:
            self._connection.execute(
                "INSERT OR IGNORE INTO tags (name, fold) VALUES (?, ?)", (name, fold)
            )
            self._known_tags[fold] = self._connection.execute(
                "SELECT key, name FROM tags WHERE fold = ?", (fold,)
            ).fetchone()
        return self._known_tags[fold]

    def _note_use(self) -> None:
        """Note that papers got the tags that the reader wants on all: once in a transaction."""
        if not self._has_noted_use:
            note_use(self._connection, self._tags)
            self._has_noted_use = True

    def _first_tags(self, record: Record) -> list[str]:
        own = record.tags
        if own is None:
            own = tuple(sorted(NEW_PAPER_TAGS))
        if not self._into_inbox:
            own = tuple(name for name in own if fold_case(name) not in NEW_PAPER_TAGS)
        return list({fold_case(name): name for name in (*own, *self._tags)}.values())


@cache
def _insertion(table: str, columns: tuple[str, ...]) -> str:
    # The names are ours, never a reader's text.
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 as said

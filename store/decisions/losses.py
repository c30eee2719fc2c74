"""What restoring a dump would lose of the decisions that a library has."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from store import reading
from store.decisions.pairs import pairs_of
from store.models import NEW_PAPER_TAGS
from store.searching.conditions import WITH_NOTE

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from store.changes.change import Change
    from store.decisions.statements import PaperPair

SAFE_FRACTION = 0.1
"""So much of what was decided may go without a question, as with notmuch-git."""
_EXAMPLES = 3
_WAITING = "inbox"


class Counts(NamedTuple):
    """How much there is of what a reader decides, kind by kind."""

    tags: int = 0
    """Each counted for each paper."""
    archived: int = 0
    notes: int = 0
    views: int = 0
    pairs: int = 0
    """Papers that are joined, or kept apart."""


NOTHING = Counts()
_ALWAYS_SAFE = Counts(tags=20, archived=20, notes=2, views=1, pairs=2)
"""So much may go in any library: in a small one a tenth is soon reached."""


class Example(NamedTuple):
    """A paper that loses tags."""

    title: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Losses:
    """How much of what was decided is no more; `held` is how much there is."""

    tags: int = 0
    """Tags taken off papers, each counted for each."""
    papers: int = 0
    """Papers that lose a tag."""
    examples: tuple[Example, ...] = ()
    """The first few of them."""
    waiting: int = 0
    """Archived papers that would be in the inbox again."""
    notes: int = 0
    """Notes taken away, or replaced by such as do not hold them."""
    views: tuple[str, ...] = ()
    """Views removed, or with other queries."""
    pairs: int = 0
    """Papers that were joined and no longer would be, or were kept apart."""
    held: Counts = NOTHING

    @property
    def lost(self) -> Counts:
        """How much it is."""
        return Counts(self.tags, self.waiting, self.notes, len(self.views), self.pairs)

    def is_safe(self, fraction: float | None = None) -> bool:
        """Tell whether of each kind no more than this fraction is lost.

        Without one it is `SAFE_FRACTION`, and a few of each may always go.
        """
        share = SAFE_FRACTION if fraction is None else fraction
        always = _ALWAYS_SAFE if fraction is None else NOTHING
        return all(
            lost <= max(floor, share * held)
            for lost, held, floor in zip(self.lost, self.held, always, strict=True)
        )


class Held(NamedTuple):
    """What a library has, before it is changed."""

    counts: Counts
    pairs: tuple[PaperPair, ...]


def held_by(connection: sqlite3.Connection) -> Held:
    """Count the decisions of a library: tags, archived papers, notes, views, joined and split.

    That a paper waits in the inbox, or unread, is no decision.
    """
    (tags,) = connection.execute(
        "SELECT count(*) FROM paper_tags JOIN tags ON tags.key = tag WHERE fold NOT IN (?, ?)",
        tuple(NEW_PAPER_TAGS),
    ).fetchone()
    (archived,) = connection.execute(
        "SELECT count(*) FROM papers WHERE removed = 0 AND NOT EXISTS (SELECT 1 FROM paper_tags"
        " JOIN tags ON tags.key = tag WHERE paper = papers.key AND fold = ?)",
        (_WAITING,),
    ).fetchone()
    (notes,) = connection.execute(f"SELECT count(*) FROM {WITH_NOTE} AND removed = 0").fetchone()  # noqa: S608 our own words
    (views,) = connection.execute("SELECT count(*) FROM views").fetchone()
    pairs = tuple(pairs_of(connection))
    return Held(Counts(tags, archived, notes, views, len(pairs)), pairs)


def losses_of(connection: sqlite3.Connection, held: Held, changes: Iterable[Change]) -> Losses:
    """Return what `changes` would lose, where what is joined and split is changed already."""
    lost: dict[int, list[str]] = {}
    waiting = notes = 0
    gone: list[tuple[str, str]] = []
    come: list[tuple[str, str]] = []
    for change in changes:
        match change.field, change.before, change.after:
            case "tag", str(name), None if change.paper is not None and not _is_of_new(name):
                lost.setdefault(change.paper, []).append(name)
            case "tag", None, str(name):
                waiting += name.casefold() == _WAITING
            case "note", str(before), after if before and before not in (after or ""):
                notes += 1
            case "view", before, after:
                gone += [] if before is None else [json.loads(before)]
                come += [] if after is None else [json.loads(after)]
    # One that is there under another name is not lost.
    kept = {query for _, query in come}
    views = tuple(name for name, query in gone if query not in kept)
    present = {_without_title(pair) for pair in pairs_of(connection)}
    return Losses(
        sum(map(len, lost.values())),
        len(lost),
        tuple(
            Example(reading.title(connection, key), tuple(tags))
            for key, tags in list(lost.items())[:_EXAMPLES]
        ),
        waiting,
        notes,
        views,
        sum(_without_title(pair) not in present for pair in held.pairs),
        held.counts,
    )


def _is_of_new(name: str) -> bool:
    return name.casefold() in NEW_PAPER_TAGS


def _without_title(pair: PaperPair) -> tuple[bool, str, str]:
    return pair.are_one, pair.other, pair.target

"""What restoring a dump would lose of the decisions that a library has."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from store import reading
from store.decisions.pairs import pairs_of
from store.searching.conditions import WITH_NOTE

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from store.changes.change import Change
    from store.decisions.statements import PaperPair

SAFE_FRACTION = 0.1
"""So much of what was decided may go without a question, as with notmuch-git."""
ALWAYS_SAFE = 20
"""So many tags and the like may go in any library: in a small one a tenth is soon reached."""
_EXAMPLES = 3
_WAITING = "inbox"


class Example(NamedTuple):
    """A paper that loses tags."""

    title: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Losses:
    """How much of what was decided is no more; `held` is how much there is, counted alike."""

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
    held: int = 0

    @property
    def lost(self) -> int:
        """How much it is in all."""
        return self.tags + self.waiting + self.notes + len(self.views) + self.pairs

    def is_safe(self, fraction: float = SAFE_FRACTION) -> bool:
        """Tell whether no more than this fraction, or than always may, is lost."""
        return self.lost <= max(ALWAYS_SAFE, fraction * self.held)


class Held(NamedTuple):
    """What a library has, before it is changed."""

    number: int
    pairs: tuple[PaperPair, ...]


def held_by(connection: sqlite3.Connection) -> Held:
    """Count the decisions of a library: tags, archived papers, notes, views, joined and split."""
    (tags,) = connection.execute("SELECT count(*) FROM paper_tags").fetchone()
    (archived,) = connection.execute(
        "SELECT count(*) FROM papers WHERE removed = 0 AND NOT EXISTS (SELECT 1 FROM paper_tags"
        " JOIN tags ON tags.key = tag WHERE paper = papers.key AND fold = ?)",
        (_WAITING,),
    ).fetchone()
    (notes,) = connection.execute(f"SELECT count(*) FROM {WITH_NOTE} AND removed = 0").fetchone()  # noqa: S608 our own words
    (views,) = connection.execute("SELECT count(*) FROM views").fetchone()
    pairs = tuple(pairs_of(connection))
    return Held(tags + archived + notes + views + len(pairs), pairs)


def losses_of(connection: sqlite3.Connection, held: Held, changes: Iterable[Change]) -> Losses:
    """Return what `changes` would lose, where what is joined and split is changed already."""
    lost: dict[int, list[str]] = {}
    waiting = notes = 0
    views: list[str] = []
    for change in changes:
        match change.field, change.before, change.after:
            case "tag", str(name), None if change.paper is not None:
                lost.setdefault(change.paper, []).append(name)
            case "tag", None, str(name):
                waiting += name.casefold() == _WAITING
            case "note", str(before), after if before and before not in (after or ""):
                notes += 1
            case "view", str(before), _:
                views.append(json.loads(before)[0])
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
        tuple(views),
        sum(_without_title(pair) not in present for pair in held.pairs),
        held.number,
    )


def _without_title(pair: PaperPair) -> tuple[bool, str, str]:
    return pair.are_one, pair.other, pair.target

"""What an import would do, paper by paper, and what makes two records one paper."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from store.identifiers import SCHEMES
from store.imports.arrivals import Outcome
from store.imports.keyset import KeySet
from store.reading import rows
from store.text import fold_title

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from store.imports.arrivals import Arrival
    from store.models import Record


class TrialKind(Enum):
    """What would become of a record."""

    ADDED = "added"
    UPDATED = "updated"
    """It changes a paper that is there."""
    MERGED = "merged"
    """It becomes one with another record of the same import."""


class Trial(NamedTuple):
    """What would become of one record."""

    kind: TrialKind
    identifier: str
    """Of the record if it is added or merged, else of the paper; empty where it has none."""
    title: str
    """Likewise."""
    source: str
    position: str
    why: str = ""
    """What makes it one with the paper: `the same doi:10.1000/182`; empty for one that is added."""
    changed: tuple[str, ...] = ()
    """What it changes of the paper, as `store.changes.change.Change` names it."""
    into: tuple[str, str] = ("", "")
    """The identifier and the title of the paper that it is merged into."""


class Trials:
    """Tells of each record of an import that is tried: those that change nothing are left out."""

    def __init__(self, tell: Callable[[Trial], object]) -> None:
        self._tell = tell
        self._spoken_of = KeySet()

    def note(
        self, connection: sqlite3.Connection, record: Record, source: str, arrival: Arrival
    ) -> None:
        """Tell what a record came to."""
        is_first = self._spoken_of.add(arrival.paper)
        own = Trial(TrialKind.ADDED, _identifier(record), record.title, source, record.position)
        if arrival.outcome is Outcome.ADDED:
            self._tell(own)
            return
        if is_first and arrival.outcome is Outcome.UNCHANGED:
            return
        (paper,) = rows(connection, (arrival.paper,))
        own = own._replace(why=_why(record, arrival), changed=arrival.changed)
        name = (paper.id, arrival.title)
        if is_first:
            self._tell(own._replace(kind=TrialKind.UPDATED, identifier=name[0], title=name[1]))
        else:
            self._tell(own._replace(kind=TrialKind.MERGED, into=name))


def _identifier(record: Record) -> str:
    found = min(record.identifiers, key=lambda one: SCHEMES.index(one.scheme), default="")
    return str(found)


def _why(record: Record, arrival: Arrival) -> str:
    if arrival.shared:
        return f"the same {arrival.shared}"
    same = fold_title(record.title) == fold_title(arrival.title)
    return "the same title" if same else "much the same title"

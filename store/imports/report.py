"""What an import came to, and how far it is: values for whoever tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from store.models import Identifier


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record or a file that did not go in."""

    source: str
    position: str
    """Empty where the whole source was refused."""
    reason: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """An identifier that one paper has and a record gives to another; the record goes without."""

    source: str
    position: str
    identifier: Identifier
    title: str
    """The record's."""
    owner: str
    """The title of the paper that has the identifier."""
    owner_is_removed: bool = False
    """Whether that paper was taken out of the library."""

    @property
    def reason(self) -> str:
        """What became of the record, and why."""
        return conflict_reason(f"'{self.title}'", self.owner, is_removed=self.owner_is_removed)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import came to, in records."""

    added: int
    updated: int
    unchanged: int
    refused: tuple[Refusal, ...]
    seconds: float
    conflicts: tuple[Conflict, ...] = ()
    entry: int | None = None
    """The number of its entry in the history; None where nothing was changed."""

    @property
    def query(self) -> str:
        """The query that finds what was added; empty where nothing was."""
        return f"import:{self.entry}" if self.added and self.entry is not None else ""


def conflict_reason(records: str, owner: str, *, is_removed: bool) -> str:
    """Return what becomes of records of whose identifiers another paper, the owner, has one."""
    go = "goes" if records.endswith("'") else "go"
    removed = ", which was removed" if is_removed else ""
    return f"{records} {go} without it: it belongs to '{owner}'{removed}"


class ImportProgress(NamedTuple):
    """How far an import is."""

    source: str
    """The one that is read."""
    records: int
    """So far, of all sources."""
    taken: int
    """Bytes read so far, of all sources, as they are stored."""

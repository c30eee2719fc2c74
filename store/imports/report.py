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
    reason: str


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


class ImportProgress(NamedTuple):
    """How far an import is."""

    source: str
    """The one that is read."""
    records: int
    """So far, of all sources."""
    taken: int
    """Bytes read so far, of all sources, as they are stored."""

"""What happened away from the interface's own thread: values that the browser is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.errors import StoreError
    from store.importing import ImportReport
    from store.journal import Entry
    from store.search import Result
    from tui.shelf import ShelfRow


@dataclass(frozen=True, slots=True)
class ResultFound:
    """A search came to its end."""

    text: str
    result: Result
    starts: tuple[int, ...]
    """Where in the result another day begins; empty where it is not put together by days."""
    newest: int
    """The newest paper of the library then."""
    select: int | None
    """The paper to stay on, if it is still there."""
    is_typed: bool
    """Whether the reader was writing the query."""


@dataclass(frozen=True, slots=True)
class SearchFailed:
    """A search could not be made."""

    text: str
    error: StoreError


@dataclass(frozen=True, slots=True)
class PapersChanged:
    """Papers have other tags or notes now; `news` says so, if it is worth saying."""

    news: str = ""


@dataclass(frozen=True, slots=True)
class HistoryLoaded:
    """The history is at hand; if no import is at work, an unfinished one was cut off."""

    entries: tuple[Entry, ...]
    is_import_at_work: bool


@dataclass(frozen=True, slots=True)
class ReversalAsked:
    """An entry of many papers would be undone or redone: `verb` says which."""

    verb: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class TagsSuggested:
    """The tags that papers like this one have."""

    key: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DuplicatesFound:
    """The papers that say nearly the same as one, itself the first of them."""

    keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CountsFound:
    """What is unread in the views of the sidebar was counted, or some of it."""

    counts: tuple[ShelfRow, ...]


@dataclass(frozen=True, slots=True)
class ImportMoved:
    """An import goes on; at most a few times a second."""

    name: str
    records: int
    """So far."""


@dataclass(frozen=True, slots=True)
class ImportEnded:
    """An import has come to its end, or to the end that was made of it."""

    name: str
    report: ImportReport | None
    """None where it was stopped or failed: what was written stays."""
    trouble: str = ""
    """Why it failed."""


@dataclass(frozen=True, slots=True)
class OutputCame:
    """A command that papers were piped to has ended, with all that it wrote."""

    command: str
    text: str
    """Empty where it wrote nothing."""
    news: str = ""
    """How it ended."""
    is_trouble: bool = False


@dataclass(frozen=True, slots=True)
class Reported:
    """Something was done, or could not be, that the reader should hear of."""

    news: str
    is_trouble: bool = False


@dataclass(frozen=True, slots=True)
class WorkFailed:
    """Something the reader asked for could not be done."""

    error: BaseException


Fact: TypeAlias = object
Tell: TypeAlias = "Callable[[Fact], object]"
"""Takes a fact, from any thread."""

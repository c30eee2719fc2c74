"""What happened: values that the browser is told, by its threads and by the lines it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.errors import StoreError
    from store.explaining import Explanation
    from store.importing import ImportReport
    from store.journal import Entry
    from store.search import Result
    from tui.acts import Act
    from tui.shelf import ShelfRow


@dataclass(frozen=True, slots=True)
class QueryTyped:
    """Another query stands in the search line."""

    text: str


@dataclass(frozen=True, slots=True)
class QuerySubmitted:
    """The reader accepts the query."""

    text: str


@dataclass(frozen=True, slots=True)
class QueryLeft:
    """The reader gives the search up."""


@dataclass(frozen=True, slots=True)
class SuggestionTaken:
    """The reader takes the query that is suggested into the search line."""


@dataclass(frozen=True, slots=True)
class NeighbourWanted:
    """The reader asks for a paper so many rows further down, without leaving the search line."""

    by: int


@dataclass(frozen=True, slots=True)
class Answered:
    """The reader has written an answer."""

    text: str


@dataclass(frozen=True, slots=True)
class AnswerSwitched:
    """The reader asks to be asked for something else."""


@dataclass(frozen=True, slots=True)
class AnswerLeft:
    """The reader gives the answer up."""


FEW_PAPERS = 10
"""A result of no more is little."""


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

    @property
    def is_little(self) -> bool:
        """Whether so little is found that another query may have been meant."""
        return len(self.result.keys) <= FEW_PAPERS or self.result.partial_of is not None


@dataclass(frozen=True, slots=True)
class SuggestionFound:
    """It is known whether another query was meant by one whose result is little."""

    text: str
    """The query as written."""
    suggestion: str | None
    """The one that may have been meant, if there is one."""


@dataclass(frozen=True, slots=True)
class Explained:
    """It is known how a query was read, and what a paper scores for it."""

    text: str
    """The query as written."""
    key: int | None
    """The paper, if one is selected."""
    explanation: Explanation
    title: str | None
    """That of the paper; None where there is none (any more)."""


@dataclass(frozen=True, slots=True)
class SearchFailed:
    """A search could not be made."""

    text: str
    error: StoreError


UNDOES = " · u undoes"
"""What ends the news of what can be undone; the key is the usual one, until it is shown."""


@dataclass(frozen=True, slots=True)
class PapersChanged:
    """Papers have other tags or notes now; `news` says so, if it is worth saying."""

    news: str = ""
    act: Act | None = None
    """What was done, if it was an act of the reader: one that goes one way only."""
    restored: tuple[int, ...] = ()
    """The papers that undo or redo has changed, if a key asked for the latest act."""


@dataclass(frozen=True, slots=True)
class ReversalHeard:
    """All is told of an undo or redo that a key asked for."""


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
class WordsShared:
    """The words for which a paper is like another, the most telling first."""

    identifier: str
    """That of the other."""
    key: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DuplicatesFound:
    """The papers that say nearly the same as one, itself the first of them."""

    keys: tuple[int, ...]
    key: int
    """The one."""
    among: Sequence[int]
    """The list that was looked through."""


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
class TextCopied:
    """A text was copied, or could not be."""

    news: str
    heading: str
    """What is said above the text, where it is shown in full."""
    lines: tuple[str, ...]
    """The text in full."""
    is_in_news: bool
    """Whether the news have the text in full too; not so for links that the reader has to open."""


@dataclass(frozen=True, slots=True)
class Reported:
    """Something was done, or could not be, that the reader should hear of."""

    news: str
    is_trouble: bool = False


@dataclass(frozen=True, slots=True)
class WorkFailed:
    """Something the reader asked for could not be done."""

    error: BaseException


def is_superseded(fact: Fact, newer: Fact) -> bool:
    """Tell whether `newer`, which follows at once, says all that there is to `fact`."""
    if isinstance(fact, PapersChanged) and fact.news:
        return False
    return type(fact) is type(newer) and isinstance(fact, _COALESCING)


_COALESCING = (PapersChanged, CountsFound, ImportMoved)

Fact: TypeAlias = object
Tell: TypeAlias = "Callable[[Fact], object]"
"""Takes a fact, from any thread."""

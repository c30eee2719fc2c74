"""What happened: values that the browser is told, by its threads and by the lines it shows.

They are named tuples, as a frozen dataclass of each would cost a start 10 ms in all. A tuple equals
any other of the same values, and an empty one is false: so a fact is told from another by its type,
and whether there is one at all by `is None`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.changes.journal import Entry
    from store.errors import StoreError
    from store.explaining import Explanation
    from store.imports.report import ImportReport
    from store.searching.search import Result
    from tui.acts import Act
    from tui.shelf import ShelfRow


class QueryTyped(NamedTuple):
    """Another query stands in the search line."""

    text: str


class QuerySubmitted(NamedTuple):
    """The reader accepts the query."""

    text: str


class QueryLeft(NamedTuple):
    """The reader gives the search up."""


class SuggestionTaken(NamedTuple):
    """The reader takes the query that is suggested into the search line."""


class NeighbourWanted(NamedTuple):
    """The reader asks for a paper so many rows further down, without leaving the search line."""

    by: int


class Answered(NamedTuple):
    """The reader has written an answer."""

    text: str


class AnswerSwitched(NamedTuple):
    """The reader asks to be asked for something else."""


class AnswerLeft(NamedTuple):
    """The reader gives the answer up."""


FEW_PAPERS = 10
"""A result of no more is little."""


class ResultFound(NamedTuple):
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


class SuggestionFound(NamedTuple):
    """It is known whether another query was meant by one whose result is little."""

    text: str
    """The query as written."""
    suggestion: str | None
    """The one that may have been meant, if there is one."""


class Explained(NamedTuple):
    """It is known how a query was read, and what a paper scores for it."""

    text: str
    """The query as written."""
    key: int | None
    """The paper, if one is selected."""
    explanation: Explanation
    title: str | None
    """That of the paper; None where there is none (any more)."""


class SearchFailed(NamedTuple):
    """A search could not be made."""

    text: str
    error: StoreError


UNDOES = " · u undoes"
"""What ends the news of what can be undone; the key is the usual one, until it is shown."""


class PapersChanged(NamedTuple):
    """Papers have other tags or notes now; `news` says so, if it is worth saying."""

    news: str = ""
    act: Act | None = None
    """What was done, if it was an act of the reader: one that goes one way only."""
    restored: tuple[int, ...] = ()
    """The papers that undo or redo has changed, if a key asked for the latest act."""


class ReversalHeard(NamedTuple):
    """All is told of an undo or redo that a key asked for."""


class HistoryLoaded(NamedTuple):
    """The history is at hand; if no import is at work, an unfinished one was cut off."""

    entries: tuple[Entry, ...]
    is_import_at_work: bool


class ReversalAsked(NamedTuple):
    """An entry of many papers would be undone or redone: `verb` says which."""

    verb: str
    entry: Entry


class TagsSuggested(NamedTuple):
    """The tags that papers like this one have."""

    key: int
    names: tuple[str, ...]


class WordsShared(NamedTuple):
    """The words for which a paper is like another, the most telling first."""

    identifier: str
    """That of the other."""
    key: int
    words: tuple[str, ...]


class DuplicatesFound(NamedTuple):
    """The papers that say nearly the same as one, itself the first of them."""

    keys: tuple[int, ...]
    key: int
    """The one."""
    among: Sequence[int]
    """The list that was looked through."""


class CountsFound(NamedTuple):
    """What is unread in the views of the sidebar was counted, or some of it."""

    counts: tuple[ShelfRow, ...]


class ImportMoved(NamedTuple):
    """An import goes on; at most a few times a second."""

    name: str
    records: int
    """So far."""
    percent: int | None = None
    """How much of the bytes was read; None where nobody can know."""


class ImportEnded(NamedTuple):
    """An import has come to its end, or to the end that was made of it."""

    name: str
    report: ImportReport | None
    """None where it was stopped or failed: what was written stays."""
    trouble: str = ""
    """Why it failed."""


class OutputCame(NamedTuple):
    """A command that papers were piped to has ended, with all that it wrote."""

    command: str
    text: str
    """Empty where it wrote nothing."""
    news: str = ""
    """How it ended."""
    is_trouble: bool = False


class TextCopied(NamedTuple):
    """A text was copied, or could not be."""

    news: str
    heading: str
    """What is said above the text, where it is shown in full."""
    lines: tuple[str, ...]
    """The text in full."""
    is_in_news: bool
    """Whether the news have the text in full too; not so for links that the reader has to open."""


class Reported(NamedTuple):
    """Something was done, or could not be, that the reader should hear of."""

    news: str
    is_trouble: bool = False


class WorkFailed(NamedTuple):
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

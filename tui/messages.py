"""What happened away from the interface's own thread, as past-tense facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from store.errors import StoreError
    from store.journal import Entry
    from store.search import Result


class ResultFound(Message):
    """A search came to its end; `select` is the paper to stay on, if it is still there."""

    def __init__(self, text: str, result: Result, select: int | None) -> None:
        self.text = text
        self.result = result
        self.select = select
        super().__init__()


class SearchFailed(Message):
    """A search could not be made."""

    def __init__(self, text: str, error: StoreError) -> None:
        self.text = text
        self.error = error
        super().__init__()


class PapersChanged(Message):
    """Papers have other tags now; `news` says so to the reader, if it is worth saying."""

    def __init__(self, news: str) -> None:
        self.news = news
        super().__init__()


class HistoryLoaded(Message):
    """The history is at hand; if no import is at work, an unfinished one was cut off."""

    def __init__(self, entries: tuple[Entry, ...], *, is_import_at_work: bool) -> None:
        self.entries = entries
        self.is_import_at_work = is_import_at_work
        super().__init__()


class WorkFailed(Message):
    """Something the reader asked for could not be done."""

    def __init__(self, error: BaseException) -> None:
        self.error = error
        super().__init__()


class Reported(Message):
    """Something was done that the reader should hear of."""

    def __init__(self, news: str) -> None:
        self.news = news
        super().__init__()

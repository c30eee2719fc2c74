"""A library of papers: the one way in for everything that works with one."""

from __future__ import annotations

from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Self

from store import reading
from store.changes.change import Change
from store.changes.fields import note_on
from store.changes.tags import tags_as_text
from store.clock import stamp
from store.days import Days
from store.errors import NoteChangedError, UnknownPaperError
from store.history import History, papers_of
from store.index import TextIndex
from store.query.nodes import IdIs, Query
from store.query.parsing import parse, parse_view
from store.record.database import Database
from store.rowcache import RowCache
from store.searching.masks import Masks
from store.searching.search import Search
from store.tags import Tags
from store.text import clean_note
from store.views import Views
from store.visits import Visits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from store.decisions.exchange import Decisions
    from store.digests import Digests
    from store.explaining import Explanation
    from store.imports.bringing import Imports
    from store.imports.joining import Joining
    from store.index import Lookup
    from store.models import Paper, Row
    from store.neighbours import Neighbours
    from store.record.backups import Care
    from store.searching.search import Result


def local_now() -> datetime:
    """Return the time on this machine's clock, in its zone."""
    return datetime.now(UTC).astimezone()


class Library:
    """The papers in `folder`, with their search index in `index_folder`.

    `program` names who works with it, in the journal: undo and redo are its own. `clock` gives
    the present time with its zone; days are days of that zone. `on_network` says whether the folder
    is on another machine's disk; None, as the system tells. A library is a context manager
    and may be used from several threads. Making one raises a `LibraryError` where the folder
    can't be used.
    """

    def __init__(
        self,
        folder: Path,
        *,
        index_folder: Path,
        program: str = "library",
        clock: Callable[[], datetime] = local_now,
        on_network: bool | None = None,
    ) -> None:
        self.folder = folder
        self.program = program
        self._clock = clock
        self._database = Database(folder, on_network=on_network)
        self.index = TextIndex(index_folder, self._database)
        self._masks = Masks(self._database)
        self._rows = RowCache()
        self.history = History(self._database, program, self._now)
        """What was done, to take it back."""
        self.views = Views(self._database, self.history, self._check_view)
        """The reader's saved queries by name."""
        self.tags = Tags(self._database, self.history, self.views, self.parse)
        """What papers are tagged with."""
        self.days = Days(self._database, self._masks)
        """The days that lists are grouped by."""
        self.visits = Visits(self._database, lambda: self._clock().date())
        """What the reader has seen of each view."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __len__(self) -> int:
        with self._database.reading() as connection:
            return reading.count(connection)

    def close(self) -> None:
        """Close the files; the index writer, if one is at work, goes on by itself."""
        self.index.close()
        self._database.close()

    def rest(self) -> None:
        """Close what the calling thread has open; it is opened again when it goes on."""
        self._database.rest()

    @cached_property
    def decisions(self) -> Decisions:
        """What the reader decided, as text and back."""
        # Not needed for a first list, like the parts that follow.
        from store.decisions.exchange import Decisions

        return Decisions(self._database, self.history, self.views, self._now)

    @cached_property
    def imports(self) -> Imports:
        """Bringing papers in."""
        from store.imports.bringing import Imports

        return Imports(self._database, self.program, self._clock)

    @cached_property
    def digests(self) -> Digests:
        """What is new, as letters, and what the last ones told."""
        from store.digests import Digests

        return Digests(self._database, self._clock)

    @cached_property
    def joining(self) -> Joining:
        """Making one paper of several, and several of one."""
        from store.imports.joining import Joining

        return Joining(self._database, self.history, self._now)

    @cached_property
    def neighbours(self) -> Neighbours:
        """What papers have in common with others."""
        from store.neighbours import Neighbours

        return Neighbours(self._database, self.index)

    def look_after(self) -> None:
        """Have a backup made and the record checked in the background, where that is due."""
        if self.is_read_only:
            return
        # Needed once a day. By the machine's own clock, as what it is compared with.
        from store.record.backups.care import begin_if_due

        with self._database.reading() as connection:
            begin_if_due(self.folder, connection)

    def care(self) -> Care:
        """Return what came of looking after the library: its last backup, its last check."""
        from store.record.backups.care import read_care

        return read_care(self.folder)

    def wait_at_most(self, seconds: float) -> None:
        """Wait for other programs in this thread no longer than so from now on."""
        self._database.wait_at_most(seconds)

    def refuse_newer(self) -> None:
        """Raise `LibraryTooNewError` once a newer version has brought the library up to date."""
        self._database.refuse_newer()

    @property
    def is_read_only(self) -> bool:
        """Whether the library can be read where it is, and not be written."""
        return self._database.is_read_only

    @property
    def revision(self) -> int:
        """A number that grows with every commit, whichever program makes it."""
        with self._database.reading() as connection:
            return reading.revision(connection)

    @property
    def newest(self) -> int:
        """The key of the paper that came in last, gone or not; 0 where none ever did."""
        with self._database.reading() as connection:
            return reading.newest(connection)

    def parse(self, text: str, *, typing: bool = False) -> Query:
        """Read a query as of today; `typing` says that the reader has not finished it.

        Raises `QuerySyntaxError`.
        """
        today = self._clock().date()
        return parse(text, today=today, typing=typing, views=self.views.to_dict())

    def search(
        self,
        query: Query | str,
        *,
        limit: int | None = None,
        closest: bool = False,
        cancelled: Callable[[], bool] | None = None,
    ) -> Result:
        """Return what `query` finds, in its order: all of it, or the first `limit` papers.

        With `closest`, the papers that come closest stand in where none has all of its words,
        and `Result.partial_of` says so. Raises `QuerySyntaxError`, and `SearchAbandonedError` soon
        after `cancelled` says so.
        """
        if isinstance(query, str):
            query = self.parse(query)
        with self._searching(cancelled) as (search, _):
            return search.result(query, limit, len(self), closest=closest)

    def suggestion(
        self, text: str, *, typing: bool = False, cancelled: Callable[[], bool] | None = None
    ) -> str | None:
        """Return the query `text` with its misspelled words put right; None where none is.

        It finds more than `text`, or comes closer where neither finds any. Words that hardly any
        paper has are misspelled where one that is one slip away is far more frequent, and tags
        that no paper has; `typing` as in `parse`.
        Raises `SearchAbandonedError` soon after `cancelled` says so.
        """
        # Needed where something is amiss, as for `explain`.
        from store.spelling import Speller

        with self._searching(cancelled) as (search, text_index):
            speller = Speller(self.parse, search, text_index, self.tags.counts, cancelled)
            return speller.suggestion(text, typing=typing)

    def explain(
        self,
        text: str,
        *,
        typing: bool = False,
        key: int | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Explanation:
        """Return how a query is read, what its parts find, and what makes the score of `key`.

        `typing` as in `parse`. Raises `QuerySyntaxError`, and `SearchAbandonedError` soon after
        `cancelled` says so.
        """
        from store.explaining import Explainer

        query = self.parse(text, typing=typing)
        with self._searching(cancelled) as (search, text_index):
            return Explainer(search, text_index, cancelled).explanation(query, key)

    def prepare(self) -> None:
        """Load what searching needs, so that the first search is no slower than the next."""
        self._masks.load()
        self.index.prepare()

    def rows(self, keys: Sequence[int]) -> list[Row]:
        """Return what a list shows of these papers, in their order."""
        with self._database.reading() as connection:
            return self._rows.rows(connection, keys)

    def papers(self, keys: Sequence[int], *, cited: bool = False) -> Iterator[Paper]:
        """Yield these papers, in their order.

        `cited`, those that have no citation key yet are given one, for good: that is no act, and
        where it can't be written, such papers are without one.
        """
        if cited:
            # Needed for this alone.
            from store.citations import cite_all

            cite_all(self._database, keys)
        with self._database.reading() as connection:
            yield from reading.papers(connection, keys)

    def paper(self, key: int) -> Paper:
        """Return one paper by its key; raise `UnknownPaperError` if there is none."""
        for paper in self.papers((key,)):
            return paper
        raise UnknownPaperError(f"paperdeck:{key}")

    def paper_by_identifier(self, text: str) -> Paper:
        """Return the paper with an identifier in any spelling, or raise `UnknownPaperError`."""
        for key in self.search(Query(IdIs(text))).keys:
            return self.paper(key)
        raise UnknownPaperError(text)

    def set_note(
        self, key: int, text: str, *, instead_of: str | None = None, label: str = "note"
    ) -> bool:
        """Make `text` the reader's note on a paper, as one entry; tell whether it is another.

        An empty text takes the note away. A paper that was removed keeps the one it had. Raises
        `NoteChangedError` where another note than `instead_of`, if that is given, is there.
        """
        with self._database.atomic() as connection:
            before, after = note_on(connection, key), clean_note(text)
            if instead_of is not None and before not in {instead_of, after}:
                raise NoteChangedError(key)
            changes = [Change(key, "note", before, after)] if before != after else []
            return bool(self.history.act(changes, label))

    def remove(self, keys: Sequence[int], *, label: str = "remove") -> tuple[int, ...]:
        """Take papers out of the library, as one entry that can be undone; return which were."""
        with self._database.atomic() as connection:
            tags = reading.tags_of(connection, keys)
            changes = [Change(key, "paper", tags_as_text(tags[key]), None) for key in keys]
            return papers_of(self.history.act(changes, label))

    def copy_record(self, folder: Path) -> None:
        """Write a copy of the record, without the index, as a library in `folder`."""
        with closing(Database(folder)) as copy, self._database.reading() as connection:
            connection.backup(copy.connection)

    @contextmanager
    def _searching(self, cancelled: Callable[[], bool] | None) -> Iterator[tuple[Search, Lookup]]:
        """Yield the means of one search: whatever it asks the index is of one commit."""
        with self._database.reading() as connection:
            text, zone = self.index.lookup(cancelled), self._clock().tzinfo
            yield Search(connection, self._masks, text, zone, cancelled), text

    def _check_view(self, name: str, query: str, others: Mapping[str, str]) -> None:
        parse_view(name, query, today=self._clock().date(), views=others)

    def _now(self) -> str:
        return stamp(self._clock())

"""A library of papers: the one way in for everything that works with one."""

from __future__ import annotations

from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Self

from store import reading
from store.changes.change import Change
from store.changes.fields import note_on
from store.changes.tags import tags_as_text
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
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from store.decisions.applying import ApplyReport
    from store.decisions.restoring import RestoreReport
    from store.digests import Digests
    from store.errors import SourceError
    from store.explaining import Explanation
    from store.importers import Source
    from store.imports.importing import ImportOptions
    from store.imports.joining import Joining
    from store.imports.report import ImportProgress, ImportReport
    from store.imports.trials import Trial
    from store.index import Lookup
    from store.models import Paper, Row
    from store.neighbours import Neighbours
    from store.searching.search import Result


def local_now() -> datetime:
    """Return the time on this machine's clock, in its zone."""
    return datetime.now(UTC).astimezone()


class Library:
    """The papers in `folder`, with their search index in `index_folder`.

    `program` names who works with it, in the journal: undo and redo are its own. `clock` gives
    the present time with its zone; days are days of that zone. A library is a context manager
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
    ) -> None:
        self.folder = folder
        self.program = program
        self._clock = clock
        self._database = Database(folder)
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

    @cached_property
    def digests(self) -> Digests:
        """What is new, as letters, and what the last ones told."""
        from store.digests import Digests

        return Digests(self._database, self._clock)

    @cached_property
    def joining(self) -> Joining:
        """Making one paper of several, and several of one."""
        # Not needed for a first list.
        from store.imports.joining import Joining

        return Joining(self._database, self.history, self._now)

    @cached_property
    def neighbours(self) -> Neighbours:
        """What papers have in common with others."""
        # Not needed for a first list.
        from store.neighbours import Neighbours

        return Neighbours(self._database, self.index)

    def wait_at_most(self, seconds: float) -> None:
        """Wait for other programs in this thread no longer than so from now on."""
        self._database.wait_at_most(seconds)

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

    def dump(self) -> Iterator[str]:
        """Yield the reader's decisions and views as sorted lines (`store.decisions.lines`)."""
        from store.decisions.dumping import dump_lines

        with self._database.reading() as connection:
            yield from dump_lines(connection)

    def restore(
        self, lines: Iterable[str], *, adding: bool = False, label: str = "restore"
    ) -> RestoreReport:
        """Decide as the lines of a dump say, as one entry of the journal.

        The tags of each paper become those of its line; `adding`, a line only adds and takes off.
        Papers that are not named keep theirs. Raises `DecisionSyntaxError` for the first wrong
        line, before anything is changed.
        """
        # Needed for this alone, as for `dump`.
        from store.decisions.restoring import restore

        return restore(self._database, self.history, self.views, lines, adding=adding, label=label)

    def apply_edits(self, lines: Iterable[str], *, label: str = "apply") -> ApplyReport:
        """Decide as the lines of a list of edits say, as one entry of the journal.

        Raises `EditsRefusedError` with every wrong line, before anything is changed.
        """
        from store.decisions.applying import apply_edits

        return apply_edits(self._database, self.history, self.views, lines, label)

    def import_sources(
        self,
        sources: Iterable[Source | SourceError],
        *,
        options: ImportOptions | None = None,
        day: str | None = None,
        format_name: str | None = None,
        columns: Mapping[str, str] | None = None,
        label: str = "import",
        progress: Callable[[ImportProgress], None] | None = None,
        trial: Callable[[Trial], object] | None = None,
    ) -> ImportReport:
        """Bring in the papers of every source, as one entry of the journal.

        A source or a record that can't be read is refused and reported; the others go in. `day`
        is the listed day where a source names none, `columns` names those of tables by what they
        hold, `progress` is told how far it is. If it is cut off, what was written stays, and a
        repetition completes it. `trial` is told what becomes of each record: the caller throws
        the library away then.
        """
        # Imported here: whoever only reads a library needs no importers.
        from store.importers import ReadingContext
        from store.imports import importing
        from store.imports.trials import Trials

        wishes = options or importing.ImportOptions()
        trials = Trials(trial) if trial else None
        run = importing.ImportRun(self._database, wishes, self.program, label, self._now(), trials)
        recall_day = partial(_recall_day, self._database)
        context = ReadingContext(self._clock().date(), day, recall_day, columns or {})
        return importing.run_import(
            run, sources, context, format_name=format_name, progress=progress
        )

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
        return self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _recall_day(database: Database, digest: str, day: str) -> str:
    """Return the day that was guessed for a text before, else note `day` as that."""
    with database.atomic() as connection:
        connection.execute("INSERT OR IGNORE INTO guessed_days VALUES (?, ?)", (digest, day))
        (first,) = connection.execute(
            "SELECT day FROM guessed_days WHERE digest = ?", (digest,)
        ).fetchone()
    return str(first)

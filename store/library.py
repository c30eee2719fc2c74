"""A library of papers: the one way in for everything that works with one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from store import importing, journal, reading
from store.changes import Change, apply
from store.database import Database
from store.errors import UnknownPaperError
from store.importing import ImportOptions, ImportReport, ImportRun
from store.index import TextIndex
from store.journal import EntryKind, Reversal
from store.query import IdIs, Query, has_text
from store.queryparse import parse
from store.search import Result, Search
from store.text import fold_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from store.errors import SourceError
    from store.importers import Source
    from store.models import Paper, Row
    from store.reading import TagCount
    from store.tagnames import TagEdit

PLAIN_IMPORT = ImportOptions()


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

    @property
    def revision(self) -> int:
        """A number that grows with every commit, whichever program makes it."""
        with self._database.reading() as connection:
            return reading.revision(connection)

    def parse(self, text: str, *, typing: bool = False) -> Query:
        """Read a query as of today; `typing` says that the reader has not finished it.

        Raises `QuerySyntaxError`.
        """
        return parse(text, today=self._clock().date(), typing=typing)

    def search(self, query: Query | str, *, cancelled: Callable[[], bool] | None = None) -> Result:
        """Return what `query` finds, in its order.

        Raises `QuerySyntaxError`, and `SearchAbandonedError` soon after `cancelled` says so.
        """
        if isinstance(query, str):
            query = self.parse(query)
        with self._database.reading() as connection:
            # Counted first: a commit in between is announced as new then, rather than missed.
            searchable = self.index.searchable() if has_text(query.node) else 0
            papers = reading.count(connection)
            search = Search(connection, self.index.until(cancelled), self._clock().tzinfo)
            keys, scores = search.keys(query)
            return Result(query, keys, scores, searchable, papers)

    def rows(self, keys: Sequence[int]) -> list[Row]:
        """Return what a list shows of these papers, in their order."""
        with self._database.reading() as connection:
            return reading.rows(connection, keys)

    def papers(self, keys: Sequence[int]) -> Iterator[Paper]:
        """Yield these papers, in their order."""
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

    def keys_tagged(self, name: str) -> frozenset[int]:
        """Return the papers that have this very tag."""
        with self._database.reading() as connection:
            return reading.keys_tagged(connection, fold_case(name))

    def days(self, keys: Sequence[int]) -> Iterator[str | None]:
        """Yield the day of each of these papers: the listed, else the published one."""
        with self._database.reading() as connection:
            yield from reading.days(connection, keys)

    def tag_counts(self) -> tuple[TagCount, ...]:
        """Return the tags in use with their number of papers, the most frequent first."""
        with self._database.reading() as connection:
            return reading.tag_counts(connection)

    def edit_tags(
        self,
        keys: Sequence[int],
        edit: TagEdit,
        *,
        label: str = "tag",
        kind: EntryKind = EntryKind.ACT,
    ) -> tuple[int, ...]:
        """Add and take off tags, durably and as one entry of the journal; return what changed.

        An edit that changes nothing leaves no entry.
        """
        changes = [
            change
            for key in keys
            for change in (
                *(Change(key, "tag", None, name) for name in edit.added),
                *(Change(key, "tag", name, None) for name in edit.removed),
            )
        ]
        with self._database.atomic() as connection:
            made = apply(connection, changes)
            changed = tuple(dict.fromkeys(change.paper for change in made))
            if made:
                entry = journal.open_entry(
                    connection,
                    label=f"{label} {self._named(changed)}",
                    kind=kind,
                    program=self.program,
                    made_at=self._now(),
                )
                journal.note_changes(connection, entry, made)
        return changed

    def adopt(self, has_ended: Callable[[str], bool]) -> None:
        """Take over the acts of programs that have ended, so that they can be undone here."""
        with self._database.atomic() as connection:
            journal.adopt(connection, self.program, has_ended)

    def undo(self) -> Reversal | None:
        """Take back this program's latest act; None if there is none left."""
        with self._database.atomic() as connection:
            return journal.undo(connection, self.program)

    def redo(self) -> Reversal | None:
        """Make the act undone last again; None if there is none."""
        with self._database.atomic() as connection:
            return journal.redo(connection, self.program)

    def import_sources(
        self,
        sources: Iterable[Source | SourceError],
        *,
        options: ImportOptions = PLAIN_IMPORT,
        day: str | None = None,
        format_name: str | None = None,
        label: str = "import",
        progress: Callable[[str, int], None] | None = None,
    ) -> ImportReport:
        """Bring in the papers of every source, as one entry of the journal.

        A source or a record that can't be read is refused and reported; the others go in. `day`
        is the listed day where a source names none, `progress` is told the source and the number
        of records so far. If it is cut off, what was written stays, and a repetition completes it.
        """
        # Imported here: whoever only reads a library needs no importers.
        from store.importers import ReadingContext

        run = ImportRun(self._database, options, self.program, label, self._now())
        context = ReadingContext(self._clock().date(), day, self._recall_day)
        return importing.run_import(
            run, sources, context, format_name=format_name, progress=progress
        )

    def copy_record(self, folder: Path) -> None:
        """Write a copy of the record, without the index, as a library in `folder`."""
        with_copy = Database(folder)
        try:
            with self._database.reading() as connection:
                connection.backup(with_copy.connection)
        finally:
            with_copy.close()

    def _recall_day(self, digest: str, day: str) -> str:
        with self._database.atomic() as connection:
            connection.execute("INSERT OR IGNORE INTO guessed_days VALUES (?, ?)", (digest, day))
            (first,) = connection.execute(
                "SELECT day FROM guessed_days WHERE digest = ?", (digest,)
            ).fetchone()
        return str(first)

    def _named(self, keys: Sequence[int]) -> str:
        if len(keys) != 1:
            return f"{len(keys):,} papers"
        (row,) = self.rows(keys)
        return f"'{row.title}'"

    def _now(self) -> str:
        return self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""What many tests share: a fixed clock, real libraries in `tmp_path`, records to bring in."""

from __future__ import annotations

import gc
import io
import lzma
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import pytest
from hypothesis import settings

from store import reading
from store.changes import journal
from store.changes.change import Change, apply
from store.changes.journal import EntryKind
from store.decisions.dumping import dump_lines
from store.errors import RecordError
from store.history import History
from store.identifiers import read_identifier
from store.importers import ReadingContext, read_records, source_from_stream
from store.imports.importing import ImportOptions, ImportRun
from store.imports.report import ImportReport
from store.library import Library
from store.models import Paper, Record, Sighting
from store.record import FILE_NAME
from store.record.database import Database
from store.tagnames import read_tag_edit

if TYPE_CHECKING:
    import sqlite3

    from store.changes.reversing import Reversal

NOW = datetime(2026, 3, 12, 9, 30, tzinfo=timezone(timedelta(hours=2)))
NOW_AS_NOTED = "2026-03-12T07:30:00Z"
GARBAGE = 50_000
"""So many objects are made before it is looked for garbage: each of our screens makes many."""
SLOWEST = {
    name: place
    for place, name in enumerate(
        (
            "test_terminal",
            "test_every_terminal",
            "test_tooling",
            "test_connection",
            "test_start",
            "test_model",
            "test_copies_arrive",
            "test_browser",
            "test_engine_machine",
            "test_choosing",
            "test_exchanging",
            "test_duplicates",
            "test_hearing",
            "test_cli",
            "test_samples",
            "test_bytes",
            "test_changed_cells",
            "test_index_process",
            "test_recalling",
            "test_cli_deciding",
            "test_importing",
            "test_deciding",
            "test_bad_input",
            "test_masks",
            "test_marking",
            "test_searching",
            "test_exporters",
            "test_chooser",
            "test_help",
            "test_hostile_files",
            "test_completion",
        )
    )
}
"""The files of tests that take longest: most of them wait, and among these some only work."""
READING_DAY = date(2026, 3, 12)
"""The day on which `records_in` reads."""
# The same examples each time; `--hypothesis-profile chance` tries others.
settings.register_profile("chance", deadline=None)
settings.register_profile(
    "repeatable", deadline=None, derandomize=True, database=None, max_examples=40
)
settings.load_profile("repeatable")

LIBRARIES = Path(__file__).parent / "libraries"
SHARED = Path(__file__).resolve().parents[2] / "shared"


class RecordBuilder(Protocol):
    """Makes a record: its title, its identifiers, and one sighting if a `day` is given."""

    def __call__(
        self,
        title: str = ...,
        *identifiers: str,
        source: str = ...,
        day: str | None = ...,
        votes: int | None = ...,
        **facts: Any,
    ) -> Record: ...


def _record(
    title: str = "Counting sheep",
    *identifiers: str,
    source: str = "feed",
    day: str | None = None,
    votes: int | None = None,
    **facts: Any,
) -> Record:
    read = tuple(read_identifier(text) for text in identifiers)
    assert None not in read
    if day is not None:
        facts["sightings"] = (Sighting(source, day, votes=votes),)
    return Record(title, source, identifiers=tuple(filter(None, read)), **facts)


@dataclass(frozen=True)
class Brought(ImportReport):
    """What an import came to, with the papers that it has added."""

    papers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Desk:
    """The record of a library without its index, and what a reader does to it by `program`."""

    database: Database
    program: str = "test"
    now: str = NOW_AS_NOTED

    @property
    def history(self) -> History:
        return History(self.database, self.program, lambda: self.now)

    @property
    def connection(self) -> sqlite3.Connection:
        return self.database.connection

    def run(self, *, now: str | None = None, **options: Any) -> ImportRun:
        """Begin an import."""
        wishes = ImportOptions(**options)
        return ImportRun(self.database, wishes, self.program, "import", now or self.now)

    def bring_in(self, *records: Record, **options: Any) -> Brought:
        """Import records as one entry of the journal."""
        run = self.run(**options)
        run.write(records)
        report = run.finish((), 0.0)
        values = {one.name: getattr(report, one.name) for one in fields(report)}
        return Brought(**values, papers=self.brought_by(report))

    def brought_by(self, report: ImportReport) -> tuple[int, ...]:
        """Return the papers that an import has added."""
        wanted = "SELECT key FROM papers WHERE import = ? ORDER BY key"
        return tuple(self.column(wanted, report.entry))

    def act(
        self, *changes: Change, label: str = "act", kind: EntryKind = EntryKind.ACT
    ) -> list[Change]:
        """Make changes as one entry of the journal, if any takes effect."""
        with self.database.atomic() as connection:
            made = apply(connection, changes)
            if made:
                entry = journal.open_entry(
                    connection, label=label, kind=kind, program=self.program, made_at=self.now
                )
                papers = {change.paper for change in made} - {None}
                journal.note_changes(connection, entry, made, len(papers))
        return made

    def tag(self, words: str, *keys: int, kind: EntryKind = EntryKind.ACT) -> list[Change]:
        """Edit the tags of papers: `+a -b`; the entry's label is these words."""
        edit = read_tag_edit(words.split())
        changes = [
            change
            for key in keys
            for change in (
                *(Change(key, "tag", None, name) for name in edit.added),
                *(Change(key, "tag", name, None) for name in edit.removed),
            )
        ]
        return self.act(*changes, label=words, kind=kind)

    def undo(self, entry: int | None = None) -> Reversal | None:
        return self.history.undo(entry)

    def redo(self, entry: int | None = None) -> Reversal | None:
        return self.history.redo(entry)

    def keys(self) -> list[int]:
        """Return the papers that are there."""
        return self.column("SELECT key FROM papers WHERE removed = 0 ORDER BY key")

    def papers(self) -> list[Paper]:
        return list(reading.papers(self.connection, self.keys()))

    def paper(self, key: int) -> Paper:
        (paper,) = reading.papers(self.connection, [key])
        return paper

    def tags(self, key: int) -> set[str]:
        return set(self.paper(key).tags)

    def stamp(self, key: int, field: str) -> str | None:
        """Return the stamp of a field as a change of it has it."""
        stamps = {one.field: f"{one.source} {one.day}" for one in self.paper(key).provenance}
        return stamps.get(field)

    def dump(self) -> list[str]:
        """Return the lines of a dump without its header, its last line and their ends."""
        return [line.removesuffix("\n") for line in dump_lines(self.connection)][1:-1]

    def entries(self) -> list[tuple[str, str]]:
        """Return label and state of every entry of the journal."""
        return self.connection.execute("SELECT label, state FROM journal ORDER BY key").fetchall()

    def column(self, statement: str, *values: object) -> list[Any]:
        """Return the first value of each row."""
        return [row[0] for row in self.connection.execute(statement, values)]

    def counts_are_right(self) -> bool:
        """Tell whether the kept numbers of papers, in all, of each tag and unread, are true."""
        return self.column("SELECT papers FROM library") == [len(self.keys())] and not self.column(
            "SELECT name FROM tags"
            " WHERE papers != (SELECT count(*) FROM paper_tags WHERE tag = tags.key)"
            " OR unread != (SELECT count(*) FROM paper_tags AS one WHERE tag = tags.key AND EXISTS"
            " (SELECT 1 FROM paper_tags JOIN tags ON tags.key = tag"
            " WHERE paper = one.paper AND fold = 'unread'))"
            " OR unread != (SELECT count(*) FROM paper_tags WHERE tag = tags.key AND paper IN"
            " (SELECT paper FROM paper_tags JOIN tags ON key = tag WHERE fold = 'unread'))"
        )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, so that none is left to one worker alone.

    Those that wait for programs and screens leave the processor to those beside them.
    """
    items.sort(key=lambda item: SLOWEST.get(item.path.stem, len(SLOWEST)))


def pytest_collection_finish() -> None:
    """Spare the garbage collector what is there for good: the tests, and all that they import."""
    gc.freeze()
    gc.set_threshold(GARBAGE)


LibraryWriter: TypeAlias = Callable[[str, Path], Path]
"""Writes the file of the library that a version has left, and returns it."""
DeskOpener: TypeAlias = Callable[[Path], AbstractContextManager[Desk]]
"""Makes a library in a folder, for what is shared by the tests of a module."""


def _begin(new_library: Path, folder: Path) -> None:
    """Let there be a library in a folder, if there is none."""
    if not (folder / FILE_NAME).exists():
        shutil.copytree(new_library, folder, dirs_exist_ok=True)


@contextmanager
def _desk_in(new_library: Path, folder: Path) -> Iterator[Desk]:
    _begin(new_library, folder)
    with closing(Database(folder)) as database:
        yield Desk(database)


@pytest.fixture(scope="session")
def new_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that was just made: to be copied, as to make one takes ten times as long."""
    folder = tmp_path_factory.mktemp("new") / "library"
    Database(folder).close()
    return folder


@pytest.fixture(scope="session")
def write_library_of() -> LibraryWriter:
    def write(version: str, file: Path) -> Path:
        packed = LIBRARIES / f"{version}.db.xz"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(lzma.decompress(packed.read_bytes()))
        return file

    return write


@pytest.fixture(scope="session")
def record() -> RecordBuilder:
    return _record


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the shared data is not here")
    return SHARED


@pytest.fixture(scope="session")
def clock() -> Callable[[], datetime]:
    return lambda: NOW


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a library may be made."""
    return tmp_path / "library"


@pytest.fixture(scope="session")
def desk_in(new_library: Path) -> DeskOpener:
    return partial(_desk_in, new_library)


@pytest.fixture
def desk(desk_in: DeskOpener, folder: Path) -> Iterator[Desk]:
    with desk_in(folder) as opened:
        yield opened


@pytest.fixture
def database(desk: Desk) -> Database:
    return desk.database


@pytest.fixture
def library(
    folder: Path, new_library: Path, tmp_path: Path, clock: Callable[[], datetime]
) -> Iterator[Library]:
    _begin(new_library, folder)
    with Library(folder, index_folder=tmp_path / "index", program="test", clock=clock) as opened:
        yield opened


class RecordsIn(Protocol):
    """Reads a content as an import does; `day` and `columns` are what the reader said."""

    def __call__(
        self,
        content: str | bytes,
        format_name: str | None = None,
        *,
        day: str | None = None,
        columns: dict[str, str] | None = None,
    ) -> list[Record | RecordError]: ...


@pytest.fixture(scope="session")
def records_in() -> RecordsIn:
    """Return what reads records and refusals, told by their content if no format is named."""

    def read(
        content: str | bytes,
        format_name: str | None = None,
        *,
        day: str | None = None,
        columns: dict[str, str] | None = None,
    ) -> list[Record | RecordError]:
        stored = content.encode() if isinstance(content, str) else content
        source = source_from_stream(io.BytesIO(stored), READING_DAY)
        context = ReadingContext(READING_DAY, day, columns=columns or {})
        return list(read_records(source, context, format_name=format_name))

    return read


class PapersIn(Protocol):
    """Reads a content of which nothing is refused."""

    def __call__(self, content: str | bytes, format_name: str | None = None) -> list[Record]: ...


@pytest.fixture(scope="session")
def papers_in(records_in: RecordsIn) -> PapersIn:
    """Return what reads the papers of a content and fails where one is refused."""

    def read(content: str | bytes, format_name: str | None = None) -> list[Record]:
        records = records_in(content, format_name)
        assert [str(one) for one in records if isinstance(one, RecordError)] == []
        return [one for one in records if isinstance(one, Record)]

    return read

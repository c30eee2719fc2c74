"""The record: one SQLite file in the library's folder, opened safely and changed atomically."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from store import migrations
from store.errors import LibraryNotWritableError, LibraryTooNewError, NotALibraryError
from store.record.sqliteerrors import translated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE_NAME = "library.db"
BUSY_SECONDS = 60.0
"""How long a write waits for another program's.

An import holds the lock for 50 ms at the most, one edit of 20,000 papers for about half a second,
restoring 75,000 for 6 s, and taking as many out, or putting them back, for 10 s.
"""
BUSY_PAUSE_SECONDS = 0.01
USUAL_PAGES = 1_000
MUCH_PAGES = 16_000
"""Pages of 4 kB after which the file takes what the write-ahead log holds; SQLite's own are 1,000.
"""
CACHE_KILOBYTES = 16_000
"""Memory that a connection fills with pages as it reads them: lists take half the time of 2,000."""


class Database:
    """The SQLite file of a library; safe to use from several threads, each on its own connection.

    Making one creates the folder and the file where they are missing and brings an older schema
    up to date; it raises a `LibraryError` where that can't be done.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / FILE_NAME
        self._local = threading.local()
        self._opening = 0
        self._connections: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._create_folder()
        try:
            with translated(self.path):
                self._refuse_strangers(self.connection)
                _write_ahead(self.connection)
                self._migrate(self.connection)
        except BaseException:
            self.close()
            raise

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection of this thread; in autocommit mode, so writes belong into `atomic`."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection and self._local.opening != self._opening and not connection.in_transaction:
            connection.close()
            connection = None
        if connection is None:
            connection = self._connect()
            self._local.connection, self._local.opening = connection, self._opening
            self._connections.append((threading.current_thread(), connection))
        return connection

    @contextmanager
    def waiting(self, seconds: float) -> Iterator[None]:
        """Wait for other programs in this thread for so long at the most."""
        usual = getattr(self._local, "patience", BUSY_SECONDS)
        self.wait_at_most(seconds)
        try:
            yield
        finally:
            self.wait_at_most(usual)

    def wait_at_most(self, seconds: float) -> None:
        """Wait for other programs in this thread no longer than so from now on."""
        self._local.patience = seconds
        self.connection.execute(f"PRAGMA busy_timeout = {1000 * seconds:.0f}")

    @contextmanager
    def atomic(self) -> Iterator[sqlite3.Connection]:
        """Do everything inside or, on any exception, nothing of it; nests."""
        connection = self.connection
        if connection.in_transaction:
            with _savepoint(connection):
                yield connection
            return
        with translated(self.path):
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                # It may not have begun, or a failed statement may have rolled it back already.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Read on this thread's connection; a damaged file is a `NotALibraryError`."""
        with translated(self.path):
            yield self.connection

    @contextmanager
    def writing_much(self) -> Iterator[None]:
        """Let many transactions of this thread gather in the log before the file takes them.

        A page that most of them touch is written into the file once then, and not each time.
        """
        connection = self.connection
        connection.execute(f"PRAGMA wal_autocheckpoint = {MUCH_PAGES}")
        try:
            yield
        finally:
            connection.execute(f"PRAGMA wal_autocheckpoint = {USUAL_PAGES}")
            # What others are reading stays in the log, until a later commit.
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        """Close the connection of this thread, and those of threads that have come to their end.

        One that is still alive may be at work, and closes its own when it takes another up.
        """
        here = threading.current_thread()
        connections, self._connections = self._connections, []
        self._opening += 1
        for thread, connection in connections:
            if thread is here or not thread.is_alive():
                connection.close()
        self._local.__dict__.clear()

    def _create_folder(self) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Created by us, so that SQLite's own files (-wal, -shm) inherit the mode.
            with suppress(FileExistsError):
                self.path.touch(mode=0o600, exist_ok=False)
        except OSError as error:
            raise LibraryNotWritableError(
                self.folder,
                f"can't be created ({error.strerror})",
                "name another folder with --library DIR or PAPERDECK_LIBRARY",
            ) from error

    def _connect(self) -> sqlite3.Connection:
        with translated(self.path):
            # Connections are closed by whichever thread closes the library.
            connection = sqlite3.connect(
                self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            try:
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
            except BaseException:
                connection.close()
                raise
            return connection

    def _migrate(self, connection: sqlite3.Connection) -> None:
        if len(migrations.recorded(connection)) == len(migrations.MIGRATIONS):
            return
        connection.execute(f"PRAGMA application_id = {migrations.APPLICATION_ID}")
        for name, step in migrations.MIGRATIONS.items():
            with self.atomic():
                # Another program may have taken the step while we waited for the lock.
                if name in migrations.recorded(connection):
                    continue
                step(connection)
                applied = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
                connection.execute("INSERT INTO migrations VALUES (?, ?)", (name, applied))

    def _refuse_strangers(self, connection: sqlite3.Connection) -> None:
        # The mark is set before the tables are made, so it is read after them: another program may
        # be making the library just now.
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        (mark,) = connection.execute("PRAGMA application_id").fetchone()
        if tables and mark != migrations.APPLICATION_ID:
            raise NotALibraryError(
                self.folder,
                f"holds a '{FILE_NAME}' that another program made",
                "name another folder with --library DIR or PAPERDECK_LIBRARY",
            )
        unknown = set(migrations.recorded(connection)) - set(migrations.MIGRATIONS)
        if unknown:
            raise LibraryTooNewError(
                self.folder,
                f"was written by a newer version (it has '{max(unknown)}')",
                "upgrade paperdeck; nothing was changed",
            )


def grow_revision(connection: sqlite3.Connection) -> int:
    """Count one more commit and return its number; inside `atomic`."""
    (revision,) = connection.execute(
        "UPDATE library SET revision = revision + 1 RETURNING revision"
    ).fetchone()
    return int(revision)


def note_text_commit(connection: sqlite3.Connection, revision: int) -> None:
    """Note that the commit of this revision changes what can be searched; inside `atomic`."""
    # Costs a start 3 ms, and is needed where something is written.
    import secrets

    connection.execute(
        "INSERT OR IGNORE INTO text_commits VALUES (?, ?)", (revision, secrets.token_hex(8))
    )


@contextmanager
def one_commit(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Let all that is read inside be as of one commit; nests, also in `atomic`."""
    if connection.in_transaction:
        yield connection
        return
    connection.execute("BEGIN")
    try:
        yield connection
    finally:
        # A failed statement may have ended it already, and is what has to be told.
        if connection.in_transaction:
            connection.execute("COMMIT")


@contextmanager
def _savepoint(connection: sqlite3.Connection) -> Iterator[None]:
    """Do everything inside or nothing of it, within a transaction."""
    connection.execute("SAVEPOINT nested")
    try:
        yield
    except BaseException:
        # A failed statement may have rolled the whole transaction back already.
        if connection.in_transaction:
            connection.execute("ROLLBACK TO nested")
            connection.execute("RELEASE nested")
        raise
    connection.execute("RELEASE nested")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch the file to a write-ahead log, which lets others read while one writes.

    The file remembers it. Where another connection is at work on the file SQLite gives up at once
    rather than wait, so we wait.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > deadline:
                raise
            time.sleep(BUSY_PAUSE_SECONDS)
        else:
            return

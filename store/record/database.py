"""The record: one SQLite file in the library's folder, opened safely and changed atomically."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from store import migrations
from store.clock import stamp
from store.errors import (
    LibraryBusyError,
    LibraryNotWritableError,
    LibraryReadOnlyError,
    LibraryTooNewError,
    LibraryTooOldError,
    NotALibraryError,
)
from store.record import FILE_NAME
from store.record.disks import is_on_network
from store.record.freepages import prepare_new, shorten_log
from store.record.locks import use
from store.record.place import check_same, check_unchanged, identity_of, state_of, take_place
from store.record.readonly import ALONE, address, can_only_be_read, has_log, only_way
from store.record.sqliteerrors import code_of, translated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_SECONDS = 60.0
"""How long a write waits for another program's.

An import holds the lock for 50 ms at the most, one edit of 20,000 papers for about half a second,
restoring 75,000 for 6 s, and taking as many out, or putting them back, for 4 s.
"""
BUSY_PAUSE_SECONDS = 0.01
USUAL_PAGES = 1_000
MUCH_PAGES = 16_000
"""Pages of 4 kB after which the file takes what the write-ahead log holds; SQLite's own are 1,000.
"""
LOG_BYTES = 4 * 1024 * USUAL_PAGES
"""What the log may take when the file has all of it: one that has grown is cut again."""
CACHE_KILOBYTES = 4_000
"""Memory that a connection fills with pages as it reads them; a list of 75,000 papers takes 35 ms.

With 2,000 it takes 45 ms, with 16,000 29 ms: but each thread has its own."""


class Database:
    """The SQLite file of a library; safe to use from several threads, each on its own connection.

    Making one creates the folder and the file where they are missing and brings an older schema
    up to date; it raises a `LibraryError` where that can't be done. `on_network` says whether the
    folder is on another machine's disk; None, as the system tells.
    """

    def __init__(self, folder: Path, *, on_network: bool | None = None) -> None:
        self.folder = folder
        self.path = folder / FILE_NAME
        self.is_read_only = can_only_be_read(self.path)
        """Whether all that is there may be read and nothing written: its disk or modes say so."""
        self._local = threading.local()
        self._opening = 0
        self._connections: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._in_use: int | None = None
        self.is_on_network = is_on_network(folder) if on_network is None else on_network
        """Whether it lies on another machine's disk, so that there is no write-ahead log."""
        take_place(self.path)
        self._file = identity_of(self.path)
        self._state: tuple[int, ...] | None = None
        try:
            with translated(self.path):
                self._refuse_strangers(self.connection)
                if self.is_read_only:
                    self._refuse_older(self.connection)
                else:
                    prepare_new(self.connection)
                    _set_journal(self.connection, "DELETE" if self.is_on_network else "WAL")
                    self._migrate(self.connection)
        except BaseException as error:
            self.close()
            if self.is_read_only and type(error) is LibraryNotWritableError and has_log(self.path):
                raise LibraryNotWritableError(
                    folder,
                    "has a log that can't be read where nothing can be written",
                    "open it once where it can be written, or copy it",
                ) from error
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
        if self.is_read_only:
            raise LibraryReadOnlyError(self.folder)
        with self._translated():
            try:
                check_same(self.path, self._file)
                connection.execute("BEGIN IMMEDIATE")
                # One may have been at work since it was opened.
                self._refuse_newer(connection)
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
        with self._translated():
            yield self.connection

    def refuse_newer(self) -> None:
        """Raise `LibraryTooNewError` once a newer version has brought the library up to date.

        And another `LibraryError` where it is not in its place any more.
        """
        with translated(self.path):
            check_same(self.path, self._file)
            self._check_unchanged()
            self._refuse_newer(self.connection)

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
            # What others are reading stays in the log, until a later commit; and all of it where
            # the disk is full, which takes nothing from what was committed.
            with suppress(sqlite3.OperationalError):
                shorten_log(connection)

    def rest(self) -> None:
        """Close the connection of this thread, which opens another one when it goes on."""
        connection: sqlite3.Connection | None = self._local.__dict__.pop("connection", None)
        if connection is None:
            return
        with suppress(ValueError):  # the library was closed meanwhile
            self._connections.remove((threading.current_thread(), connection))
        connection.close()

    def close(self) -> None:
        """Close the connection of this thread, and those of threads that have come to their end.

        One that is still alive may be at work, and closes its own when it takes another up.
        """
        here = threading.current_thread()
        connections, self._connections = self._connections, []
        self._opening += 1
        in_use, self._in_use = self._in_use, None
        for thread, connection in connections:
            if thread is here or not thread.is_alive():
                connection.close()
        self._local.__dict__.clear()
        # Last: whoever waits to have the library alone may have it from here on.
        if in_use is not None:
            os.close(in_use)

    def _use(self) -> None:
        """Keep out whoever would put another file into the place of this one."""
        if self._in_use is not None:
            return
        try:
            self._in_use = use(self.folder, BUSY_SECONDS, is_remote=self.is_on_network)
        except BlockingIOError as error:
            raise LibraryBusyError(
                self.folder, "is being repaired", "wait for it to finish, then try again"
            ) from error

    def _connect(self) -> sqlite3.Connection:
        self._use()
        with translated(self.path):
            # Connections are closed by whichever thread closes the library.
            connection = sqlite3.connect(
                self._read_only_address() if self.is_read_only else self.path,
                uri=self.is_read_only,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                # A rollback journal has to be gone for good before a commit is durable.
                durable = "EXTRA" if self.is_on_network else "FULL"
                connection.execute(f"PRAGMA synchronous = {durable}")
                # What somebody has put into the file may run nothing beyond it.
                connection.execute("PRAGMA trusted_schema = OFF")
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
                connection.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
            except BaseException:
                connection.close()
                raise
            return connection

    def _read_only_address(self) -> str:
        """Return how to open a library that can only be read, as it is just now."""
        way = only_way(self.path)
        if way == ALONE and self._state is None:
            self._state = state_of(self.path)
        return address(self.path, way)

    def _check_unchanged(self) -> None:
        """Raise a `LibraryError` where others wrote what SQLite reads as if nobody could."""
        if self._state is not None:
            check_unchanged(self.path, self._state)

    def _migrate(self, connection: sqlite3.Connection) -> None:
        if len(migrations.recorded(connection)) == len(migrations.MIGRATIONS):
            return
        if migrations.recorded(connection):
            self._back_up()
        connection.execute(f"PRAGMA application_id = {migrations.APPLICATION_ID}")
        for name, step in migrations.MIGRATIONS.items():
            with self.atomic():
                # Another program may have taken the step while we waited for the lock.
                if name in migrations.recorded(connection):
                    continue
                step(connection)
                applied = stamp(datetime.now(UTC))
                connection.execute("INSERT INTO migrations VALUES (?, ?)", (name, applied))

    def _refuse_older(self, connection: sqlite3.Connection) -> None:
        if len(migrations.recorded(connection)) < len(migrations.MIGRATIONS):
            raise LibraryTooOldError(self.folder)

    def _back_up(self) -> None:
        """Make a backup before a migration; that it can't be made is no obstacle."""
        # Needed for this alone.
        from store.record.backups.care import back_up_before_migration

        back_up_before_migration(self.path)

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
        self._refuse_newer(connection)

    def _refuse_newer(self, connection: sqlite3.Connection) -> None:
        if unknown := migrations.newest_unknown(connection):
            raise LibraryTooNewError(self.folder, unknown)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn SQLite's errors into those of a library, that of a table from the future too."""
        with translated(self.path):
            try:
                yield
            except sqlite3.DatabaseError as error:
                self._check_unchanged()
                if code_of(error) == sqlite3.SQLITE_ERROR:
                    self._refuse_newer(self.connection)
                raise


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


def _set_journal(connection: sqlite3.Connection, mode: str) -> None:
    """Have the file keep a write-ahead log, which lets others read while one writes, or none.

    The file remembers it. Where another connection is at work on the file SQLite gives up at once
    rather than wait, so we wait.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute(f"PRAGMA journal_mode = {mode}").fetchone()
        except sqlite3.OperationalError as error:
            is_busy = code_of(error) == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > deadline:
                raise
            time.sleep(BUSY_PAUSE_SECONDS)
        else:
            return

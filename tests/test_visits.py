from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from store.errors import LibraryBusyError
from store.record.database import BUSY_SECONDS, Database
from store.visits import PATIENCE_SECONDS, Visits

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Desk

    from store.library import Library


@pytest.fixture
def visits(database: Database) -> Visits:
    return Visits(database)


def test_a_view_that_was_never_visited_has_no_newest_paper(visits: Visits) -> None:
    assert visits.newest("is:inbox") is None


def test_a_visit_is_remembered_for_each_view_by_itself(visits: Visits, folder: Path) -> None:
    visits.end("is:inbox", 7)
    visits.end("tag:rl", 3)
    assert (visits.newest("is:inbox"), visits.newest("tag:rl")) == (7, 3)
    with closing(Database(folder)) as other:
        assert Visits(other).newest("is:inbox") == 7


def test_all_visits_are_read_at_once(visits: Visits) -> None:
    assert visits.to_dict() == {}
    visits.end("is:inbox", 7)
    visits.end("tag:rl", 3)
    assert visits.to_dict() == {"is:inbox": 7, "tag:rl": 3}


def test_a_visit_that_ends_late_takes_nothing_back(visits: Visits) -> None:
    for newest, expected in [(5, 5), (9, 9), (7, 9)]:
        visits.end("is:inbox", newest)
        assert visits.newest("is:inbox") == expected


def test_visits_of_days_long_past_are_forgotten(library: Library) -> None:
    days = ("2026-03-12", "2026-01-11", "2026-01-10", "2025-12-31")
    views = [f"{field}:{day}" for field in ("on", "date") for day in days]
    others = ["date:2025-01", "on:yesterday", "tag:2025-01-01", "date:2025-01-01..2025-02-01"]
    for view in (*views, *others):
        library.visits.end(view, 7)
    kept = [view for view in views if view.endswith(days[:2])]
    assert library.visits.to_dict().keys() == {*kept, *others}


def test_a_visit_is_no_act(library: Library) -> None:
    library.visits.end("is:inbox", 7)
    assert (library.revision, library.history.entries()) == (0, ())


def test_whoever_leaves_while_another_program_writes_waits_a_moment_at_the_most(
    desk: Desk, visits: Visits
) -> None:
    with closing(sqlite3.connect(desk.database.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(LibraryBusyError):
            visits.end("is:inbox", 7)
        assert PATIENCE_SECONDS / 2 < time.monotonic() - began < BUSY_SECONDS / 4
    assert visits.newest("is:inbox") is None
    assert desk.column("PRAGMA busy_timeout") == [1000 * BUSY_SECONDS], "as patient as before"
    visits.end("is:inbox", 7)
    assert visits.newest("is:inbox") == 7

"""Rows are read once as long as nothing changes, and never shown as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from store import reading
from store.changes.change import Change, apply
from store.rowcache import KEPT, RowCache

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conftest import Desk, RecordBuilder

PAPERS = 20


@pytest.fixture
def keys(desk: Desk, record: RecordBuilder) -> tuple[int, ...]:
    return desk.bring_in(*(record(f"Paper {n}") for n in range(PAPERS))).papers


@pytest.fixture
def cache() -> RowCache:
    return RowCache()


def statements_for(desk: Desk, cache: RowCache, keys: Sequence[int]) -> int:
    """Ask for rows; return how many statements that took."""
    statements: list[str] = []
    desk.connection.set_trace_callback(statements.append)
    rows = cache.rows(desk.connection, keys)
    desk.connection.set_trace_callback(None)
    assert rows == reading.rows(desk.connection, keys)
    return len(statements)


def test_rows_that_are_known_take_one_look_at_the_revision(
    desk: Desk, keys: tuple[int, ...], cache: RowCache
) -> None:
    assert statements_for(desk, cache, keys[:10]) == 4
    assert statements_for(desk, cache, keys[:10]) == 1
    assert statements_for(desk, cache, keys[::-1]) == 4
    assert statements_for(desk, cache, (*keys, 10_000, keys[0])) == 4
    assert statements_for(desk, cache, ()) == 1


def test_a_change_is_seen_at_once(desk: Desk, keys: tuple[int, ...], cache: RowCache) -> None:
    statements_for(desk, cache, keys)
    with desk.database.atomic() as connection:
        assert apply(connection, [Change(keys[0], "tag", "inbox", None)])
        assert "inbox" not in cache.rows(connection, keys)[0].tags
    assert "inbox" not in cache.rows(desk.connection, keys)[0].tags
    assert statements_for(desk, cache, keys) == 1


def test_what_is_taken_back_before_its_commit_is_not_remembered(
    desk: Desk, keys: tuple[int, ...], cache: RowCache
) -> None:
    statements_for(desk, cache, keys)
    with pytest.raises(KeyError), desk.database.atomic() as connection:  # noqa: PT012 - what is undone
        assert apply(connection, [Change(keys[0], "tag", "inbox", None)])
        assert "inbox" not in cache.rows(connection, keys)[0].tags
        raise KeyError
    assert "inbox" in cache.rows(desk.connection, keys)[0].tags


def test_rows_are_forgotten_before_they_are_too_many(desk: Desk, record: RecordBuilder) -> None:
    cache = RowCache()
    keys = desk.bring_in(*(record(f"Number {n}") for n in range(KEPT + 2))).papers
    assert statements_for(desk, cache, keys) > 1
    for first in range(0, len(keys), KEPT // 2):
        statements_for(desk, cache, keys[first : first + KEPT // 2])
    assert statements_for(desk, cache, keys[:10]) == 4
    assert statements_for(desk, cache, keys[:10]) == 1

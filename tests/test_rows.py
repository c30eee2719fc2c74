from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from store.days import DayProgress
from store.importers import sources
from store.tagnames import TagEdit
from tui.rows import KEPT, Rows
from tui.sample import sample_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.library import Library

TAG = TagEdit(added=("seen",))


@pytest.fixture
def keys(library: Library) -> tuple[int, ...]:
    report = library.imports.bring_in(sources([sample_path()]))
    return tuple(sorted(library.search(report.query).keys))


@pytest.fixture
def statements(library: Library) -> Iterator[list[str]]:
    """What SQLite is asked on this thread."""
    asked: list[str] = []
    connection = library._database.connection  # noqa: SLF001 no other way to count them
    connection.set_trace_callback(asked.append)
    yield asked
    connection.set_trace_callback(None)


def test_rows_in_sight_take_one_look_into_the_library(
    library: Library, keys: tuple[int, ...], statements: list[str]
) -> None:
    rows = Rows(library)
    rows.fetch(keys[:30])
    assert len(statements) == 4, "for the revision, the tags, the identifiers and the papers"
    for key in keys[:30]:
        row = rows.get(key)
        assert row is not None
        assert row.key == key
    rows.fetch(keys[:30])
    assert len(statements) == 4


def test_only_rows_that_are_missing_are_fetched(
    library: Library, keys: tuple[int, ...], statements: list[str]
) -> None:
    rows = Rows(library)
    rows.fetch(keys[:20])
    statements.clear()
    rows.fetch(keys[15:25])
    assert [asked_for(statement) for statement in statements[1:]] == [keys[20:25]] * 3


def asked_for(statement: str) -> tuple[int, ...]:
    found = re.search(r"IN \(([\d, ]+)\)", statement)
    assert found
    return tuple(map(int, found[1].split(",")))


def test_a_row_is_what_it_was_until_it_is_renewed(library: Library, keys: tuple[int, ...]) -> None:
    rows = Rows(library)
    rows.fetch(keys)
    library.tags.edit(keys[:2], TAG)
    assert not any("seen" in row.tags for key in keys if (row := rows.get(key)))
    assert rows.renew(keys) == keys[:2]
    assert rows.renew(keys) == ()
    assert [key for key in keys if (row := rows.get(key)) and "seen" in row.tags] == [*keys[:2]]


def test_a_paper_that_is_not_there_has_no_row(library: Library) -> None:
    rows = Rows(library)
    assert rows.get(1) is None
    assert rows.renew((1,)) == ()


def test_no_more_rows_are_remembered_than_a_long_list_needs(
    library: Library, keys: tuple[int, ...], statements: list[str]
) -> None:
    rows = Rows(library)
    rows._rows = {-n: row for n in range(KEPT + 1) if (row := rows.get(keys[0]))}  # noqa: SLF001
    rows.fetch(keys[:5])
    statements.clear()
    rows.fetch(keys[:5])
    assert statements == []
    assert len(rows._rows) == 5  # noqa: SLF001


def test_how_far_a_day_is_decided_is_what_it_was_until_rows_are_renewed(
    library: Library, keys: tuple[int, ...], statements: list[str]
) -> None:
    rows = Rows(library)
    shown = library.search("on:2024-06-03").keys
    assert rows.day("2024-06-03") == DayProgress("2024-06-03", 5, 5)
    statements.clear()
    library.tags.edit(shown[:2], TagEdit(removed=("inbox",)))
    statements.clear()
    assert rows.day("2024-06-03").left == 5
    assert statements == []
    rows.renew(keys)
    assert rows.day("2024-06-03").left == 3

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import QuerySyntaxError
from store.query.spans import (
    FIRST_DAY,
    LAST_DAY,
    could_become_days,
    could_become_numbers,
    read_days,
    read_numbers,
)

TODAY = date(2026, 5, 31)
DAYS = st.dates(FIRST_DAY, LAST_DAY)
NUMBERS = st.integers(0, 999_999_999)


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-03-12", "2026-03-12", "2026-03-12"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("2026-W01", "2025-12-29", "2026-01-04"),
        ("2026-w12", "2026-03-16", "2026-03-22"),
        ("2025-01..2025-03", "2025-01-01", "2025-03-31"),
        ("2025..", "2025-01-01", None),
        ("..2025", None, "2025-12-31"),
        ("today", "2026-05-31", "2026-05-31"),
        ("Yesterday", "2026-05-30", "2026-05-30"),
        ("7d", "2026-05-24", "2026-05-31"),
        ("2w", "2026-05-17", "2026-05-31"),
        ("3m", "2026-02-28", "2026-05-31"),
        ("1y", "2025-05-31", "2026-05-31"),
        ("0d", "2026-05-31", "2026-05-31"),
        ("7d..", "2026-05-24", None),
        ("..7d", None, "2026-05-24"),
        ("2w..1w", "2026-05-17", "2026-05-24"),
        (">2025-01-01", "2025-01-02", None),
        (">=2025-01-01", "2025-01-01", None),
        ("<2025-01-01", None, "2024-12-31"),
        ("<=2025-01-01", None, "2025-01-01"),
        (">2025", "2026-01-01", None),
        ("<2025", None, "2024-12-31"),
        ("<=2025-02", None, "2025-02-28"),
        (">7d", "2026-05-25", None),
    ],
)
def test_a_span_is_read_as_its_first_and_last_day(
    text: str, first: str | None, last: str | None
) -> None:
    assert read_days(text, today=TODAY) == (day(first), day(last))


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("50", 50, 50),
        (">50", 51, None),
        (">=50", 50, None),
        ("<50", None, 49),
        ("<=50", None, 50),
        ("<1", None, 0),
        ("10..99", 10, 99),
        ("10..", 10, None),
        ("..99", None, 99),
        ("007", 7, 7),
    ],
)
def test_numbers_are_read_as_their_bounds(text: str, least: int | None, most: int | None) -> None:
    assert read_numbers(text) == (least, most)


@pytest.mark.parametrize(
    ("text", "column", "suggestion"),
    [
        ("", 1, None),
        ("2026-02-30", 1, "2026-02-28"),
        ("2026-13", 1, None),
        ("2026/3/5", 1, "2026-03-05"),
        ("2026-3", 1, "2026-03"),
        ("2026-W54", 1, None),
        ("tody", 1, "today"),
        (">2026-02-30", 2, "2026-02-28"),
        (">=x", 3, None),
        ("2025..2026-02-30", 7, "2026-02-28"),
        ("2025-05..2025-01", 1, "2025-01..2025-05"),
        ("0999", 1, None),
        (">2999", 1, None),
        ("3000-1-1", 1, None),
        ("9999y", 1, None),
        ("99999999d", 1, None),
        ("..", 1, None),
    ],
)
def test_a_text_that_is_no_day_is_an_error_at_its_column(
    text: str, column: int, suggestion: str | None
) -> None:
    for before in (0, 10):
        with pytest.raises(QuerySyntaxError) as caught:
            read_days(text, today=TODAY, column=before + 1)
        assert (caught.value.column, caught.value.suggestion) == (before + column, suggestion)


@pytest.mark.parametrize(
    ("text", "column", "suggestion"),
    [
        ("x", 1, None),
        (">", 2, None),
        (">=x", 3, None),
        ("1e3", 1, None),
        ("-1", 1, None),
        ("<0", 1, None),
        ("10..x", 5, None),
        ("..", 1, None),
        ("99..10", 1, "10..99"),
        ("9" * 5000, 1, None),
        ("٣", 1, None),
    ],
)
def test_a_text_that_is_no_number_is_an_error_at_its_column(
    text: str, column: int, suggestion: str | None
) -> None:
    for before in (0, 10):
        with pytest.raises(QuerySyntaxError) as caught:
            read_numbers(text, column=before + 1)
        assert (caught.value.column, caught.value.suggestion) == (before + column, suggestion)


def test_a_message_cuts_a_long_text() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        read_numbers("9" * 5000)
    assert f"'{'9' * 40}…'" in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        *("2", "20", "7", "365", "to", "Yes", ">", "<=2"),
        *("2025-", "2025-1", "2025-W", "2025-04-3"),
        *("2025.", "..", "2025-06..2025-0", "7d..20", "..to"),
    ],
)
def test_the_beginning_of_days_could_become_days(text: str) -> None:
    assert could_become_days(text, today=TODAY)


@pytest.mark.parametrize(
    "text", ["x", "2025-02-3", "2025-13", "x..20", "2026..2025", "2025-W6", "99999", "today!"]
)
def test_what_begins_no_day_could_not_become_days(text: str) -> None:
    assert not could_become_days(text, today=TODAY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        (">", True),
        ("10.", True),
        ("..", True),
        ("10..9", True),
        ("x", False),
        ("1e3", False),
        ("10...", False),
    ],
)
def test_only_the_beginning_of_numbers_could_become_numbers(text: str, *, expected: bool) -> None:
    assert could_become_numbers(text) is expected


@given(DAYS, DAYS)
def test_any_two_days_in_order_are_read_as_themselves(one: date, other: date) -> None:
    first, last = sorted((one, other))
    assert read_days(f"{first}..{last}", today=TODAY) == (first, last)


@given(DAYS)
def test_every_beginning_of_a_day_is_days_or_could_become_days(whole: date) -> None:
    for length in range(1, len(str(whole))):
        text = str(whole)[:length]
        try:
            read_days(text, today=TODAY)
        except QuerySyntaxError:
            assert could_become_days(text, today=TODAY)


@given(NUMBERS, NUMBERS)
def test_any_two_numbers_in_order_are_read_as_themselves(one: int, other: int) -> None:
    least, most = sorted((one, other))
    assert read_numbers(f"{least}..{most}") == (least, most)

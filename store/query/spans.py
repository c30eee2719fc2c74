"""Reading spans of days and of numbers: `2026-03`, `7d`, `2025-01..2025-03`, `>50`, `10..99`.

    span     = ("<" | "<=" | ">" | ">=") value | [value] ".." [value] | value
    day      = "today" | "yesterday" | count ("d" | "w" | "m" | "y") | year ["-" month ["-" day]]
             | year "-W" week

A count of days, weeks, months or years alone is a span up to today, and in a range the day that
long ago. Weeks are those of ISO 8601. Both bounds of what is read are included.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING

from store.errors import QuerySyntaxError, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import tzinfo

FIRST_DAY = date(1000, 1, 1)
LAST_DAY = date(2999, 12, 31)
"""Days of queries lie between these, so that a day before, after and in UTC always exists."""

_COMPARISON = re.compile(r"^[<>]=?")
_NUMBER = re.compile(r"[0-9]{1,9}")
_NUMBER_BEGUN = re.compile(r"(?:[<>]=?)?[0-9]{0,8}|[0-9]{0,9}\.|[0-9]{0,9}\.\.[0-9]{0,8}")
_AGO = re.compile(r"([0-9]{1,4})([dwmy])")
_WEEK = re.compile(r"([0-9]{4})-w([0-9]{2})")
_CALENDAR = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_LOOSE_DAY = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?")
_NAMED_DAYS = ("today", "yesterday")
# What is missing of a day is looked up in these: one of each form, and of each possible end.
_WHOLE_DAYS = ("2001-01-01", "2001-10-10", "2001-w01", *_NAMED_DAYS)


def read_days(text: str, *, today: date, column: int = 1) -> tuple[date | None, date | None]:
    """Return the first and the last day of `text`, None for a side that is open.

    Raises `QuerySyntaxError` at the part at fault, counted from `column`, that of the first
    character.
    """
    if _AGO.fullmatch(text.lower()):
        text = f"{text}..today"
    first, last = _bounds(text, column, lambda part, at: _read_day(part, at, today))
    for ordinal in (first, last):
        if ordinal is not None and not FIRST_DAY.toordinal() <= ordinal <= LAST_DAY.toordinal():
            raise QuerySyntaxError(
                f"days lie between {FIRST_DAY} and {LAST_DAY}: nothing is beyond", column
            )
    return _day(first), _day(last)


def could_become_days(text: str, *, today: date) -> bool:
    """Tell whether more characters can make days of a text that is none."""
    text = text.lower()
    head, dots, part = text.rpartition("..")
    if head and not _are_days(head, today):
        return False
    if dots and _are_days(part, today):
        return False  # Both bounds are days, so it is their order that is wrong.
    if not dots:
        part = _COMPARISON.sub("", text, count=1).removesuffix(".")
    wholes = (f"{part}d", *(part + whole[len(part) :] for whole in _WHOLE_DAYS))
    return any(_are_days(whole, today) for whole in wholes)


def read_numbers(text: str, *, column: int = 1) -> tuple[int | None, int | None]:
    """Return the least and the greatest number of `text`, None for a side that is open.

    Raises `QuerySyntaxError` as `read_days` does.
    """
    least, most = _bounds(text, column, _read_number)
    if most is not None and most < 0:
        raise QuerySyntaxError("no number is below 0", column)
    return least, most


def times_of(
    first: str | None, last: str | None, zone: tzinfo | None
) -> tuple[str | None, str | None]:
    """Return when the first day begins and when the last one is over: UTC, as `added` has it."""
    start = None if first is None else _midnight(date.fromisoformat(first), zone)
    if last is None:
        return start, None
    return start, _midnight(date.fromisoformat(last) + timedelta(days=1), zone)


def _midnight(day: date, zone: tzinfo | None) -> str:
    local = datetime(day.year, day.month, day.day, tzinfo=zone)
    # Not by strftime: it writes the year 999 with three digits.
    return f"{local.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def could_become_numbers(text: str) -> bool:
    """Tell whether more characters can make numbers of a text that is none."""
    return bool(_NUMBER_BEGUN.fullmatch(text))


def _are_days(text: str, today: date) -> bool:
    try:
        read_days(text, today=today)
    except QuerySyntaxError:
        return False
    return True


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


def _bounds(
    value: str, column: int, read: Callable[[str, int], tuple[int, int]]
) -> tuple[int | None, int | None]:
    """Return the first and the last number of `>a`, `>=a`, `<a`, `<=a`, `a..b`, `a..`, `..b`, `a`.

    `read` gives the numbers that one part stands for, and raises for a part that is none.
    """
    comparison = _COMPARISON.match(value)
    if comparison:
        sign = comparison.group()
        first, last = read(value[len(sign) :], column + len(sign))
        spans: Mapping[str, tuple[int | None, int | None]] = {
            ">": (last + 1, None),
            ">=": (first, None),
            "<": (None, first - 1),
            "<=": (None, last),
        }
        return spans[sign]
    left, dots, right = value.partition("..")
    if not dots:
        return read(value, column)
    if not left and not right:
        raise QuerySyntaxError("'..' needs a bound on one side at least", column)
    least = read(left, column)[0] if left else None
    most = read(right, column + len(left) + len(dots))[1] if right else None
    if least is not None and most is not None and least > most:
        raise QuerySyntaxError(
            "the range ends before it begins", column, suggestion=f"{right}..{left}"
        )
    return least, most


def _read_number(text: str, column: int) -> tuple[int, int]:
    if not _NUMBER.fullmatch(text):
        raise QuerySyntaxError(
            f"'{shown(text)}' is not a number up to 999999999: write 50, >50, <=50 or 10..99",
            column,
        )
    return int(text), int(text)


def _read_day(text: str, column: int, today: date) -> tuple[int, int]:
    """Return the ordinals of the first and the last day of `text`."""
    try:
        first, last = _days(text.lower(), today)
    except (ValueError, OverflowError) as error:
        raise QuerySyntaxError(
            f"'{shown(text)}' is not a day: write 2026-03-12, 2026-03, 2026, 2026-W12, 7d, today",
            column,
            suggestion=_nearest_day(text),
        ) from error
    return first.toordinal(), last.toordinal()


def _days(text: str, today: date) -> tuple[date, date]:
    """Return the first and the last day of `text`; raise `ValueError` or `OverflowError`."""
    if text in _NAMED_DAYS:
        day = today - timedelta(days=_NAMED_DAYS.index(text))
        return day, day
    if ago := _AGO.fullmatch(text):
        day = _before(today, int(ago[1]), ago[2])
        return day, day
    if week := _WEEK.fullmatch(text):
        monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
        return monday, monday + timedelta(days=6)
    match = _CALENDAR.fullmatch(text)
    if not match:
        raise ValueError(text)
    first = date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    if match[3]:
        return first, first
    month = first.month if match[2] else 12
    return first, date(first.year, month, calendar.monthrange(first.year, month)[1])


def _before(day: date, count: int, unit: str) -> date:
    """Return the day that many days, weeks, months or years before; in a shorter month its last."""
    if unit in "dw":
        return day - timedelta(days=count * (7 if unit == "w" else 1))
    months = day.year * 12 + day.month - 1 - count * (12 if unit == "y" else 1)
    year, month = months // 12, months % 12 + 1
    if year < FIRST_DAY.year:
        raise ValueError(day, count, unit)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _nearest_day(text: str) -> str | None:
    """Return the day that `2026-02-30`, `2026/3/5` or `tody` is meant to be, if that is clear."""
    near = get_close_matches(text.lower(), _NAMED_DAYS, n=1)
    match = _LOOSE_DAY.fullmatch(text)
    if near or not match:
        return near[0] if near else None
    year, month = int(match[1]), int(match[2])
    if month not in range(1, 13) or not FIRST_DAY.year <= year <= LAST_DAY.year:
        return None
    if not match[3]:
        return f"{year}-{month:02}"
    day = min(max(int(match[3]), 1), calendar.monthrange(year, month)[1])
    return f"{year}-{month:02}-{day:02}"

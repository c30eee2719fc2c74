"""Days of publication in all the notations of bibliographies.

A library for this would have to be told to guess nothing: what a source leaves open stays open
(`2014//` is a year), and a day whose order nobody can know (`07/04/2015`) is a year alone.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date

_LONGEST = 200
_MOST_FIGURES = 4
_ISO = re.compile(r"(?:1[5-9]|20)\d\d-\d\d-\d\d", re.ASCII)
_YEAR = re.compile(r"(?<!\d)(?P<year>1[5-9]\d\d|20\d\d)(?!\d)", re.ASCII)
_NUMBERS = re.compile(
    r"(?<!\d)(?P<year>\d{4})(?:[-/.\u2010-\u2014](?P<month>\d{1,2})(?!\d)"
    r"(?:[-/.\u2010-\u2014](?P<day>\d{1,2})(?!\d))?)?",
    re.ASCII,
)
_COMPACT = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(
    r"(?:(?<!\d)(?P<before>\d{1,2})(?:st|nd|rd|th)?[\s.,/-]*)?"
    r"(?<![^\W\d_])(?P<month>jan(?=uary|\b|\d)|feb(?=ruary|\b|\d)|mar(?=ch|\b|\d)|apr(?=il|\b|\d)"
    r"|may(?=\b|\d)|jun(?=e|\b|\d)|jul(?=y|\b|\d)|aug(?=ust|\b|\d)|sep(?=t|\b|\d)"
    r"|oct(?=ober|\b|\d)|nov(?=ember|\b|\d)|dec(?=ember|\b|\d))[a-z]*\.?"
    r"(?:[\s.,/-]*(?P<after>\d{1,2})(?:st|nd|rd|th)?(?![\d:]))?",
    re.IGNORECASE | re.ASCII,
)


def to_published(value: object, month: str = "", day: str = "") -> str | None:
    """Return `2019-12-05`, `2019-12` or `2019`, as much as `value` says; None for no year.

    `value` is a text, a year, or a list such as `[2019, 12, 5]`, `month` and `day` what other
    fields say.
    """
    if isinstance(value, list | tuple):
        value = "-".join(str(part) for part in value[:3] if isinstance(part, int | str))
    text = str(value)[:_LONGEST].strip() if isinstance(value, int | str) else ""
    if _ISO.fullmatch(text):  # nearly every one that is a day
        with suppress(ValueError):
            return date.fromisoformat(text).isoformat()
    found = _parts(text)
    if found is None:
        return None
    year, own_month, own_day = found
    if not own_month:
        own_month, beside = _month_of(month)
        own_day = beside or _number(day)
    return _shown(year, own_month, own_day)


def _parts(text: str) -> tuple[int, int, int] | None:
    """Return year, month and day; 0 stands for what is not said."""
    if match := _COMPACT.fullmatch(text):
        return int(match["year"]), int(match["month"]), int(match["day"])
    year = _YEAR.search(text)
    if year is None:
        return None
    match = _NUMBERS.match(text, year.start())
    if match and match["month"]:
        return int(match["year"]), int(match["month"]), int(match["day"] or 0)
    if month := _MONTH.search(text):
        named, day = _month_of(month.group())
        return int(year["year"]), named, day
    return int(year["year"]), 0, 0


def _month_of(text: str) -> tuple[int, int]:
    """Return a month, in words or as a number, and the day beside it."""
    if number := _number(text):
        return number, 0
    match = _MONTH.search(text[:_LONGEST])
    if match is None:
        return 0, 0
    number = _MONTHS.index(match["month"].lower()) + 1
    return number, int(match["before"] or match["after"] or 0)


def _number(text: str) -> int:
    """Return the number of a month or a day, 0 for what can be none."""
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) <= _MOST_FIGURES else 0


def _shown(year: int, month: int, day: int) -> str:
    if not 1 <= month <= len(_MONTHS):
        return f"{year:04}"
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return f"{year:04}-{month:02}"

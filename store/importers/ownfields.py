"""Typed reading of our own JSON: a value of the wrong type is a `ValueError` that names its key."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from store.importers.fields import to_count, to_day
from store.text import clean_line

if TYPE_CHECKING:
    from store.importers.fields import Raw

_TIME = "%Y-%m-%dT%H:%M:%SZ"
_PARTIAL_DAY = re.compile(r"[12]\d{3}(?:-(?:0[1-9]|1[0-2]))?", re.ASCII)


def own_text(raw: Raw, key: str) -> str:
    """Return a text; '' where there is none."""
    value = raw.get(key)
    if not isinstance(value, str | None):
        raise wrong(key, "a text")
    return value or ""


def own_texts(raw: Raw, key: str) -> tuple[str, ...]:
    """Return a list of texts as they are."""
    value = raw.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise wrong(key, "a list of texts")
    return tuple(value)


def own_lines(raw: Raw, key: str) -> tuple[str, ...]:
    """Return a list of texts, each on one clean line."""
    return tuple(filter(None, map(clean_line, own_texts(raw, key))))


def own_objects(raw: Raw, key: str) -> list[dict[str, Any]]:
    """Return a list of objects."""
    value = raw.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
        raise wrong(key, "a list of objects")
    return value


def own_count(raw: Raw, key: str) -> int | None:
    """Return a count."""
    value = raw.get(key)
    number = to_count(value)
    if number is None and value is not None:
        raise wrong(key, "a count")
    return number


def own_day(raw: Raw, key: str) -> str | None:
    """Return a day, or a month or year where the source has no more."""
    value = own_text(raw, key).strip()
    if not value or _PARTIAL_DAY.fullmatch(value):
        return value or None
    day = to_day(value)
    if day is None:
        raise wrong(key, "a day such as 2026-03-12")
    return day


def own_time(raw: Raw, key: str) -> str:
    """Return a time of UTC, to the second, or ''."""
    value = own_text(raw, key).strip()
    if not value:
        return ""
    try:
        return datetime.strptime(value, _TIME).replace(tzinfo=UTC).strftime(_TIME)
    except ValueError as error:
        raise wrong(key, "a time such as 2026-03-12T08:00:00Z") from error


def wrong(key: str, expected: str) -> ValueError:
    """Return the error of a value that is not what was expected."""
    return ValueError(f"'{key}' is not {expected}")

"""Typed reading of raw JSON, in which any key may be missing and any value of another type.

The readers here are lenient: they take a value of the wrong type for a missing one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeAlias

from store.links import is_safe_url
from store.models import Link, LinkKind
from store.text import clean_line

Raw: TypeAlias = Mapping[str, Any]

MOST_VALUES = 2_000_000
"""Values of one text of JSON, by its commas: an empty one takes twenty times its length."""

_DECODER = json.JSONDecoder(strict=False)
_LARGEST_COUNT = 10**12
_DAY = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})(?:[T ].*)?", re.ASCII | re.DOTALL)


class JsonError(ValueError):
    """A text that is no JSON; its message says where it breaks."""


def parse_json(text: str) -> Any:
    """Return what `text` holds; raw control characters within strings are let through."""
    if has_too_many_values(text):
        raise JsonError(f"can't be read: it holds more than {MOST_VALUES:,} values")
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        is_cut = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        what = "is cut short" if is_cut else "is damaged"
        where = f"line {error.lineno}, column {error.colno}"
        raise JsonError(f"{what}: the JSON breaks off at {where}") from error
    except RecursionError as error:
        raise JsonError("can't be read: its JSON is nested too deeply") from error
    except ValueError as error:  # a number of thousands of digits
        raise JsonError("can't be read: a number in it has thousands of figures") from error


def has_too_many_values(text: str) -> bool:
    """Tell whether a text of JSON may take more memory than there is."""
    return len(text) > MOST_VALUES and text.count(",") > MOST_VALUES


def find_text(raws: Iterable[Raw], *keys: str) -> str:
    """Return the first text under any of `keys` that is not blank, as it is; else ''."""
    for raw in raws:
        for key in keys:
            value = raw.get(key)
            if isinstance(value, str) and value.strip():
                return value
    return ""


def find_count(raws: Iterable[Raw], *keys: str) -> int | None:
    """Return the first number under any of `keys` that can be a count."""
    for raw in raws:
        for key in keys:
            value = to_count(raw.get(key))
            if value is not None:
                return value
    return None


def find_day(raws: Iterable[Raw], *keys: str) -> str | None:
    """Return the first day, or day of a time, under any of `keys`."""
    for raw in raws:
        for key in keys:
            day = to_day(raw.get(key))
            if day is not None:
                return day
    return None


def find_lines(raws: Iterable[Raw], key: str) -> tuple[str, ...]:
    """Return the first list under `key` that holds texts, each cleaned and taken once."""
    for raw in raws:
        value = raw.get(key)
        if isinstance(value, list):
            lines = (clean_line(part) for part in value if isinstance(part, str))
            found = tuple(dict.fromkeys(filter(None, lines)))
            if found:
                return found
    return ()


def to_count(value: object) -> int | None:
    """Return a number from 0 to a trillion, else None: a larger one does not fit a database."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # Not-a-number is in no range, and infinity in none that ends.
    return int(value) if 0 <= value <= _LARGEST_COUNT else None


def to_day(value: object) -> str | None:
    """Return the day of `2026-03-12` or of a time on that day, else None."""
    match = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        return date.fromisoformat(match["day"]).isoformat()
    except ValueError:
        return None


def to_link(kind: LinkKind, value: object) -> Link | None:
    """Return a link that may be opened, else None."""
    url = value.strip() if isinstance(value, str) else ""
    return Link(kind, url) if is_safe_url(url) else None

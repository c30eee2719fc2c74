"""How a message quotes what is wrong, and what it says was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from store.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_SHOWN = 40


def quoted(value: Any) -> str:
    """Return a value as a message shows it: one short line, texts in quotes."""
    written = str(value).lower() if isinstance(value, bool) else str(value)
    shown = shortened(clean_line(written), _LONGEST_SHOWN)
    return f"'{shown}'" if isinstance(value, str) else shown


def shortened(line: str, length: int) -> str:
    """Return a line that is cut after `length` characters."""
    return line if len(line) <= length else f"{line[:length]}…"


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?` with the nearest of the known names, or nothing."""
    # Needed only beside a mistake, and costs 9 ms of start-up.
    from difflib import get_close_matches

    nearest = get_close_matches(name.lower(), list(known), n=1)
    return f"; did you mean '{nearest[0]}'?" if nearest else ""

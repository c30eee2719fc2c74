"""What the browser takes up again where it was left: one small JSON file for each library."""

from __future__ import annotations

import json
import math
import os
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from store.privatefiles import read_privately, write_privately
from store.text import clean_line
from tui.config.values import THEMES
from tui.state import NARROWEST_SHARE, WIDEST_SHARE

if TYPE_CHECKING:
    from pathlib import Path

    from tui.state import ViewState

MOST_SEARCHES = 100
LONGEST_TEXT = 10_000
"""Characters of a query; a longer one is not kept."""

_LARGEST_FILE = 4_000_000
_LARGEST_NUMBER = 2**63 - 1
"""SQLite's."""


@dataclass(frozen=True, slots=True)
class Session:
    """How the browser was left."""

    day: str = ""
    """The local day, in ISO form; empty where nothing was kept."""
    text: str | None = None
    """The query, which may be empty for every paper; None where none was kept."""
    key: int | None = None
    """The selected paper."""
    top: int = 0
    """The first line of the list in sight."""
    beside: float | None = None
    """The list's share of the width where the abstract stands beside it; None if never set."""
    stacked: float | None = None
    """The list's share of the height where the abstract stands below it; None as above."""
    is_sidebar_shown: bool = False
    theme: str | None = None
    """The one that the reader chose, of `THEMES`; None for what the configuration says."""
    searches: tuple[str, ...] = ()
    """The latest, the newest last."""

    @classmethod
    def of(
        cls, state: ViewState, searches: tuple[str, ...], theme: str | None, today: date
    ) -> Session:
        """Return what the next browser takes up of one that is left in `state`."""
        return cls(
            day=today.isoformat(),
            text=state.text,
            key=state.list.key,
            top=state.list.top,
            beside=state.split.beside,
            stacked=state.split.stacked,
            is_sidebar_shown=state.is_sidebar_shown,
            theme=theme,
            searches=searches,
        )

    def afresh(self) -> Session:
        """Return what the next browser takes up where this one broke down: no query, no paper."""
        return replace(self, day="", text=None, key=None, top=0)

    def opening(self, today: date, default_text: str) -> Session:
        """Return what the browser opens with: a new day begins with `default_text`.

        What the reader arranged stays: split, theme, sidebar and the history of searches.
        """
        if self.day == today.isoformat() and self.text is not None:
            return self
        return replace(self, day=today.isoformat(), text=default_text, key=None, top=0)


def read_session(file: Path) -> Session:
    """Return the session that a file keeps; what it does not hold, or wrongly, is a default."""
    try:
        data = read_privately(file, _LARGEST_FILE + 1)
        found = json.loads(data) if len(data) <= _LARGEST_FILE else None
    except (OSError, ValueError, RecursionError):
        return Session()
    if not isinstance(found, dict):
        return Session()
    values: dict[str, Any] = {
        name: read(found[name]) for name, read in _READERS.items() if name in found
    }
    return replace(Session(), **{name: one for name, one in values.items() if one is not None})


def write_session(file: Path, session: Session) -> os.stat_result | None:
    """Keep a session, whole or not at all; return what was written, None where that failed.

    A failure is no more than a browser that opens afresh, and is never raised. The file is for its
    owner only, and so is its folder.
    """
    kept = replace(session, searches=session.searches[-MOST_SEARCHES:])
    try:
        data = json.dumps(asdict(kept), indent=1).encode("ascii")
        return write_privately(file, data, durably=True)
    except OSError:
        return None


def is_written(file: Path, written: os.stat_result) -> bool:
    """Tell whether a file is what `write_session` returned, and not what another wrote since."""
    try:
        found = file.stat()
    except OSError:
        return False
    # Being put in its place may have changed the time of its entry.
    return os.path.samestat(found, written) and found.st_mtime_ns == written.st_mtime_ns


# Each returns None for what is none of its kind.


def _day(value: Any) -> str | None:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        return None


def _text(value: Any) -> str | None:
    is_kept = isinstance(value, str) and len(value) <= LONGEST_TEXT
    return clean_line(value) if is_kept else None


def _whole(value: Any) -> int | None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return value if is_whole and 0 <= value <= _LARGEST_NUMBER else None


def _share(value: Any) -> float | None:
    if not isinstance(value, float) or not math.isfinite(value):
        return None
    return min(max(value, NARROWEST_SHARE), WIDEST_SHARE)


def _truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _theme(value: Any) -> str | None:
    return value if isinstance(value, str) and value in THEMES else None


def _searches(value: Any) -> tuple[str, ...] | None:
    if not isinstance(value, list):
        return None
    texts = (_text(one) for one in value[-MOST_SEARCHES:])
    return tuple(text for text in texts if text)


_READERS = {
    "day": _day,
    "text": _text,
    "key": _whole,
    "top": _whole,
    "beside": _share,
    "stacked": _share,
    "is_sidebar_shown": _truth,
    "theme": _theme,
    "searches": _searches,
}

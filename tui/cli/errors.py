"""What a command comes to: its exit status, and the errors of the command line itself."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Status(IntEnum):
    """The exit statuses, as scripts rely on them."""

    DONE = 0
    NOTHING_FOUND = 1
    WRONG = 2
    """The command or the query."""
    REFUSED = 3
    """Some records, while the others went in."""
    UNUSABLE = 4
    """The library."""
    FAULTY = 5
    """Something that `doctor` looked at."""
    BROKEN = 70
    """The program itself, as sysexits(3) has it: an error that nobody foresaw."""
    INTERRUPTED = 130
    """By ctrl+c: what a shell gives for a program ended by SIGINT."""
    READER_GONE = 141
    """Whoever read our output went away: what a shell gives for SIGPIPE."""


class CommandError(Exception):
    """A command that can't be carried out as it is written; `status` is what it exits with."""

    def __init__(self, message: str, status: Status = Status.WRONG) -> None:
        self.status = status
        super().__init__(message)


class BrokenError(Exception):
    """A browser that ended by an error of its own, its cause; what can't be kept is `lost`."""

    def __init__(self, theme: str, lost: Sequence[str]) -> None:
        self.theme = theme
        self.lost = tuple(lost)
        super().__init__("the browser had to end")


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?` with the nearest of the known names, or nothing."""
    # Needed only beside a mistake, and costs 9 ms of start-up.
    from difflib import get_close_matches

    nearest = get_close_matches(name, list(known), n=1)
    return f"; did you mean '{nearest[0]}'?" if nearest else ""

"""Files that a command names, of which '-' is the standard input or output."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tui.cli.output import say

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

STANDARD = "-"


def input_name(word: str) -> str:
    """Return what messages call an input."""
    return "standard input" if word == STANDARD else word


def opened_input(word: str, what: str) -> AbstractContextManager[IO[bytes]]:
    """Open an input; a person at the keyboard is told that `what` is awaited. Raises `OSError`."""
    if word != STANDARD:
        return Path(word).open("rb")
    if sys.stdin.isatty():
        say(f"reading {what} from the keyboard: ctrl+d ends them")
    return nullcontext(sys.stdin.buffer)

"""Reading lists of decisions, and telling what is wrong with them."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from tui.cli.output import say
from tui.format import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.errors import DecisionSyntaxError

NAMED_LINES = 20
"""So many wrong lines are named."""
_LONGEST_LINE = 1_000_000
"""Bytes: what has longer lines is no text, and is not read as a whole to be refused."""


def lines_of(stream: IO[bytes]) -> Iterator[str]:
    """Yield the lines of a file; bytes that are no UTF-8 are surrogates, which no list may have."""
    while line := stream.readline(_LONGEST_LINE):
        yield line.decode(errors="surrogateescape")


def say_refused(
    refused: Sequence[DecisionSyntaxError], name: str, end: str = "nothing was changed"
) -> None:
    """Name the wrong lines of a list, and what follows from them."""
    for error in refused[:NAMED_LINES]:
        say(f"paperdeck: {name}: {error}")
    more = len(refused) - NAMED_LINES
    if more > 0:
        say(f"paperdeck: {name}: … and {counted(more, 'more wrong line')}")
    say(end)

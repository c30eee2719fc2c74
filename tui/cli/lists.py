"""Reading lists of decisions, and telling what is wrong with them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from tui.cli.arguments import words_of
from tui.cli.errors import CommandError
from tui.cli.output import say
from tui.cli.standard import input_name, opened_input
from tui.format import counted

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator, Sequence

    from store.errors import DecisionSyntaxError

NAMED_LINES = 20
"""So many wrong lines are named."""
_LONGEST_LINE = 64_000_000
"""Bytes: what has longer lines is no text that anybody wrote, and is refused in parts."""


def one_file(options: Namespace, command: str, such_as: str) -> str:
    """Return the one file that a command is given; raise `CommandError` for none, or several."""
    words = words_of(options)
    if len(words) != 1:
        raise CommandError(
            f"'{command}' takes one file, or '-' for the standard input,"
            f" such as: paperdeck {command} {such_as}"
        )
    return words[0]


@contextmanager
def opened_list(word: str, kind: str) -> Iterator[IO[bytes]]:
    """Open a list that the reader names; raise `CommandError` where it can't be read."""
    try:
        with opened_input(word, kind) as stream:
            yield stream
    except OSError as error:
        reason = error.strerror or error
        raise CommandError(f"'{input_name(word)}' can't be read: {reason}") from error


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

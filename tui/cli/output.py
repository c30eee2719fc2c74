"""What the command line writes: results to the output, talk to the error stream."""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

from store.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDEST_TEXT = 88
"""Cells: longer lines tire the eye."""


def take_any_text() -> None:
    """Let no character that the terminal's encoding lacks end the program."""
    if sys.stdout is None:  # closed by whoever started us, as by `>&-`
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def tell(line: str) -> None:
    """Write a line of results, made safe for any terminal."""
    sys.stdout.write(f"{clean_line(line)}\n")


def tell_parts(parts: Iterable[str]) -> None:
    """Write results that are safe already, as they stand."""
    sys.stdout.writelines(parts)


def tell_data(parts: Iterable[str]) -> None:
    """Write results for programs, in UTF-8, whatever the terminal's encoding is."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="\n")
    sys.stdout.writelines(parts)


def say(line: str) -> None:
    """Tell the reader something beside the results, unless the terminal is gone."""
    try:
        # Results that came before it stand before it, where both streams are one terminal.
        sys.stdout.flush()
        sys.stderr.write(f"{clean_line(line)}\n")
        sys.stderr.flush()
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        for stream in (sys.stdout, sys.stderr):
            leave_output(stream)


def is_read_by_person() -> bool:
    """Tell whether results go to a terminal."""
    return sys.stdout.isatty()


def text_width() -> int:
    """Return how wide a text may be set: the terminal's width, up to `WIDEST_TEXT`."""
    # Costs 10 ms of start-up, and lists of results need no width.
    from shutil import get_terminal_size

    return max(20, min(WIDEST_TEXT, get_terminal_size().columns))


def leave_output(stream: TextIO | None = None) -> None:
    """Forget what is still to be written, to the output if to no other: whoever read it is gone."""
    # Or Python would try once more as it ends, and complain.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, (stream or sys.stdout).fileno())
    os.close(nowhere)

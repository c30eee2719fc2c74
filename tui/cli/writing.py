"""Writing files that are there already, and that somebody may be reading."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli.asking import is_agreed
from tui.cli.errors import CommandError, Status
from tui.cli.output import say
from tui.outside import files
from tui.outside.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def write_file(path: Path, parts: Iterable[str]) -> None:
    """Write a file as a whole, or leave the one that is there; raise `CommandError`."""
    try:
        files.write_file(path, parts)
    except FileError as error:
        raise CommandError(str(error), Status.UNUSABLE) from error


def may_write(path: Path, *, overwrite: bool) -> bool:
    """Tell whether a file may be written: one that is there is asked for, or has to be named so.

    Raises `CommandError` where nobody can be asked.
    """
    # A device or a pipe has nothing that could be lost.
    if overwrite or not path.is_file():
        return True
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise CommandError(f"'{path}' is there already: --overwrite replaces it")
    if is_agreed(f"'{path}' is there already: write over it?"):
        return True
    say(f"'{path}' stays as it is")
    return False


def format_of_output(
    output: str, format_of_name: Callable[[str], str | None], formats: Iterable[str]
) -> str | None:
    """Return the format that the output's name tells.

    None for a name without an end, and for a device or a pipe. Raises `CommandError` for a name
    that tells none of `formats`.
    """
    path = Path(output)
    name = format_of_name(path.name)
    if name or not path.suffix or (path.exists() and not path.is_file()):
        return name
    raise CommandError(
        f"--output: no format has names that end with '{path.suffix}': say which one with --format"
        f" ({', '.join(formats)})"
    )

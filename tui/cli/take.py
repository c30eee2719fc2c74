"""Taking papers out: `export`."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from store.exporters import EXPORTERS
from tui.cli.arguments import query_text
from tui.cli.asking import find, read_query, say_nothing_found
from tui.cli.errors import CommandError, Status, suggestion
from tui.cli.opening import open_present_library
from tui.cli.output import say, tell_data
from tui.format import counted

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable

STANDARD_OUTPUT = "-"


def export(options: Namespace) -> Status:
    """Write what a query finds; where it finds nothing, the file stays as it is."""
    if options.format not in EXPORTERS:
        raise CommandError(
            f"--format: there is no format '{options.format}'"
            f"{suggestion(options.format, EXPORTERS)} (there is {', '.join(EXPORTERS)})"
        )
    with open_present_library(options.library) as library:
        query = read_query(library, query_text(options))
        result = find(library, query, completely=True)
        if not result.keys:
            say_nothing_found(library, result)
            return Status.NOTHING_FOUND
        parts = EXPORTERS[options.format](library.papers(result.keys))
        if options.output == STANDARD_OUTPUT:
            tell_data(parts)
        else:
            _write(Path(options.output), parts)
            say(f"{counted(len(result.keys), 'paper')} written to '{options.output}'")
    return Status.DONE


def _write(path: Path, parts: Iterable[str]) -> None:
    """Write a file as a whole, or leave the one that is there; raise `CommandError`."""
    try:
        if path.exists() and not path.is_file():
            # Such as a named pipe: there is nothing to replace.
            with path.open("w", encoding="utf-8") as stream:
                stream.writelines(parts)
            return
        # A link stays one, and what it leads to is replaced.
        _replace(path.resolve(), parts)
    except OSError as error:
        raise CommandError(f"'{path}' can't be written: {error.strerror or error}") from error


def _replace(path: Path, parts: Iterable[str]) -> None:
    written = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        # Exclusively: nobody else's file of that name is ours to write.
        with written.open("x", encoding="utf-8", newline="\n") as stream:
            stream.writelines(parts)
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            written.chmod(path.stat().st_mode & 0o777)
        written.replace(path)
    except FileExistsError:
        raise
    except BaseException:
        with suppress(OSError):
            written.unlink()
        raise

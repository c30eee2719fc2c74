"""Taking papers out: `export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from store.exporters import EXPORTERS
from tui.cli.arguments import query_text
from tui.cli.asking import find, read_query, say_nothing_found
from tui.cli.errors import CommandError, Status, suggestion
from tui.cli.opening import open_present_library
from tui.cli.output import say, tell_data
from tui.cli.writing import write_file
from tui.format import counted

if TYPE_CHECKING:
    from argparse import Namespace

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
        parts = EXPORTERS[options.format].write(library.papers(result.keys))
        if options.output == STANDARD_OUTPUT:
            tell_data(parts)
        else:
            write_file(Path(options.output), parts)
            say(f"{counted(len(result.keys), 'paper')} written to '{options.output}'")
    return Status.DONE

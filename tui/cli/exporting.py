"""Taking papers out: `export`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from store.exporters import EXPORTERS, format_of_name
from tui.cli.arguments import query_text
from tui.cli.asking import find, is_agreed, read_query, say_nothing_found
from tui.cli.errors import CommandError, Status, suggestion
from tui.cli.opening import open_present_library
from tui.cli.output import say, tell_data
from tui.cli.writing import write_file
from tui.format import counted

if TYPE_CHECKING:
    from argparse import Namespace

    from store.exporters import ExportFormat

STANDARD_OUTPUT = "-"
USUAL_FORMAT = "jsonl"


def export(options: Namespace) -> Status:
    """Write what a query finds; where it finds nothing, the file stays as it is."""
    form = _form(options)
    if options.copy and options.output != STANDARD_OUTPUT:
        raise CommandError("--copy and --output are two places: give one of them")
    with open_present_library(options.library) as library:
        query = read_query(library, query_text(options))
        result = find(library, query, completely=True)
        if not result.keys:
            say_nothing_found(library, result)
            return Status.NOTHING_FOUND
        number = counted(len(result.keys), "paper")
        parts = form.write(library.papers(result.keys, cited=form.cites))
        if options.copy:
            return _copy("".join(parts), number, options)
        if options.output == STANDARD_OUTPUT:
            tell_data(parts)
        elif not may_write(Path(options.output), overwrite=options.overwrite):
            return Status.NOTHING_FOUND
        else:
            write_file(Path(options.output), parts)
            say(f"{number} written to '{options.output}'")
    return Status.DONE


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


def _form(options: Namespace) -> ExportFormat:
    """Return the format that is asked for, else that which the file's name tells."""
    name = options.format
    if name is not None and options.template is not None:
        raise CommandError("--format and --template are two forms: give one of them")
    if options.template is not None or (name is not None and "{" in name):
        # Needed for this alone.
        from tui.cli.templates import read_template, template_in_file

        return template_in_file(options.template) if name is None else read_template(name)
    if name is None:
        name = _format_of_output(options.output)
    if name not in EXPORTERS:
        raise CommandError(
            f"--format: there is no format '{name}'{suggestion(name, EXPORTERS)}"
            f" (there is {', '.join(EXPORTERS)}, or a template such as '{{key}}: {{title}}')"
        )
    return EXPORTERS[name]


def _format_of_output(output: str) -> str:
    """Return the format that the output's name tells; raise `CommandError` where it tells another.

    A name without an end, and a device or a pipe, take the usual one.
    """
    path = Path(output)
    name = format_of_name(path.name)
    if name or not path.suffix or (path.exists() and not path.is_file()):
        return name or USUAL_FORMAT
    raise CommandError(
        f"--output: no format has names that end with '{path.suffix}': say which one with --format"
        f" ({', '.join(EXPORTERS)})"
    )


def _copy(text: str, number: str, options: Namespace) -> Status:
    # Needed for this alone.
    from tui.cli.copying import copy

    copied = copy(text.rstrip("\n"), options.library)
    say(f"{number} · {copied.line}")
    return Status.DONE if copied.is_taken else Status.UNUSABLE

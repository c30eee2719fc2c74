"""Taking papers out: `export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from store.exporters import EXPORTERS, format_of_name
from tui.cli.arguments import query_text
from tui.cli.asking import find, read_query, say_nothing_found
from tui.cli.errors import CommandError, Status, suggestion
from tui.cli.opening import open_present_library
from tui.cli.output import say, tell_data
from tui.cli.standard import STANDARD
from tui.cli.writing import format_of_output, may_write, write_file
from tui.format import counted

if TYPE_CHECKING:
    from argparse import Namespace

    from store.exporters import ExportFormat

USUAL_FORMAT = "jsonl"


def export(options: Namespace) -> Status:
    """Write what a query finds; where it finds nothing, the file stays as it is."""
    form = _form(options)
    if options.copy and options.output != STANDARD:
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
        if options.output == STANDARD:
            tell_data(parts)
        elif not may_write(Path(options.output), overwrite=options.overwrite):
            return Status.NOTHING_FOUND
        else:
            write_file(Path(options.output), parts)
            say(f"{number} written to '{options.output}'")
    return Status.DONE


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
        name = format_of_output(options.output, format_of_name, EXPORTERS) or USUAL_FORMAT
    if name not in EXPORTERS:
        raise CommandError(
            f"--format: there is no format '{name}'{suggestion(name, EXPORTERS)}"
            f" (there is {', '.join(EXPORTERS)}, or a template such as '{{key}}: {{title}}')"
        )
    return EXPORTERS[name]


def _copy(text: str, number: str, options: Namespace) -> Status:
    # Needed for this alone.
    from tui.cli.copying import copy

    copied = copy(text.rstrip("\n"), options.library)
    say(f"{number} · {copied.line}")
    return Status.DONE if copied.is_taken else Status.UNUSABLE

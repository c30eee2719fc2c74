"""Templates that a reader gives: as a text, or in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from store.errors import TemplateError
from tui.cli.errors import CommandError

if TYPE_CHECKING:
    from store.exporters import ExportFormat

LONGEST_TEMPLATE = 100_000
"""Bytes: what is longer is no template."""


def read_template(text: str, place: str = "--format", *, has_escapes: bool = True) -> ExportFormat:
    r"""Return the format that a template makes; raise `CommandError` with where it was given.

    With escapes, `\t` is a tab and `\n` a line break.
    """
    # Needed for this alone.
    from store.exporters.template import format_of

    try:
        return format_of(text, has_escapes=has_escapes)
    except TemplateError as error:
        raise CommandError(f"{place}: {error}") from error


def template_in_file(name: str) -> ExportFormat:
    """Return the format that the template in a file makes; raise `CommandError`."""
    try:
        with Path(name).open("rb") as stream:
            data = stream.read(LONGEST_TEMPLATE + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"'{name}' can't be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"'{name}' is not UTF-8 text: is it a template?") from error
    if len(data) > LONGEST_TEMPLATE:
        raise CommandError(f"'{name}' is longer than {LONGEST_TEMPLATE:,} bytes: is it a template?")
    # There, tabs and line breaks are themselves, and `\textbf` is LaTeX.
    text = text.replace("\r\n", "\n").removesuffix("\n")
    return read_template(text, f"'{name}'", has_escapes=False)

"""The reader's decisions as text: `dump` and `restore`."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING

from store.errors import DecisionSyntaxError, shown
from tui.cli.arguments import words_of
from tui.cli.errors import CommandError, Status
from tui.cli.opening import open_present_library
from tui.cli.output import say, tell, tell_data
from tui.cli.standard import STANDARD, input_name, opened_input
from tui.cli.writing import write_file
from tui.format import counted

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

    from store.decisions.restoring import RestoreReport

_NAMED = 3
"""So many papers that the library does not have are named."""
_LONGEST_LINE = 1_000_000
"""Bytes: what has longer lines is no text, and is not read as a whole to be refused."""


def dump(options: Namespace) -> Status:
    """Write the decisions and views."""
    words = words_of(options)
    if len(words) > 1:
        raise CommandError(f"'dump' writes one file: leave '{shown(words[1])}' out")
    target = words[0] if words else STANDARD
    with open_present_library(options.library) as library:
        if target == STANDARD:
            tell_data(library.decisions.dump())
        else:
            write_file(Path(target), library.decisions.dump())
            say(f"the decisions on {counted(len(library), 'paper')} written to '{target}'")
    return Status.DONE


def restore(options: Namespace) -> Status:
    """Decide as the lines of a dump say: all of them, or none if one is wrong."""
    words = words_of(options)
    if len(words) != 1:
        raise CommandError(
            "'restore' takes one file, or '-' for the standard input,"
            " such as: paperdeck restore decisions.txt"
        )
    name = input_name(words[0])
    with open_present_library(options.library) as library:
        try:
            with opened_input(words[0], "decisions") as stream:
                # All of them first: whoever writes them may take their time.
                lines = list(_lines(stream))
            report = library.decisions.restore(lines, adding=options.add, label=f"restore {name}:")
        except OSError as error:
            raise CommandError(f"'{name}' can't be read: {error.strerror or error}") from error
        except DecisionSyntaxError as error:
            raise CommandError(f"{name}: {error} (nothing was changed)") from error
    _tell_report(report, name)
    return Status.REFUSED if report.unknown else Status.DONE


def _lines(stream: IO[bytes]) -> Iterator[str]:
    """Yield the lines of a file; raise `DecisionSyntaxError` for one that is not UTF-8."""
    number = 0
    while line := stream.readline(_LONGEST_LINE):
        number += 1
        try:
            yield line.decode()
        except UnicodeDecodeError as error:
            raise DecisionSyntaxError(
                number, "it is not UTF-8 text: is this a list of decisions?"
            ) from error


def _tell_report(report: RestoreReport, name: str) -> None:
    if report.unknown:
        named = ", ".join(shown(one.title or one.target) for one in report.unknown[:_NAMED])
        more = ", …" if len(report.unknown) > _NAMED else ""
        number = counted(len(report.unknown), "decision")
        say(f"{number} left out, on papers that the library does not have: {named}{more}")
    changed = [
        counted(number, noun)
        for number, noun in ((len(report.changed), "paper"), (report.views, "view"))
        if number
    ]
    if changed:
        tell(f"restored {name}: {' and '.join(changed)} changed · paperdeck undo takes it back")
    else:
        others = "other " if report.unknown else ""
        tell(f"nothing changed: all {others}decisions of {name} hold already")

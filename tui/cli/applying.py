"""Carrying out a list of edits: `apply`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.decisions.lines import EDITS_HEADER
from store.decisions.replies import edit_lines
from store.errors import EditsRefusedError, ReplyError, shown
from tui.cli.errors import CommandError, Status
from tui.cli.lists import one_file, opened_list, say_refused
from tui.cli.opening import open_present_library
from tui.cli.output import tell
from tui.cli.standard import input_name
from tui.format import counted

if TYPE_CHECKING:
    from argparse import Namespace

    from store.decisions.applying import ApplyReport

LONGEST_LIST = 32_000_000
"""Bytes: what is longer is no list that anybody wrote."""


def apply(options: Namespace) -> Status:
    """Decide as a list of edits says: all of its lines, or none if one is wrong."""
    word = one_file(options, "apply", "todo.txt")
    name = input_name(word)
    with open_present_library(options.library) as library:
        try:
            lines = edit_lines(_read(word, name))
            report = library.decisions.apply(lines, label=f"apply {name}:")
        except ReplyError as error:
            raise CommandError(f"{name}: {error} (nothing was changed)") from error
        except EditsRefusedError as error:
            if not any(map(_is_edit, lines)):
                raise CommandError(
                    f"{name}: is no list of edits, which has lines such as"
                    " '+tag -tag -- arxiv:2401.01234' (nothing was changed)"
                ) from error
            say_refused(error.refused, name)
            return Status.WRONG
    _tell_report(report, name)
    return Status.DONE


def _read(word: str, name: str) -> bytes:
    with opened_list(word, "edits") as stream:
        data = stream.read(LONGEST_LIST + 1)
    if len(data) > LONGEST_LIST:
        raise CommandError(f"'{name}' has more than {LONGEST_LIST:,} bytes: is it a list of edits?")
    return data


def _is_edit(line: str) -> bool:
    """Tell whether a line may be meant as one of a list of edits, right or wrong."""
    begins = ("+", "-", "note ", "view ", "join ", "apart ")
    return line.strip() == EDITS_HEADER or line.lstrip().startswith(begins)


def _tell_report(report: ApplyReport, name: str) -> None:
    changed = [
        counted(number, noun)
        for number, noun in ((len(report.changed), "paper"), (report.views, "view"))
        if number
    ]
    if changed:
        tell(f"applied {name}: {' and '.join(changed)} changed · paperdeck undo takes it back")
    elif report.said:
        tell(f"nothing changed: all of {shown(name)} holds already")
    else:
        tell(f"nothing changed: {shown(name)} has no edits")

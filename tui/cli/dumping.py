"""The reader's decisions as text: `dump`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from store.errors import shown
from tui.cli.arguments import words_of
from tui.cli.errors import CommandError, Status
from tui.cli.opening import open_present_library
from tui.cli.output import say, tell_data
from tui.cli.standard import STANDARD
from tui.cli.writing import write_file
from tui.format import counted

if TYPE_CHECKING:
    from argparse import Namespace


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

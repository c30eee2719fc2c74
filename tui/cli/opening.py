"""Opening the library that a command works with."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from store.errors import LibraryError
from store.library import Library
from store.record import FILE_NAME
from store.wholefiles import is_alive
from tui.cli.errors import CommandError, Status
from tui.locations import Locations, find_locations, index_folder, is_told_on_network

if TYPE_CHECKING:
    from pathlib import Path

COMMAND_LINE = "command line"
"""The program that the journal names: every command takes back what any of them did."""


def locate(named: Path | None) -> Locations:
    """Return the folders to work with; `named` is the library's, if the command names it."""
    try:
        return find_locations(os.environ, named)
    except RuntimeError as error:
        raise CommandError(
            "there is no home folder to keep a library in: name one with --library DIR",
            Status.UNUSABLE,
        ) from error


def open_library(named: Path | None, program: str = COMMAND_LINE) -> Library:
    """Open the library of a command; raise `CommandError` or a `LibraryError` if that fails."""
    return looked_after(open_at(locate(named), program))


def open_present_library(named: Path | None) -> Library:
    """Open a library to read from or to decide in; one that is `named` has to be there.

    Else a slip in its name would be answered by an empty library.
    """
    locations = locate(named)
    if named is not None and not (locations.library / FILE_NAME).exists():
        raise LibraryError(
            locations.library, "is not there", "mind its name, or import papers into it first"
        )
    return looked_after(open_at(locations, COMMAND_LINE))


def open_at(locations: Locations, program: str) -> Library:
    """Open the library in these folders."""
    index = index_folder(locations.cache, locations.library)
    return Library(
        locations.library,
        index_folder=index,
        program=program,
        on_network=is_told_on_network(os.environ),
    )


def looked_after(library: Library) -> Library:
    """Return a library of which a backup is being made in the background, where one is due."""
    # What is wrong with it is said by what is to be done, where that meets it.
    with suppress(LibraryError):
        library.look_after()
    return library


def browser_program() -> str:
    """Return a name in the journal that no other browser has: undo is each one's own."""
    return f"browser {os.getpid()} {_machine()} {os.urandom(4).hex()}"


def _machine() -> str:
    if sys.platform == "win32":
        import platform

        return platform.node()
    return os.uname().nodename


def has_ended(program: str) -> bool:
    """Tell whether a program of the journal was a browser on this machine that is gone.

    Its acts are then those of the next browser, and `u` takes them back across a restart.
    """
    name, _, rest = program.partition(" ")
    number, _, rest = rest.partition(" ")
    if name != "browser" or not number.isdecimal() or rest.rpartition(" ")[0] != _machine():
        return False
    return not is_alive(int(number))

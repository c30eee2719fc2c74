"""The command line: every verb of `paperdeck`, and the one place where its errors are caught."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from store.errors import (
    BackupError,
    IndexUnavailableError,
    LibraryError,
    RecordError,
    SourceError,
    StoreError,
    UnknownEntryError,
    UnknownPaperError,
)
from tui import PROGRAM
from tui.cli.errors import CommandError, Status
from tui.cli.output import leave_output, say, take_any_text, tell_parts

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence

    from tui.firstpaint.prepared import PreparedTerminal

_COMPLETING = "_ARGCOMPLETE"
_PLACES = {
    "apply": "applying.apply",
    "backup": "backup.backup",
    "browse": "browse.browse",
    "completion": "completion.completion",
    "config": "about.config",
    "count": "searching.count",
    "demo": "browse.demo",
    "digest": "digesting.digest",
    "doctor": "doctor.doctor",
    "dump": "dumping.dump",
    "export": "exporting.export",
    "formats": "about.formats",
    "history": "history.history",
    "import": "importing.import_papers",
    "index": "index.index",
    "join": "joining.join",
    "keys": "about.keys",
    "merge": "merging.merge",
    "redo": "history.redo",
    "remove": "tagging.remove",
    "restore": "restoring.restore",
    "search": "searching.search",
    "show": "searching.show",
    "split": "joining.split",
    "tag": "tagging.tag",
    "undo": "history.undo",
    "version": "version.version",
    "view": "views.view",
}
"""The module of this package and the function in it that carry out a verb."""


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out a command and return its exit status; `argv` is without the program's name."""
    if _COMPLETING in os.environ:
        # Set by the shell while a command is being written; ends the process.
        from tui.cli import completion

        completion.answer()
    return _ended(lambda: _carry_out(sys.argv[1:] if argv is None else argv))


def open_browser(terminal: PreparedTerminal, *, is_sample: bool = False) -> int:
    """Do what a command without words does, on a terminal that may show a frame already.

    Or what `demo` does, if it is the sample that is asked for.
    """

    def browse() -> int:
        # Without the table of verbs, which takes a tenth of a start.
        from tui.cli.browse import browse_on, demo_on

        return demo_on(terminal) if is_sample else browse_on(terminal)

    return _ended(browse, terminal.leave)


def _ended(work: Callable[[], int], leave: Callable[[], None] | None = None) -> int:
    """Work, and return the exit status; what went wrong is said after `leave`."""
    leave = leave or (lambda: None)
    take_any_text()
    try:
        try:
            status = work()
            sys.stdout.flush()
        except (CommandError, StoreError) as error:
            leave()
            say(f"{PROGRAM}: {error}")
            status = status_of(error)
    except KeyboardInterrupt:
        status = Status.INTERRUPTED
    except BrokenPipeError:
        leave_output()
        status = Status.READER_GONE
    except OSError as error:
        # Such as a full disk, the output's perhaps.
        leave()
        leave_output()
        place = "" if error.filename is None else f"'{error.filename}': "
        say(f"{PROGRAM}: {place}{error.strerror or error}")
        status = Status.UNUSABLE
    except Exception as error:  # noqa: BLE001 nobody foresaw it, and here is the last place to tell
        leave()
        status = broken(error)
    return int(status)


def broken(error: Exception) -> Status:
    """Tell of an error that nobody foresaw, on a terminal that is the shell's."""
    # Most commands need no word of it.
    from tui.cli.failing import tell_failure

    say(f"{PROGRAM}: {tell_failure(error, sys.argv[1:])}")
    return Status.BROKEN


def status_of(error: CommandError | StoreError) -> Status:
    """Return the exit status that an error stands for."""
    match error:
        case CommandError():
            return error.status
        case LibraryError() | IndexUnavailableError() | BackupError():
            return Status.UNUSABLE
        case UnknownPaperError() | UnknownEntryError():
            return Status.NOTHING_FOUND
        case SourceError() | RecordError():
            return Status.REFUSED
        case _:
            return Status.WRONG


def _carry_out(words: Sequence[str]) -> int:
    from tui.cli.arguments import read_command

    command = read_command(words)
    if command.help is not None:
        tell_parts([command.help])
        return Status.DONE
    return function_of(command.verb)(command.options)


def function_of(name: str) -> Callable[[Namespace], int]:
    """Return what carries out a verb; loaded here, so that each loads only what it needs."""
    module, function = _PLACES[name].split(".")
    verb: Callable[[Namespace], int] = getattr(import_module(f"{__name__}.{module}"), function)
    return verb

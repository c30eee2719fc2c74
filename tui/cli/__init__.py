"""The command line: every verb of `paperdeck`, and the one place where its errors are caught."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from store.errors import (
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
from tui.cli.output import leave_output, say, take_any_text, tell, tell_parts

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence

    from tui.firstpaint.prepared import PreparedTerminal

_COMPLETING = "_ARGCOMPLETE"


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
    return int(status)


def status_of(error: CommandError | StoreError) -> Status:
    """Return the exit status that an error stands for."""
    match error:
        case CommandError():
            return error.status
        case LibraryError() | IndexUnavailableError():
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
    return _verb(command.verb)(command.options)


def _verb(name: str) -> Callable[[Namespace], int]:  # noqa: C901, PLR0912 a table
    """Return what carries out a verb; imported here, so that each loads only what it needs."""
    verbs: dict[str, Callable[[Namespace], int]]
    match name:
        case "browse" | "demo":
            from tui.cli import browse

            verbs = {"browse": browse.browse, "demo": browse.demo}
        case "import":
            from tui.cli import importing as bring

            verbs = {"import": bring.import_papers}
        case "search" | "count" | "show":
            from tui.cli import searching as find

            verbs = {"search": find.search, "count": find.count, "show": find.show}
        case "tag" | "remove":
            from tui.cli import tagging as decide

            verbs = {"tag": decide.tag, "remove": decide.remove}
        case "join" | "split":
            from tui.cli import joining as unite

            verbs = {"join": unite.join, "split": unite.split}
        case "undo" | "redo" | "history":
            from tui.cli import history as recall

            verbs = {"undo": recall.undo, "redo": recall.redo, "history": recall.history}
        case "view":
            from tui.cli import views as shelf

            verbs = {"view": shelf.view}
        case "dump" | "restore":
            from tui.cli import dumping as keep

            verbs = {"dump": keep.dump, "restore": keep.restore}
        case "export":
            from tui.cli import exporting as take

            verbs = {"export": take.export}
        case "digest":
            from tui.cli import digesting as letter

            verbs = {"digest": letter.digest}
        case "apply":
            from tui.cli import applying as carry

            verbs = {"apply": carry.apply}
        case "index":
            from tui.cli import index

            verbs = {"index": index.index}
        case "doctor":
            from tui.cli import doctor

            verbs = {"doctor": doctor.doctor}
        case "keys" | "config" | "formats":
            from tui.cli import about

            verbs = {"keys": about.keys, "config": about.config, "formats": about.formats}
        case "completion":
            from tui.cli import completion

            verbs = {"completion": completion.completion}
        case _:
            verbs = {"version": _version}
    return verbs[name]


def _version(_: Namespace) -> Status:
    # Costs 50 ms of start-up, and is asked for rarely.
    from importlib.metadata import PackageNotFoundError, version

    try:
        tell(f"{PROGRAM} {version(PROGRAM)}")
    except PackageNotFoundError:
        tell(f"{PROGRAM} of unknown version: it is run from its source folder")
    return Status.DONE

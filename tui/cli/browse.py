"""The browser on the screen: `browse` and `demo`. The only module here that needs Textual."""

from __future__ import annotations

import os
import platform
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from store.importers import sources
from store.library import Library
from store.text import clean_line
from tui.cli.arguments import query_text
from tui.cli.errors import CommandError, Status
from tui.cli.opening import locate, open_at
from tui.cli.output import say
from tui.clipboard import Clipboard
from tui.config import read_config
from tui.locations import copied_text_path
from tui.opener import open_link
from tui.sample import sample_path
from tui.state import HOME_QUERY

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

    from tui.config import Config

DEMO_GREETING = "Sample library: a throwaway copy, nothing you do here is kept"

_SCREENLESS = "search, count, show, tag, import, export and others need none ('paperdeck --help')"


class Outcome(NamedTuple):
    """How a browser ended."""

    status: int
    """What the program exits with: Textual's own 1 where the browser broke down."""
    wants_sample: bool


def browse(options: Namespace) -> int:
    """Open the browser on the library."""
    _check_here()
    locations = locate(options.library)
    config, warnings = read_config(locations.config)
    with open_at(locations, _program()) as library:
        text = clean_line(query_text(options)) or HOME_QUERY
        library.history.adopt(has_ended)
        # A mistake is told before the screen is taken.
        library.parse(text)
        greeting = warnings[0] if warnings else ""
        outcome = _run(library, text, greeting, config, locations.cache)
    status = _demo(config, locations.cache) if outcome.wants_sample else outcome.status
    for warning in warnings:
        say(warning)
    return status


def demo(options: Namespace) -> int:
    """Open the browser on a throwaway copy of the sample library."""
    _check_here()
    locations = locate(options.library)
    config, warnings = read_config(locations.config)
    status = _demo(config, locations.cache)
    for warning in warnings:
        say(warning)
    return status


def check_terminal(environ: Mapping[str, str], *, is_terminal: bool) -> None:
    """Raise `CommandError` where no screen can be drawn."""
    if not is_terminal:
        raise CommandError(f"the browser needs a terminal; {_SCREENLESS}")
    term = environ.get("TERM", "")
    if term in {"", "dumb", "unknown"} and sys.platform != "win32":
        named = f"the terminal '{term}' (TERM)" if term else "a terminal without TERM"
        raise CommandError(f"the browser can't draw on {named}; {_SCREENLESS}")


def _check_here() -> None:
    check_terminal(os.environ, is_terminal=sys.stdin.isatty() and sys.stdout.isatty())


def _program() -> str:
    """Return a name in the journal that no other browser has: undo is each one's own."""
    return f"browser {os.getpid()} {platform.node()} {os.urandom(4).hex()}"


def has_ended(program: str) -> bool:
    """Tell whether a program of the journal was a browser on this machine that is gone.

    Its acts are then those of the next browser, and `u` takes them back across a restart.
    """
    name, _, rest = program.partition(" ")
    number, _, rest = rest.partition(" ")
    if name != "browser" or not number.isdecimal() or rest.rpartition(" ")[0] != platform.node():
        return False
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        pass  # another user's, and alive
    return False


def _demo(config: Config, cache: Path) -> int:
    # A writer that the browser started itself may be at work in the folder still.
    with TemporaryDirectory(prefix="paperdeck-demo-", ignore_cleanup_errors=True) as name:
        place, index_folder = Path(name, "library"), Path(name, "index")
        # By a program of its own: what the reader undoes is never the sample itself.
        with Library(place, index_folder=index_folder, program="sample") as library:
            library.import_sources(sources([sample_path()]), label="import the sample")
        with Library(place, index_folder=index_folder, program=_program()) as library:
            writer = library.index.catch_up()
            outcome = _run(library, HOME_QUERY, DEMO_GREETING, config, cache)
            if writer:  # else it would go on in a folder that is about to be gone
                writer.kill()
                writer.wait()
        return outcome.status


def _run(library: Library, text: str, greeting: str, config: Config, cache: Path) -> Outcome:
    """Show the browser until the reader leaves."""
    # Read by Textual as it is imported: an animated scroll writes six times the bytes.
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    # A search in its thread makes gaps of 8 ms in answering keys; so they are 2 ms.
    sys.setswitchinterval(0.001)
    # Imported here, for the sake of the variable above.
    from tui.app import PaperdeckApp
    from tui.screens.browser import OPEN_SAMPLE

    app = PaperdeckApp(
        library,
        partial(open_link, environ=os.environ, command=config.open_command),
        lambda write: Clipboard(os.environ, config.copy_command, write, copied_text_path(cache)),
        text=text,
        greeting=greeting,
        theme=config.theme,
    )
    answer = app.run(mouse=config.mouse)
    return Outcome(app.return_code or Status.DONE, answer == OPEN_SAMPLE)

"""The browser on the screen: `browse` and `demo`. The only module here that needs Textual.

The reader waits for what is imported above: the first rows are painted with it where no last frame
was. All else is imported behind that.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from store.errors import QuerySyntaxError, StoreError
from store.library import Library, local_now
from tui import NO_SCREEN, PROGRAM, SET_BY_US
from tui.cli.errors import BrokenError, CommandError, Status
from tui.cli.opening import browser_program, has_ended, locate, looked_after, open_at
from tui.cli.output import say
from tui.cli.painting import keep_shown, paint_rows
from tui.config import configured_files, read_config, read_style
from tui.firstpaint.keeping import as_read, program_folders
from tui.firstpaint.rows import Opening
from tui.locations import copied_text_path, session_file
from tui.session import Session, read_session, write_session
from tui.state import HOME_QUERY, Split
from tui.surroundings import takes_hyperlinks
from tui.terminal.terminfo import erases_ground

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

    from tui.config import Config
    from tui.conversations.leaving import Left
    from tui.firstpaint.prepared import PreparedTerminal
    from tui.locations import Locations
    from tui.setting import Setting

DEMO_GREETING = "Sample library: a throwaway copy, nothing you do here is kept"

_READ_ONLY = "The library can only be read: nothing that you decide here is kept"
_SCREENLESS = "search, count, show, tag, import, export and others need none ('paperdeck --help')"


class Outcome(NamedTuple):
    """How a browser ended."""

    status: int
    """What the program exits with: Textual's own 1 where the browser broke down, and that of a
    library that can't be used where decisions were lost."""
    wants_sample: bool
    session: Session | None
    """How it was left, to be taken up again."""
    left: Left | None
    """What the next start will show; None where that can't be told."""
    program: Mapping[bytes, bytes]
    """The folders of the program, as they were when it was loaded."""


class _SetUp(NamedTuple):
    """What the reader has configured."""

    config: Config
    style: Path | None
    warnings: tuple[str, ...]
    files: Mapping[bytes, bytes]
    """What that was read from, as it was then."""

    def warned(self, *warnings: str) -> _SetUp:
        """Take in what else is wrong; empty texts are nothing."""
        return self._replace(warnings=(*filter(None, warnings), *self.warnings))

    def setting(self, session: Session) -> Setting:
        """Return what a browser begins with."""
        from tui.commands import all_commands
        from tui.keymap import bindings
        from tui.setting import Setting

        config = self.config
        return Setting(
            text=HOME_QUERY if session.text is None else session.text,
            key=session.key,
            top=session.top,
            warnings=self.warnings,
            split=Split(session.beside, session.stacked),
            is_sidebar_shown=session.is_sidebar_shown,
            searches=session.searches,
            theme=session.theme or config.theme,
            chosen_theme=session.theme,
            style=self.style,
            bindings=bindings(all_commands(), config.keys),
            columns=config.columns,
            rest_seconds=config.rest_seconds,
            writer=config.writer,
            editor=config.editor,
            takes_hyperlinks=takes_hyperlinks(os.environ),
            erases_ground=erases_ground(os.environ),
        )

    def opening(self, session: Session, home: str) -> Opening:
        """Return what the list begins with."""
        return Opening(
            text=home if session.text is None else session.text,
            key=session.key,
            top=session.top,
            home=home,
            theme=session.theme or self.config.theme,
            columns=self.config.columns,
            split=Split(session.beside, session.stacked),
            is_sidebar_shown=session.is_sidebar_shown,
        )

    def tell_warnings(self) -> None:
        """Say what is wrong, once the screen is the shell's again."""
        for warning in self.warnings:
            say(warning)


def browse(options: Namespace) -> int:
    """Open the browser on the library."""
    # A start without words goes without what reads them.
    from store.text import clean_line
    from tui.cli.arguments import query_text

    _check_here()
    return _browse(locate(options.library), clean_line(query_text(options)))


def browse_on(terminal: PreparedTerminal) -> int:
    """Open the browser as it was left, on a terminal that may show that already."""
    return _browse(locate(None), "", terminal)


def _browse(locations: Locations, asked: str, terminal: PreparedTerminal | None = None) -> int:
    setup = _set_up(locations)
    session_path = session_file(locations.state, locations.library)
    session = read_session(session_path)
    try:
        setup, outcome = _browsed(locations, setup, session, asked, terminal)
    except (CommandError, StoreError, OSError):
        raise
    except Exception as error:
        # What was shown may be what broke it: the next start begins at another place.
        write_session(session_path, session.afresh())
        if isinstance(error, BrokenError):
            raise
        raise BrokenError(session.theme or setup.config.theme, ()) from error
    written = write_session(session_path, outcome.session) if outcome.session else None
    if written and outcome.left:
        read = {**setup.files, **outcome.program}
        keep_shown(locations, outcome.left, read, session_path, written)
    status = outcome.status
    if outcome.wants_sample:
        status = _demo(setup, locations.cache) or status
    setup.tell_warnings()
    return status


def _browsed(
    locations: Locations,
    setup: _SetUp,
    session: Session,
    asked: str,
    terminal: PreparedTerminal | None,
) -> tuple[_SetUp, Outcome]:
    """Show the library until the reader leaves, and close it; return what is to be told, too."""
    with open_at(locations, browser_program()) as library:
        if library.is_read_only:
            setup = setup.warned(_READ_ONLY)
        else:
            library.history.adopt(has_ended)
        home, warning = _home(library, setup.config.default_view)
        session = session.opening(local_now().date(), home)
        if asked:
            # A mistake is told before the screen is taken.
            library.parse(asked)
            session = replace(session, text=asked, key=None, top=0)
        else:
            session, lost = _taken_up(library, session, home)
            setup = setup.warned(lost)
        setup = setup.warned(warning)
        if terminal and not setup.style:
            paint_rows(terminal, library, setup.opening(session, home))
        setting = replace(setup.setting(session), home=home)
        outcome = _run(library, setting, setup.config, locations.cache, terminal)
        looked_after(library)
        return setup, outcome


def demo(options: Namespace) -> int:
    """Open the browser on a throwaway copy of the sample library."""
    _check_here()
    return _browse_sample(locate(options.library))


def demo_on(terminal: PreparedTerminal) -> int:
    """Open the browser on such a copy, on a terminal that was made ready for it."""
    return _browse_sample(locate(None), terminal)


def _browse_sample(locations: Locations, terminal: PreparedTerminal | None = None) -> int:
    setup = _set_up(locations)
    status = _demo(setup, locations.cache, terminal)
    setup.tell_warnings()
    return status


def check_terminal(environ: Mapping[str, str], *, is_terminal: bool) -> None:
    """Raise `CommandError` where no screen can be drawn."""
    if not is_terminal:
        raise CommandError(f"the browser needs a terminal; {_SCREENLESS}")
    term = environ.get("TERM", "")
    if term in NO_SCREEN and sys.platform != "win32":
        named = f"the terminal '{term}' (TERM)" if term else "a terminal without TERM"
        raise CommandError(f"the browser can't draw on {named}; {_SCREENLESS}")


def _check_here() -> None:
    check_terminal(os.environ, is_terminal=sys.stdin.isatty() and sys.stdout.isatty())


def _set_up(locations: Locations) -> _SetUp:
    """Read what is configured; mistakes in it are told and left out."""
    # Read by Textual as it is imported.
    for name, value in SET_BY_US.items():
        os.environ.setdefault(name, value)
    files = as_read(configured_files(locations.config))
    config, warnings = read_config(locations.config)
    style, trouble = read_style(locations.config)
    warnings = (*warnings, *([trouble] if trouble else []))
    return _SetUp(config, style, warnings, files)


def _home(library: Library, default_view: str) -> tuple[str, str]:
    """Return the query to begin a day with, and what is wrong with the configured one."""
    try:
        library.parse(default_view)
    except QuerySyntaxError as error:
        return HOME_QUERY, f"default_view is left out: {error}"
    return default_view, ""


def _taken_up(library: Library, session: Session, home: str) -> tuple[Session, str]:
    """Return the session to go on with, and why it can't be as it was left."""
    try:
        # As it was searched for then: the last word may be unfinished.
        library.parse(session.text or "", typing=True)
    except QuerySyntaxError as error:
        warning = f"'{session.text}' can't be searched for any more: {error}"
        return replace(session, text=home, key=None), warning
    return session, ""


def _demo(setup: _SetUp, cache: Path, terminal: PreparedTerminal | None = None) -> int:
    # Only for the sample.
    from tempfile import TemporaryDirectory

    from store.importers import sources
    from tui.sample import sample_path

    # A writer that the browser started itself may be at work in the folder still.
    with TemporaryDirectory(prefix="paperdeck-demo-", ignore_cleanup_errors=True) as name:
        place, index_folder = Path(name, "library"), Path(name, "index")
        # By a program of its own: what the reader undoes is never the sample itself.
        with Library(place, index_folder=index_folder, program="sample") as library:
            library.imports.bring_in(sources([sample_path()]), label="import the sample")
        with Library(place, index_folder=index_folder, program=browser_program()) as library:
            if terminal and not setup.style:
                paint_rows(terminal, library, setup.opening(Session(), HOME_QUERY))
            writer = library.index.catch_up()
            setting = replace(setup.setting(Session()), greeting=DEMO_GREETING)
            outcome = _run(library, setting, setup.config, cache, terminal)
            if writer:  # else it would go on in a folder that is about to be gone
                writer.kill()
                writer.wait()
        return outcome.status


def _run(
    library: Library,
    setting: Setting,
    config: Config,
    cache: Path,
    terminal: PreparedTerminal | None = None,
) -> Outcome:
    """Show the browser until the reader leaves."""
    # A search in its thread makes gaps of 8 ms in answering keys; so they are 2 ms.
    sys.setswitchinterval(0.001)
    # Imported here, after the variables that `_set_up` gives it.
    from tui.app import PaperdeckApp
    from tui.clipboard import Clipboard
    from tui.conversations.welcoming import OPEN_SAMPLE
    from tui.opener import open_links

    program = as_read(program_folders())
    app = PaperdeckApp(
        library,
        partial(open_links, environ=os.environ, command=config.open_command),
        lambda write: Clipboard(os.environ, config.copy_command, write, copied_text_path(cache)),
        setting,
        terminal,
    )
    answer = app.run(mouse=config.mouse)
    # The screen is the shell's again.
    if app.failure:
        app.close_work()
        raise BrokenError(setting.theme, app.lost) from app.failure
    for message in app.lost:
        say(f"{PROGRAM}: {message}")
    status = app.return_code or (Status.UNUSABLE if app.lost else Status.DONE)
    return Outcome(status, answer == OPEN_SAMPLE, app.session(), app.left, program)

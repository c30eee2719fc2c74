"""What is new, as a letter: `digest`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from store.digests import INBOX
from store.errors import MailAddressError, QuerySyntaxError
from store.text import clean_line
from tui.cli.arguments import query_text
from tui.cli.asking import find, read_query
from tui.cli.delivery import was_taken
from tui.cli.errors import CommandError, Status, suggestion
from tui.cli.opening import locate, open_present_library
from tui.cli.output import say, tell_data
from tui.cli.standard import STANDARD
from tui.cli.writing import format_of_output, may_write, write_file
from tui.config import read_config
from tui.format import counted

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable

    from store.digests import Digest, Since
    from store.letters.mail import Envelope
    from store.library import Library

FORMATS = {
    "markdown": "for notes, chats and files",
    "html": "one page for a mail program or a browser, with nothing that is fetched",
    "email": "a whole message for 'sendmail -t', as plain text and HTML",
    "todo": "a list to decide on, in an editor or by answering, for 'apply'",
}
"""What a letter can be, and what that is for."""
USUAL_FORMAT = "markdown"
SUFFIXES = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".eml": "email",
}
"""What the end of a file's name says of the letter in it."""
USUAL_LIMIT = 100


def digest(options: Namespace) -> Status:
    """Write what is new, and remember it once it is delivered."""
    if options.format is None:
        told = format_of_output(options.output, _format_of_name, FORMATS)
        options.format = told or USUAL_FORMAT
    if options.format not in FORMATS:
        raise CommandError(
            f"--format: there is no format '{options.format}'"
            f"{suggestion(options.format, FORMATS)} (there is {', '.join(FORMATS)})"
        )
    envelope = _envelope(options)
    with open_present_library(options.library) as library:
        made = _make(library, options)
        if not made.papers:
            say(f"nothing new since {made.since}")
            return Status.NOTHING_FOUND
        if not _deliver(_parts(made, options.format, envelope), options):
            return Status.NOTHING_FOUND
        # One that looks back from a day says nothing of what the next one begins with.
        if options.since is None and not options.peek:
            if library.is_read_only:
                say("the library can only be read: the next digest begins where this one did")
            else:
                library.digests.note(made)
            _say_left_out(made)
    return Status.DONE


def _format_of_name(name: str) -> str | None:
    return SUFFIXES.get(Path(name).suffix.lower())


def _say_left_out(made: Digest) -> None:
    if made.beyond:
        say(
            f"{counted(made.beyond, 'paper')} beyond --limit will be in no later letter:"
            f" a higher --limit with --since {made.since.moment:%Y-%m-%d} tells of all"
        )


def _make(library: Library, options: Namespace) -> Digest:
    text = clean_line(query_text(options))
    query = read_query(library, text) if text else INBOX
    return library.digests.make(
        lambda query: find(library, query, completely=True).keys,
        text,
        query,
        since=_since(library, options.since),
        limit=options.limit or USUAL_LIMIT,
    )


def _since(library: Library, span: str | None) -> Since | None:
    try:
        return None if span is None else library.digests.since(span)
    except QuerySyntaxError as error:
        raise CommandError(f"--since: {error.message}") from error


def _envelope(options: Namespace) -> Envelope | None:
    """Return whom the letter goes to: as the command says, else the configuration."""
    is_mail = options.format == "email" or (options.format == "todo" and options.to is not None)
    if not is_mail:
        if options.to is not None or options.sender is not None:
            raise CommandError("--to and --from are for the formats email and todo")
        return None
    # Needed for messages alone.
    from store.letters.mail import read_envelope

    config, _ = read_config(locate(options.library).config)
    to = options.to or config.mail_to
    if not to:
        raise CommandError(
            "an e-mail needs whom it goes to: --to ana@example.org,"
            " or mail_to in the configuration file"
        )
    try:
        return read_envelope(to, options.sender or config.mail_from)
    except MailAddressError as error:
        raise CommandError(str(error)) from error


def _parts(made: Digest, name: str, envelope: Envelope | None) -> Iterable[str]:
    """Return the letter's text; each form is imported as it is written."""
    if name == "todo":
        from store.letters.todo import write_todo

        lines = write_todo(made)
        return lines if envelope is None else [_mail(made, envelope, "".join(lines))]
    if name == "markdown":
        from store.letters.markdown import write_markdown_letter

        return write_markdown_letter(made)
    from store.letters.html import write_html

    html = write_html(made)
    return html if envelope is None else [_mail(made, envelope, None, "".join(html))]


def _mail(made: Digest, envelope: Envelope, lines: str | None, html: str = "") -> str:
    from store.letters.mail import as_text, letter, list_message
    from store.letters.plain import write_plain

    if lines is not None:
        return as_text(list_message(made, envelope, lines))
    return as_text(letter(made, envelope, "".join(write_plain(made)), html))


def _deliver(parts: Iterable[str], options: Namespace) -> bool:
    """Write the letter, and tell whether somebody has it."""
    if options.output == STANDARD:
        tell_data(parts)
        return was_taken()
    path = Path(options.output)
    if not may_write(path, overwrite=options.overwrite):
        return False
    write_file(path, parts)
    say(f"the letter is in '{path}'")
    return True

"""Reading a command line: options, a verb, and the words of the verb.

Nothing here needs more than the standard library: help and mistakes are answered before anything
else is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui import PROGRAM
from tui.cli.errors import CommandError, suggestion
from tui.cli.lessons import ABOUT, first_steps, in_groups
from tui.cli.options import OptionParser
from tui.cli.verboptions import add_common
from tui.cli.verbs import VERBS

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it was read; `help` is what to show instead of carrying it out."""

    verb: str
    options: Namespace
    help: str | None = None


def read_command(words: Sequence[str]) -> Command:
    """Read a command line without its program name; raise `CommandError` for a mistake."""
    top = top_parser()
    at = verb_position(words)
    options = top.read(words[:at])
    if options.help:
        return Command("", options, top.format_help())
    _refuse_operands(options.operands, top)
    if options.version:
        return Command("version", options)
    name, rest = (words[at], words[at + 1 :]) if at < len(words) else ("browse", ())
    verbs = {verb.name: verb for verb in VERBS}
    if name not in verbs:
        raise CommandError(
            f"there is no verb '{name}'{suggestion(name, verbs)} ('{PROGRAM} --help' lists them)"
        )
    parser = verbs[name].parser()
    # Anywhere else it is a word of the query, that leaves papers with 'h' out.
    chosen = parser.read(["--help"] if list(rest) == ["-h"] else rest)
    chosen.library = chosen.library or options.library
    if chosen.help:
        return Command(name, chosen, parser.format_help())
    if not verbs[name].operands:
        _refuse_operands(words_of(chosen), parser)
    return Command(name, chosen)


def query_text(options: Namespace) -> str:
    """Return the query that the operands are, joined as they stand."""
    return " ".join(words_of(options))


def words_of(options: Namespace) -> tuple[str, ...]:
    """Return the words of a verb, those behind `--` included."""
    return (*options.operands, *(options.rest or ()))


def top_parser() -> OptionParser:
    """Return the reader of the options that stand before a verb."""
    parser = OptionParser(
        PROGRAM,
        "[VERB …]",
        "\n\n".join([ABOUT, first_steps(), in_groups({verb.name: verb.summary for verb in VERBS})]),
        f"'{PROGRAM} VERB --help' says more of each, with examples.",
    )
    add_common(parser, "-h")
    parser.add_argument("--version", action="store_true", help="show the version")
    return parser


def verb_position(words: Sequence[str]) -> int:
    """Return where the verb stands: after the options before it, or at the end."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] == "--library" else 1
    return min(at, len(words))


def _refuse_operands(operands: Sequence[str], parser: OptionParser) -> None:
    if operands:
        raise CommandError(
            f"'{parser.prog}' does not know what '{operands[0]}' is for"
            f" ('{parser.prog} --help' says more)"
        )

"""The manual page, made of what the program itself goes by: its verbs, keys, fields and statuses.

The macros are those of man(7); their arguments and the escapes are described in groff_man(7) and
groff_char(7). The page is kept in `tui/manual`, and a test tells when it is to be renewed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.query.fields import FIELDS
from tui import PROGRAM
from tui.cli.arguments import top_parser
from tui.cli.lessons import (
    ABOUT,
    CONFIGURATION,
    ENVIRONMENT,
    FILES,
    FIRST_STEPS,
    GROUPS,
    KEYS,
    LESSONS,
    QUERIES,
    STATUSES,
)
from tui.cli.verbs import VERBS, Verb
from tui.commands import COMMANDS
from tui.config import MEANINGS

if TYPE_CHECKING:
    from argparse import Action
    from collections.abc import Iterable, Iterator, Mapping

    from tui.cli.options import OptionParser

_ESCAPES = {
    "\\": "\\e",
    "-": "\\-",
    "'": "\\(aq",
    '"': "\\(dq",
    "`": "\\(ga",
    "^": "\\(ha",
    "~": "\\(ti",
}
"""Of characters that roff would set as others, or take for commands."""


def manual() -> str:
    """Return the manual page."""
    return "".join(f"{line}\n" for line in _lines())


def escaped(text: str) -> str:
    """Return a text as roff shows it, whatever it holds, in one line."""
    line = " ".join(text.split())
    shown = "".join(
        _ESCAPES.get(char, char if char.isascii() else f"\\[u{ord(char):04X}]") for char in line
    )
    # At the beginning of a line it would be a request.
    return f"\\&{shown}" if shown.startswith(".") else shown


def _lines() -> Iterator[str]:
    top = top_parser()
    yield f'.TH {PROGRAM.upper()} 1 "" {PROGRAM} "User commands"'
    yield ".SH NAME"
    yield f"{PROGRAM} \\- an offline browser for research papers"
    yield ".SH SYNOPSIS"
    yield from (f".B {PROGRAM}", escaped("[options] [VERB …]"))
    yield ".SH DESCRIPTION"
    yield escaped(ABOUT)
    yield from _list(FIRST_STEPS)
    yield ".SH OPTIONS"
    yield from _options(top, set())
    verbs = {verb.name: verb for verb in VERBS}
    for group, names in GROUPS.items():
        yield f".SH {_heading(f'To {group}'.upper())}"
        for name in names:
            if name in verbs:
                yield from _verb(verbs[name], set(top.known))
    yield ".SH KEYS"
    yield from _keys()
    yield ".SH QUERIES"
    yield from _list(QUERIES)
    yield from _fields()
    yield ".SH CONFIGURATION"
    yield escaped(CONFIGURATION)
    yield from _list(MEANINGS)
    yield ".SH EXIT STATUS"
    yield from _list({str(int(status)): meaning for status, meaning in STATUSES.items()})
    yield ".SH ENVIRONMENT"
    yield from _list(ENVIRONMENT)
    yield ".SH FILES"
    yield from _list(FILES)


def _keys() -> Iterator[str]:
    yield escaped(KEYS)
    for group, commands in COMMANDS.items():
        yield f".SS {_heading(group)}"
        for command in commands:
            yield from _tagged(command.shown_keys or "(palette)", command.summary)


def _fields() -> Iterator[str]:
    for field in FIELDS:
        names = ", ".join(f"{name}:" for name in (field.name, *field.short))
        yield from _tagged(names, field.meaning)
        yield from (".br", f"\\fB{escaped(field.example)}\\fR")


def _verb(verb: Verb, common: set[str]) -> Iterator[str]:
    yield f".SS {_heading(f'{verb.name} {verb.operands}'.strip())}"
    yield escaped(verb.title)
    for paragraph in LESSONS.get(verb.name, "").split("\n\n"):
        if paragraph:
            yield from (".PP", escaped(paragraph))
    yield from _options(verb.parser(), common)
    yield from (".PP", "Examples:", ".PP", ".RS 4", ".nf")
    yield from map(escaped, verb.examples)
    yield from (".fi", ".RE")


def _options(parser: OptionParser, but: set[str]) -> Iterator[str]:
    """Yield the options that are not spelled as one of `but`."""
    for action in dict.fromkeys(parser.known.values()):
        if not but & set(action.option_strings):
            yield from _tagged(_spelled(action), action.help or "")


def _spelled(action: Action) -> str:
    value = "" if action.nargs == 0 else f" {action.metavar}"
    return ", ".join(action.option_strings) + value


def _list(meanings: Mapping[str, str]) -> Iterator[str]:
    for tag, meaning in meanings.items():
        yield from _tagged(tag, meaning)


def _tagged(tag: str, text: str) -> Iterable[str]:
    """Return a paragraph under a tag in bold."""
    return (".TP", f"\\fB{escaped(tag)}\\fR", _sentence(text))


def _sentence(text: str) -> str:
    """Return a text that begins with a capital and ends with a full stop, escaped."""
    return escaped(f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}")


def _heading(text: str) -> str:
    """Return a heading as one argument of its macro."""
    return f'"{escaped(text)}"'

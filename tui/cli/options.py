"""Reading the words of one verb: operands may begin with `-`, as words of a query do.

So operands are split off before argparse reads the options: a known option is one, any other
word with two dashes is a mistake, and whatever else there is, `-survey` too, is an operand. After
`--` everything is.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from store.errors import shown
from tui.cli.errors import CommandError, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_DIGITS = 18


class Split(NamedTuple):
    """The words of a verb, parted."""

    options: tuple[str, ...]
    """As argparse reads them: values joined to their options."""
    operands: tuple[str, ...]
    rest: tuple[str, ...] | None
    """The operands after `--`; None without it."""


class OptionParser(argparse.ArgumentParser):
    """The options of `name`; mistakes are a `CommandError`, and help is left to the caller."""

    def __init__(self, name: str, operands: str, description: str, epilog: str) -> None:
        super().__init__(
            prog=name,
            usage=f"{name} [options]{operands and ' '}{operands}",
            description=description,
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            add_help=False,
            allow_abbrev=False,
        )
        self.known: dict[str, argparse.Action] = {}
        """Every option by each of its spellings."""

    def add_argument(self, *flags: Any, **settings: Any) -> argparse.Action:
        """Add an option, and remember how it is spelled."""
        action = super().add_argument(*flags, **settings)
        self.known.update(dict.fromkeys(action.option_strings, action))
        return action

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would write before it ends the program."""
        raise CommandError(message.removeprefix("argument "))

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """Return the options with, besides, `operands` and `rest` as in `Split`.

        Raises `CommandError`.
        """
        split = split_words(words, self.known, self.prog)
        namespace = self.parse_args(list(split.options))
        namespace.operands, namespace.rest = split.operands, split.rest
        return namespace


def split_words(words: Sequence[str], known: Mapping[str, argparse.Action], name: str) -> Split:
    """Part the options of `known` from the operands; raise `CommandError` for unknown ones."""
    options: list[str] = []
    operands: list[str] = []
    left = iter(words)
    for word in left:
        if word == "--":
            return Split(tuple(options), tuple(operands), tuple(left))
        flag, equals, value = word.partition("=") if word.startswith("--") else (word, "", "")
        action = known.get(flag)
        if action is None:
            if word.startswith("--"):
                raise CommandError(
                    f"'{name}' has no option '{flag}'{suggestion(flag, known)}"
                    f" ('{name} --help' lists them; words after '--' are no options)"
                )
            operands.append(word)
        elif action.nargs == 0:
            if equals:
                raise CommandError(f"'{flag}' takes no value")
            options.append(flag)
        else:
            given = value if equals else next(left, None)
            if given is None:
                raise CommandError(f"'{flag}' needs a value")
            # Joined to the long spelling, a value may begin with a dash.
            options.append(f"{action.option_strings[-1]}={given}")
    return Split(tuple(options), tuple(operands), None)


def to_day(text: str) -> str:
    """Return an ISO day, for argparse."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no day; write it as 2026-03-12") from None


def to_column(text: str) -> tuple[str, str]:
    """Return the field and the column's name of `title=Name`, for argparse."""
    # Imported here: only an import needs the names.
    from store.importers.fieldnames import CANONICAL, squashed

    called, equals, name = text.partition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError(f"'{shown(text)}' is not like title=Name")
    for field, names in CANONICAL.items():
        if called == field or squashed(called) in names:
            return field, name.strip()
    known = ", ".join(CANONICAL)
    raise argparse.ArgumentTypeError(
        f"there is no field '{shown(called)}'{suggestion(called, CANONICAL)} (there are {known})"
    )


def to_limit(text: str) -> int:
    """Return a whole number from 1 on, for argparse."""
    number = to_number(text)
    if number is None:
        raise argparse.ArgumentTypeError(f"'{shown(text)}' is no whole number from 1 on")
    return number


def to_fraction(text: str) -> float:
    """Return a number from 0 to 1, for argparse."""
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"'{shown(text)}' is no number from 0 to 1, such as 0.1")
    return number


def to_number(text: str) -> int | None:
    """Return a whole number from 1 on, or None where `text` is none."""
    # More digits than any number has here make no difference, and SQLite has no room for them.
    return (int(text[:_DIGITS]) or None) if text.isdecimal() else None


def to_folder(text: str) -> Path:
    """Return a folder's path, for argparse."""
    if not text:
        raise argparse.ArgumentTypeError("the folder's name is empty")
    return Path(text)

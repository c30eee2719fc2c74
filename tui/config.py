"""The configuration file: `config.toml`, a few names that each have a default."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from store.text import clean_line
from tui.locations import shown_path

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

FILE_NAME = "config.toml"
THEMES = ("dark", "light")

_LONGEST_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Config:
    """What the reader has configured."""

    copy_command: tuple[str, ...] | None = None
    """Takes the text to copy on its standard input; None for what the program finds itself."""
    open_command: tuple[str, ...] | None = None
    """Takes a link in place of `{}`, or as its last argument."""
    theme: str = "dark"
    """One of `THEMES`."""
    mouse: bool = True
    """Whether the program takes the mouse, and with it the terminal's own selection."""


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """The configuration file as it was read."""

    path: Path
    exists: bool
    config: Config
    """What it says, and the default of everything else."""
    named: frozenset[str]
    """The names whose values come from it."""
    warnings: tuple[str, ...]
    """One for each thing that it says wrongly."""


def read_config(folder: Path) -> tuple[Config, tuple[str, ...]]:
    """Read the file in `folder`: what it says, and a warning for each thing it says wrongly.

    A wrong name or value is left out, and the rest holds. A file that is not TOML holds nothing.
    """
    found = read_config_file(folder)
    return found.config, found.warnings


def read_config_file(folder: Path) -> ConfigFile:
    """Read the file in `folder`, as `read_config` does, and tell what comes from it."""
    file = folder / FILE_NAME
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return ConfigFile(file, exists=False, config=Config(), named=frozenset(), warnings=())
    except UnicodeDecodeError:
        return _unread(file, " can't be read: it is not UTF-8 text")
    except OSError as error:
        return _unread(file, f" can't be read: {error.strerror or error}")
    # Costs 7 ms of start-up, and most readers have no such file.
    import tomllib

    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Beside its own errors, tomllib lets through those of numbers and nesting without end.
        reason = clean_line(str(error)) or "it is nested too deeply"
        return _unread(file, f" is not valid TOML, and is left out: {reason}")
    values, warnings = _from_table(table)
    return ConfigFile(
        file,
        exists=True,
        config=replace(Config(), **values),
        named=frozenset(values),
        warnings=tuple(f"{shown_path(file)}: {warning}" for warning in warnings),
    )


def _unread(file: Path, reason: str) -> ConfigFile:
    warning = f"{shown_path(file)}{reason}"
    return ConfigFile(file, exists=True, config=Config(), named=frozenset(), warnings=(warning,))


def _from_table(table: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    values = {}
    warnings = []
    for name, value in table.items():
        if name not in _READERS:
            warnings.append(f"unknown name {_quoted(name)}{_suggestion(name, tuple(_READERS))}")
            continue
        try:
            values[name] = _READERS[name](value)
        except ValueError as error:
            warnings.append(f"'{name}' {error}")
    return values, warnings


def _command(value: Any) -> tuple[str, ...]:
    """Return the words of a command. Raises `ValueError` with what is expected instead."""
    words: Any = value
    if isinstance(value, str):
        try:
            words = shlex.split(value)
        except ValueError:
            raise ValueError(f"has a quote that is never closed: {_quoted(value)}") from None
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError(f"must be a text or a list of texts, not {_quoted(value)}")
    if not words or not words[0] or any("\0" in word for word in words):
        raise ValueError("must name a program, with its arguments after it")
    return tuple(words)


def _theme(value: Any) -> str:
    if isinstance(value, str) and value in THEMES:
        return value
    nearest = _suggestion(value, THEMES) if isinstance(value, str) else ""
    raise ValueError(f'must be "dark" or "light", not {_quoted(value)}{nearest}')


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"must be true or false, not {_quoted(value)}")


_READERS: dict[str, Callable[[Any], Any]] = {
    "copy_command": _command,
    "open_command": _command,
    "theme": _theme,
    "mouse": _truth,
}

MEANINGS: Mapping[str, str] = {
    "copy_command": "the program that takes a text to copy on its standard input",
    "open_command": "the program that opens a link, given in place of {} or as last argument",
    "theme": "the colours: dark or light",
    "mouse": "whether the mouse is the program's; false leaves it to the terminal",
}
"""What each name is for, in a line without a full stop."""


def _quoted(value: Any) -> str:
    """Return `value` as a message shows it: one short line, texts in quotes."""
    written = str(value).lower() if isinstance(value, bool) else str(value)
    shown = clean_line(written)
    if len(shown) > _LONGEST_SHOWN:
        shown = f"{shown[:_LONGEST_SHOWN]}…"
    return f"'{shown}'" if isinstance(value, str) else shown


def _suggestion(name: str, known: tuple[str, ...]) -> str:
    # Needed only beside a mistake.
    import difflib

    nearest = difflib.get_close_matches(name.lower(), known, n=1)
    return f"; did you mean '{nearest[0]}'?" if nearest else ""

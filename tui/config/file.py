"""The configuration file: `config.toml`, a few names that each have a default."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from store.privatefiles import read_regular
from store.text import clean_line
from tui.config.lines import Path as NamePath
from tui.config.lines import line_of, lines_in, names_in
from tui.config.values import READERS, Config
from tui.locations import shown_path
from tui.spelling import quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tui.config.values import KeysOfCommands

FILE_NAME = "config.toml"
KEYS = "keys"
LARGEST = 1_000_000
"""Bytes: of a file that is longer the rest is not read."""

_Complaints: TypeAlias = list[tuple[NamePath, str]]
"""Names, each with what is wrong there."""

_TWICE = re.compile(r"Cannot (?:overwrite|declare) .*\(at line (\d+)")
"""What `tomllib` says of a name that is given twice."""


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """The configuration file as it was read."""

    path: Path
    exists: bool = True
    config: Config = field(default_factory=Config)
    """What it says, and the default of everything else."""
    named: frozenset[str] = frozenset()
    """The names whose values come from it."""
    warnings: tuple[str, ...] = ()
    """One for each thing that it says wrongly, in the order of its lines."""


def read_config(folder: Path) -> tuple[Config, tuple[str, ...]]:
    """Read the file in `folder`: what it says, and a warning for each thing it says wrongly.

    A wrong name or value is left out, and the rest holds. A file that is not TOML holds nothing.
    """
    found = read_config_file(folder)
    return found.config, found.warnings


def read_config_file(folder: Path) -> ConfigFile:
    """Read the file in `folder`, as `read_config` does, and tell what comes from it."""
    file = folder / FILE_NAME
    place = shown_path(file)
    try:
        text = read_regular(file, LARGEST).decode("utf-8-sig")
    except FileNotFoundError:
        return ConfigFile(file, exists=False)
    except UnicodeDecodeError:
        return ConfigFile(file, warnings=(f"{place} can't be read: it is not UTF-8 text",))
    except OSError as error:
        reason = error.strerror or error
        return ConfigFile(file, warnings=(f"{place} can't be read: {reason}",))
    # Costs 7 ms of start-up, and most readers have no such file.
    import tomllib

    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return ConfigFile(file, warnings=(f"{place}{_refusal(text, error)}",))
    values, complaints = _from_table(table)
    return ConfigFile(
        file,
        config=replace(Config(), **values),
        named=frozenset(values),
        warnings=_warnings(place, text, complaints) if complaints else (),
    )


def _refusal(text: str, error: Exception) -> str:
    """Return why a text is not TOML, to go on from the file."""
    # Beside its own errors, tomllib lets through those of numbers and nesting without end.
    reason = clean_line(str(error)) or "it is nested too deeply"
    at = _TWICE.match(reason)
    twice = _given_twice(text, int(at[1])) if at else None
    if at and twice:
        name, line = twice
        return (
            f", line {at[1]}: {quoted(name)} stands on line {line} already, and the file is left"
            " out: keep one of them"
        )
    return f" is not valid TOML, and is left out: {reason}"


def _given_twice(text: str, at: int) -> tuple[str, int] | None:
    """Return the name on line `at` that stands before it too, and on which line it does."""
    lines: dict[NamePath, int] = {}
    for name in names_in(text):
        if name.line == at and name.path in lines:
            return ".".join(name.path), lines[name.path]
        lines.setdefault(name.path, name.line)
    return None


def _warnings(place: str, text: str, complaints: _Complaints) -> tuple[str, ...]:
    lines = lines_in(text)
    placed = [(line_of(path, lines) or 1, complaint) for path, complaint in complaints]
    placed.sort(key=lambda pair: pair[0])
    return tuple(f"{place}, line {line}: {complaint}" for line, complaint in placed)


def _from_table(table: Mapping[str, Any]) -> tuple[dict[str, Any], _Complaints]:
    values: dict[str, Any] = {}
    complaints: _Complaints = []
    for name, value in table.items():
        if name == KEYS:
            keys, wrong = _keys(value)
            complaints += wrong
            if keys:
                values[KEYS] = keys
        elif name not in READERS:
            complaints.append(((name,), f"unknown name {quoted(name)}{_meant(name)}"))
        else:
            try:
                values[name] = READERS[name](value)
            except ValueError as error:
                complaints.append(((name,), f"'{name}' {error}"))
    return values, complaints


def _meant(name: str) -> str:
    """Return what an unknown name was meant to be."""
    # The table of commands is needed only beside a mistake.
    from tui.commands import all_commands

    if any(command.name == name for command in all_commands()):
        return "; it is a command: put it below [keys]"
    return suggestion(name, (*READERS, KEYS))


def _keys(value: Any) -> tuple[KeysOfCommands, _Complaints]:
    """Return the keys of commands; also complain of those that can't be bound."""
    if not isinstance(value, dict):
        wanted = 'must be a table: [keys], and below it such lines as archive = "x"'
        return (), [((KEYS,), f"'keys' {wanted}, not {quoted(value)}")]
    # Most files have no such table.
    from tui.commands import all_commands
    from tui.keymap import bindings

    known = tuple(command.name for command in all_commands())
    keys: dict[str, tuple[str, ...]] = {}
    complaints: _Complaints = []
    for name, given in value.items():
        path = (KEYS, name)
        if name not in known:
            remedy = suggestion(name, known)
            if name in READERS:
                remedy = "; it is no command: put it above [keys]"
            complaints.append((path, f"unknown command {quoted(name)}{remedy}"))
            continue
        written = [given] if isinstance(given, str) else given
        if isinstance(written, list) and all(isinstance(one, str) for one in written):
            keys[name] = tuple(written)
        else:
            wanted = 'must be a key such as "g x", or a list of keys'
            complaints.append((path, f"'{name}' {wanted}, not {quoted(given)}"))
    configured = tuple(keys.items())
    for refusal in bindings(all_commands(), configured).refusals:
        # A name that stands below the table by mistake may be a command's too.
        meant = f"; the name '{refusal.command}' goes above [keys]"
        reason = refusal.reason + (meant if refusal.command in READERS else "")
        complaints.append(((KEYS, refusal.command), reason))
    return configured, complaints

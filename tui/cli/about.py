"""What the program knows of itself: `keys`, `config` and `formats`."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, TypeAlias

from tui.cli.errors import Status
from tui.cli.opening import locate
from tui.cli.output import is_read_by_person, say, tell, tell_data, tell_parts, to_json
from tui.commands import COMMANDS
from tui.config import read_config_file
from tui.locations import shown_path

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Sequence

_Groups: TypeAlias = dict[str, list[tuple[str, str, str]]]
"""Rows of three cells, by what stands above them."""

_BY_THEMSELVES = {"copy_command": "found by the program", "open_command": "found by the program"}
"""What is shown for a value that is none."""


def keys(_: Namespace) -> Status:
    """List every key: by command for a person, each on its own line for programs."""
    if is_read_by_person():
        groups = {
            group: [(command.shown_keys, command.name, command.summary) for command in commands]
            for group, commands in COMMANDS.items()
        }
        tell_parts(_in_groups(groups))
        return Status.DONE
    for commands in COMMANDS.values():
        for command in commands:
            for shown in command.shown_keys.split(", "):
                tell_parts([_parted((shown, command.name, command.summary))])
    return Status.DONE


def config(options: Namespace) -> Status:
    """Show the configuration file, and each name with its value and where that comes from."""
    found = read_config_file(locate(options.library).config)
    values = {name: getattr(found.config, name) for name in found.config.__slots__}
    origins = {name: "file" if name in found.named else "default" for name in values}
    if options.json:
        shown = {
            "file": str(found.path),
            "exists": found.exists,
            "values": {
                name: {"value": value, "from": origins[name]} for name, value in values.items()
            },
            "warnings": list(found.warnings),
        }
        tell_data([to_json(shown, indent=2)])
        return Status.DONE
    rows = [(name, _shown(name, value), origins[name]) for name, value in values.items()]
    if is_read_by_person():
        place = shown_path(found.path)
        tell(place if found.exists else f"{place} is not there: every name has its default")
        tell("")
        tell_parts(_aligned(rows))
    else:
        tell_parts(map(_parted, rows))
    for warning in found.warnings:
        say(warning)
    return Status.DONE


def formats(_: Namespace) -> Status:
    """List what can be imported and exported."""
    from store.exporters import EXPORTERS
    from store.importers import IMPORTERS

    groups = {
        "import": [(name, read.summary, read.example) for name, read in IMPORTERS.items()],
        "export": [
            (name, written.summary, f"paperdeck export --format {name} -o papers{written.suffix}")
            for name, written in EXPORTERS.items()
        ],
    }
    if is_read_by_person():
        tell_parts(_with_examples(groups))
    else:
        tell_parts(_parted((group, *row)) for group, rows in groups.items() for row in rows)
    return Status.DONE


def _shown(name: str, value: object) -> str:
    match value:
        case None:
            return _BY_THEMSELVES[name]
        case tuple():
            return shlex.join(value)
        case bool():
            return str(value).lower()
    return str(value)


def _with_examples(groups: _Groups) -> Iterable[str]:
    """Yield the lines of every group, an example below each: beside it, they would be too wide."""
    width = max(len(name) for rows in groups.values() for name, *_ in rows)
    for number, (group, rows) in enumerate(groups.items()):
        yield from ("\n" if number else "", f"{group}\n")
        for name, summary, example in rows:
            yield from (f"  {name:<{width}}  {summary}\n", f"    {example}\n")


def _in_groups(groups: _Groups) -> Iterable[str]:
    """Yield the lines of every group, aligned alike."""
    widths = _widths([row for rows in groups.values() for row in rows])
    for number, (group, rows) in enumerate(groups.items()):
        yield from ("\n" if number else "", f"{group}\n")
        yield from (f"  {line}" for line in _aligned(rows, widths))


def _aligned(rows: Sequence[Sequence[str]], widths: Sequence[int] = ()) -> Iterable[str]:
    widths = widths or _widths(rows)
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip() + "\n"


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(len, column)) for column in zip(*rows, strict=True)]


def _parted(cells: Iterable[str]) -> str:
    return "\t".join(cells) + "\n"

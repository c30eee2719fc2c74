"""What the program knows of itself: `keys`, `config` and `formats`."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from store.jsontext import to_json
from tui.cli.errors import Status
from tui.cli.opening import locate
from tui.cli.output import is_read_by_person, say, tell, tell_data, tell_parts
from tui.commands import COMMANDS, all_commands
from tui.config import read_config_file
from tui.keymap import bindings, shown_keys
from tui.locations import session_file, shown_path
from tui.session import read_session

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable

    from tui.commands import Command
    from tui.keymap import Bindings

_Groups: TypeAlias = Mapping[str, Sequence[tuple[str, ...]]]
"""Rows of cells, by what stands above them."""

_NOTHING = {
    ("copy_command", None): "found by the program",
    ("open_command", None): "found by the program",
    ("editor", None): "$VISUAL or $EDITOR",
    ("columns", None): "those that have room",
    ("columns", ()): "none",
    ("default_view", ""): "every paper",
    ("mail_to", ""): "nobody",
    ("mail_from", ""): "whom it goes to",
    ("keys", ()): "as shipped",
}
"""What is shown for values that say little."""


def keys(options: Namespace) -> Status:
    """List every key and where it comes from: by command for a person, one a line for programs."""
    found = read_config_file(locate(options.library).config)
    bound = bindings(all_commands(), found.config.keys)
    if is_read_by_person():
        groups = {
            group: [(bound.shown(one), *_told(one, bound)) for one in commands]
            for group, commands in COMMANDS.items()
        }
        tell_parts(_in_groups(groups))
    else:
        for command in all_commands():
            # A command without keys is told too: the palette has it.
            for keys in bound.keys(command) or ("",):
                tell_parts([_parted((shown_keys([keys]), *_told(command, bound)))])
    for warning in found.warnings:
        say(warning)
    return Status.DONE


def config(options: Namespace) -> Status:
    """Show the configuration file, and each name with its value and where that comes from.

    Colours that the reader chose in the browser are in force before those of the file.
    """
    locations = locate(options.library)
    found = read_config_file(locations.config)
    values = {name: getattr(found.config, name) for name in found.config.__slots__}
    origins = {name: "file" if name in found.named else "default" for name in values}
    chosen = read_session(session_file(locations.state, locations.library)).theme
    if chosen:
        values["theme"], origins["theme"] = chosen, "chosen"
    if options.json:
        shown = {
            "file": str(found.path),
            "exists": found.exists,
            "values": {
                name: {"value": _plain(name, value), "from": origins[name]}
                for name, value in values.items()
            },
            "warnings": list(found.warnings),
        }
        tell_data([to_json(shown, indent=2), "\n"])
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


def _told(command: Command, bound: Bindings) -> tuple[str, str, str]:
    """Return what is said of a command beside its keys."""
    return command.name, command.summary, bound.origin(command)


def _plain(name: str, value: Any) -> Any:
    """Return a value as JSON has it."""
    return dict(value) if name == "keys" else value


def _shown(name: str, value: Any) -> str:
    match value:
        case None | "" | ():
            return _NOTHING[name, value]
        case tuple() if name == "keys":
            return f"of {', '.join(command for command, _ in value)}: see 'paperdeck keys'"
        case float():
            return f"{value:g}"
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

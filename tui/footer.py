"""What the footer shows: the keys in force of a few commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.commands import footer_commands
from tui.keynames import shown_keys

if TYPE_CHECKING:
    from tui.keymap import Bindings


def footer_hints(bindings: Bindings) -> list[tuple[str, str]]:
    """Return the first key of each command that the footer names, with its word."""
    commands = ((command, bindings.keys(command)[:1]) for command in footer_commands())
    return [(shown_keys(keys), command.word) for command, keys in commands if keys]


def key_of(bindings: Bindings, name: str) -> str:
    """Return the first key of a command as it is shown; empty if it has none."""
    keys = next((" ".join(keys) for keys, one in bindings.commands.items() if one.name == name), "")
    return shown_keys([keys]) if keys else ""

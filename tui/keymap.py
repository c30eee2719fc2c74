"""From keys to commands: single keys, and sequences such as `g g`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.commands import Command


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a key came to: a command, the beginning of some, or (both None) nothing."""

    command: Command | None = None
    pending: tuple[Command, ...] = ()
    """The commands that can follow, where the keys so far begin several."""


class Keymap:
    """The keys of a table of commands, and the sequence that is being pressed."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self._commands: dict[tuple[str, ...], Command] = {}
        for command in commands:
            for keys in command.keys:
                self._commands[tuple(keys.split(" "))] = command
        self.pressed: tuple[str, ...] = ()

    def press(self, key: str) -> Pressed:
        """Take one key and return what the sequence so far has come to."""
        sequence = (*self.pressed, key)
        command = self._commands.get(sequence)
        if command:
            self.pressed = ()
            return Pressed(command)
        pending = tuple(
            command
            for keys, command in self._commands.items()
            if len(keys) > len(sequence) and keys[: len(sequence)] == sequence
        )
        self.pressed = sequence if pending else ()
        return Pressed(pending=pending)

"""From keys to commands: single keys, and sequences such as `g g`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from tui.keynames import read_keys, shown_key, shown_keys
from tui.spelling import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from tui.commands import Command

__all__ = ["Bindings", "Keymap", "Pressed", "Refusal", "bindings", "shown_keys"]

DEFAULT = "default"
FILE = "file"
CANCEL_KEY = "ctrl+c"
CANCEL = "cancel"
"""The command that this key always runs."""

_Keys: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A key that a command is not given, or another thing to say of its keys."""

    command: str
    reason: str
    """A line that names the command, and what to do."""


@dataclass(frozen=True, slots=True)
class Bindings:
    """Which keys run which command."""

    commands: Mapping[_Keys, Command]
    """In the order of the table; no keys are the beginning of others."""
    configured: frozenset[str] = frozenset()
    """Names of the commands whose keys, or that they have none, come from the file."""
    refusals: tuple[Refusal, ...] = ()

    def keys(self, command: Command) -> tuple[str, ...]:
        """Return the keys of a command, spelled as in `Command.keys`."""
        name = command.name
        return tuple(" ".join(keys) for keys, one in self.commands.items() if one.name == name)

    def shown(self, command: Command) -> str:
        """Return the keys of a command as help shows them; nothing where it has none."""
        return shown_keys(self.keys(command))

    def origin(self, command: Command) -> str:
        """Return where the keys of a command come from: `DEFAULT` or `FILE`."""
        return FILE if command.name in self.configured else DEFAULT

    def following(self, pressed: _Keys) -> tuple[tuple[str, Command], ...]:
        """Return what can follow these keys: the rest of each sequence as shown, its command."""
        length = len(pressed)
        return tuple(
            (" ".join(map(shown_key, keys[length:])), command)
            for keys, command in self.commands.items()
            if len(keys) > length and keys[:length] == pressed
        )

    def only(self, names: Collection[str]) -> Bindings:
        """Return the bindings of some commands, such as those of one screen."""
        kept = {keys: one for keys, one in self.commands.items() if one.name in names}
        return Bindings(kept, self.configured & frozenset(names))


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a key came to: a command, the beginning of some, or (both None) nothing."""

    command: Command | None = None
    pending: tuple[Command, ...] = ()
    """The commands that can follow, where the keys so far begin several."""
    keys: tuple[str, ...] = field(default=(), compare=False)
    """The keys of the sequence that the command has come of."""


class Keymap:
    """The keys of commands, and the sequence that is being pressed.

    It is given the keys in force, or commands to have their default ones.
    """

    def __init__(self, bound: Bindings | Iterable[Command]) -> None:
        self.bindings = bound if isinstance(bound, Bindings) else bindings(tuple(bound))
        self.pressed: tuple[str, ...] = ()

    def press(self, key: str) -> Pressed:
        """Take one key and return what the sequence so far has come to.

        A key is its character, or Textual's name if it writes none; a blank is `space`.
        """
        sequence = (*self.pressed, "space" if key == " " else key)
        command = self.bindings.commands.get(sequence)
        if command:
            self.pressed = ()
            return Pressed(command, keys=sequence)
        pending = tuple(command for _, command in self.bindings.following(sequence))
        self.pressed = sequence if pending else ()
        return Pressed(pending=pending)


def bindings(
    commands: Collection[Command], configured: Iterable[tuple[str, Iterable[str]]] = ()
) -> Bindings:
    """Return which keys run which command: the `configured` ones instead of a command's own.

    Each is the name of a command and its keys. Those that another command has, that are the
    beginning of another's, or that no terminal sends are refused; a command whose every key is
    refused keeps those of its own that are free. Ctrl+c always cancels.
    """
    given = {name: tuple(keys) for name, keys in configured}
    layout = _Layout(given)
    for command in commands:
        if command.name not in given:
            layout.take_own(command)
        elif command.name == CANCEL:
            layout.bound[(CANCEL_KEY,)] = command
    by_name = {command.name: command for command in commands}
    chosen = [by_name[name] for name in given if name in by_name]
    left = [command for command in chosen if not layout.take_given(command)]
    for command in left:
        layout.take_own(command, only_free=True)
    order = {command.name: place for place, command in enumerate(commands)}
    bound = sorted(layout.bound.items(), key=lambda pair: order[pair[1].name])
    from_file = frozenset(command.name for command in chosen if command not in left)
    return Bindings(dict(bound), from_file, tuple(layout.refusals))


class _Layout:
    """The keys that are taken so far while bindings are made."""

    def __init__(self, given: Mapping[str, tuple[str, ...]]) -> None:
        self._given = given
        self.bound: dict[_Keys, Command] = {}
        self.refusals: list[Refusal] = []

    def take_own(self, command: Command, *, only_free: bool = False) -> None:
        """Give a command its own keys; say so if none of them is free."""
        for written in command.keys:
            keys = tuple(written.split(" "))
            if not only_free or not self._clashing(keys):
                self.bound[keys] = command
        if only_free and command.keys and command not in self.bound.values():
            self._refuse(command, f"'{command.name}' has no key now: its own are taken")

    def take_given(self, command: Command) -> bool:
        """Give a command the keys of the file; return whether any, or none at all, were its."""
        written = self._given[command.name]
        wrong = {text: self._take(command, text) for text in dict.fromkeys(written)}
        for text, reason in wrong.items():
            if reason:
                self._refuse(
                    command, f"{quoted(text)} can't be a key of '{command.name}': {reason}"
                )
        for text in sorted({text for text in wrong if written.count(text) > 1}):
            self._refuse(command, f"'{command.name}' names {quoted(text)} twice; keep one of them")
        if command.name == CANCEL and not written:
            self._refuse(command, f"'{CANCEL_KEY}' stays the key of '{CANCEL}'")
        return not written or not all(wrong.values())

    def _take(self, command: Command, text: str) -> str | None:
        """Bind keys; return why not if they can't be."""
        try:
            keys = read_keys(text)
        except ValueError as error:
            return str(error)
        if keys == (CANCEL_KEY,) and command.name == CANCEL:
            return None
        if CANCEL_KEY in keys:
            return f"'{CANCEL_KEY}' always cancels"
        clashing = self._clashing(keys)
        if clashing:
            return self._clash(keys, clashing)
        self.bound[keys] = command
        return None

    def _clashing(self, keys: _Keys) -> list[tuple[_Keys, Command]]:
        """Return what is bound to these keys, to their beginning, or to more than them."""
        return [
            (other, command)
            for other, command in self.bound.items()
            if all(one == another for one, another in zip(keys, other, strict=False))
        ]

    def _clash(self, keys: _Keys, clashing: list[tuple[_Keys, Command]]) -> str:
        """Return how keys clash with others, and what to do."""
        other, command = clashing[0]
        name = command.name
        shown = " ".join(other)
        if len(other) > len(keys):
            reason = f"'{shown}' of '{name}' begins with it"
        elif len(other) < len(keys):
            reason = f"it begins with '{shown}', the key of '{name}'"
        else:
            reason = f"it is the key of '{name}' already"
        names = dict.fromkeys(one.name for _, one in clashing)
        if len(names) > 1:
            return f"{reason}, as do the keys of {len(names) - 1} more; choose another"
        if name in self._given:
            return f"{reason}; choose another for one of them"
        return f"{reason}; give '{name}' other keys, or none with {name} = []"

    def _refuse(self, command: Command, reason: str) -> None:
        self.refusals.append(Refusal(command.name, reason))

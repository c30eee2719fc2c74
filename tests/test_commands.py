from __future__ import annotations

import subprocess
import sys

import pytest

from tui.commands import COMMANDS, Command, all_commands

MULTIPLEXER_PREFIXES = {"ctrl+b", "ctrl+a"}
BACKSPACE_TAB_AND_ENTER = {"ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m"}
FLOW_CONTROL = {"ctrl+s", "ctrl+q"}
FORBIDDEN = MULTIPLEXER_PREFIXES | BACKSPACE_TAB_AND_ENTER | FLOW_CONTROL

SEQUENCES = [(keys.split(" "), command.name) for command in all_commands() for keys in command.keys]
each_command = pytest.mark.parametrize(
    "command", all_commands(), ids=[command.name for command in all_commands()]
)


def test_a_key_belongs_to_one_command() -> None:
    written = [tuple(keys) for keys, _ in SEQUENCES]
    assert len(written) == len(set(written))


def test_a_name_belongs_to_one_command() -> None:
    names = [command.name for command in all_commands()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("keys", "name"), SEQUENCES)
def test_no_command_is_hidden_by_the_beginning_of_a_longer_one(keys: list[str], name: str) -> None:
    longer = [other for other, _ in SEQUENCES if len(other) > len(keys)]
    assert not any(other[: len(keys)] == keys for other in longer), name


@pytest.mark.parametrize(("keys", "name"), SEQUENCES)
def test_no_key_is_bound_that_terminals_and_multiplexers_keep(keys: list[str], name: str) -> None:
    assert not FORBIDDEN & set(keys), name
    assert not any("alt+" in key or "meta+" in key for key in keys), name


@each_command
def test_a_command_says_what_it_does_as_an_imperative(command: Command) -> None:
    assert command.summary
    assert command.summary[0].islower()
    assert not command.summary.endswith(".")
    assert command.action.__doc__


@each_command
def test_a_name_is_made_of_words_joined_by_hyphens(command: Command) -> None:
    assert command.name.replace("-", "").isalpha()
    assert command.name == command.name.lower()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("next", "j, ↓"),
        ("first", "g g, Home"),
        ("read", "Enter"),
        ("back", "Esc"),
        ("half-page-down", "ctrl+d"),
        ("copy-link", "y y"),
    ],
)
def test_keys_are_shown_as_they_stand_on_a_keyboard(name: str, shown: str) -> None:
    (command,) = [command for command in all_commands() if command.name == name]
    assert command.shown_keys == shown


def test_the_table_can_be_printed_without_a_screen() -> None:
    program = (
        "import sys, tui.commands; tui.commands.all_commands();"
        " sys.exit('textual' in sys.modules or 'whoosh' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_every_group_has_commands() -> None:
    assert all(COMMANDS.values())
    assert sum(map(len, COMMANDS.values())) == len(all_commands())

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.commands import Command, all_commands
from tui.keymap import Keymap, Pressed


def nothing(_browser: object) -> None:
    """Stand for an action that is never run."""


def command(name: str, *keys: str) -> Command:
    return Command(name, keys, name, nothing)


DOWN = command("down", "j", "down")
TOP = command("top", "g g", "home")
LINK = command("link", "y y")
PDF = command("pdf", "y p")
DEEP = command("deep", "g x y")
TABLE = (DOWN, TOP, LINK, PDF, DEEP)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("j", Pressed(DOWN)),
        ("down", Pressed(DOWN)),
        ("g", Pressed(pending=(TOP, DEEP))),
        ("g g", Pressed(TOP)),
        ("g x", Pressed(pending=(DEEP,))),
        ("g x y", Pressed(DEEP)),
        ("y", Pressed(pending=(LINK, PDF))),
        ("y p", Pressed(PDF)),
        ("y j", Pressed()),
        ("q", Pressed()),
        ("y j p", Pressed()),
        ("y j j", Pressed(DOWN)),
        ("g g g", Pressed(pending=(TOP, DEEP))),
        ("y escape y", Pressed(pending=(LINK, PDF))),
    ],
)
def test_keys_come_to_a_command_or_to_what_can_follow(keys: str, expected: Pressed) -> None:
    keymap = Keymap(TABLE)
    *before, last = keys.split(" ")
    for key in before:
        keymap.press(key)
    assert keymap.press(last) == expected


@pytest.mark.parametrize(
    ("command", "keys"),
    [(command, keys) for command in all_commands() for keys in command.keys],
    ids=lambda value: value.name if isinstance(value, Command) else value,
)
def test_every_key_of_the_table_leads_to_its_command(command: Command, keys: str) -> None:
    keymap = Keymap(all_commands())
    *before, last = keys.split(" ")
    for key in before:
        assert command in keymap.press(key).pending
    assert keymap.press(last) == Pressed(command)


@given(st.lists(st.sampled_from(["j", "g", "x", "y", "p", "escape"]), max_size=30))
def test_whatever_is_pressed_the_next_sequence_works(keys: list[str]) -> None:
    keymap = Keymap(TABLE)
    for key in keys:
        pressed = keymap.press(key)
        assert pressed.command is None or not pressed.pending
        assert bool(keymap.pressed) == bool(pressed.pending)
    if keymap.pressed:
        keymap.press("escape")
    assert keymap.press("j") == Pressed(DOWN)

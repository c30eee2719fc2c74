from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.commands import Command, all_commands
from tui.keymap import Keymap, Pressed, bindings


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


# Keys of the configuration file

CANCEL = command("cancel", "ctrl+c")
MARK = command("mark", "space")
ALL = (*TABLE, CANCEL, MARK)


def found(*configured: tuple[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    bound = bindings(ALL, configured)
    return {one.name: bound.keys(one) for one in ALL}


DEFAULTS = {one.name: one.keys for one in ALL}


@pytest.mark.parametrize(
    ("configured", "changed"),
    [
        ({}, {}),
        ({"down": ("x",)}, {"down": ("x",)}),
        ({"down": ("x", "<Space>")}, {"down": ("x",)}),
        ({"down": ("x", "z x", "f1")}, {"down": ("x", "z x", "f1")}),
        ({"down": ()}, {"down": ()}),
        ({"mark": (), "down": ("space",)}, {"mark": (), "down": ("space",)}),
        ({"link": ("y p",), "pdf": ("y y",)}, {"link": ("y p",), "pdf": ("y y",)}),
        ({"link": ("y z",), "pdf": ("y z",)}, {"link": ("y z",)}),
        ({"link": ("y",)}, {}),
        ({"link": ("j x",)}, {}),
        ({"link": (), "pdf": (), "deep": ("y",)}, {"link": (), "pdf": (), "deep": ("y",)}),
        ({"down": ("zz",)}, {}),
        ({"down": ("ctrl+c",)}, {}),
        ({"cancel": ()}, {}),
        ({"cancel": ("x",)}, {"cancel": ("ctrl+c", "x")}),
        ({"cancel": ("x", "ctrl+c")}, {"cancel": ("ctrl+c", "x")}),
        ({"cancel": ("j",)}, {}),
        ({"down": ("x", "x y")}, {"down": ("x",)}),
        ({"down": ("x", "x")}, {"down": ("x",)}),
        ({"link": ("j",), "down": ("k",)}, {"link": ("j",), "down": ("k",)}),
        ({"link": ("j",), "down": ("zz",)}, {"link": ("j",), "down": ("down",)}),
        ({"link": ("j",), "pdf": ("down",), "down": ("zz",)},
         {"link": ("j",), "pdf": ("down",), "down": ()}),
        ({"nothing": ("x",)}, {}),
    ],
)  # fmt: skip
def test_the_file_s_keys_stand_in_the_place_of_a_command_s_own(
    configured: dict[str, tuple[str, ...]], changed: dict[str, tuple[str, ...]]
) -> None:
    assert found(*configured.items()) == {**DEFAULTS, **changed}


@pytest.mark.parametrize(
    ("configured", "reason"),
    [
        (
            {"top": ("j",)},
            (
                "'j' can't be a key of 'top': it is the key of 'down' already;"
                " give 'down' other keys, or none with down = []"
            ),
        ),
        (
            {"down": ("space x",)},
            (
                "'space x' can't be a key of 'down': it begins with 'space', the key of 'mark';"
                " give 'mark' other keys, or none with mark = []"
            ),
        ),
        (
            {"down": ("g g x",)},
            (
                "'g g x' can't be a key of 'down': it begins with 'g g', the key of 'top';"
                " give 'top' other keys, or none with top = []"
            ),
        ),
        (
            {"down": ("y",)},
            (
                "'y' can't be a key of 'down': 'y y' of 'link' begins with it,"
                " as do the keys of 1 more; choose another"
            ),
        ),
        (
            {"link": ("z",), "pdf": ("z",)},
            (
                "'z' can't be a key of 'pdf': it is the key of 'link' already;"
                " choose another for one of them"
            ),
        ),
        ({"down": ("ctrl+m",)}, "'ctrl+m' can't be a key of 'down': terminals send it as Enter"),
        ({"down": ("\x1b[2J",)}, "'' can't be a key of 'down': there is no key of this name"),
        ({"down": ("",)}, "'' can't be a key of 'down': it names no key; a blank is 'space',"),
        ({"down": ("x ctrl+c",)}, "'x ctrl+c' can't be a key of 'down': 'ctrl+c' always cancels"),
        ({"down": ("x", "x")}, "'down' names 'x' twice; keep one of them"),
        ({"cancel": ()}, "'ctrl+c' stays the key of 'cancel'"),
    ],
)
def test_a_refusal_names_both_commands_and_what_to_do(
    configured: dict[str, tuple[str, ...]], reason: str
) -> None:
    (refusal,) = bindings(ALL, configured.items()).refusals
    assert refusal.reason.startswith(reason)
    assert refusal.command in configured


def test_a_command_that_is_left_without_a_key_is_told() -> None:
    configured = {"link": ("j",), "pdf": ("down",), "down": ("zz",)}
    refusals = bindings(ALL, configured.items()).refusals
    assert refusals[-1].reason == "'down' has no key now: its own are taken"


def test_where_keys_come_from_is_told() -> None:
    bound = bindings(ALL, {"down": ("x", "y"), "top": (), "link": ("y",)}.items())
    origins = {one.name: bound.origin(one) for one in ALL}
    assert origins == {
        **dict.fromkeys(DEFAULTS, "default"),
        "down": "file",
        "top": "file",
    }


def test_keys_are_shown_as_they_are_in_force() -> None:
    bound = bindings(ALL, {"down": ("x", "pagedown"), "top": ()}.items())
    assert bound.shown(DOWN) == "x, PgDn"
    assert bound.shown(TOP) == ""
    assert bound.shown(LINK) == "y y"


def test_what_can_follow_is_told_with_the_rest_of_its_keys() -> None:
    bound = bindings(ALL)
    assert bound.following(("g",)) == (("g", TOP), ("x y", DEEP))
    assert bound.following(("g", "x")) == (("y", DEEP),)
    assert bound.following(("j",)) == ()


def test_a_screen_has_the_keys_of_its_own_commands() -> None:
    bound = bindings(ALL, {"down": ("y",), "link": ("x",), "pdf": ()}.items()).only({"down", "pdf"})
    keymap = Keymap(bound)
    assert keymap.press("x") == Pressed()
    assert keymap.press("y") == Pressed(DOWN)
    assert bound.origin(DOWN) == "file"
    assert bound.keys(LINK) == ()


def test_a_blank_is_the_space_bar() -> None:
    keymap = Keymap(ALL)
    assert keymap.press(" ") == Pressed(MARK)
    assert keymap.press("space") == Pressed(MARK)


keys_of_file = st.lists(
    st.sampled_from(["x", "y", "y y", "g", "g g", "x y", "j", "zz", "ctrl+c", "space", ""]),
    max_size=3,
)


@given(st.dictionaries(st.sampled_from([*DEFAULTS, "nothing"]), keys_of_file))
def test_no_bound_keys_are_the_beginning_of_others(configured: dict[str, list[str]]) -> None:
    bound = bindings(ALL, configured.items())
    sequences = list(bound.commands)
    assert not [
        (one, other)
        for one in sequences
        for other in sequences
        if one is not other and other[: len(one)] == one
    ]
    assert bound.commands["ctrl+c",] is CANCEL
    order = [ALL.index(one) for one in bound.commands.values()]
    assert order == sorted(order)


def test_every_command_can_be_given_another_key() -> None:
    commands = all_commands()
    configured = {one.name: (f"Z {chr(0x4E00 + n)}",) for n, one in enumerate(commands)}
    bound = bindings(commands, configured.items())
    assert bound.refusals == ()
    assert all(bound.origin(one) == "file" for one in commands)


def test_the_table_s_own_keys_are_refused_nowhere() -> None:
    commands = all_commands()
    bound = bindings(commands, ((one.name, one.keys) for one in commands))
    assert bound.refusals == ()
    assert bound.commands == bindings(commands).commands

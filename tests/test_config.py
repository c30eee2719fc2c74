from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui import themes
from tui.commands import all_commands
from tui.config import MEANINGS, THEMES, Config, read_config, read_config_file
from tui.keymap import bindings

if TYPE_CHECKING:
    from pathlib import Path


def read(folder: Path, text: str | bytes) -> tuple[Config, tuple[str, ...]]:
    data = text.encode() if isinstance(text, str) else text
    (folder / "config.toml").write_bytes(data)
    return read_config(folder)


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert read_config(tmp_path / "none") == (Config(None, None, "dark", mouse=True), ())


@pytest.mark.parametrize(
    ("text", "config"),
    [
        ("", Config()),
        ("copy_command = 'xclip -sel \"clip board\"'", Config(("xclip", "-sel", "clip board"))),
        ('copy_command = ["xclip", "a b"]', Config(("xclip", "a b"))),
        ('open_command = "firefox --new-tab {}"', Config(None, ("firefox", "--new-tab", "{}"))),
        ('theme = "light"\nmouse = false', Config(theme="light", mouse=False)),
        ('\ufefftheme = "dark"\r\n# said\r\n', Config(theme="dark")),
        ('theme = "terminal"', Config(theme="terminal")),
        ('editor = "vim -n"', Config(editor=("vim", "-n"))),
        ('writer = "textual"', Config(writer="textual")),
        ("rest_seconds = 0", Config(rest_seconds=0)),
        ("rest_seconds = 1.5", Config(rest_seconds=1.5)),
        ('columns = ["day", "votes"]', Config(columns=("day", "votes"))),
        ("columns = []", Config(columns=())),
        ('default_view = " view:to  read "', Config(default_view="view:to read")),
        ('default_view = ""', Config(default_view="")),
        (
            '[keys]\narchive = "Z"\nhelp = ["f9", "<F8> h"]\nstar = []\n',
            Config(keys=(("archive", ("Z",)), ("help", ("f9", "<F8> h")), ("star", ()))),
        ),
        ('keys.quit = "Z"', Config(keys=(("quit", ("Z",)),))),
    ],
)
def test_a_file_says_what_it_says(tmp_path: Path, text: str, config: Config) -> None:
    assert read(tmp_path, text) == (config, ())


@pytest.mark.parametrize(
    ("line", "warning"),
    [
        ('copy_comand = "x"', "unknown name 'copy_comand'; did you mean 'copy_command'?"),
        (
            'writer = "textural"',
            "'writer' must be \"changed cells\" or \"textual\", not 'textural'; did you mean",
        ),
        ("Mouse = true", "unknown name 'Mouse'; did you mean 'mouse'?"),
        ("zzz = 1", "unknown name 'zzz'"),
        ('"a\\u001b[31mb" = 1', "unknown name 'ab'"),
        ('mouse = "yes"', "'mouse' must be true or false, not 'yes'"),
        ("mouse = 1", "'mouse' must be true or false, not 1"),
        (
            'theme = "drak"',
            "'theme' must be \"dark\", \"light\" or \"terminal\", not 'drak'; did you mean 'dark'?",
        ),
        ("theme = true", '\'theme\' must be "dark", "light" or "terminal", not true'),
        ("copy_command = 3", "'copy_command' must be a text or a list of texts, not 3"),
        ('copy_command = ["a", 1]', "must be a text or a list of texts, not ['a', 1]"),
        ('copy_command = "it\'s"', "'copy_command' has a quote that is never closed: 'it's'"),
        ('copy_command = " "', "'copy_command' must name a program, with its arguments after it"),
        ("copy_command = []", "'copy_command' must name a program"),
        ('open_command = ["a\\u0000b"]', "'open_command' must name a program"),
        ("editor = {}", "'editor' must be a text or a list of texts, not {}"),
        ("rest_seconds = -1", "'rest_seconds' must be a number of seconds from 0 (for never) to"),
        ("rest_seconds = nan", "to 3600, not nan"),
        ("rest_seconds = inf", "to 3600, not inf"),
        (f"rest_seconds = {'9' * 400}", "to 3600, not 9"),
        ("rest_seconds = true", "to 3600, not true"),
        ('rest_seconds = "2"', "to 3600, not '2'"),
        ('columns = "day"', "'columns' must be a list of names such as"),
        ('columns = ["day", 1]', "'columns' must be a list of names such as"),
        ('columns = ["vote"]', "'columns' knows no column 'vote'; did you mean 'votes'?"),
        ('columns = ["zz"]', "knows no column 'zz'; there are votes, comments, day, authors,"),
        ('columns = ["day", "id", "day"]', "'columns' names 'day' twice; keep one of them"),
        ("default_view = 1", "'default_view' must be a text such as \"is:inbox\", not 1"),
        ('archive = "x"', "unknown name 'archive'; it is a command: put it below [keys]"),
        ('keys = "x"', "'keys' must be a table: [keys], and below it such lines as archive = "),
    ],
)
def test_a_wrong_line_is_named_and_the_rest_holds(tmp_path: Path, line: str, warning: str) -> None:
    rest = 'theme = "light"' if "theme" not in line else "mouse = false"
    config, warnings = read(tmp_path, f"{line}\n{rest}\n")
    assert config == (Config(theme="light") if "theme" not in line else Config(mouse=False))
    assert len(warnings) == 1
    assert "config.toml, line 1: " in warnings[0]
    assert warning in warnings[0]


@pytest.mark.parametrize(
    ("line", "warning"),
    [
        ('arhive = "x"', "unknown command 'arhive'; did you mean 'archive'?"),
        ('copy_link = "x"', "unknown command 'copy_link'; did you mean 'copy-link'?"),
        ('zzzzzz = "x"', "unknown command 'zzzzzz'"),
        (
            'theme = "dark"',
            "'dark' can't be a key of 'theme': there is no key of this name; the name 'theme' goes",
        ),
        ("mouse = false", "unknown command 'mouse'; it is no command: put it above [keys]"),
        ("archive = 1", "'archive' must be a key such as \"g x\", or a list of keys, not 1"),
        ("archive = [1]", "'archive' must be a key such as \"g x\", or a list of keys, not [1]"),
        ("archive.a = 1", "'archive' must be a key such as"),
        ('archive = "entr"', "'entr' can't be a key of 'archive': there is no key of this name"),
        ('archive = "ctrl+s"', "'ctrl+s' can't be a key of 'archive': terminals stop their output"),
        ('archive = "d"', "'d' can't be a key of 'archive': it is the key of 'dismiss' already;"),
        ('archive = [\n  "y",\n]', "'y' can't be a key of 'archive': 'y y' of 'copy-link' begins"),
    ],
)
def test_a_wrong_key_is_named_with_its_line_and_the_rest_holds(
    tmp_path: Path, line: str, warning: str
) -> None:
    config, warnings = read(tmp_path, f'theme = "light"\n[keys]\nstar = "Z"\n{line}\nhelp = []\n')
    assert config.theme == "light"
    assert {("star", ("Z",)), ("help", ())} <= set(config.keys)
    (found,) = warnings
    assert "config.toml, line 4: " in found
    assert warning in found


def test_the_browser_refuses_the_same_keys_as_the_file_s_reader(tmp_path: Path) -> None:
    config, warnings = read(tmp_path, '[keys]\narchive = ["d", "y"]\nstar = "<M-x>"\n')
    refusals = bindings(all_commands(), config.keys).refusals
    assert len(refusals) == 3
    for refusal, warning in zip(refusals, warnings, strict=True):
        assert warning.endswith(refusal.reason)


def test_warnings_come_in_the_order_of_the_lines(tmp_path: Path) -> None:
    _, warnings = read(
        tmp_path,
        'zzz = """\n\n"""\nmouse = [\n  1, # ]\n]\n'
        '[keys]\narchive = "d"\nzzzzzz = 1\n[more]\na = 1\n',
    )
    lines = [int(warning.partition(", line ")[2].partition(":")[0]) for warning in warnings]
    assert lines == [1, 4, 8, 9, 10]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('theme = "dark"\nmouse = = true', "at line 2, column 9"),
        (
            "mouse = true\nmouse = false\n",
            "config.toml, line 2: 'mouse' stands on line 1 already, and the file is left out:",
        ),
        ('[keys]\nstar = "x"\n\n[keys]\n', ", line 4: 'keys' stands on line 1 already"),
        ('[keys]\nstar = "x"\nstar = "y"\n', ", line 3: 'keys.star' stands on line 2 already"),
        ("mouse = true\nmouse = [\n]\n", "at line 3"),
        ("a = " + "[" * 20_000, ""),
        ("a = " + "1" * 10_000, "digits"),
        (b"theme = '\xff'", "can't be read"),
    ],
)
def test_a_file_that_is_not_toml_is_left_out(
    tmp_path: Path, text: str | bytes, reason: str
) -> None:
    config, warnings = read(tmp_path, text)
    assert config == Config()
    assert len(warnings) == 1
    assert "config.toml" in warnings[0]
    assert reason in warnings[0]


def test_a_folder_in_the_place_of_the_file_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "config.toml").mkdir()
    config, warnings = read_config(tmp_path)
    assert config == Config()
    assert "can't be read" in warnings[0]


names = st.sampled_from(
    [*Config.__slots__, "other", "keys.archive", "[keys]\nstar", "[keys]\nquit"]
)
values = st.one_of(
    st.sampled_from(["true", "1.5", "[]", "{}", "[[1]]", "2026-03-12", "'''a\nb'''", "-0xff"]),
    st.text(max_size=20),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.lists(st.tuples(names, values), max_size=4))
def test_whatever_a_file_holds_reading_it_gives_a_configuration(
    tmp_path: Path, lines: list[tuple[str, str]]
) -> None:
    text = "\n".join(f"{name} = {value}" for name, value in lines)
    config, warnings = read(tmp_path, text.encode(errors="replace"))
    assert isinstance(config, Config)
    assert all(warning.isprintable() for warning in warnings)


def test_what_comes_from_the_file_is_told_from_what_is_a_default(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('theme = "dark"\nmouse = 1\nzzz = 2\n')
    found = read_config_file(tmp_path)
    assert (found.path, found.exists) == (tmp_path / "config.toml", True)
    assert found.named == {"theme"}
    assert len(found.warnings) == 2
    assert not read_config_file(tmp_path / "none").exists


def test_every_name_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Config.__slots__)


def test_every_theme_can_be_configured() -> None:
    assert set(THEMES) == set(themes.THEMES)

"""What the program knows of itself: `keys`, `config` and `formats`."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from store.exporters import EXPORTERS
from store.importers import IMPORTERS
from tui.cli.arguments import read_command
from tui.commands import COMMANDS, all_commands
from tui.config import Config
from tui.keymap import shown_keys
from tui.locations import session_file
from tui.session import Session, write_session

if TYPE_CHECKING:
    from pathlib import Path

    from terminal import Home

pytest_plugins = ["tests.terminal"]


def rows(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]


def shown(home: Home, *words: str) -> list[str]:
    """Return what a command shows on a terminal."""
    with home.browse(*words, size=(200, 100)) as terminal:
        assert terminal.ended() == 0
        return [line for line in terminal.lines if line]


def configure(home: Home, text: str) -> Path:
    file = home.folder / "config" / "paperdeck" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    return file


# Keys


def test_a_pipe_gets_a_line_for_each_key(home: Home) -> None:
    found = rows(home.run("keys"))
    assert [row[0] for row in found[:2]] == ["j", "↓"]
    assert len(found) == sum(len(command.keys) or 1 for command in all_commands())
    for command in all_commands():
        named = [key for key, name, *_ in found if name == command.name]
        assert named == [shown_keys([key]) for key in command.keys or ("",)]
        assert [named[0], command.name, command.summary, "default"] in found


def test_keys_are_those_in_force_and_what_is_refused_is_named(home: Home) -> None:
    configure(home, '[keys]\narchive = ["Z", "ctrl+s"]\nstar = []\ndismiss = "j"\n')
    done = subprocess.run(
        [home.program, "keys"], env=home.environ, capture_output=True, text=True, check=True
    )
    found = {name: (key, origin) for key, name, _, origin in rows(done.stdout)}
    assert found["archive"] == ("Z", "file")
    assert found["star"] == ("", "file")
    assert found["dismiss"] == ("d", "default")
    first, second = done.stderr.splitlines()
    assert "config.toml, line 2: 'ctrl+s' can't be a key of 'archive'" in first
    assert "config.toml, line 4: 'j' can't be a key of 'dismiss'" in second
    lines = shown(home, "keys")
    assert any(line.split() == ["Z", *line.split()[1:-1], "file"] for line in lines)


def test_a_person_gets_the_keys_in_groups_and_aligned(home: Home) -> None:
    lines = shown(home, "keys")
    assert [line for line in lines if line[0] != " "] == list(COMMANDS)
    columns = {
        line.rindex(command.summary)
        for command in all_commands()
        if command.keys
        for line in lines
        if line.startswith(f"  {shown_keys(command.keys)}  ")
    }
    assert len(columns) == 1


# The configuration


def test_without_a_file_every_name_has_its_default(home: Home) -> None:
    assert {tuple(row[::2]) for row in rows(home.run("config"))} == {
        (name, "default") for name in Config.__slots__
    }
    assert "is not there: every name has its default" in shown(home, "config")[0]
    assert not (home.folder / "config").exists()


def test_what_the_file_says_is_told_apart_and_what_is_wrong_is_named(home: Home) -> None:
    file = configure(home, 'theme = "light"\ncopy_command = ["xclip", "a b"]\nmouse = 1\n')
    done = subprocess.run(
        [home.program, "config"], env=home.environ, capture_output=True, text=True, check=True
    )
    assert rows(done.stdout) == [
        ["copy_command", "xclip 'a b'", "file"],
        ["open_command", "found by the program", "default"],
        ["theme", "light", "file"],
        ["mouse", "true", "default"],
        ["writer", "changed cells", "default"],
        ["editor", "$VISUAL or $EDITOR", "default"],
        ["rest_seconds", "2", "default"],
        ["columns", "those that have room", "default"],
        ["default_view", "is:inbox", "default"],
        ["mail_to", "nobody", "default"],
        ["mail_from", "whom it goes to", "default"],
        ["keys", "as shipped", "default"],
    ]
    assert "'mouse' must be true or false, not 1" in done.stderr
    assert shown(home, "config")[0] == f"~/{file.relative_to(home.folder)}"


def test_the_configuration_is_one_object_for_programs(home: Home) -> None:
    file = configure(
        home,
        'copy_command = "xclip -i"\ntheme = "drak"\nrest_seconds = 0.5\ncolumns = ["day", "id"]\n'
        '[keys]\nstar = "Z"\n',
    )
    found = json.loads(home.run("config", "--json"))
    assert found["file"] == str(file)
    assert found["exists"] is True
    assert found["values"] == {
        "copy_command": {"value": ["xclip", "-i"], "from": "file"},
        "open_command": {"value": None, "from": "default"},
        "theme": {"value": "dark", "from": "default"},
        "mouse": {"value": True, "from": "default"},
        "writer": {"value": "changed cells", "from": "default"},
        "editor": {"value": None, "from": "default"},
        "rest_seconds": {"value": 0.5, "from": "file"},
        "columns": {"value": ["day", "id"], "from": "file"},
        "default_view": {"value": "is:inbox", "from": "default"},
        "mail_to": {"value": "", "from": "default"},
        "mail_from": {"value": "", "from": "default"},
        "keys": {"value": {"star": ["Z"]}, "from": "file"},
    }
    assert ["keys", "of star: see 'paperdeck keys'", "file"] in rows(home.run("config"))
    assert ["'theme' must be" in warning for warning in found["warnings"]] == [True]


def test_a_file_that_is_no_toml_is_there_and_says_nothing(home: Home) -> None:
    configure(home, "mouse = = true")
    found = json.loads(home.run("config", "--json"))
    assert found["exists"] is True
    assert {value["from"] for value in found["values"].values()} == {"default"}
    assert len(found["warnings"]) == 1


# Formats


def test_every_format_is_listed_with_an_example_that_is_a_command(home: Home) -> None:
    found = rows(home.run("formats"))
    assert [row[:3] for row in found] == [
        *(["import", name, one.summary] for name, one in IMPORTERS.items()),
        *(["export", name, one.summary] for name, one in EXPORTERS.items()),
    ]
    for direction, _, _, example in found:
        command = example[example.index("paperdeck ") :].split()
        assert read_command(command[1:]).verb == direction


def test_a_person_gets_the_formats_by_what_they_are_for(home: Home) -> None:
    lines = shown(home, "formats")
    assert [line for line in lines if line[0] != " "] == ["import", "export"]
    summaries = {name: one.summary for name, one in IMPORTERS.items()}
    summaries |= {name: one.summary for name, one in EXPORTERS.items()}
    for name, summary in summaries.items():
        assert any(line.split()[0] == name and line.endswith(summary) for line in lines)


@pytest.mark.parametrize("verb", ["keys", "config", "formats"])
def test_none_of_them_makes_a_library(home: Home, verb: str) -> None:
    home.run(verb)
    assert [path.name for path in home.folder.iterdir()] == ["tmp"]


def test_colours_chosen_in_the_browser_are_in_force(home: Home) -> None:
    configure(home, 'theme = "light"\n')
    assert ["theme", "light", "file"] in rows(home.run("config"))
    state = home.folder / "state" / "paperdeck"
    write_session(session_file(state, home.folder / "data" / "paperdeck"), Session(theme="dark"))
    assert ["theme", "dark", "chosen"] in rows(home.run("config"))

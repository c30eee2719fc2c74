from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui.config import MEANINGS, Config, read_config, read_config_file

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
    ],
)
def test_a_file_says_what_it_says(tmp_path: Path, text: str, config: Config) -> None:
    assert read(tmp_path, text) == (config, ())


@pytest.mark.parametrize(
    ("line", "warning"),
    [
        ('copy_comand = "x"', "unknown name 'copy_comand'; did you mean 'copy_command'?"),
        ("Mouse = true", "unknown name 'Mouse'; did you mean 'mouse'?"),
        ("zzz = 1", "unknown name 'zzz'"),
        ('"a\\u001b[31mb" = 1', "unknown name 'ab'"),
        ('mouse = "yes"', "'mouse' must be true or false, not 'yes'"),
        ("mouse = 1", "'mouse' must be true or false, not 1"),
        (
            'theme = "drak"',
            "'theme' must be \"dark\" or \"light\", not 'drak'; did you mean 'dark'?",
        ),
        ("theme = true", '\'theme\' must be "dark" or "light", not true'),
        ("copy_command = 3", "'copy_command' must be a text or a list of texts, not 3"),
        ('copy_command = ["a", 1]', "must be a text or a list of texts, not ['a', 1]"),
        ('copy_command = "it\'s"', "'copy_command' has a quote that is never closed: 'it's'"),
        ('copy_command = " "', "'copy_command' must name a program, with its arguments after it"),
        ("copy_command = []", "'copy_command' must name a program"),
        ('open_command = ["a\\u0000b"]', "'open_command' must name a program"),
    ],
)
def test_a_wrong_line_is_named_and_the_rest_holds(tmp_path: Path, line: str, warning: str) -> None:
    rest = 'theme = "light"' if "theme" not in line else "mouse = false"
    config, warnings = read(tmp_path, f"{line}\n{rest}\n")
    assert config == (Config(theme="light") if "theme" not in line else Config(mouse=False))
    assert len(warnings) == 1
    assert "config.toml" in warnings[0]
    assert warning in warnings[0]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('theme = "dark"\nmouse = = true', "at line 2, column 9"),
        ("mouse = true\nmouse = false\n", "at line 2"),
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


names = st.sampled_from(["copy_command", "open_command", "theme", "mouse", "other"])
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

from __future__ import annotations

import io

import pytest
from rich.console import Console

from tui.surroundings import (
    colour_count,
    has_display,
    hyperlink_target,
    is_over_ssh,
    takes_copies,
    takes_hyperlinks,
    tmux_version,
)


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({}, "linux", (False, False)),
        ({"DISPLAY": ""}, "linux", (False, False)),
        ({"DISPLAY": ":0"}, "linux", (False, True)),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "freebsd14", (False, True)),
        ({}, "darwin", (False, True)),
        ({"SSH_TTY": "/dev/pts/1"}, "win32", (True, True)),
        ({"SSH_CONNECTION": "a 1 b 22"}, "linux", (True, False)),
    ],
)
def test_where_the_reader_sits(
    environ: dict[str, str], platform: str, expected: tuple[bool, bool]
) -> None:
    assert (is_over_ssh(environ), has_display(environ, platform)) == expected


@pytest.mark.parametrize(
    ("term", "takes"),
    [
        ("xterm-256color", True),
        ("tmux-256color", True),
        ("screen", True),
        ("screen.xterm-256color", True),
        ("", True),
        ("linux", False),
        ("linux-16color", False),
        ("screen.linux", False),
        ("vt220", False),
        ("dumb", False),
    ],
)
def test_a_console_has_no_clipboard(term: str, takes: bool) -> None:  # noqa: FBT001 as the table has it
    assert takes_copies({"TERM": term}) is takes


TMUX = {"TERM": "tmux-256color", "TMUX": "x", "TERM_PROGRAM": "tmux"}


@pytest.mark.parametrize(
    ("environ", "takes"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "alacritty"}, True),
        ({"TERM": "tmux-256color"}, True),
        ({"TERM": "linux"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "vt100"}, False),
        ({"TERM": "screen"}, False),
        ({"TERM": "screen-256color"}, False),
        ({}, False),
        ({"TERM": "xterm-256color", "STY": "1.pts"}, False),
        ({"TERM": "xterm-256color", "VTE_VERSION": "4803"}, False),
        ({"TERM": "xterm-256color", "VTE_VERSION": "6800"}, True),
        ({**TMUX, "TERM_PROGRAM_VERSION": "3.3a"}, False),
        ({**TMUX, "TERM_PROGRAM_VERSION": "3.4"}, True),
        ({**TMUX, "TERM_PROGRAM_VERSION": "3.10"}, True),
        ({**TMUX, "TERM_PROGRAM_VERSION": "next-3.5"}, True),
        (TMUX, False),
        ({"TERM": "xterm-256color", "TMUX": "x"}, False),
    ],
)
def test_a_hyperlink_is_for_terminals_that_show_nothing_of_it(
    environ: dict[str, str],
    takes: bool,  # noqa: FBT001 as the table has it
) -> None:
    assert takes_hyperlinks(environ) is takes


def test_another_terminal_s_version_is_not_tmux_s() -> None:
    assert tmux_version({"TERM_PROGRAM": "vscode", "TERM_PROGRAM_VERSION": "1.90"}) == (0, 0)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://a.org/b?c=d%20e&f=(g)#h", "https://a.org/b?c=d%20e&f=(g)#h"),
        ("https://a.org/é", "https://a.org/%C3%A9"),
    ],
)
def test_a_hyperlink_holds_plain_characters_alone(url: str, target: str) -> None:
    assert hyperlink_target(url) == target


@pytest.mark.parametrize(
    "environ",
    [
        {"TERM": term, **more}
        for term in (
            *("xterm", "xterm-256color", "linux", "screen", "screen-256color", "tmux-256color"),
            *("xterm-16color", "xterm-kitty", "dumb", "unknown", "rxvt-unicode", "xterm-direct"),
        )
        for more in ({}, {"COLORTERM": "truecolor"}, {"COLORTERM": "24bit"}, {"COLORTERM": "yes"})
    ],
    ids=lambda environ: " ".join(environ.values()),
)
def test_colours_are_told_as_rich_tells_them(environ: dict[str, str]) -> None:
    # Rich reads COLUMNS and LINES too, which say nothing of colours.
    console = Console(force_terminal=True, file=io.StringIO(), _environ=environ)
    counts = {None: 0, "standard": 16, "256": 256, "truecolor": 1 << 24}
    assert colour_count(environ) == counts[console.color_system]


def test_who_wants_no_colours_has_none() -> None:
    assert colour_count({"TERM": "xterm", "COLORTERM": "truecolor", "NO_COLOR": ""}) == 0

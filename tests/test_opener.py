from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from tui.opener import open_links

URL = "https://arxiv.org/abs/2401.01234?a=b&c=$(id)"


def add_program(folder: Path, name: str) -> Path:
    """Add a program that writes its arguments, each on a line, and return where it writes."""
    output = folder / f"{name}.out"
    program = folder / name
    # The file appears as a whole, so that its being there means that it is complete.
    program.write_text(
        f"#!/bin/sh\nprintf '%s\\n' \"$@\" > '{output}.part'\n/bin/mv '{output}.part' '{output}'\n"
    )
    program.chmod(0o755)
    return output


def lines_when_there(output: Path) -> list[str]:
    deadline = time.monotonic() + 5
    while not output.exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    return output.read_text().splitlines()


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        ((), [URL]),
        (("--new-tab",), ["--new-tab", URL]),
        (("{}", "--quiet"), [URL, "--quiet"]),
        (("--url={}",), [f"--url={URL}"]),
    ],
)
def test_the_configured_command_gets_the_link(
    tmp_path: Path, arguments: tuple[str, ...], given: list[str]
) -> None:
    output = add_program(tmp_path, "browse")
    environ = {"PATH": str(tmp_path), "SSH_TTY": "/dev/pts/1"}
    assert open_links([URL], environ, ("browse", *arguments), "linux") == []
    assert lines_when_there(output) == given


@pytest.mark.parametrize(
    ("variables", "platform", "opener"),
    [
        ({"DISPLAY": ":0"}, "linux", "xdg-open"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", "xdg-open"),
        ({}, "darwin", "open"),
    ],
)
def test_the_desktop_opens_the_link(
    tmp_path: Path, variables: dict[str, str], platform: str, opener: str
) -> None:
    output = add_program(tmp_path, opener)
    assert open_links([URL], {"PATH": str(tmp_path), **variables}, None, platform) == []
    assert lines_when_there(output) == [URL]


@pytest.mark.parametrize(
    ("variables", "platform"),
    [
        ({}, "linux"),
        ({"DISPLAY": ":0", "SSH_TTY": "/dev/pts/1"}, "linux"),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "::1 1 ::1 22"}, "linux"),
        ({"SSH_CONNECTION": "::1 1 ::1 22"}, "darwin"),
    ],
)
def test_nothing_is_opened_where_the_reader_is_not(
    tmp_path: Path, variables: dict[str, str], platform: str
) -> None:
    add_program(tmp_path, "xdg-open")
    add_program(tmp_path, "open")
    assert open_links([URL], {"PATH": str(tmp_path), **variables}, None, platform) == [URL]


@pytest.mark.parametrize("command", [("missing",), ("not-a-program",), ("nul\0",)])
def test_a_command_that_cannot_start_opens_nothing(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "not-a-program").touch()
    assert open_links([URL], {"PATH": str(tmp_path)}, command, "linux") == [URL]


@pytest.mark.parametrize(
    ("browser", "opener"),
    [
        ("firefox", "firefox"),
        ("w3m:lynx:firefox", "firefox"),
        ("missing:firefox --new-tab %s", "firefox"),
        ("lynx", "xdg-open"),
        ("/usr/bin/w3m:links2 -g", "xdg-open"),
        ("'", "xdg-open"),
        ("", "xdg-open"),
    ],
)
def test_the_browser_that_the_environment_names_is_one_that_has_a_window(
    tmp_path: Path, browser: str, opener: str
) -> None:
    programs = ("firefox", "lynx", "links2", "w3m", "xdg-open")
    outputs = {name: add_program(tmp_path, name) for name in programs}
    environ = {"PATH": str(tmp_path), "DISPLAY": ":0", "BROWSER": browser}
    assert open_links([URL], environ, None, "linux") == []
    given = ["--new-tab", URL] if "--new-tab" in browser else [URL]
    assert lines_when_there(outputs.pop(opener)) == given
    assert not any(output.exists() for output in outputs.values())


def test_the_browser_that_the_environment_names_is_left_alone_over_ssh(tmp_path: Path) -> None:
    output = add_program(tmp_path, "firefox")
    environ = {"PATH": str(tmp_path), "BROWSER": "firefox", "SSH_TTY": "x", "DISPLAY": ":10"}
    assert open_links([URL], environ, None, "linux") == [URL]
    assert not output.exists()


def test_the_desktop_is_not_told_of_text_browsers(tmp_path: Path) -> None:
    program = tmp_path / "xdg-open"
    program.write_text('#!/bin/sh\ntest -z "$BROWSER"\n')
    program.chmod(0o755)
    environ = {"PATH": f"{tmp_path}", "DISPLAY": ":0", "BROWSER": "lynx"}
    assert open_links([URL], environ, None, "linux") == []


def test_a_browser_that_fails_has_opened_nothing_and_one_that_stays_has(tmp_path: Path) -> None:
    program = tmp_path / "browse"
    # The second link alone is one that it likes.
    program.write_text("#!/bin/sh\ncase $1 in *2) exec /bin/sleep 3;; esac\nexit 4\n")
    program.chmod(0o755)
    links = [f"https://a.org/{number}" for number in (1, 2, 3)]
    start = time.monotonic()
    left = open_links(links, {"PATH": str(tmp_path)}, ("browse",), "linux")
    assert left == [links[0], links[2]]
    assert time.monotonic() - start < 2.5


@pytest.mark.parametrize("url", ["file:///etc/passwd", "-x", "javascript:1", "https://a b", ""])
def test_only_a_safe_link_is_opened(tmp_path: Path, url: str) -> None:
    add_program(tmp_path, "browse")
    assert open_links([url], {"PATH": str(tmp_path)}, ("browse",), "linux") == [url]
    time.sleep(0.05)
    assert not list(tmp_path.glob("*.out"))


def test_the_browser_is_out_of_reach_of_our_terminal(tmp_path: Path) -> None:
    output = tmp_path / "browse.out"
    program = tmp_path / "browse"
    program.write_text(
        f"#!{sys.executable}\n"
        "import os, pathlib, sys\n"
        f"output = pathlib.Path({str(output)!r})\n"
        "part = output.with_suffix('.part')\n"
        "part.write_text(f'{os.getsid(0)}\\n{sys.stdin.read()}')\n"
        "part.rename(output)\n"
    )
    program.chmod(0o755)
    assert open_links([URL], {"PATH": str(tmp_path)}, ("browse",), "linux") == []
    session, *given = lines_when_there(output)
    assert session != str(os.getsid(0))
    assert given == []


def test_a_browser_that_ended_is_taken_from_the_process_table(tmp_path: Path) -> None:
    output = add_program(tmp_path, "browse")
    stat = Path("/proc/self/stat")
    if not stat.exists():
        pytest.skip("needs the process table as files")
    assert open_links([URL], {"PATH": str(tmp_path)}, ("browse",), "linux") == []
    lines_when_there(output)
    deadline = time.monotonic() + 5
    while zombies() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert not zombies()


def zombies() -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state == "Z" and int(parent) == os.getpid():
            found.append(path.parent.name)
    return found

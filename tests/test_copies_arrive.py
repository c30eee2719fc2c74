"""What the installed program copies and opens, as it arrives where a reader has the clipboard."""

# ruff: noqa: S607 whoever runs these has the programs of the PATH

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from terminal import Home, HomeMaker, Terminal

pytest_plugins = ["tests.terminal"]

LINK = "https://arxiv.org/abs/2603.00001"
LONG_LINK = "https://example.org/" + "/".join(f"part-{number}" for number in range(60))
RECORDS = [
    {
        "id": "arxiv:2603.00001",
        "title": "Counting glaciers",
        "abstract": "Eleven winters of field work are gathered in one table. " * 8,
        "listed": "2026-03-20",
    },
    {
        "title": "A paper that lives at a long address",
        "abstract": "Its address has sixty parts.",
        "listed": "2026-03-19",
        "links": [{"kind": "page", "url": LONG_LINK}],
    },
    {
        "id": "arxiv:2603.00003",
        "title": "A paper with links that lead astray",
        "abstract": "See javascript:alert(1) and file:///etc/passwd for all of it.",
        "listed": "2026-03-18",
        "links": [
            {"kind": "page", "url": "file:///etc/passwd"},
            {"kind": "code", "url": "javascript:alert(1)"},
            {"kind": "web", "url": "https://known.org\x1b]52;c;aGk=\x07@other.org"},
        ],
    },
]
HYPERLINK = re.compile(rb"\x1b\]8;[^;\x1b\x07]*;([^\x1b\x07]+)(?:\x1b\\|\x07)")


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skip a test where a program is not installed."""
    missing = [name for name in programs if shutil.which(name) is None]
    return pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)}")


@pytest.fixture(scope="module")
def filled(make_home: HomeMaker, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home folder with a library of three papers."""
    home = make_home(tmp_path_factory.mktemp("home"))
    lines = "".join(f"{json.dumps(record)}\n" for record in RECORDS)
    assert home.run("import", "-", stdin=lines).startswith("3 added")
    home.run("index", "--wait")
    return home


@pytest.fixture
def reader(filled: Home) -> Home:
    """The home of a reader who has configured no more than that nothing is read by rest."""
    configure(filled)
    return filled


@pytest.fixture
def sockets() -> Iterator[Path]:
    """A folder for sockets, whose paths must be short, as that of a test is not."""
    with tempfile.TemporaryDirectory(prefix="paperdeck-") as folder:
        yield Path(folder)


def configure(home: Home, **commands: Path) -> None:
    lines = [f"{name} = {str(path)!r}\n" for name, path in commands.items()]
    home.configure("".join(["rest_seconds = 0\n", *lines]))


def add_script(home: Home, name: str, script: str) -> Path:
    """Add a program of a few lines for the shell."""
    path = home.folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def kept(home: Home) -> str:
    """Return what the file holds that copies are kept in."""
    return (home.folder / "cache" / "paperdeck" / "copied.txt").read_text(encoding="utf-8")


def ready(terminal: Terminal) -> None:
    """Wait until the browser is at rest."""
    terminal.shows("1 of 3")
    terminal.settle(0.3)


def shown_in_full(terminal: Terminal) -> str:
    """Return the screen without the ends of its lines, as a reader reads what goes over several."""
    return "".join(line.strip() for line in terminal.lines)


# Through multiplexers


@needs("tmux")
def test_two_tmuxes_with_default_settings_hand_a_link_to_the_outer_clipboard(
    reader: Home, sockets: Path
) -> None:
    outer, inner = (["tmux", "-f", "/dev/null", "-S", str(sockets / name)] for name in "oi")
    command = [*outer, "new-session", *inner, "new-session", str(reader.program)]
    try:
        with reader.start(*command) as terminal:
            terminal.shows("1 of 3")
            terminal.send("yy")
            terminal.shows(f"Copied {LINK}")
            terminal.copies(1)
            buffers = [
                subprocess.run([*tmux, "show-buffer"], check=True, capture_output=True, text=True)
                for tmux in (inner, outer)
            ]
            assert [buffer.stdout for buffer in buffers] == [LINK, LINK]
            assert terminal.copied == [LINK]
    finally:
        for tmux in (inner, outer):
            subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)


@needs("tmux")
@pytest.mark.parametrize("way", ["unset TMUX;", "TMUX="])
def test_a_tmux_begun_by_hand_inside_another_hands_a_link_to_the_outer_clipboard(
    reader: Home, sockets: Path, way: str
) -> None:
    outer, inner = (["tmux", "-f", "/dev/null", "-S", str(sockets / name)] for name in "oi")
    # The shell that tmux begins in its window knows it; what is typed there takes that away.
    typed = f"{way} {shlex.join([*inner, 'new-session', str(reader.program)])}\r"
    environ = {"SHELL": "/bin/sh"}
    try:
        with reader.start(*outer, "new-session", environ=environ, size=(200, 30)) as terminal:
            terminal.shows("0:sh")
            terminal.settle(0.3)
            terminal.send(typed)
            terminal.shows("1 of 3")
            terminal.send("yy")
            terminal.shows(f"Copied {LINK}")
            terminal.copies(1)
            assert terminal.copied == [LINK]
    finally:
        for tmux in (inner, outer):
            subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)


@needs("tmux")
@pytest.mark.parametrize("value", ["on", "off"])
def test_tmux_hands_a_link_on_whatever_its_setting_is(
    reader: Home, sockets: Path, value: str
) -> None:
    (sockets / "conf").write_text(f"set -s set-clipboard {value}\n", encoding="utf-8")
    tmux = ["tmux", "-S", str(sockets / "o"), "-f", str(sockets / "conf")]
    try:
        with reader.start(*tmux, "new-session", str(reader.program)) as terminal:
            terminal.shows("1 of 3")
            terminal.send("yy")
            terminal.shows(f"Copied {LINK} (tmux)")
            terminal.copies(1)
            assert terminal.copied == [LINK]
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)


@needs("tmux")
def test_a_multiplexer_out_of_reach_around_tmux_is_told_of(reader: Home, sockets: Path) -> None:
    tmux = ["tmux", "-S", str(sockets / "o"), "-f", "/dev/null"]
    environ = {"TERM": "tmux-256color"}  # as at the other end of a connection
    try:
        command = [*tmux, "new-session", str(reader.program)]
        with reader.start(*command, environ=environ, size=(140, 30)) as terminal:
            terminal.shows("1 of 3")
            terminal.send("yy")
            terminal.shows("(tmux; the 'tmux-256color' around it may not have it; kept in ")
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)


@needs("screen")
def test_screen_hands_a_link_to_the_terminal_around_it(reader: Home, sockets: Path) -> None:
    sockets.chmod(0o700)
    environ = {"SCREENDIR": str(sockets)}
    command = ["screen", "-c", "/dev/null", str(reader.program)]
    with reader.start(*command, environ=environ) as terminal:
        ready(terminal)
        terminal.send("yy")
        terminal.copies(1)
        terminal.shows("Sent to the terminal")
        assert terminal.copied == [LINK]
        # More than screen holds in one string.
        terminal.send("ym")
        terminal.copies(2)
        assert LINK in terminal.copied[1]
        assert not HYPERLINK.search(terminal.output)
        terminal.send("\x03\x03")
        assert terminal.ended() == 0


# To a terminal, a desktop, and nowhere


def test_over_ssh_a_link_is_sent_to_the_terminal_and_shown_in_full(reader: Home) -> None:
    with reader.browse() as terminal:
        ready(terminal)
        terminal.send("yy")
        terminal.shows("Sent to the terminal")
        assert terminal.copied == [LINK]
        assert b"\x1b]52;c;" in terminal.output
        assert any(line.strip() == LINK for line in terminal.lines)
        assert "Sent to the terminal · kept in " in terminal.picture
        terminal.settle()
        covered = terminal.lines
        terminal.press("J")
        terminal.until(lambda: terminal.lines != covered, "the lines below")
        assert not any(line.strip() == LINK for line in terminal.lines)
    assert kept(reader) == LINK


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (200, 50)])
def test_a_link_longer_than_a_line_is_shown_in_full(reader: Home, size: tuple[int, int]) -> None:
    with reader.browse(size=size) as terminal:
        ready(terminal)
        terminal.press("j")
        terminal.send("yy")
        terminal.copies(1)
        terminal.until(lambda: LONG_LINK in shown_in_full(terminal), "all of the link")
        assert terminal.copied == [LONG_LINK]
        terminal.resize(size[0] - 7, size[1] - 1)
        terminal.until(lambda: LONG_LINK in shown_in_full(terminal), "all of it again")
        terminal.send("k:")
        terminal.send("the text copied last\r")
        terminal.until(lambda: terminal.lines[0].startswith(" Copied"), "a screen of its own")
        terminal.until(lambda: LONG_LINK in shown_in_full(terminal), "all of it there")


@needs("Xvfb", "xclip")
def test_on_a_desktop_a_link_is_in_its_clipboard(reader: Home) -> None:
    ours, theirs = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(theirs), "-nolisten", "tcp", "-screen", "0", "320x200x8"],
        pass_fds=[theirs],
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            os.close(theirs)
            with os.fdopen(ours) as stream:
                display = {"DISPLAY": f":{stream.readline().strip()}"}
            with reader.browse(environ={"SSH_TTY": "", **display}) as terminal:
                ready(terminal)
                terminal.send("yy")
                terminal.shows(f"Copied {LINK} (the system clipboard)")
                # It is there for as long as somebody holds it, beyond the program's end.
                terminal.send("q")
                assert terminal.ended() == 0
                assert terminal.copied == []
            pasted = subprocess.run(
                ["xclip", "-out", "-selection", "clipboard"],
                env={**reader.environ, **display},
                capture_output=True,
                text=True,
                check=True,
                timeout=10,
            )
            assert pasted.stdout == LINK
        finally:
            server.terminate()


def test_where_there_is_no_clipboard_at_all_the_link_is_shown_and_kept(reader: Home) -> None:
    environ = {"TERM": "linux", "COLORTERM": "", "SSH_TTY": ""}
    with reader.browse(environ=environ) as terminal:
        ready(terminal)
        terminal.send("yy")
        terminal.shows("Not copied")
        terminal.until(lambda: any(line.strip() == LINK for line in terminal.lines), "the link")
        assert "kept in " in terminal.picture
        assert "copied.txt" in terminal.picture
        terminal.send("q")
        assert terminal.ended() == 0
        assert terminal.copied == []
    assert kept(reader) == LINK


# Commands that misbehave


def test_a_command_that_hangs_is_given_up_and_ended(reader: Home) -> None:
    pid = reader.folder / "pid"
    configure(reader, copy_command=add_script(reader, "hang", f"echo $$ > {pid}\nsleep 60"))
    with reader.browse() as terminal:
        ready(terminal)
        asked = time.monotonic()
        terminal.send("yy")
        terminal.copies(1)
        assert time.monotonic() - asked < 10, "it hangs for a minute"
        terminal.shows("copy_command did not end in time · Sent to the terminal")
        assert terminal.copied == [LINK]
        assert any(line.strip() == LINK for line in terminal.lines)
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid.read_text()), 0)


def test_nothing_that_a_command_prints_reaches_the_screen(reader: Home) -> None:
    script = "cat > /dev/null; for i in 1 2 3 4 5 6 7 8 9; do echo NOISE; echo NOISE >&2; done"
    script += "; (echo NOISE > /dev/tty) 2>/dev/null; exit $STATUS"
    configure(reader, copy_command=add_script(reader, "loud", script))
    for status, said in (("0", f"Copied {LINK} (copy_command)"), ("3", "copy_command failed")):
        with reader.browse(size=(140, 30), environ={"STATUS": status}) as terminal:
            ready(terminal)
            before = terminal.lines
            terminal.send("yy")
            terminal.shows(said)
            terminal.settle()
            assert terminal.lines[:10] == before[:10]
            assert b"NOISE" not in terminal.output


def test_a_failed_command_is_told_first_on_the_narrowest_line(reader: Home) -> None:
    configure(reader, copy_command=add_script(reader, "fail", "exit 7"))
    with reader.browse(size=(60, 20)) as terminal:
        ready(terminal)
        terminal.send("yy")
        terminal.shows("copy_command failed with status 7 · Sent to the terminal")
        assert terminal.copied == [LINK]


# Opening


def opened(home: Home) -> Path:
    return home.folder / "opened"


def test_over_ssh_a_link_is_shown_copied_and_a_hyperlink(reader: Home) -> None:
    program = add_script(reader, "lynx", f"echo $1 > {opened(reader)}")
    environ = {"BROWSER": str(program), "DISPLAY": ":10"}
    for size in ((80, 24), (200, 50)):
        with reader.browse(environ=environ, size=size) as terminal:
            ready(terminal)
            before = len(terminal.output)
            terminal.send("o")
            terminal.shows("No browser can be opened from here")
            terminal.settle()
            assert terminal.copied == [LINK]
            assert any(line.strip() == LINK for line in terminal.lines)
            assert LINK.encode() in HYPERLINK.findall(terminal.output[before:])
    assert not opened(reader).exists()


@pytest.mark.parametrize("term", ["linux", "screen-256color", "vt220"])
def test_no_hyperlink_is_written_where_the_terminal_may_show_it(reader: Home, term: str) -> None:
    with reader.browse(environ={"TERM": term}) as terminal:
        ready(terminal)
        terminal.send("o")
        terminal.shows("No browser can be opened from here")
        terminal.until(lambda: any(line.strip() == LINK for line in terminal.lines), "the link")
        terminal.press("J")
        assert b"\x1b]8;" not in terminal.output


def test_on_a_desktop_a_browser_with_a_window_opens_the_link(reader: Home) -> None:
    text_browser = add_script(reader, "w3m", "echo NOISE")
    program = add_script(reader, "firefox", f"echo NOISE; echo $1 > {opened(reader)}; sleep 2")
    environ = {"SSH_TTY": "", "DISPLAY": ":0", "BROWSER": f"{text_browser}:{program}"}
    with reader.browse(environ=environ) as terminal:
        ready(terminal)
        terminal.send("o")
        terminal.shows(f"Opened {LINK}")
        assert opened(reader).read_text() == f"{LINK}\n"
        assert b"NOISE" not in terminal.output
        assert terminal.copied == []
    opened(reader).unlink()


def test_only_http_and_https_are_opened_and_copied_whatever_a_record_says(reader: Home) -> None:
    configure(reader, open_command=add_script(reader, "open", f"echo $1 >> {opened(reader)}"))
    with reader.browse(size=(120, 40)) as terminal:
        ready(terminal)
        terminal.press("G")
        terminal.send("o")
        terminal.shows("Opened https://arxiv.org/abs/2603.00003")
        terminal.send("yc")
        terminal.shows("This paper has no code link")
        terminal.send("yl")
        terminal.settle()
        for text in (*terminal.lines, *map(bytes.decode, HYPERLINK.findall(terminal.output))):
            assert not text.strip().startswith(("file:", "javascript:"))
            assert "other.org" not in text
    assert opened(reader).read_text() == "https://arxiv.org/abs/2603.00003\n"
    opened(reader).unlink()


def test_no_program_of_ours_is_left_behind_by_a_copy(reader: Home) -> None:
    configure(reader, copy_command=add_script(reader, "hang", "sleep 60"))
    with reader.browse() as terminal:
        ready(terminal)
        terminal.send("yy")
        terminal.send("q")
        assert terminal.ended() == 0
        with pytest.raises(ProcessLookupError):
            os.killpg(terminal.pid, signal.SIGCONT)

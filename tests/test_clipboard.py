from __future__ import annotations

import base64
import errno
import fcntl
import os
import pty
import select
import shutil
import subprocess
import sys
import termios
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.clipboard import (
    CONFIGURED,
    NOTHING,
    OSC_52_LIMIT,
    PROGRAM_SECONDS,
    SCREEN,
    SYSTEM,
    TERMINAL,
    TMUX,
    Attempt,
    Clipboard,
    Copied,
    osc52,
    screen_wrapped,
    ways,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

LINK = "https://arxiv.org/abs/2401.01234"
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
TOO_LONG = "x" * (OSC_52_LIMIT + 1)


class Desk(NamedTuple):
    """A clipboard with programs of its own, and what reached its terminal."""

    clipboard: Clipboard
    sent: list[str]
    folder: Path

    def add_program(self, name: str, script: str) -> Path:
        """Add a shell script, which writes to the file that this returns as `$OUT`."""
        output = self.folder / f"{name}.out"
        program = self.folder / name
        program.write_text(f"#!/bin/sh\nOUT='{output}'\n{script}\n")
        program.chmod(0o755)
        return output


def make_desk(
    folder: Path,
    variables: dict[str, str] | None = None,
    command: tuple[str, ...] | None = None,
    seconds: float = 5,
) -> Desk:
    sent: list[str] = []
    programs = folder / "programs"
    programs.mkdir()
    environ = {"PATH": f"{programs}:{SYSTEM_PATH}", **(variables or {})}
    kept = folder / "cache" / "copied.txt"
    clipboard = Clipboard(environ, command, sent.append, kept, "linux", seconds)
    return Desk(clipboard, sent, programs)


def copied_by(
    method: str, text: str, *, kept_in: Path | None = None, note: str = "", failed: str = ""
) -> Copied:
    """Return what became of a text that `method` took, after a configured command that failed."""
    first = [Attempt(CONFIGURED, failed)] if failed else []
    last = [] if method == NOTHING else [Attempt(method)]
    return Copied(text, kept_in, (*first, *last), note)


def everything_read(descriptor: int) -> bytes:
    """Return what can be read until the other side, a pseudo-terminal's or a pipe's, is closed."""
    chunks = [b""]
    while select.select([descriptor], [], [], 5)[0]:
        try:
            chunk = os.read(descriptor, 65_536)
        except OSError:  # how Linux says that a pseudo-terminal is closed
            return b"".join(chunks)
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)
    raise TimeoutError("the other side is still open")


def test_the_configured_command_comes_first_and_gets_the_text(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, {"TMUX": "/nowhere,1,0", "SSH_TTY": "/dev/pts/1"}, ("clip", "a b"))
    output = desk.add_program("clip", 'cat > "$OUT"; echo noise; echo "$1" >> "$OUT"')
    copied = desk.clipboard.copy("Gödel\n")
    assert output.read_text() == "Gödel\na b\n"
    assert desk.sent == []
    kept = tmp_path / "cache" / "copied.txt"
    assert copied == copied_by(CONFIGURED, "Gödel\n", kept_in=kept)


def test_a_command_need_not_read_all_that_it_gets(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, command=("clip",))
    desk.add_program("clip", "exit 0")
    assert desk.clipboard.copy("x" * 1_000_000).is_certain


@pytest.mark.parametrize(
    ("script", "trouble"),
    [
        ("exit 3", "copy_command failed with status 3"),
        ("exec sleep 60", "copy_command did not end in time"),
        ("sleep 60 & wait", "copy_command did not end in time"),
        (None, "copy_command was not found"),
    ],
)
def test_a_command_that_fails_is_named_and_the_next_way_taken(
    tmp_path: Path, script: str | None, trouble: str
) -> None:
    desk = make_desk(tmp_path, {"SSH_TTY": "/dev/pts/1"}, ("clip",), 0.3)
    if script:
        desk.add_program("clip", script)
    start = time.monotonic()
    copied = desk.clipboard.copy(LINK)
    assert time.monotonic() - start < 2
    assert desk.sent == [osc52(LINK)]
    assert (copied.method, copied.is_certain, copied.trouble) == (TERMINAL, False, trouble)


# One that was killed is taken from the process table later, where the machine is busy.
@pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
def test_what_a_hanging_command_started_ends_with_it(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, command=("clip",), seconds=0.3)
    held_open = tmp_path / "fifo"
    os.mkfifo(held_open)
    desk.add_program("clip", f"(echo started; sleep 60) > '{held_open}' &\nwait")
    reader = os.open(held_open, os.O_RDONLY | os.O_NONBLOCK)
    try:
        desk.clipboard.copy("x" * 1_000_000)
        assert everything_read(reader) == b"started\n"
    finally:
        os.close(reader)


def test_a_command_that_leaves_a_program_behind_has_copied(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, command=("clip",))
    desk.add_program("clip", "cat > /dev/null; sleep 3 & exit 0")
    start = time.monotonic()
    assert desk.clipboard.copy(LINK).is_certain
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("variable", ["SSH_TTY", "SSH_CONNECTION"])
def test_over_ssh_the_terminal_is_asked_even_beside_a_display(
    tmp_path: Path, variable: str
) -> None:
    desk = make_desk(tmp_path, {variable: "1", "DISPLAY": ":0"})
    copied = desk.clipboard.copy(LINK)
    assert desk.sent == [osc52(LINK)]
    assert (copied.method, copied.is_certain) == (TERMINAL, False)


def test_without_a_display_the_terminal_is_asked(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    assert desk.clipboard.copy(LINK).method == TERMINAL
    assert desk.sent == [osc52(LINK)]


def test_inside_screen_the_terminal_is_asked_through_it(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, {"STY": "1.pts", "DISPLAY": ":0"})
    copied = desk.clipboard.copy(LINK)
    assert desk.sent == [f"\x1bP{osc52(LINK)}\x1b\\"]
    assert (copied.method, copied.is_certain) == (SCREEN, False)


def test_a_tmux_that_is_gone_falls_to_the_terminal(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, {"TMUX": f"{tmp_path}/gone,1,0"})
    assert desk.clipboard.copy(LINK).method == TERMINAL
    assert desk.sent == [osc52(LINK)]


def test_beside_a_display_the_system_clipboard_gets_the_text(tmp_path: Path) -> None:
    desk = make_desk(tmp_path, {"DISPLAY": ":0"})
    output = desk.add_program("xclip", 'cat > "$OUT"')
    copied = desk.clipboard.copy("Gödel “x”")
    assert (copied.method, copied.is_certain) == (SYSTEM, True)
    assert output.read_text() == "Gödel “x”"
    assert desk.sent == []


@pytest.mark.parametrize("script", ['echo "can\'t open display" >&2; exit 1', "exec sleep 60"])
def test_a_dead_display_falls_to_the_terminal_and_says_nothing_on_ours(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], script: str
) -> None:
    desk = make_desk(tmp_path, {"DISPLAY": ":0"}, seconds=1)
    desk.add_program("xclip", script)
    copied = desk.clipboard.copy(LINK)
    assert (copied.method, copied.is_certain) == (TERMINAL, False)
    assert desk.sent == [osc52(LINK)]
    assert capfd.readouterr() == ("", "")


def test_a_module_of_the_folder_we_are_in_is_not_run(tmp_path: Path) -> None:
    (tmp_path / "pyperclip.py").write_text("copy = print")
    program = (
        "import sys; from pathlib import Path; from tui.clipboard import Clipboard\n"
        "environ = {'PATH': '/nowhere', 'DISPLAY': ':0'}\n"
        "clipboard = Clipboard(environ, None, print, Path('kept', 'copied.txt'), 'linux')\n"
        "sys.exit(clipboard.copy('x').is_certain)\n"
    )
    environ = {"PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    run = [sys.executable, "-P", "-c", program]
    subprocess.run(run, cwd=tmp_path, env=environ, check=True, capture_output=True)


def test_a_text_that_is_too_long_for_a_terminal_is_not_sent(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    copied = desk.clipboard.copy(TOO_LONG)
    assert desk.sent == []
    assert (copied.method, copied.is_certain) == (NOTHING, False)
    assert copied.note == (
        "its 74,995 bytes are more than the 74,994 that terminals take, but the file has it"
    )
    assert copied.kept_in
    assert copied.kept_in.read_text() == TOO_LONG
    assert desk.clipboard.copy(TOO_LONG[1:]).method == TERMINAL
    assert len(desk.sent[0]) == 100_000


def test_a_terminal_that_is_gone_is_no_error(tmp_path: Path) -> None:
    def fail(_: str) -> None:
        raise OSError(errno.EIO, "gone")

    desk = make_desk(tmp_path)
    copied = replace(desk.clipboard, write_terminal=fail).copy(LINK)
    assert (copied.method, copied.is_certain, copied.text) == (NOTHING, False, LINK)
    assert [one.method for one in copied.attempts] == [TERMINAL, SYSTEM], "each is tried once"


def test_each_text_is_kept_for_its_owner_only(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    desk.clipboard.copy("before")
    copied = desk.clipboard.copy("line\r\nGödel \ud800")
    assert copied.kept_in == tmp_path / "cache" / "copied.txt"
    assert copied.kept_in.read_bytes() == "line\r\nGödel ?".encode()
    assert copied.kept_in.stat().st_mode & 0o777 == 0o600
    assert copied.kept_in.parent.stat().st_mode & 0o777 == 0o700
    assert list(copied.kept_in.parent.iterdir()) == [copied.kept_in]


def test_a_text_that_cannot_be_kept_is_copied_all_the_same(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    (tmp_path / "cache").touch()
    copied = desk.clipboard.copy(LINK)
    assert (copied.method, copied.kept_in) == (TERMINAL, None)
    (tmp_path / "cache").unlink()
    (tmp_path / "cache" / "copied.txt").mkdir(parents=True)
    assert desk.clipboard.copy(LINK).kept_in is None
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["copied.txt"]


@given(st.text())
def test_the_sequence_carries_any_text_in_plain_characters(text: str) -> None:
    sequence = osc52(text)
    assert sequence.startswith("\x1b]52;c;")
    assert sequence.endswith("\x07")
    assert sequence[1:-1].isprintable()
    assert base64.b64decode(sequence[7:-1]).decode() == text


@pytest.mark.parametrize("length", [0, 1, 251, 252, 253, 504, 10_000])
def test_screen_gets_a_sequence_in_strings_that_it_can_hold(length: int) -> None:
    sequence = "s" * length
    wrapped = screen_wrapped(sequence)
    strings = [part + "\x1b\\" for part in wrapped.split("\x1b\\")[:-1]]
    assert all(part.startswith("\x1bP") and len(part) <= 256 for part in strings)
    assert "".join(part[2:-2] for part in strings) == sequence


WAYS = [
    ({}, (TERMINAL, SYSTEM, TERMINAL)),
    ({"DISPLAY": ":0"}, (SYSTEM, TERMINAL)),
    ({"SSH_TTY": "/dev/pts/1"}, (TERMINAL, TERMINAL)),
    ({"SSH_TTY": "/dev/pts/1", "DISPLAY": ":10"}, (TERMINAL, SYSTEM, TERMINAL)),
    ({"TMUX": "x", "STY": "x", "SSH_TTY": "x"}, (TMUX, SCREEN, TERMINAL, TERMINAL)),
    ({"TERM": "linux"}, (SYSTEM,)),
    ({"TERM": "screen.linux", "STY": "x", "SSH_TTY": "x"}, ()),
]


@pytest.mark.parametrize(("environ", "methods"), WAYS)
def test_each_place_has_its_ways_and_the_configured_command_is_before_them(
    environ: dict[str, str], methods: tuple[str, ...]
) -> None:
    assert tuple(way.method for way in ways(environ, None, "linux")) == methods
    assert tuple(way.method for way in ways(environ, ("x",), "linux")) == (CONFIGURED, *methods)


def test_each_way_says_why_it_is_tried() -> None:
    def reasons(environ: dict[str, str]) -> list[str]:
        return [way.reason for way in ways(environ, ("x",), "linux")]

    assert reasons({"TMUX": "x"})[:3] == [
        "the configuration names it",
        "TMUX is set",
        "neither WAYLAND_DISPLAY nor DISPLAY is set",
    ]
    assert "SSH_TTY is set" in reasons({"SSH_TTY": "x", "DISPLAY": "x"})
    both = {"SSH_TTY": "x", "SSH_CONNECTION": "x"}
    assert "SSH_TTY and SSH_CONNECTION are set" in reasons(both)
    assert reasons({"DISPLAY": "x"})[1:] == ["there is a display", "all else failed"]


@pytest.mark.parametrize("script", ["sleep 60", "trap '' TERM HUP INT; sleep 60", "cat; sleep 60"])
def test_programs_that_hang_are_given_up_after_a_second_in_all(tmp_path: Path, script: str) -> None:
    desk = make_desk(tmp_path, {"TMUX": "x", "DISPLAY": ":0"}, ("clip",), PROGRAM_SECONDS)
    for name in ("clip", "tmux", "xclip", "xsel"):
        desk.add_program(name, script)
    start = time.monotonic()
    copied = desk.clipboard.copy(LINK)
    assert time.monotonic() - start < 2, "the programs hang for a minute each"
    assert desk.sent == [osc52(LINK)]
    assert copied.method == TERMINAL
    tried = [one.method for one in copied.attempts]
    assert tried == [CONFIGURED, TMUX, SYSTEM, TERMINAL]
    assert sum(one.seconds for one in copied.attempts) < 1.5
    assert copied.trouble == "copy_command did not end in time; tmux did not end in time"


@pytest.mark.parametrize("script", ["exec sleep 60", "echo unknown format", "exit 1"])
def test_a_tmux_that_takes_a_text_and_tells_nothing_leaves_it_open_who_has_it(
    tmp_path: Path, script: str
) -> None:
    desk = make_desk(tmp_path, {"TMUX": "x"}, seconds=1)
    desk.add_program("tmux", f'[ "$1" = load-buffer ] && exec cat > "$OUT"\n{script}')
    copied = desk.clipboard.copy(LINK)
    assert copied.method == TMUX
    assert copied.note == "it did not say what is around it, which may not have it"


class Tmux(NamedTuple):
    """A tmux server of the test's own, with one session and no client."""

    socket: Path
    environ: dict[str, str]
    """As a program inside that session finds it."""

    def run(self, *arguments: str) -> str:
        command = ["tmux", "-S", str(self.socket), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    if not shutil.which("tmux"):
        pytest.skip("tmux is not installed")
    bare = Tmux(tmp_path / "tmux", {})
    bare.run("-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "sleep 60")
    try:
        pane = bare.run("list-panes", "-F", "#{pid},#{pane_id}").strip()
        process, pane_id = pane.split(",")
        yield bare._replace(environ={"TMUX": f"{bare.socket},{process},0", "TMUX_PANE": pane_id})
    finally:
        bare.run("kill-server")


def test_inside_tmux_its_buffer_holds_the_text(tmp_path: Path, tmux: Tmux) -> None:
    desk = make_desk(tmp_path, {"SSH_TTY": "/dev/pts/1", **tmux.environ})
    copied = desk.clipboard.copy("Gödel\n-x")
    assert tmux.run("show-buffer") == "Gödel\n-x"
    assert (copied.method, copied.is_certain, copied.note) == (TMUX, True, "")
    assert desk.sent == []


def test_a_text_too_long_for_the_terminal_around_tmux_is_said_to_be(
    tmp_path: Path, tmux: Tmux
) -> None:
    copied = make_desk(tmp_path, tmux.environ).clipboard.copy(TOO_LONG)
    assert tmux.run("show-buffer") == TOO_LONG
    assert copied.is_certain
    assert copied.note
    assert copied.note.endswith("but tmux has it")


def test_tmux_hands_the_text_to_the_terminal_around_it(tmp_path: Path, tmux: Tmux) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, b"\x18\0\x50\0\0\0\0\0")
    environ = {"PATH": SYSTEM_PATH, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    attach = ["tmux", "-S", str(tmux.socket), "attach"]
    client = subprocess.Popen(
        attach, stdin=theirs, stdout=theirs, stderr=theirs, env=environ, start_new_session=True
    )
    os.close(theirs)
    try:
        deadline = time.monotonic() + 5
        while not tmux.run("list-clients") and time.monotonic() < deadline:
            time.sleep(0.01)
        assert make_desk(tmp_path, tmux.environ).clipboard.copy(LINK).is_certain
        tmux.run("detach-client", "-s", "0")
        client.wait(5)
        assert base64.b64encode(LINK.encode()) in everything_read(ours)
    finally:
        client.kill()
        client.wait()
        os.close(ours)

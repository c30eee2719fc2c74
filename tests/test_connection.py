"""A terminal that stalls, is left, or is gone: nothing decided is lost, nothing is left behind.

All of it with the installed program, in a terminal of its own.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tui.sample import sample_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from terminal import Home, HomeMaker, Terminal

pytest_plugins = ["tests.terminal"]

PAPERS = 120
STALL_SECONDS = 4.0
"""Many times what fills every buffer on the way to a terminal."""
MOST_GROWTH = 12_000_000
"""Bytes of memory that a program may take more while nobody reads what it writes."""


@pytest.fixture(scope="module")
def kept(make_home: HomeMaker, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home folder with the sample library, which can be held again."""
    home = make_home(tmp_path_factory.mktemp("home"))
    home.configure("rest_seconds = 0\n")
    home.run("import", str(sample_path()))
    home.run("index", "--wait")
    home.keep()
    return home


@pytest.fixture
def home(kept: Home) -> Home:
    """A home folder with the sample library, which nobody has looked at."""
    kept.renew()
    return kept


def processes(home: Home) -> list[int]:
    """Return the processes that this home's reader has started and that are still there."""
    mark = f"HOME={home.folder}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environ = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if mark in environ and int(folder.name) != os.getpid():
            found.append(int(folder.name))
    return found


def commands(home: Home) -> set[str]:
    """Return the command lines of the processes that this home's reader has started."""
    found = set()
    for pid in processes(home):
        with suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
            found.add(" ".join(filter(None, words)))
    return found


def is_alone(home: Home, seconds: float = 10.0) -> bool:
    """Wait until nothing of the reader's is running any more; False if something goes on."""
    deadline = time.monotonic() + seconds
    while processes(home):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def memory(pid: int) -> int:
    """Return how many bytes of memory a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def archived(home: Home) -> int:
    return PAPERS - int(home.run("count", "is:inbox"))


def term(terminal: Terminal) -> None:
    terminal.signal(signal.SIGTERM)


def hup(terminal: Terminal) -> None:
    terminal.signal(signal.SIGHUP)


def close(terminal: Terminal) -> None:
    terminal.hang_up()


ENDS = pytest.mark.parametrize("end", [term, hup, close])
needs_processes = pytest.mark.skipif(sys.platform != "linux", reason="needs processes as files")


@needs_processes
@ENDS
def test_what_was_decided_and_where_the_reader_was_is_kept(
    home: Home, end: Callable[[Terminal], None]
) -> None:
    with home.browse() as terminal:
        terminal.shows(f"1 of {PAPERS}")
        terminal.send("aaa")
        terminal.shows("Archived")
        terminal.send("/model\r")
        terminal.shows("/ model")
        terminal.send(",tggjj")
        terminal.shows("3 of ")
        terminal.settle()
        end(terminal)
        assert terminal.ended() == 0
        assert b"Traceback" not in terminal.output
        if end is not close:
            assert terminal.is_restored
    assert archived(home) == 3
    kept = json.loads(home.session.read_text(encoding="utf-8"))
    assert kept["text"] == "sort:title model"
    assert is_alone(home)
    with home.browse() as terminal:
        terminal.shows("3 of ")
        terminal.shows("/ sort:title model")


@needs_processes
def test_a_connection_that_ends_without_a_signal_ends_the_program(home: Home) -> None:
    # As one that was started to outlive its terminal, and has nobody to tell that it is gone.
    ignoring = 'trap "" HUP; exec "$0"'
    with home.start("/bin/sh", "-c", ignoring, str(home.program)) as terminal:
        terminal.shows(f"1 of {PAPERS}")
        terminal.send("a")
        terminal.shows("Archived")
        terminal.signal(signal.SIGHUP)
        terminal.settle(0.5)
        terminal.send("j")
        terminal.shows("3 of ")
        terminal.hang_up()
        assert terminal.ended() == 0
    assert archived(home) == 1
    assert is_alone(home)


@needs_processes
@pytest.mark.parametrize("writer", ["changed cells", "textual"])
def test_a_terminal_that_takes_nothing_costs_neither_memory_nor_decisions(
    home: Home, writer: str
) -> None:
    home.configure(f"rest_seconds = 0\nwriter = '{writer}'\n")
    with home.browse() as terminal:
        terminal.shows(f"1 of {PAPERS}")
        terminal.settle(1)  # all is loaded that the program loads once it rests
        before = memory(terminal.pid)
        until = time.monotonic() + STALL_SECONDS
        for _ in range(100):
            terminal.send("a")
            time.sleep(0.01)
        while archived(home) < 100:
            assert time.monotonic() < until + 20, "decided while nobody looks"
            time.sleep(0.1)
        while time.monotonic() < until:
            terminal.send("jk")
            time.sleep(0.05)
        assert memory(terminal.pid) - before < MOST_GROWTH
        terminal.shows("101 of ")
        terminal.send("j")
        terminal.shows("102 of ")
        stalled = terminal.lines
        terminal.settle()
        terminal.send("\x0c")
        terminal.shows(f" of {PAPERS - 100}")
        assert len(stalled) == 24
        terminal.send("q")
        assert terminal.ended() == 0
        assert terminal.is_restored
    assert archived(home) == 100


@needs_processes
@ENDS
def test_a_program_whose_terminal_takes_nothing_can_be_ended(
    home: Home, end: Callable[[Terminal], None]
) -> None:
    with home.browse() as terminal:
        terminal.shows(f"1 of {PAPERS}")
        terminal.settle(0.3)
        for _ in range(100):
            terminal.send("a")
            time.sleep(0.01)
        deadline = time.monotonic() + 20
        while archived(home) < 100:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        end(terminal)
        deadline = time.monotonic() + 20
        while processes(home):  # and still nobody reads
            assert time.monotonic() < deadline, "it goes on"
            pid, status = os.waitpid(terminal.pid, os.WNOHANG)
            if pid:
                assert os.waitstatus_to_exitcode(status) == 0
                terminal.forget()
            time.sleep(0.05)
    assert archived(home) == 100


@needs_processes
@pytest.mark.parametrize("keys", ["|sleep 600\r", "N"])
@pytest.mark.parametrize("is_started", [True, False], ids=["started", "typed"])
def test_what_the_reader_had_started_ends_with_the_connection(
    home: Home, keys: str, *, is_started: bool
) -> None:
    editor = home.folder / "editor"
    editor.write_text("#!/bin/sh\nexec sleep 600\n", encoding="utf-8")
    editor.chmod(0o755)
    home.configure(f"rest_seconds = 0\neditor = '{editor}'\n")
    with home.browse() as terminal:
        terminal.shows(f"1 of {PAPERS}")
        terminal.settle()
        terminal.send(keys)
        if is_started:
            terminal.until(lambda: "sleep 600" in commands(home), "the program")
        terminal.hang_up()
        assert terminal.ended() == 0
    assert is_alone(home)


def test_a_program_stopped_from_outside_gives_the_terminal_back_and_goes_on_in_any_size(
    home: Home,
) -> None:
    with home.browse() as terminal:
        terminal.shows(f"1 of {PAPERS}")
        terminal.send("jj")
        terminal.shows(f"3 of {PAPERS}")
        terminal.settle()
        terminal.signal(signal.SIGTSTP)
        terminal.stopped()
        terminal.settle()
        assert terminal.is_restored
        terminal.clear()
        terminal.resize(100, 30)
        terminal.signal(signal.SIGCONT)
        terminal.until(lambda: terminal.lines[0].endswith(f"3 of {PAPERS}"), "the screen again")
        terminal.until(lambda: len(terminal.lines[0]) == 99, "all of its width")
        terminal.until(lambda: terminal.lines[29], "all of its height")
        terminal.send("j")
        terminal.shows(f"4 of {PAPERS}")
        terminal.send("q")
        assert terminal.ended() == 0
        assert terminal.is_restored


def test_a_shell_stops_and_continues_the_program(home: Home) -> None:
    environ = {"PS1": "$ ", "PS2": "", "ENV": ""}
    with home.start("/bin/bash", "--norc", "--noprofile", environ=environ) as terminal:
        terminal.shows("$")
        terminal.send(f"{home.program}\r")
        terminal.shows(f"1 of {PAPERS}")
        terminal.settle()
        terminal.send("j\x1a")
        terminal.shows("Stopped")
        terminal.settle()
        terminal.clear()
        terminal.send("fg\r")
        terminal.shows(f"2 of {PAPERS}")
        terminal.send("q")
        terminal.settle(0.5)
        terminal.send("echo ended: $?\r")
        terminal.shows("ended: 0")

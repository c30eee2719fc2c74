"""The start of the installed program: what is shown at once, and what becomes of keys meanwhile."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tui import lastframe, leftframe
from tui.locations import find_locations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from terminal import Home, Terminal

    from tui.terminal.picture import Cells

pytest_plugins = ["tests.terminal"]

PAPERS = 30
BEGINNING = b"\x1b[?1049h\x1b[?25l"
"""How a start that paints at once begins."""
TITLE = "Counting glaciers 01"


@pytest.fixture
def filled(home: Home) -> Home:
    """A home folder with a library of 30 papers."""
    home.configure("rest_seconds = 0\n")
    lines = (
        f'{{"id": "doi:10.5555/glacier.{number:02}", "title": "Counting glaciers {number:02}",'
        f' "abstract": "Glacier {number:02} was counted twice.", "listed": "2026-03-01"}}\n'
        for number in range(1, PAPERS + 1)
    )
    home.run("import", "-", stdin="".join(lines))
    home.run("index", "--wait")
    return home


@pytest.fixture
def left(filled: Home) -> Home:
    """The same home, whose browser was left on the third paper."""
    with filled.browse() as terminal:
        terminal.shows(f"1 of {PAPERS}")
        terminal.send("jj")
        terminal.shows(f"3 of {PAPERS}")
        quit_browser(terminal)
    return filled


def quit_browser(terminal: Terminal) -> None:
    terminal.send("q")
    assert terminal.ended() == 0
    assert terminal.is_restored


def frames(home: Home) -> list[Path]:
    return sorted((home.folder / "cache" / "paperdeck" / "frames").iterdir())


def painted_at_once(terminal: Terminal) -> bytes:
    """Return what was painted before the program was loaded; empty where nothing was."""
    terminal.until(lambda: b"\x1b[?2004h" in terminal.output, "Textual to begin")
    before, _, _ = terminal.output.partition(b"\x1b[?1000h")
    return before.removeprefix(BEGINNING) if before.startswith(BEGINNING) else b""


def starts_at_once(home: Home, **options: object) -> bool:
    with home.browse(**options) as terminal:  # type: ignore[arg-type]
        return bool(painted_at_once(terminal))


def test_the_browser_is_shown_as_it_was_left_before_it_is_loaded(left: Home) -> None:
    with left.browse() as terminal:
        frame = painted_at_once(terminal)
        assert TITLE.encode() in frame
        early = terminal.lines
        terminal.settle(0.6)
        lines = terminal.lines
        assert lines == early
        assert f"3 of {PAPERS}" in lines[0]
        assert terminal.output.count(b"\x1b[?1049h") == 1, "a second one clears the screen"
        assert len(terminal.output) <= len(frame) + 1_000
        assert len(terminal.output) <= 9_000
    with left.browse(environ={"PAPERDECK_LIBRARY": str(left.folder / "data/paperdeck")}) as other:
        assert not painted_at_once(other), "another library, for all that is known"
        other.until(lambda: other.lines == lines, "the same screen without a frame")


def test_the_frame_is_what_the_browser_paints_after_decisions_too(filled: Home) -> None:
    with filled.browse() as terminal:
        terminal.shows(f"1 of {PAPERS}")
        terminal.send("aaaas")
        terminal.shows("Starred")
        quit_browser(terminal)
    with filled.browse() as terminal:
        assert painted_at_once(terminal)
        early = "\n".join(terminal.lines)
        assert f"1 of {PAPERS - 4}" in early
        assert "Counting glaciers 04" not in early
        terminal.settle(0.6)
        assert terminal.picture == early


def test_frames_and_their_folder_are_for_their_owner_only(left: Home) -> None:
    (frame,) = frames(left)
    assert frame.stat().st_mode & 0o777 == 0o600
    assert frame.parent.stat().st_mode & 0o777 == 0o700


def change_library(home: Home) -> None:
    home.run("tag", "+seen", "--", "id:doi:10.5555/glacier.01")


def change_index(home: Home) -> None:
    (file,) = (home.folder / "cache").rglob("state.json")
    file.write_bytes(file.read_bytes() + b" ")


def change_session(home: Home) -> None:
    home.session.write_text(home.session.read_text(encoding="utf-8") + "\n", encoding="utf-8")


def change_configuration(home: Home) -> None:
    home.configure('theme = "light"\n')


def change_style(home: Home) -> None:
    (home.folder / "config/paperdeck/style.tcss").write_text("#list { height: 9; }")


def write_with_a_log(home: Home) -> None:
    """Leave a commit in the write-ahead log alone, as another program at work does."""
    file = home.folder / "data/paperdeck/library.db"
    kept = file.stat()
    # A process that is killed takes no leave.
    code = (
        "import os, sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "connection.execute('UPDATE library SET revision = revision + 1')\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", code, file], check=True)
    assert file.stat().st_mtime_ns == kept.st_mtime_ns


@pytest.mark.parametrize(
    "change",
    [
        change_library,
        change_index,
        change_session,
        change_configuration,
        change_style,
        write_with_a_log,
    ],
)
def test_a_frame_is_not_shown_once_something_has_changed(
    left: Home, change: Callable[[Home], None]
) -> None:
    assert starts_at_once(left)
    change(left)
    assert not starts_at_once(left)


@pytest.mark.parametrize(
    "options",
    [
        {"size": (81, 24)},
        {"size": (80, 25)},
        *({"environ": {name: "1"}} for name in ("NO_COLOR", "TMUX", "COLUMNS", "LC_ALL")),
        {"environ": {"COLORTERM": ""}},
        {"environ": {"TERM": "screen-256color"}},
    ],
)
def test_a_frame_is_not_shown_on_another_terminal(
    left: Home, options: dict[str, dict[str, str]]
) -> None:
    assert not starts_at_once(left, **options)
    assert starts_at_once(left)


def test_a_frame_is_of_its_day(left: Home) -> None:
    (file,) = frames(left)
    data = file.read_bytes()
    assert date.today().isoformat().encode() in data  # noqa: DTZ011 the reader's own day
    line, _, body = data.partition(b"\n")
    words = line.split(b" ")
    first, second, third = map(int, words[2:])
    second, third = first + second, first + second + third
    another = body[first:second].replace(
        date.today().isoformat().encode(),  # noqa: DTZ011 as above
        b"2026-03-01",
    )
    file.write_bytes(lastframe.framed(body[:first], another, body[second:third], body[third:]))
    assert not starts_at_once(left)


def damage(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-9])


def open_to_others(file: Path) -> None:
    file.chmod(0o644)


def open_folder(file: Path) -> None:
    file.parent.chmod(0o770)


def link(file: Path) -> None:
    elsewhere = file.rename(file.with_name("elsewhere"))
    file.symlink_to(elsewhere)


def pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file, 0o600)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def fill_with_lines(file: Path) -> None:
    file.write_bytes(b"paperdeck-frame-1 0 x y z\n" * 9)


def link_folder(file: Path) -> None:
    elsewhere = file.parent.rename(file.parent.with_name("elsewhere"))
    file.parent.symlink_to(elsewhere)


@pytest.mark.parametrize(
    "spoil",
    [damage, cut, open_to_others, open_folder, link, pipe, empty, fill_with_lines, link_folder],
)
def test_a_file_that_is_damaged_or_not_ones_own_is_no_frame(
    left: Home, spoil: Callable[[Path], None]
) -> None:
    (file,) = frames(left)
    spoil(file)
    with left.browse() as terminal:
        assert not painted_at_once(terminal)
        terminal.shows(f"3 of {PAPERS}")
        quit_browser(terminal)


def test_keys_pressed_at_once_arrive_and_are_not_echoed(left: Home) -> None:
    with left.browse() as terminal:
        time.sleep(0.001)
        terminal.send("jj")
        terminal.shows(f"5 of {PAPERS}")
    with left.browse() as terminal:
        terminal.until(lambda: terminal.output.startswith(BEGINNING), "the frame")
        terminal.send("G/two\x1b")
        terminal.shows(f"{PAPERS} of {PAPERS}")
        terminal.settle()
        drawn, _, _ = terminal.output.partition(b"\x1b[?2026$p")
        assert b"/two" not in drawn


def test_keys_wait_unseen_where_there_is_no_frame_too(filled: Home) -> None:
    with filled.browse() as terminal:
        terminal.until(lambda: not terminal.is_restored, "the terminal to be made ready")
        terminal.send("jj")
        terminal.shows(f"3 of {PAPERS}")
        before, _, _ = terminal.output.partition(b"\x1b[?1049h")
        assert b"jj" not in before


def test_ctrl_c_means_after_the_first_frame_what_it_means_later(left: Home) -> None:
    with left.browse() as terminal:
        terminal.until(lambda: terminal.output.startswith(BEGINNING), "the frame")
        terminal.send("\x03")
        terminal.shows("Press ctrl+c again to quit")


def test_a_start_that_fails_says_so_on_the_screen_of_the_shell(left: Home) -> None:
    # What a newer version has written is refused; the file's own times and size are forged.
    (file,) = frames(left)
    library = left.folder / "data/paperdeck/library.db"
    with closing(sqlite3.connect(library)) as connection, connection:
        connection.execute("INSERT INTO migrations VALUES ('9999 to come', '')")
    paths, _, paint, cells = parts(file)
    environ = left.environ
    known = lastframe.conditions(environ, (80, 24), paths.split(b"\0"))
    file.write_bytes(lastframe.framed(paths, known, paint, cells))
    with left.browse() as terminal:
        assert terminal.ended() == 4
        assert terminal.output.startswith(BEGINNING)
        assert terminal.is_restored
        _, _, after = terminal.output.rpartition(b"\x1b[?1049l")
        assert b"newer version" in after


def parts(file: Path) -> tuple[bytes, bytes, bytes, bytes]:
    """Return the parts of a frame's file."""
    line, _, body = file.read_bytes().partition(b"\n")
    cuts = [0]
    for word in line.split(b" ")[2:]:
        cuts.append(cuts[-1] + int(word))
    first, second, third, fourth = (body[a:b] for a, b in zip(cuts, [*cuts[1:], None], strict=True))
    return first, second, third, fourth


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_start_that_is_told_to_end_leaves_the_terminal_as_it_was(
    left: Home, number: signal.Signals
) -> None:
    with left.browse() as terminal:
        terminal.until(lambda: terminal.output.startswith(BEGINNING), "the frame")
        terminal.signal(number)
        assert terminal.ended() in {0, -number}
        assert terminal.is_restored


def test_two_browsers_on_a_library_do_not_show_each_other_what_is_over(left: Home) -> None:
    with left.browse() as one, left.browse() as other:
        for terminal in (one, other):
            terminal.shows(f"3 of {PAPERS}")
            terminal.settle(0.4)
        one.send("a")
        one.shows("Archived")
        quit_browser(one)
        other.send("s")
        other.shows("Starred")
        assert not starts_at_once(left)
        quit_browser(other)
    with left.browse() as terminal:
        painted_at_once(terminal)
        terminal.settle(0.6)
        assert f" of {PAPERS - 1}" in terminal.lines[0]


def test_the_scroll_position_comes_back(filled: Home) -> None:
    with filled.browse() as terminal:
        terminal.shows(f"1 of {PAPERS}")
        terminal.send("G" + "k" * 4)
        terminal.shows(f"{PAPERS - 4} of {PAPERS}")
        terminal.settle()
        before = titles(terminal)
        quit_browser(terminal)
    for environ in ({}, {"LC_TIME": "C"}):  # with its frame, and without
        with filled.browse(environ=environ) as terminal:
            terminal.until(lambda: titles(terminal) == before, "the list as it was")
            terminal.settle(0.4)
            assert titles(terminal) == before


def titles(terminal: Terminal) -> list[str]:
    """Return the list without its signs: what is new is not on the next visit."""
    return [line[3:] for line in terminal.lines[1:11]]


def test_a_paper_further_down_leaves_the_list_at_its_beginning(left: Home) -> None:
    for environ in ({}, {"LC_TIME": "C"}):
        with left.browse(environ=environ) as terminal:
            terminal.shows(f"3 of {PAPERS}")
            terminal.settle(0.4)
            assert TITLE in terminal.lines[2]
            quit_browser(terminal)


def test_few_frames_are_kept(left: Home) -> None:
    (frame,) = frames(left)
    for number in range(2 * leftframe.KEPT):
        old = frame.with_name(f"{number:08x}{lastframe.SUFFIX}")
        old.write_bytes(b"old")
        os.utime(old, (number, number))
    with left.browse() as terminal:
        terminal.shows(f"3 of {PAPERS}")
        terminal.settle(0.4)
        quit_browser(terminal)
    assert len(frames(left)) == leftframe.KEPT
    assert frame in frames(left)


LOADED_LATE = (
    *("asyncio", "dataclasses", "hashlib", "inspect", "json", "pathlib", "rich", "sqlite3"),
    *("store", "textual", "tui.cli", "typing", "whoosh", "numpy"),
)


def test_what_is_loaded_before_the_first_frame_is_little(tmp_path: Path) -> None:
    code = (
        "import sys; before = set(sys.modules)\n"
        "import tui.start, tui.prepared, tui.lastframe\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[1])},
        cwd=tmp_path,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert {name for name in loaded if name.startswith("tui")} == {
        *("tui", "tui.lastframe", "tui.prepared", "tui.start")
    }
    assert loaded.isdisjoint(LOADED_LATE)


def tables() -> Iterator[tuple[dict[str, str], bool]]:
    yield {"HOME": "/home/ada"}, True
    yield {"HOME": "/home/ada", "XDG_CACHE_HOME": "/var/tmp/ada"}, True  # noqa: S108 a name
    yield {"HOME": "/home/ada", "XDG_CACHE_HOME": "relative"}, True
    yield {"HOME": "/home/ada", "XDG_CACHE_HOME": ""}, True
    yield {"HOME": "relative"}, False
    yield {}, False


@pytest.mark.parametrize(("environ", "is_known"), list(tables()))
def test_the_cache_is_where_the_rest_of_the_program_has_it(
    environ: dict[str, str], is_known: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    found = lastframe.cache_folder(environ)
    assert (found is not None) == is_known
    if is_known:
        assert found == str(find_locations(environ).cache)


CELLS: Cells = [
    [("A", "1;38;2;9;8;7;48;5;3"), (" ", "38;2;9;8;7;48;5;3"), ("é", ""), ("x", "4")],
    [("深", "31;42"), ("", "31;42"), ("e\u0301", "7"), (" ", "")],
]


def test_cells_come_back_as_they_were() -> None:
    assert leftframe.read_cells(leftframe.cells_as_bytes(CELLS)) == CELLS


def test_the_bytes_of_a_frame_show_its_cells() -> None:
    import pyte

    screen = pyte.Screen(4, 2)
    pyte.ByteStream(screen).feed(leftframe.paint_of(CELLS))
    assert screen.display == ["A éx", "深é "]
    first = screen.buffer[0]
    assert (first[0].bold, first[0].fg, first[3].underscore) == (True, "090807", True)
    assert (first[2].bold, first[2].fg, first[2].bg) == (False, "default", "default")
    second = screen.buffer[1]
    assert (second[0].fg, second[0].bg, second[2].reverse) == ("red", "green", True)
    assert second[3].reverse is False

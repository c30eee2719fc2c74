"""The start of the installed program: what is shown at once, and what becomes of keys meanwhile."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from store.library import Library
from tui import SET_BY_US
from tui.cli.painting import keep_shown
from tui.conversations.leaving import Left
from tui.firstpaint import keeping, reading
from tui.locations import Locations, find_locations
from tui.session import Session, write_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from terminal import Home, HomeMaker, Terminal

    from tui.terminal.picture import Cells

pytest_plugins = ["tests.terminal"]

PAPERS = 30
SIZE = (80, 24)
BEGINNING = b"\x1b[?1049h\x1b[?25l"
"""How a start that paints at once begins."""
TITLE = "Counting glaciers 01"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, make_home: HomeMaker) -> Home:
    """A home folder with a library of 30 papers, whose browser was left on the third one."""
    home = make_home(tmp_path_factory.mktemp("home"))
    fill(home)
    with home.browse() as terminal:
        terminal.shows(f"1 of {PAPERS}")
        terminal.send("jj")
        terminal.shows(f"3 of {PAPERS}")
        quit_browser(terminal)
    shutil.copytree(home.folder, home.folder.with_name("as left"))
    return home


@pytest.fixture
def left(shared: Home) -> Home:
    """The same home as it was left, with a frame that holds, whatever a test did to it before."""
    shutil.rmtree(shared.folder)
    shutil.copytree(shared.folder.with_name("as left"), shared.folder)
    (frame,) = frames(shared)
    hold(shared, frame)
    return shared


@pytest.fixture
def filled(home: Home) -> Home:
    """A home folder of its own with such a library, which no browser has shown yet."""
    fill(home)
    return home


def fill(home: Home) -> None:
    home.configure("rest_seconds = 0\n")
    lines = (
        f'{{"id": "doi:10.5555/glacier.{number:02}", "title": "Counting glaciers {number:02}",'
        f' "abstract": "Glacier {number:02} was counted twice.", "listed": "2026-03-01"}}\n'
        for number in range(1, PAPERS + 1)
    )
    home.run("import", "-", stdin="".join(lines))
    home.run("index", "--wait")


def hold(home: Home, file: Path) -> None:
    """Have a frame hold as things are now."""
    paths, _, paint, cells = parts(file)
    known = reading.conditions(home.environ, SIZE, paths.split(b"\0"))
    file.write_bytes(reading.framed(paths, known, paint, cells))


def parts(file: Path) -> tuple[bytes, bytes, bytes, bytes]:
    """Return the parts of a frame's file."""
    line, _, body = file.read_bytes().partition(b"\n")
    cuts = [0]
    for word in line.split(b" ")[2:]:
        cuts.append(cuts[-1] + int(word))
    first, second, third, fourth = (body[a:b] for a, b in zip(cuts, [*cuts[1:], None], strict=True))
    return first, second, third, fourth


def quit_browser(terminal: Terminal) -> None:
    terminal.send("q")
    assert terminal.ended() == 0
    assert terminal.is_restored


def frames(home: Home) -> list[Path]:
    folder = home.folder / "cache" / "paperdeck" / "frames"
    return sorted(folder.glob(f"*{reading.SUFFIX}"))


def painted_at_once(terminal: Terminal) -> bytes:
    """Return what was painted before Textual was loaded; empty where nothing was."""
    terminal.until(lambda: b"\x1b[?2004h" in terminal.output, "Textual to begin")
    before, _, _ = terminal.output.partition(b"\x1b[?1000h")
    return before.removeprefix(BEGINNING) if before.startswith(BEGINNING) else b""


def is_held(
    home: Home, environ: dict[str, str] | None = None, size: tuple[int, int] = SIZE
) -> bool:
    """Tell whether the next start shows a frame."""
    return reading.read_frame(home.environ | (environ or {}), size) is not None


def answers(terminal: Terminal, place: int, papers: int = PAPERS) -> None:
    """Wait until the browser has answered a key, and is where it was before."""
    terminal.send("k")
    terminal.shows(f"{place - 1} of {papers}")
    terminal.send("j")
    terminal.shows(f"{place} of {papers}")
    terminal.settle()


def test_the_browser_is_shown_as_it_was_left_before_it_is_loaded(left: Home) -> None:
    with left.anew.browse() as terminal:
        frame = painted_at_once(terminal)
        assert TITLE.encode() in frame
        assert f"3 of {PAPERS}" in terminal.lines[0]
        early = terminal.lines
        answers(terminal, 3)
        assert terminal.lines == early
        assert terminal.output.count(b"\x1b[?1049h") == 1, "a second one clears the screen"
        assert len(terminal.output) <= len(frame) + 2_000
        assert len(terminal.output) <= 9_000
    assert not is_held(left, {"PAPERDECK_LIBRARY": str(left.folder / "data/paperdeck")})


def test_the_rows_are_there_before_it_is_loaded_where_no_frame_is(left: Home) -> None:
    (frame,) = frames(left)
    frame.unlink()
    with left.anew.browse(size=(100, 30)) as terminal:
        rows = painted_at_once(terminal)
        assert b"was counted twice" not in rows
        early = [line for line in terminal.lines if line]
        assert len(early) > 10
        assert "Counting glaciers 03" in early[3]
        answers(terminal, 3)
        assert terminal.lines[1 : len(early) + 1] == early
        assert terminal.output.count(b"\x1b[?1049h") == 1
        assert len(terminal.output) <= 9_000


@pytest.mark.parametrize("size", ["cols 0 rows 0", "cols 80 rows 0", "cols 1 rows 1", "rows 1"])
def test_a_terminal_of_no_size_or_one_line_has_the_browser_without_a_first_paint(
    left: Home, size: str
) -> None:
    with left.start("/bin/sh", "-c", f"stty {size}; exec {left.program}") as terminal:
        assert not painted_at_once(terminal)
        terminal.settle()
        quit_browser(terminal)


@pytest.mark.parametrize("errors", ["2>errors.log", "2>/dev/null", "2>&-"])
def test_the_browser_is_drawn_on_the_terminal_wherever_errors_go(left: Home, errors: str) -> None:
    command = f"cd {left.folder}; exec {left.program} {errors}"
    with left.start("/bin/sh", "-c", command) as terminal:
        terminal.shows(f"3 of {PAPERS}")
        terminal.send("j")
        terminal.shows(f"4 of {PAPERS}")
        quit_browser(terminal)
    log = left.folder / "errors.log"
    assert not log.exists() or not log.read_bytes()


def test_the_demo_shows_the_rows_of_the_sample_before_it_is_loaded(home: Home) -> None:
    with home.anew.browse("demo") as terminal:
        assert painted_at_once(terminal)
        early = [line for line in terminal.lines if line]
        assert len(early) > 5
        terminal.shows("a throwaway copy")
        assert terminal.lines[1 : len(early) + 1] == early
        assert terminal.output.count(b"\x1b[?1049h") == 1
        quit_browser(terminal)
    assert not frames(home)


def test_the_frame_is_what_the_browser_paints_after_decisions_too(filled: Home) -> None:
    with filled.browse() as terminal:
        terminal.shows(f"1 of {PAPERS}")
        terminal.send("aaaas")
        terminal.shows("Starred")
        quit_browser(terminal)
    with filled.browse() as terminal:
        assert painted_at_once(terminal)
        early = terminal.picture
        assert f"1 of {PAPERS - 4}" in early
        assert "Counting glaciers 04" not in early
        terminal.send("jk")
        terminal.shows(f"1 of {PAPERS - 4}")
        terminal.settle()
        assert terminal.picture == early


BESIDE = (120, 40)
LABELS = ("Inbox", "Starred", "2026-03-01", "again", "read-twice")
"""Some of what stands in the sidebar."""


def leave_with_sidebar(home: Home) -> None:
    """Have the sidebar shown from now on, with a saved view and a tag in it."""
    home.run("view", "again", "tag:read-twice")
    home.run("tag", "+read-twice", "--", "id:doi:10.5555/glacier.02")
    with home.browse(size=BESIDE) as terminal:
        terminal.shows(f"1 of {PAPERS}")
        terminal.send("S\tj")
        terminal.shows(f"2 of {PAPERS}")
        terminal.until(lambda: is_counted(terminal), "the sidebar")
        quit_browser(terminal)


def is_counted(terminal: Terminal) -> bool:
    sidebar = "\n".join(line[:26] for line in terminal.lines)
    return all(label in sidebar for label in LABELS) and "…" not in sidebar


def test_the_frame_shows_the_sidebar_with_its_counts_too(filled: Home) -> None:
    leave_with_sidebar(filled)
    with filled.browse(size=BESIDE) as terminal:
        assert painted_at_once(terminal)
        assert is_counted(terminal)
        early = terminal.lines
        terminal.send("jk")
        answers(terminal, 2)
        terminal.settle(0.6)
        assert terminal.lines == early


def test_the_sidebar_comes_with_the_rest_where_no_frame_is(filled: Home) -> None:
    leave_with_sidebar(filled)
    with filled.browse(size=(130, 40)) as terminal:
        terminal.until(lambda: "? help" in terminal.picture, "the whole screen")
        assert is_counted(terminal)


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
    assert is_held(left)
    change(left)
    assert not is_held(left)


def test_a_frame_holds_while_another_browser_is_open_that_changes_nothing(filled: Home) -> None:
    with filled.browse() as idle:
        idle.shows(f"1 of {PAPERS}")
        with filled.browse() as terminal:
            terminal.shows(f"1 of {PAPERS}")
            terminal.send("jj")
            terminal.shows(f"3 of {PAPERS}")
            quit_browser(terminal)
        with filled.browse() as terminal:
            assert f"3 of {PAPERS}".encode() in painted_at_once(terminal)
            terminal.send("k")
            terminal.shows(f"2 of {PAPERS}")
            quit_browser(terminal)
        assert is_held(filled)
        # Whoever has the library open, for whatever owner.
        (log,) = (filled.folder / "data").rglob("library.db-wal")
        assert log.stat().st_size
        log.chmod(0o640)
        assert is_held(filled)
        change_library(filled)
        assert not is_held(filled)


@pytest.mark.parametrize("change", [change_configuration, change_style])
def test_no_frame_is_kept_of_what_was_read_before_it_changed(
    left: Home, change: Callable[[Home], None]
) -> None:
    with left.browse() as terminal:
        answers(terminal, 3)
        change(left)
        quit_browser(terminal)
    assert not is_held(left)


def test_the_program_is_another_once_one_of_its_folders_has_changed(tmp_path: Path) -> None:
    assert str(Path(keeping.__file__).parent) in keeping.program_folders()
    before = keeping.as_read([tmp_path])
    assert keeping.as_read([tmp_path]) == before
    (tmp_path / "module.py").touch()
    assert keeping.as_read([tmp_path]) != before


@pytest.mark.parametrize(
    "options",
    [
        {"size": (81, 24)},
        {"size": (80, 25)},
        *({"environ": {name: "1"}} for name in ("NO_COLOR", "TMUX", "LC_ALL")),
        {"environ": {"COLORTERM": ""}},
        {"environ": {"TERM": "screen-256color"}},
        {"environ": {"TEXTUAL_FILTERS": "dim"}},
    ],
)
def test_a_frame_is_not_shown_on_another_terminal(left: Home, options: dict[str, Any]) -> None:
    assert not is_held(left, **options)
    assert is_held(left)


@pytest.mark.parametrize("name", SET_BY_US)
def test_what_the_program_sets_of_its_environment_makes_no_other_frame(
    left: Home, name: str
) -> None:
    assert is_held(left, {name: "9"})


@pytest.mark.parametrize("name", ["COLUMNS", "LINES"])
def test_a_screen_of_another_size_than_the_terminal_s_shows_nothing_early(name: str) -> None:
    assert reading.screen_size({name: "80"}) is None


def test_a_frame_is_of_its_day(left: Home) -> None:
    (file,) = frames(left)
    paths, known, paint, cells = parts(file)
    today = date.today().isoformat().encode()  # noqa: DTZ011 the reader's own day
    assert today in known
    another = known.replace(today, b"2026-03-01")
    file.write_bytes(reading.framed(paths, another, paint, cells))
    assert not is_held(left)


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
    assert is_held(left)
    spoil(file)
    assert not is_held(left)


def test_a_damaged_frame_is_replaced_by_the_next_one(left: Home) -> None:
    (file,) = frames(left)
    damage(file)
    with left.browse() as terminal:
        terminal.shows(f"3 of {PAPERS}")
        quit_browser(terminal)
    assert is_held(left)


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


def test_keys_wait_unseen_where_there_is_no_frame_too(left: Home) -> None:
    with left.browse(size=(81, 24)) as terminal:
        terminal.until(lambda: not terminal.is_restored, "the terminal to be made ready")
        terminal.send("jj")
        terminal.shows(f"5 of {PAPERS}")
        before, _, _ = terminal.output.partition(b"\x1b[?1049h")
        assert b"jj" not in before


def test_ctrl_c_means_after_the_first_frame_what_it_means_later(left: Home) -> None:
    with left.browse() as terminal:
        terminal.until(lambda: terminal.output.startswith(BEGINNING), "the frame")
        terminal.send("\x03")
        terminal.shows("Press ctrl+c again to quit")


def test_a_start_that_is_suspended_shows_the_whole_screen_when_it_goes_on(left: Home) -> None:
    with left.browse() as terminal:
        terminal.shows("? help")
        before = terminal.lines
        terminal.send("\x1a")
        terminal.stopped()
        assert terminal.is_restored
        terminal.clear()
        terminal.signal(signal.SIGCONT)
        terminal.until(lambda: terminal.lines == before, "the screen as it was")


def test_a_start_that_fails_says_so_on_the_screen_of_the_shell(left: Home) -> None:
    # What a newer version has written is refused; the file's own times and size are forged.
    (file,) = frames(left)
    library = left.folder / "data/paperdeck/library.db"
    with closing(sqlite3.connect(library)) as connection, connection:
        connection.execute("INSERT INTO migrations VALUES ('9999 to come', '')")
    hold(left, file)
    with left.browse() as terminal:
        assert terminal.ended() == 4
        assert terminal.output.startswith(BEGINNING)
        assert terminal.is_restored
        _, _, after = terminal.output.rpartition(b"\x1b[?1049l")
        assert b"newer version" in after


FULL = """
import os, sys, time
from pathlib import Path
from tui.firstpaint.prepared import PreparedTerminal

line = os.open(os.ttyname(2), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
try:
    while True:
        os.write(line, b"x" * 1_000)
except BlockingIOError:
    pass
terminal = PreparedTerminal()
terminal.begin()
terminal.paint(b"frame", list)
terminal.paint(b"rows", list)
Path(sys.argv[1]).touch()
time.sleep(60)
"""


def test_a_terminal_that_takes_nothing_is_not_waited_for(home: Home) -> None:
    given_up = home.folder / "given up"
    with home.start(sys.executable, "-c", FULL, str(given_up)) as terminal:
        wait_until(given_up.exists)
        assert not terminal.is_restored
        terminal.signal(signal.SIGTERM)
        wait_until(lambda: terminal.is_restored)
        _, status = os.waitpid(terminal.pid, 0)
        terminal.forget()
        assert os.waitstatus_to_exitcode(status) == -signal.SIGTERM


def wait_until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait without reading what the terminal is sent."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_start_that_is_told_to_end_leaves_the_terminal_as_it_was(
    left: Home, number: signal.Signals
) -> None:
    with left.browse() as terminal:
        terminal.until(lambda: terminal.output.startswith(BEGINNING), "the frame")
        terminal.signal(number)
        assert terminal.ended() in {0, -number}
        assert terminal.is_restored


def test_two_browsers_on_a_library_do_not_show_each_other_what_is_over(filled: Home) -> None:
    with filled.browse() as one, filled.browse() as other:
        for terminal in (one, other):
            terminal.shows(f"1 of {PAPERS}")
            terminal.send("jj")
            terminal.shows(f"3 of {PAPERS}")
        one.send("a")
        one.shows("Archived")
        quit_browser(one)
        other.send("s")
        other.shows("Starred")
        assert not is_held(filled)
        quit_browser(other)
    with filled.browse() as terminal:
        terminal.shows(f" of {PAPERS - 1}")
        terminal.send("jk")
        terminal.settle()
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
            painted_at_once(terminal)
            assert titles(terminal) == before
            answers(terminal, PAPERS - 4)
            assert titles(terminal) == before


def titles(terminal: Terminal) -> list[str]:
    """Return the list without its signs: what is new is not on the next visit."""
    return [line[3:] for line in terminal.lines[1:10]]


def test_few_frames_are_kept(left: Home) -> None:
    (frame,) = frames(left)
    for number in range(2 * keeping.KEPT):
        old = frame.with_name(f"{number:08x}{reading.SUFFIX}")
        old.write_bytes(b"old")
        os.utime(old, (number, number))
    paths, known, _, cells = parts(frame)
    cache = left.folder / "cache" / "paperdeck"
    shown = reading.LastFrame(b"", cells).cells()
    assert keeping.keep_frame(cache, left.environ, shown, paths.split(b"\0"), known)
    assert len(frames(left)) == keeping.KEPT
    assert frame in frames(left)


def test_a_file_that_may_change_within_its_second_is_not_relied_on(tmp_path: Path) -> None:
    file = tmp_path / "session.json"
    file.touch()
    files = [os.fsencode(file)]
    assert keeping.settled({}, SIZE, files)
    now = int(time.time())
    os.utime(file, (now, now))
    assert not keeping.settled({}, SIZE, files)
    os.utime(file, (now - 10, now - 10))
    assert keeping.settled({}, SIZE, files)


def test_what_is_in_the_way_of_forgetting_old_frames_does_not_matter(left: Home) -> None:
    (frame,) = frames(left)
    paths, known, _, cells = parts(frame)
    frame.with_name(f"gone{reading.SUFFIX}").symlink_to("nowhere")
    for number in range(keeping.KEPT):
        frame.with_name(f"{number:08x}{reading.SUFFIX}").mkdir()
    cache, shown = left.folder / "cache" / "paperdeck", reading.LastFrame(b"", cells).cells()
    assert keeping.keep_frame(cache, left.environ, shown, paths.split(b"\0"), known)
    assert is_held(left)


def test_no_frame_is_written_where_a_link_leads(left: Home) -> None:
    (frame,) = frames(left)
    folder = frame.parent
    elsewhere = folder.rename(left.folder / "elsewhere")
    folder.symlink_to(elsewhere)
    elsewhere.chmod(0o755)
    (elsewhere / frame.name).unlink()
    with left.browse() as terminal:
        terminal.shows(f"3 of {PAPERS}")
        quit_browser(terminal)
    assert elsewhere.stat().st_mode & 0o777 == 0o755
    assert not list(elsewhere.iterdir())


LOADED_LATE = (
    *("asyncio", "dataclasses", "hashlib", "inspect", "json", "pathlib", "rich", "sqlite3"),
    *("store", "textual", "tui.cli", "typing", "whoosh", "numpy"),
)


def test_what_is_loaded_before_the_first_frame_is_little(tmp_path: Path) -> None:
    code = (
        "import sys; before = set(sys.modules)\n"
        "import tui.start, tui.firstpaint.prepared, tui.firstpaint.reading\n"
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
        *("tui", "tui.firstpaint", "tui.firstpaint.prepared", "tui.firstpaint.reading"),
        "tui.start",
    }
    assert loaded.isdisjoint(LOADED_LATE)


def test_the_browser_s_commands_load_where_no_terminal_is_as_unix_has_it() -> None:
    code = "import sys; sys.modules['termios'] = None; import tui.cli.browse"
    subprocess.run([sys.executable, "-c", code], check=True)


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
    found = reading.cache_folder(environ)
    assert (found is not None) == is_known
    if is_known:
        assert found == str(find_locations(environ).cache)


CELLS: Cells = [
    [("A", "1;38;2;9;8;7;48;5;3"), (" ", "38;2;9;8;7;48;5;3"), ("é", ""), ("x", "4")],
    [("深", "31;42"), ("", "31;42"), ("e\u0301", "7"), (" ", "")],
]


def test_cells_come_back_as_they_were() -> None:
    assert reading.LastFrame(b"", keeping.cells_as_bytes(CELLS)).cells() == CELLS


def test_the_bytes_of_a_frame_show_its_cells() -> None:
    import pyte

    screen = pyte.Screen(4, 2)
    pyte.ByteStream(screen).feed(keeping.paint_of(CELLS))
    assert screen.display == ["A éx", "深é "]
    first = screen.buffer[0]
    assert (first[0].bold, first[0].fg, first[3].underscore) == (True, "090807", True)
    assert (first[2].bold, first[2].fg, first[2].bg) == (False, "default", "default")
    second = screen.buffer[1]
    assert (second[0].fg, second[0].bg, second[2].reverse) == ("red", "green", True)
    assert second[3].reverse is False


def test_no_frame_is_kept_beside_the_session_or_visits_of_another_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cache, session = tmp_path / "paperdeck", tmp_path / "state" / "session.json"
    locations = Locations(tmp_path / "library", tmp_path / "config", cache, session.parent, cache)
    with Library(locations.library, index_folder=tmp_path / "index", program="test") as library:
        left = Left(CELLS, library.revision, {})
    written = write_session(session, Session(key=3))
    assert written
    keep_shown(locations, left, {}, session, written)
    (frame,) = (cache / reading.FOLDER).iterdir()
    frame.unlink()
    another = left._replace(visits={"is:inbox": 1})
    keep_shown(locations, another, {}, session, written)
    assert not list((cache / reading.FOLDER).iterdir())
    write_session(session, Session(key=6))
    keep_shown(locations, left, {}, session, written)
    assert not list((cache / reading.FOLDER).iterdir())

"""The installed program in a real terminal, byte for byte."""

from __future__ import annotations

import json
import re
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from terminal import Home, HomeMaker, Terminal

pytest_plugins = ["tests.terminal"]

METHODS = ("Counting", "Listening to", "Mapping", "Forecasting", "Sorting", "Dreaming of")
SUBJECTS = ("glaciers", "orchards", "harbours", "sparrows", "violins")
SENTENCES = (
    "Field work of eleven winters is gathered in one table that anyone may correct.",
    "Two observers who never met reach the same figure in nine cases out of ten.",
    "A small model reads the table backwards and guesses which rows were written in the rain.",
    "Its mistakes fall on Mondays, for reasons that a longer appendix makes plausible.",
    "Without the appendix every result shrinks by a third, and the order of methods turns round.",
    "Five baselines were given twice the time, the better instruments and a warmer room.",
    "None of them noticed that the third valley had been measured in feet.",
    "We therefore propose to write the unit beside each number, however obvious it seems.",
    "Readers asked for a picture, so there is one, drawn by hand and checked by ruler.",
    "What remains open is the sound: microphones freeze, and ears are hard to calibrate.",
    "Code, notes and a pressed flower are kept with the data for as long as paper lasts.",
)
HOSTILE = (
    "\x1b]52;c;aG9zdGlsZQ==\x07",
    "\x1b]0;another title of the window\x1b\\",
    "\x1bP$q another question\x1b\\",
    "\x1b[?1049l",
    "\x1b[2J\x1b[1;1H",
    "\x9b31m",
    "\u202edesrever\u202c",
    "\x00\x08\x0c",
)
"""What a terminal would obey, or read backwards."""
TAG = "field-notes"


def feed_record(number: int, title: str) -> dict[str, Any]:
    """Return a listing as the feed has it: the higher the number, the older and less liked."""
    first = number % len(SENTENCES)
    return {
        "paper": {
            "id": f"2603.{number:05}",
            "title": title,
            "summary": " ".join((*SENTENCES[first:], *SENTENCES[:first], title)) + ".",
            "publishedAt": "2026-03-01T09:00:00.000Z",
            "submittedOnDailyAt": f"2026-03-{20 - number // len(SUBJECTS):02}T00:00:00.000Z",
            "upvotes": 100 - number,
            "authors": [{"name": "Ana García"}, {"name": "Li Wei"}],
        },
        "numComments": number,
    }


TITLES = [f"{method} {subject}" for method in METHODS for subject in SUBJECTS]
RECORDS = [feed_record(number, title) for number, title in enumerate(TITLES)]


def hostile_record(number: int, text: str) -> dict[str, Any]:
    """Return a listing with `text` wherever the screen shows something of it."""
    record = feed_record(number, f"Wolves {text}in [red]sheep's[/red] clothing")
    record["paper"] |= {
        "summary": f"Listen: {text}the [link=x]wolf[/link] howls.",
        "authors": [{"name": f"Mallory {text}Jones"}],
    }
    return record


def link_of(title: str) -> str:
    """Return the page of one of our papers."""
    return f"https://huggingface.co/papers/2603.{TITLES.index(title):05}"


def row_of(terminal: Terminal, title: str) -> str:
    """Return the line of a paper in the list, where its signs stand before the title."""
    return next((line for line in terminal.lines if line[5:].startswith(title)), "")


def fill(home: Home, records: list[dict[str, Any]]) -> Home:
    """Bring papers into a home folder, and wait until they can be searched."""
    added = f"{len(records)} added, 0 updated, 0 unchanged, 0 refused "
    assert home.run("import", "-", stdin=json.dumps(records)).startswith(added)
    home.run("index", "--wait")
    return home


@pytest.fixture(scope="module")
def kept(make_home: HomeMaker, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home folder with a library of 30 papers, which can be held again."""
    home = fill(make_home(tmp_path_factory.mktemp("home")), RECORDS)
    home.keep()
    return home


@pytest.fixture
def filled(kept: Home) -> Home:
    """A home folder with a library of 30 papers that nobody has looked at."""
    kept.renew()
    return kept


@pytest.fixture
def unchanged(filled: Home) -> Home:
    """The same, where no paper is read by rest."""
    filled.configure("rest_seconds = 0\n")
    return filled


@pytest.fixture
def inbox(unchanged: Home) -> Iterator[Terminal]:
    """The browser on the inbox, at rest."""
    with unchanged.browse() as terminal:
        terminal.shows("1 of 30")
        terminal.settle(0.3)
        yield terminal


def test_a_paper_is_found_tagged_copied_and_found_again(filled: Home) -> None:
    with filled.anew.browse() as terminal:
        terminal.shows("1 of 30")
        terminal.press("/")
        terminal.send("orch")
        terminal.shows("1 of 6")
        terminal.send("ards mapping")
        terminal.shows("1 of 1")
        terminal.press("\r")
        terminal.press("t")
        terminal.shows("Tags:")
        terminal.send(f"{TAG}\r")
        terminal.until(lambda: TAG in row_of(terminal, "Mapping orchards"), "the tag in its row")
        assert terminal.copied == []
        terminal.send("yy")
        terminal.shows(link_of("Mapping orchards"))
        assert terminal.copied == [link_of("Mapping orchards")]
        terminal.send("q")
        terminal.shows(" of 30")
        terminal.send("q")
        assert terminal.ended() == 0
        assert terminal.is_restored
    with filled.browse() as terminal:
        terminal.shows(" of 30")
        terminal.press("/")
        terminal.send(f"tag:{TAG}")
        terminal.shows(" 1 of 1")
        terminal.until(lambda: TAG in row_of(terminal, "Mapping orchards"), "the paper")


def test_esc_is_a_key_of_its_own_also_where_the_next_one_comes_with_it(inbox: Terminal) -> None:
    inbox.send("/no such paper\x1b/orchards")
    inbox.shows("/ orchards ")
    inbox.send("\x1b[200~ mapping\x1b[201~")
    inbox.shows("/ orchards mapping ")
    inbox.send("\ryy")
    inbox.copies(1)
    assert inbox.copied == [link_of("Mapping orchards")]
    inbox.shows("/ orchards mapping ")
    inbox.send("\x1b")
    inbox.until(lambda: "/ orchards" not in inbox.lines[0], "the list before")


def test_keys_typed_ahead_mean_what_they_mean_one_by_one(inbox: Terminal) -> None:
    inbox.send("/orchards mapping\ryy")
    inbox.copies(1)
    assert inbox.copied == [link_of("Mapping orchards")]
    inbox.shows("/ orchards mapping ")
    inbox.shows("1 of 1")


@pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")
def test_a_copy_arrives_in_tmux_and_in_the_terminal_around_it(unchanged: Home) -> None:
    # A socket's path must be short, and the folder of a test is not.
    with tempfile.TemporaryDirectory(prefix="paperdeck-") as folder:
        tmux = ["tmux", "-S", str(Path(folder) / "socket"), "-f", "/dev/null"]
        try:
            copied = copied_in_tmux(unchanged, tmux)
        finally:
            subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)
    assert copied == (link_of("Counting glaciers"), [link_of("Counting glaciers")])


def copied_in_tmux(home: Home, tmux: list[str]) -> tuple[str, list[str]]:
    """Return what tmux and the terminal around it have after `y y`."""
    with home.start(*tmux, "new-session", str(home.program)) as terminal:
        terminal.shows("1 of 30")
        terminal.send("yy")
        terminal.shows("Copied https://")
        terminal.copies(1)
        shown = subprocess.run([*tmux, "show-buffer"], check=True, capture_output=True, text=True)
        return shown.stdout, terminal.copied


def test_the_demo_shows_the_sample_and_leaves_nothing_behind(home: Home) -> None:
    with home.browse("demo") as terminal:
        terminal.shows("1 of 120")
        terminal.shows("throwaway copy")
        assert list(home.temporary.iterdir())
        terminal.send("q")
        assert terminal.ended() == 0
        assert terminal.is_restored
    assert list(home.temporary.iterdir()) == []
    assert not (home.folder / "data").exists()


def test_hostile_records_reach_the_terminal_as_plain_text(home: Home) -> None:
    fill(home, [hostile_record(number, text) for number, text in enumerate(HOSTILE)])
    with home.browse() as terminal:
        terminal.shows(f"1 of {len(HOSTILE)}")
        terminal.press("/")
        terminal.press("wolf")
        terminal.press("\r")
        for number in range(len(HOSTILE)):
            terminal.shows(f"{number + 1} of {len(HOSTILE)}")
            terminal.shows("the [link=x]wolf[/link] howls.")
            terminal.send("yt")
            terminal.copies(number + 1)
            terminal.send("j")
    drawn = re.sub(rb"\x1b\](?:22|52);[\w+/=;]*\x07", b"", terminal.output)
    for text in HOSTILE:
        assert text.encode() not in drawn
        # Of the characters that are none, only the escape is the program's own.
        controls = {char for char in text if not char.isprintable()} - {"\x1b"}
        assert [char for char in controls if char.encode() in drawn] == []
    assert len(terminal.copied) == len(HOSTILE)
    for title in terminal.copied:
        assert title.isprintable()
        assert title.startswith("Wolves ")
        assert title.endswith("in [red]sheep's[/red] clothing")


def test_a_terminal_that_draws_nothing_is_refused_by_name(unchanged: Home) -> None:
    for words in ((), ("demo",), ("browse", "glaciers")):
        with unchanged.browse(*words, environ={"TERM": "dumb"}) as terminal:
            assert terminal.ended() == 2
        said = terminal.output.decode()
        assert said.startswith("paperdeck: the browser can't draw on the terminal 'dumb' (TERM)")
        assert "search, count, show, tag, import, export" in said
        assert "\x1b" not in said


def test_a_pipe_is_refused(unchanged: Home) -> None:
    done = subprocess.run(
        [unchanged.program], capture_output=True, text=True, env=unchanged.environ, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("paperdeck: the browser needs a terminal; search, count, show")


def test_a_step_down_is_one_frame_of_few_bytes_and_rest_is_none(inbox: Terminal) -> None:
    # From the tenth paper on, so that the counter keeps its width.
    inbox.press("jjjjjjjjj")
    inbox.shows("10 of 30")
    answers = []
    for number in range(11, 21):
        answers.append(inbox.press("j"))
        inbox.shows(f"{number} of 30")
        assert row_of(inbox, TITLES[number - 1])
    assert [answer.frames for answer in answers] == [1] * 10
    assert statistics.median(len(answer.output) for answer in answers) <= 1_200
    assert not inbox.read(2.0)


def test_the_screen_follows_the_size_of_the_terminal(inbox: Terminal) -> None:
    before = inbox.lines
    inbox.resize(60, 20)
    inbox.until(lambda: inbox.lines[0].endswith("1 of 30") and len(inbox.lines[0]) == 59, "60")
    inbox.until(lambda: inbox.lines[19] and "search" not in inbox.lines[19], "the line below")
    assert inbox.lines[1].startswith(" 2026-03-20 Friday ")
    assert inbox.lines[2][5:].startswith("Counting glaciers")
    inbox.resize(80, 24)
    inbox.until(lambda: inbox.lines == before, "the screen as it was")


def test_ctrl_c_pressed_twice_quits(inbox: Terminal) -> None:
    inbox.send("\x03")
    inbox.shows("Press ctrl+c again to quit")
    inbox.send("\x03")
    assert inbox.ended() == 0
    assert inbox.is_restored


def test_ctrl_z_gives_the_terminal_back_until_the_program_goes_on(inbox: Terminal) -> None:
    before = inbox.lines
    inbox.send("\x1a")
    inbox.stopped()
    inbox.settle()
    assert inbox.is_restored
    inbox.clear()
    inbox.signal(signal.SIGCONT)
    inbox.until(lambda: inbox.lines == before, "the screen as it was")
    inbox.send("j")
    inbox.shows("2 of 30")


def test_a_tag_made_in_one_browser_is_seen_in_another(filled: Home) -> None:
    with filled.browse() as one, filled.browse() as other:
        for terminal in (one, other):
            terminal.shows("1 of 30")
            terminal.settle()
        one.press("+")
        one.shows("Add tags:")
        one.send(f"{TAG}\r")
        one.until(lambda: TAG in row_of(one, "Counting glaciers"), "the tag where it is made")
        made = time.monotonic()
        other.until(lambda: TAG in row_of(other, "Counting glaciers"), "the tag elsewhere")
        assert time.monotonic() - made < 3


def test_a_decision_can_be_undone_after_a_restart(filled: Home) -> None:
    with filled.browse() as terminal:
        terminal.shows("1 of 30")
        terminal.send("a")
        terminal.shows("Archived")
        terminal.send("q")
        assert terminal.ended() == 0
    with filled.browse() as terminal:
        terminal.shows("1 of 29")
        terminal.send("u")
        terminal.shows("Undone: archive")


def leave(terminal: Terminal) -> None:
    """Leave a browser from wherever it is."""
    terminal.send("\x03")
    terminal.shows("Press ctrl+c again to quit")
    terminal.send("\x03")
    assert terminal.ended() == 0


def test_the_same_day_goes_on_where_the_browser_was_left(filled: Home) -> None:
    filled.configure("rest_seconds = 0\n")
    with filled.browse(size=(120, 30)) as terminal:
        terminal.shows("1 of 30")
        terminal.press("/")
        terminal.send("sparrows\r")
        terminal.shows("1 of 6")
        terminal.send(",t<<jj")
        terminal.shows("/ sort:title sparrows")
        terminal.shows("3 of 6")
        terminal.settle()
        before = terminal.lines
        leave(terminal)
    with filled.browse(size=(120, 30)) as terminal:
        terminal.until(lambda: terminal.lines == before, "the screen as it was")
        terminal.send("q")
        terminal.shows(" of 30")
        terminal.press("/")
        terminal.press("\x10")
        terminal.shows("/ sparrows ")
        terminal.press("\x1b")
        leave(terminal)
    with filled.browse("browse", "violins", size=(120, 30)) as terminal:
        terminal.shows("1 of 6")
        terminal.shows("/ violins")


def test_a_new_day_begins_with_the_inbox_or_the_configured_view(filled: Home) -> None:
    filled.configure("rest_seconds = 0\n")
    with filled.browse() as terminal:
        terminal.shows("1 of 30")
        terminal.send("jj>>")
        terminal.shows("3 of 30")
        terminal.press("/")
        terminal.send("violins\r")
        terminal.shows(" of 6")
        terminal.settle()
        share = row_count(terminal)
        leave(terminal)
    left = filled.session
    kept = json.loads(left.read_text(encoding="utf-8"))
    assert (kept["text"], kept["searches"]) == ("violins", ["violins"])
    for default_view, shown in (("", "/ is:inbox "), ("on:2026-03-19", "/ on:2026-03-19 ")):
        left.write_text(json.dumps(kept | {"day": "2026-03-20"}), encoding="utf-8")
        view = f'default_view = "{default_view}"\n' if default_view else ""
        filled.configure(f"rest_seconds = 0\n{view}")
        with filled.browse() as terminal:
            terminal.shows(shown)
            terminal.shows("1 of ")
            terminal.until(lambda: row_count(terminal) == share, "the split as it was left")
            leave(terminal)


def row_count(terminal: Terminal) -> int:
    """Return how many lines the list has, above the rule."""
    rules = [number for number, line in enumerate(terminal.lines) if line.startswith("──")]
    return rules[0] - 1 if rules else 0


def test_the_chosen_colours_are_there_the_next_time(filled: Home) -> None:
    with filled.browse() as terminal:
        terminal.shows("1 of 30")
        terminal.press(":")
        terminal.send("choose the colours\r")
        terminal.shows("Colours")
        terminal.send("light\r")
        terminal.hides("Colours")
        leave(terminal)
    assert json.loads(filled.session.read_text(encoding="utf-8"))["theme"] == "light"
    with filled.browse() as terminal:
        terminal.shows("1 of 30")
        terminal.settle()
        again = terminal.output
    filled.session.write_text("{", encoding="utf-8")
    with filled.browse() as terminal:
        terminal.shows("1 of 30")
        terminal.settle()
        assert grounds(terminal.output).isdisjoint(grounds(again)), "a broken file is none"


def grounds(output: bytes) -> set[bytes]:
    """Return the colours behind what was painted."""
    return set(re.findall(rb"48;2;(\d+;\d+;\d+)", output))


def test_a_paper_is_read_by_two_seconds_of_rest(filled: Home) -> None:
    with filled.browse() as terminal:
        terminal.shows("1 of 30")
        terminal.send("jjj")
        terminal.shows("4 of 30")
        moved = time.monotonic()
        terminal.until(lambda: "●" not in row_of(terminal, "Counting sparrows"), "it to be read")
        assert time.monotonic() - moved > 1.5
        assert all("●" in row_of(terminal, TITLES[number]) for number in (0, 1, 2, 4))


def test_what_was_new_is_not_on_the_next_visit(filled: Home) -> None:
    filled.configure("rest_seconds = 0\n")
    for sign in ("●", "○"):
        with filled.browse() as terminal:
            terminal.shows("1 of 30")
            terminal.until(lambda: row_of(terminal, "Counting orchards"), "the list")
            assert row_of(terminal, "Counting orchards")[1] == sign
            leave(terminal)


def test_what_the_command_line_did_is_undone_from_the_history(filled: Home) -> None:
    filled.run("tag", "+starred", "--", "orchards")
    with filled.browse() as terminal:
        terminal.shows("1 of 30")
        terminal.send("H")
        terminal.shows("import standard input: 30 added")
        terminal.shows("tag +starred 6 papers")
        terminal.settle()
        down = terminal.press("j")
        assert down.frames == 1
        assert len(down.output) <= 1_200
        terminal.send("ku")
        terminal.shows("Undone: tag +starred 6 papers")
        terminal.until(lambda: "undone · command line" in terminal.lines[2], "the mark")
        terminal.send("q")
        terminal.shows("1 of 30")
    assert filled.run("count", "is:starred") == "0\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_program_that_is_told_to_end_leaves_nothing_behind(
    home: Home, number: signal.Signals
) -> None:
    with home.browse("demo") as terminal:
        terminal.shows("1 of 120")
        terminal.signal(number)
        assert terminal.ended() == 0
        assert terminal.is_restored
    assert list(home.temporary.iterdir()) == []

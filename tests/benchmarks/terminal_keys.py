"""Measures what a key costs on the line: bytes, time and processor, beside other programs.

    python tests/benchmarks/terminal_keys.py [PAPERS]

PAPERS is what `paperdeck import` reads; without it 74,728 papers of arXiv are taken where they are
at hand, else the sample library many times over. Measured are our program at 80x24 and 200x50,
with our writer and with Textual's; a hello in curses and in Textual; and newsboat, neomutt and tig
where they are installed, with a feed, a mailbox and a history made here. A key is answered when
nothing more has come for 0.1 s; its processor time is that of all threads until then. Compare the
ratios, not the figures, of two machines.
"""

from __future__ import annotations

import mailbox
import os
import shutil
import statistics
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from measuring import SHARED, Line, run, show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from terminal import Home, Terminal

SIZES = ((80, 24), (200, 50))
STEPS = 50
PAGES = 12
TAGGED = 12
TAG = "reading-group "
QUERY = "diffusion video"
ARRIVAL = 0.4
"""Seconds without output after which a result has followed its character."""
DOWN = "\x1b[B"
HELD = 60
A_SECOND = 30
ENTRIES = 200
"""In the feed, the mailbox and the history that other programs show."""
TEXT = "Field work of eleven winters is gathered in one table that anyone may correct. "
CURSES = """\
import curses
def show(screen):
    while True:
        screen.addstr(0, 0, "hello")
        screen.refresh()
        screen.getch()
curses.wrapper(show)
"""
TEXTUAL = """\
from textual.app import App
from textual.widgets import Static
class Hello(App):
    def compose(self):
        yield Static("hello")
Hello().run()
"""


class Cost(NamedTuple):
    """What one key cost."""

    sent: int
    seconds: float
    processor: float


def measures(home: Home, papers: Path) -> Iterator[Line]:
    """Yield every line of the table."""
    run([str(home.program), "import", str(papers.absolute())], home)
    run([str(home.program), "index", "--wait"], home)
    for size in SIZES:
        for writer in ("changed cells", "textual"):
            home.configure(f'writer = "{writer}"\nrest_seconds = 0\n')
            yield from ours(home, size, writer)
        yield from others(home, size)


def ours(home: Home, size: tuple[int, int], writer: str) -> Iterator[Line]:
    """Measure our program with one of its writers."""
    name = f"{size[0]}x{size[1]} {writer}"
    with home.browse("browse", "*", size=size) as terminal:
        terminal.until(lambda: " of " in terminal.lines[0], "the first rows")
        shown = time.monotonic() - terminal.started
        terminal.settle(0.6)
        yield Line(f"{name}: start", f"{len(terminal.output):,} B", f"{1000 * shown:.0f} ms")
        yield cost_line(f"{name}: down", [cost(terminal, "j") for _ in range(STEPS)])
        yield held(f"{name}: held at {A_SECOND} a second", terminal)
        yield cost_line(f"{name}: page down", [cost(terminal, "\x1b[6~") for _ in range(PAGES)])
        yield at_rest(f"{name}: two seconds of rest", terminal)
        terminal.press("/", ARRIVAL)
        yield cost_line(f"{name}: typed", [cost(terminal, char, ARRIVAL) for char in QUERY])
        terminal.press("\x1b", ARRIVAL)
        yield from tagging(name, terminal)


def tagging(name: str, terminal: Terminal) -> Iterator[Line]:
    """Measure what it costs to open the tag editor, and to take what is written there."""
    opened, taken = [], []
    for _ in range(TAGGED):
        opened.append(cost(terminal, "t"))
        terminal.press(TAG)
        taken.append(cost(terminal, "\r"))
        terminal.press("j")
    yield cost_line(f"{name}: tag editor", opened)
    yield cost_line(f"{name}: tag taken", taken)


def others(home: Home, size: tuple[int, int]) -> Iterator[Line]:
    """Measure other programs: what a key that goes one line down costs."""
    programs: dict[str, Sequence[str]] = {
        "curses hello": (sys.executable, "-c", CURSES),
        "Textual hello": (sys.executable, "-c", TEXTUAL),
    }
    for name, made in (("newsboat", newsboat), ("neomutt", neomutt), ("tig", tig)):
        if shutil.which(name):
            programs[name] = made(home.folder / name)
    for name, command in programs.items():
        with home.start(*command, size=size) as terminal:
            terminal.until(lambda: any(terminal.lines), "its first text")
            shown = time.monotonic() - terminal.started
            terminal.settle(0.6)
            title = f"{size[0]}x{size[1]} {name}"
            yield Line(f"{title}: start", f"{len(terminal.output):,} B", f"{1000 * shown:.0f} ms")
            if "hello" not in name:
                if name != "neomutt":
                    # The list of feeds, and a history alone, have nothing beside them.
                    terminal.press("\r", ARRIVAL)
                down = DOWN if name == "tig" else "j"
                yield cost_line(f"{title}: down", [cost(terminal, down) for _ in range(STEPS)])


def cost(terminal: Terminal, key: str, quiet: float = 0.1) -> Cost:
    """Press a key, and rest until it is no longer taken for one that is held."""
    before = processor(terminal.pid)
    answer = terminal.press(key, quiet)
    spent = processor(terminal.pid) - before
    terminal.settle(0.3)
    return Cost(len(answer.output), answer.seconds, spent)


def cost_line(what: str, costs: Sequence[Cost]) -> Line:
    """Return the medians, and the 95th percentile of the time."""
    sent, seconds, spent = (sorted(column) for column in zip(*costs, strict=True))
    late = seconds[int(0.95 * (len(seconds) - 1) + 0.5)]
    times = f"{1000 * statistics.median(seconds):.1f} ms (p95 {1000 * late:.1f})"
    processor_time = f"{1000 * statistics.median(spent):.1f} ms of processor"
    return Line(what, f"{statistics.median(sent):,.0f} B", f"{times}, {processor_time}")


def held(what: str, terminal: Terminal) -> Line:
    """Hold a key down, and measure its frames and how soon the screen rests."""
    before = len(terminal.output)
    began = time.monotonic()
    spent = processor(terminal.pid)
    for number in range(1, HELD + 1):
        terminal.send("j")
        while (left := began + number / A_SECOND - time.monotonic()) > 0:
            terminal.read(left)
    spent = processor(terminal.pid) - spent
    sent = len(terminal.output) - before
    ended = time.monotonic()
    terminal.settle(0.1)
    rested = time.monotonic() - ended - 0.1
    frames = [len(frame) + 8 for frame in terminal.output[before:].split(b"\x1b[?2026l")[:-1]]
    middle = statistics.median(frames) if frames else 0
    return Line(
        what,
        f"{middle:,.0f} B",
        f"{sent / HELD:,.0f} B on average, {1000 * spent / HELD:.1f} ms of processor,"
        f" rests after {1000 * rested:.0f} ms",
    )


def at_rest(what: str, terminal: Terminal) -> Line:
    """Measure what is done while nothing is."""
    terminal.settle(1)
    before, spent = len(terminal.output), processor(terminal.pid)
    terminal.settle(2)
    used = 500 * (processor(terminal.pid) - spent)
    return Line(what, f"{len(terminal.output) - before} B", f"{used:.1f} ms of processor a second")


def processor(pid: int) -> float:
    """Return the seconds that all threads of a process have run; 0 where nothing tells."""
    spent = 0
    for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            spent += int(thread.read_text(encoding="ascii").split()[0])
        except OSError:
            continue  # it has just ended
    return spent / 1e9


def newsboat(folder: Path) -> Sequence[str]:
    """Return the command that shows a feed made here."""
    folder.mkdir(exist_ok=True)
    entries = "".join(
        f"<item><title>Paper {number}: {TEXT[: 20 + number % 50]}</title>"
        f"<link>http://localhost/{number}</link><description>{TEXT * 12}</description></item>"
        for number in range(ENTRIES)
    )
    feed = folder / "feed.xml"
    feed.write_text(
        f'<rss version="2.0"><channel><title>Papers</title>{entries}</channel></rss>',
        encoding="utf-8",
    )
    urls, config = folder / "urls", folder / "config"
    urls.write_text(f"file://{feed}\n", encoding="utf-8")
    config.write_text("bind-key j down\nrefresh-on-startup yes\n", encoding="utf-8")
    return ("newsboat", "-u", str(urls), "-C", str(config), "-c", str(folder / "cache.db"))


def neomutt(folder: Path) -> Sequence[str]:
    """Return the command that shows a mailbox made here."""
    folder.mkdir(exist_ok=True)
    box = mailbox.mbox(folder / "box")
    for number in range(ENTRIES if not len(box) else 0):
        letter = EmailMessage()
        letter["From"], letter["Subject"] = "someone@localhost", f"Paper {number}: {TEXT[:40]}"
        letter.set_content(TEXT * 12)
        box.add(letter)
    box.close()
    setting = f"set folder={folder}"
    return ("neomutt", "-n", "-F", os.devnull, "-e", setting, "-R", "-f", str(folder / "box"))


def tig(folder: Path) -> Sequence[str]:
    """Return the command that shows a history made here."""
    git = ("git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@localhost")
    if not folder.exists():
        folder.mkdir()
        subprocess.run([*git, "init", "-q"], check=True)
        for number in range(ENTRIES):
            words = ("commit", "-q", "--allow-empty", "-m", f"Paper {number}: {TEXT[:40]}")
            subprocess.run([*git, *words], check=True)
    return ("env", "-C", str(folder), "tig")


if __name__ == "__main__":
    show(measures, SHARED / "scale" / "arxiv_daily.jsonl.xz")

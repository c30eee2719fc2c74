"""Measures the installed program on the screen: index, start, keys and typing.

    python tests/benchmarks/screen.py [PAPERS]

PAPERS is what `paperdeck import` reads; without it the feed's stored replies are taken where they
are at hand, else the sample library many times over. Each figure is a median over its runs, and
what it is compared with is measured in the same run: compare the ratios, not the figures, of two
machines.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from typing import TYPE_CHECKING

from measuring import SHARED, Line, run, show

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from terminal import Home

STARTS = 9
KEYS = 20
SIZES = ((80, 24), (200, 50))
WIDE = (160, 48)
FRAME = b"\x1b[?2026h"
"""What Textual begins each frame with."""
MOVES = {"cursor down": "j", "page down": "\x1b[6~"}
QUERIES = ("diffusion video", '"language model" agents', "title:robot votes:>20")
TYPING_QUIET = 0.4
"""Seconds without output after which a character is answered: its result follows its echo."""
CURSES = """\
import curses
def show(screen):
    screen.addstr("hello")
    screen.refresh()
    screen.getch()
curses.wrapper(show)
"""


def measures(home: Home, papers: Path) -> Iterator[Line]:
    """Yield every line of the table."""
    yield from indexing(home, papers)
    yield from starting(home)
    for size in SIZES:
        yield from moving(home, size)
    yield from typing(home)
    yield from tagging(home)
    yield from beside_the_sidebar(home)


def indexing(home: Home, papers: Path) -> Iterator[Line]:
    """Measure bringing the search index up to date after an import."""
    brought = run([str(home.program), "import", "--json", str(papers.absolute())], home)
    count = json.loads(brought.output)["added"]
    ended = run([str(home.program), "index", "--wait"], home)
    yield Line(
        "index",
        f"{count / ended.seconds:,.0f} papers/s",
        f"{ended.seconds:.1f} s in all: {ended.output.strip()}",
    )


def starting(home: Home) -> Iterator[Line]:
    """Measure from start to the first rows, and to the first text of a curses program."""
    ours, curses = [], []
    for _ in range(STARTS):
        with home.browse() as terminal:
            terminal.until(lambda: " of " in terminal.lines[0], "the first rows")
            ours.append(time.monotonic() - terminal.started)
        with home.start(sys.executable, "-c", CURSES) as hello:
            hello.shows("hello")
            curses.append(time.monotonic() - hello.started)
    yield Line(
        "start to the first rows",
        f"{1000 * statistics.median(ours):.0f} ms",
        f"{1000 * min(ours):.0f} to {1000 * max(ours):.0f}",
    )
    yield Line(
        "start / a curses hello",
        f"{statistics.median(ours) / statistics.median(curses):.1f} x",
        f"{1000 * statistics.median(curses):.0f} ms",
    )


def moving(home: Home, size: tuple[int, int]) -> Iterator[Line]:
    """Measure keys that move in the list."""
    for name, key in MOVES.items():
        with home.browse(size=size) as terminal:
            terminal.until(lambda: " of " in terminal.lines[0], "the first rows")
            terminal.settle(0.5)
            answers = [terminal.press(key) for _ in range(KEYS)]
        sent = statistics.median(len(answer.output) for answer in answers)
        took = statistics.median(answer.seconds for answer in answers)
        most = max(len(answer.output) for answer in answers)
        yield Line(
            f"{name} at {size[0]}x{size[1]}",
            f"{sent:,.0f} B, {1000 * took:.1f} ms",
            f"at most {most:,} B and {1000 * max(a.seconds for a in answers):.0f} ms",
        )


def typing(home: Home) -> Iterator[Line]:
    """Measure each character of a query, until its result is on the screen."""
    for query in QUERIES:
        with home.browse() as terminal:
            terminal.until(lambda: " of " in terminal.lines[0], "the first rows")
            terminal.settle(0.5)
            terminal.press("/")
            answers = [terminal.press(char, TYPING_QUIET) for char in query]
            counter = terminal.lines[0].split("  ")[-1].strip()
        seconds = [answer.seconds for answer in answers]
        yield Line(
            f"a character of {query}",
            f"{1000 * statistics.median(seconds):.0f} ms",
            f"the slowest {1000 * max(seconds):.0f} ms; {counter}",
        )


def tagging(home: Home) -> Iterator[Line]:
    """Measure an edit of every paper at once, and the keys that are pressed while it is made."""
    with home.browse("browse", "*", size=WIDE) as terminal:
        terminal.until(lambda: " of " in terminal.lines[0], "the first rows")
        terminal.settle(0.5)
        for keys in ("*", "t", "benchmark\r"):
            terminal.press(keys, 0.3)
        began = time.monotonic()
        sent = len(terminal.output)
        terminal.send("y")
        terminal.shows("papers · u undoes")
        took = time.monotonic() - began
        told = terminal.lines[-1].strip()
        frames = terminal.output[sent:].count(FRAME)
        terminal.press("u", 0.3)
        terminal.send("y")
        answers = [terminal.press(key) for key in "jk" * KEYS]
    slowest = max(answer.seconds for answer in answers)
    yield Line("one edit of every paper", f"{1000 * took:.0f} ms", f"{told}; {frames} frames")
    yield Line("the slowest key while it is undone", f"{1000 * slowest:.0f} ms")


def beside_the_sidebar(home: Home) -> Iterator[Line]:
    """Measure deciding with the sidebar shown, whose counts follow, and without it."""
    medians = []
    for keys in ("", "S\t"):
        with home.browse(size=WIDE) as terminal:
            terminal.until(lambda: " of " in terminal.lines[0], "the first rows")
            terminal.settle(0.5)
            if keys:
                terminal.press(keys, 0.5)
            answers = [terminal.press("a") for _ in range(KEYS)]
        medians.append(statistics.median(answer.seconds for answer in answers))
        most = max(answer.seconds for answer in answers)
        yield Line(
            f"archiving {'beside the sidebar' if keys else 'without the sidebar'}",
            f"{1000 * medians[-1]:.1f} ms",
            f"the slowest {1000 * most:.0f} ms",
        )
    yield Line("with / without the sidebar", f"{medians[1] / medians[0]:.2f} x")


if __name__ == "__main__":
    show(measures, SHARED / "hf_daily")

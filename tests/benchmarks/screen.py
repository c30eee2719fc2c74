"""Measures the installed program: import, index, start, keys, typing and opening a library.

    python tests/benchmarks/first_light.py [FOLDER]

FOLDER holds what `paperdeck import` reads; without it the feed's stored replies are taken where
they are at hand, else the sample library many times over. Each figure is a median over its runs,
and what it is compared with is measured in the same run: compare the ratios, not the figures, of
two machines.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from terminal import Home

ROOT = Path(__file__).resolve().parents[2]
FEED = ROOT.parent / "shared" / "data" / "hf_daily"
COPIES_OF_SAMPLE = 100
PLAIN_COPIES = 3
STARTS = 9
OPENINGS = 9
KEYS = 20
SIZES = ((80, 24), (200, 50))
MOVES = {"cursor down": "j", "page down": "\x1b[6~"}
QUERIES = ("diffusion video", '"language model" agents', "title:robot votes:>20")
BATCH = 256
"""Rows to a transaction in plain SQLite."""
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
OPENING = """\
import sys, time
began = time.perf_counter()
from pathlib import Path
from store.library import Library
loaded = time.perf_counter()
with Library(Path(sys.argv[1]), index_folder=Path(sys.argv[2])) as library:
    rows = library.rows(library.search("is:inbox").keys[:50])
    done = time.perf_counter()
print(loaded - began, done - loaded, len(rows))
"""
LAUNCHER = """\
import os, sys, time
began = time.perf_counter()
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(pid, 0)
took = time.perf_counter() - began
print(os.waitstatus_to_exitcode(status), took, usage.ru_maxrss)
"""
"""Small, as a program counts the memory of the one that starts it for its own."""


class Line(NamedTuple):
    """A line of the table."""

    what: str
    figure: str
    beside: str = ""


class Ended(NamedTuple):
    """How a program ended that was measured as a whole."""

    output: str
    seconds: float
    megabytes: float
    """The most memory it held."""


def main() -> None:
    """Measure everything and print the table."""
    # The harness of the tests stands beside this folder.
    sys.path.append(str(ROOT / "tests"))
    from terminal import make_home

    with tempfile.TemporaryDirectory(prefix="paperdeck-") as name:
        home = make_home(Path(name))
        if len(sys.argv) > 1:
            folder = Path(sys.argv[1])
        else:
            folder = FEED if FEED.is_dir() else repeated_sample(home.folder / "sample")
        for measure in (
            importing(home, folder),
            starting(home),
            *(moving(home, size) for size in SIZES),
            typing(home),
            opening(home),
        ):
            for line in measure:
                sys.stdout.write(f"{line.what:<36}{line.figure:>22}   {line.beside}\n")
                sys.stdout.flush()


def importing(home: Home, folder: Path) -> Iterator[Line]:
    """Measure an import, the same rows in plain SQLite, and the index after it."""
    ended = run([str(home.program), "import", "--json", str(folder.absolute())], home)
    papers = json.loads(ended.output)["added"]
    library = library_of(home) / "library.db"
    copies = [home.folder / f"plain-{number}.db" for number in range(PLAIN_COPIES)]
    plain = statistics.median(plain_seconds(library, copy) for copy in copies)
    yield Line("papers", f"{papers:,}", f"from {folder.name}")
    yield Line("import", f"{papers / ended.seconds:,.0f} papers/s", f"{ended.seconds:.1f} s in all")
    yield Line("import, memory at its most", f"{ended.megabytes:.0f} MB")
    yield Line(
        "import / the same rows plainly",
        f"{ended.seconds / plain:.1f} x",
        f"{plain:.2f} s, {BATCH} rows a transaction, each synchronised",
    )
    indexing = run([str(home.program), "index", "--wait"], home)
    yield Line(
        "index",
        f"{papers / indexing.seconds:,.0f} papers/s",
        f"{indexing.seconds:.1f} s in all: {indexing.output.strip()}",
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


def opening(home: Home) -> Iterator[Line]:
    """Measure opening the library, its inbox and 50 rows of it, in a process of its own."""
    library = library_of(home)
    (index,) = (home.folder / "cache" / "paperdeck" / "index").iterdir()
    runs, peaks = [], []
    for _ in range(OPENINGS):
        ended = run([sys.executable, "-c", OPENING, str(library), str(index)], home)
        runs.append([float(figure) for figure in ended.output.split()])
        peaks.append(ended.megabytes)
    loading, took, rows = (statistics.median(figures) for figures in zip(*runs, strict=True))
    empty = run([sys.executable, "-c", ""], home).megabytes
    yield Line(
        f"open, inbox, {rows:.0f} rows",
        f"{1000 * took:.1f} ms",
        f"after {1000 * loading:.0f} ms of loading modules",
    )
    yield Line(
        "open, memory at its most",
        f"{statistics.median(peaks):.0f} MB",
        f"{empty:.0f} MB of it an empty Python's",
    )


def run(command: list[str], home: Home) -> Ended:
    """Run a program to its end."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LAUNCHER, *command],
        stdout=subprocess.PIPE,
        env=home.environ,
        cwd=home.folder,
        text=True,
        check=True,
    )
    output, _, figures = done.stdout.removesuffix("\n").rpartition("\n")
    status, seconds, peak = figures.split()
    if int(status) not in {0, 3}:
        raise SystemExit(f"{' '.join(command[:3])} ended with status {status}")
    return Ended(output, float(seconds), megabytes(int(peak)))


def megabytes(resident: float) -> float:
    """Return what the system counts in kilobytes, or in bytes on macOS, in megabytes."""
    return resident / (1024 * 1024 if sys.platform == "darwin" else 1024)


def library_of(home: Home) -> Path:
    """Return the folder of the library in a home folder."""
    return home.folder / "data" / "paperdeck"


def plain_seconds(library: Path, copy: Path) -> float:
    """Return how long it takes to write every row of a library into the same tables elsewhere."""
    with closing(sqlite3.connect(library)) as source, closing(sqlite3.connect(copy)) as target:
        target.isolation_level = None
        target.execute("PRAGMA journal_mode = WAL")
        target.execute("PRAGMA synchronous = FULL")
        made = source.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
            " AND type IN ('table', 'index') AND name NOT LIKE 'sqlite_%' ORDER BY type DESC"
        ).fetchall()
        rows = []
        for kind, name, sql in made:
            target.execute(sql)
            if kind == "table":
                # Without the columns that SQLite computes itself.
                columns = [column[1] for column in source.execute(f"PRAGMA table_info({name})")]
                named, places = ", ".join(columns), ", ".join("?" * len(columns))
                found = source.execute(f"SELECT {named} FROM {name}")  # noqa: S608 names of ours
                insert = f"INSERT INTO {name} ({named}) VALUES ({places})"  # noqa: S608 the same
                rows += [(insert, row) for row in found]
        began = time.monotonic()
        for start in range(0, len(rows), BATCH):
            target.execute("BEGIN IMMEDIATE")
            for statement, row in rows[start : start + BATCH]:
                target.execute(statement, row)
            target.execute("COMMIT")
        return time.monotonic() - began


def repeated_sample(folder: Path) -> Path:
    """Write the sample library many times over, each paper under an identifier of its own."""
    # Only where there is nothing better.
    from tui.sample import sample_path

    records = [json.loads(line) for line in sample_path().read_text(encoding="utf-8").splitlines()]
    folder.mkdir()
    with (folder / "papers.jsonl").open("w", encoding="utf-8") as stream:
        for copy in range(COPIES_OF_SAMPLE):
            for number, record in enumerate(records):
                name = f"arxiv:{1001 + copy // 12 * 100 + copy % 12}.{number:05}"
                own = {"id": name, "identifiers": [name], "title": f"{record['title']} ({copy})"}
                stream.write(json.dumps(record | own) + "\n")
    return folder


if __name__ == "__main__":
    main()

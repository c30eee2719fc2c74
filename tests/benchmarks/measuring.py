"""What benchmarks share: papers to measure with, plain SQLite, programs run to their end."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from terminal import Home

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
COPIES_OF_SAMPLE = 100
BATCH = 256
"""Rows to a transaction in plain SQLite."""
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


def show(measures: Callable[[Home, Path], Iterable[Line]], known: Path) -> None:
    """Print a table of what `measures` finds with the papers that the command line names.

    Without a name it takes those of `known`, where they are, else the sample many times over.
    """
    # The harness of the tests stands beside this folder.
    sys.path.append(str(ROOT / "tests"))
    from terminal import make_home

    with tempfile.TemporaryDirectory(prefix="paperdeck-") as name:
        home = make_home(Path(name))
        if len(sys.argv) > 1:
            papers = Path(sys.argv[1])
        else:
            papers = known if known.exists() else repeated_sample(home.folder / "sample")
        for line in measures(home, papers):
            sys.stdout.write(f"{line.what:<44}{line.figure:>20}   {line.beside}\n")
            sys.stdout.flush()


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

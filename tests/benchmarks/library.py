"""Measures the library: import, tags, lists and opening, each beside the same in plain SQLite.

    python tests/benchmarks/library.py [PAPERS]

PAPERS is what `paperdeck import` reads; without it 74,728 papers of arXiv are taken where they are
at hand, else the sample library many times over. Each figure is a median over its runs, and plain
SQLite is measured in the same run, with the same safety: compare the ratios, not the figures, of
two machines.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import sys
import time
from contextlib import closing
from functools import partial
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING

from measuring import SHARED, Line, library_of, plain_seconds, run, show

from store.library import Library
from store.tagnames import TagEdit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from terminal import Home

PLAIN_COPIES = 3
SHORT_RUNS = 200
LONG_RUNS = 7
OPENINGS = 9
SHOWN = 50
"""Rows of a list."""
TAGGED = (1_000, 10_000)
FEW = 300
"""Papers of a tag that is no state."""
OLD_PART = 16
"""The oldest one of so many papers has another tag."""
WATCHER = """\
import sqlite3, sys, time
from pathlib import Path
library = Path(sys.argv[1])
while not library.exists():
    time.sleep(0.01)
connection = sqlite3.connect(library, timeout=0, isolation_level=None)
longest, held_since = 0.0, None
print("watching", flush=True)
while Path(sys.argv[2]).exists():
    now = time.perf_counter()
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        held_since = held_since or now
    else:
        longest = max(longest, now - held_since if held_since else 0.0)
        held_since = None
    time.sleep(0.0005)
print(longest)
"""
"""Tells how long it could not have written at a time, while a file is there."""
OPENING = """\
import sys, time
began = time.perf_counter()
from pathlib import Path
from store.library import Library
loaded = time.perf_counter()
with Library(Path(sys.argv[1]), index_folder=Path(sys.argv[2])) as library:
    rows = library.rows(library.search("is:inbox", limit=50).keys)
    done = time.perf_counter()
print(loaded - began, done - loaded, len(rows))
"""
PLAIN_LIST = """
SELECT papers.key, title, day, votes,
    (SELECT group_concat(name) FROM paper_tags JOIN tags ON tags.key = tag WHERE paper = papers.key)
FROM papers
"""


def measures(home: Home, papers: Path) -> Iterator[Line]:
    """Yield every line of the table."""
    yield from importing(home, papers)
    yield from opening(home)
    folder = library_of(home)
    with Library(folder, index_folder=home.folder / "index") as library:
        yield from listing(library)
        yield from tagging(library, home.folder / "plain.db")


def importing(home: Home, papers: Path) -> Iterator[Line]:
    """Measure an import with how long it locks others out, and the same rows in plain SQLite."""
    library, flag = library_of(home) / "library.db", home.folder / "importing"
    flag.touch()
    command = [sys.executable, "-c", WATCHER, str(library), str(flag)]
    with Popen(command, stdout=PIPE, text=True) as watcher:
        ended = run([str(home.program), "import", "--json", str(papers.absolute())], home)
        flag.unlink()
        told = watcher.communicate()[0].split()
    count = json.loads(ended.output)["added"]
    copies = [home.folder / f"plain-{number}.db" for number in range(PLAIN_COPIES)]
    plain = statistics.median(plain_seconds(library, copy) for copy in copies)
    yield Line("papers", f"{count:,}", f"from {papers.name}")
    yield Line("import", f"{ended.seconds:.1f} s", f"{count / ended.seconds:,.0f} papers/s")
    yield Line(
        "import / the same rows plainly",
        f"{ended.seconds / plain:.1f} x",
        f"{plain:.2f} s without reading and merging, in short transactions",
    )
    yield Line("import, memory at its most", f"{ended.megabytes:.0f} MB")
    yield Line("import, others locked out at most", f"{1000 * float(told[-1]):.0f} ms")


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


def tagging(library: Library, plain: Path) -> Iterator[Line]:
    """Measure tags on one paper and on many, beside as many rows in one plain transaction."""
    keys = library.search("*").keys
    with closing(sqlite3.connect(plain, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE paper_tags (paper, tag, PRIMARY KEY (paper, tag))")
        marks = iter(range(10**9))

        def write(count: int) -> None:
            tag = next(marks)
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT INTO paper_tags VALUES (?, ?)", [(key, tag) for key in keys[:count]]
            )
            connection.execute("COMMIT")

        def edit(count: int) -> None:
            library.tags.edit(keys[:count], TagEdit(added=(f"mark-{next(marks)}",)))

        for count in (1, *TAGGED):
            times = SHORT_RUNS if count == 1 else LONG_RUNS
            # In turns, as what else this machine does comes and goes.
            pairs = [
                (timed(partial(edit, count)), timed(partial(write, count))) for _ in range(times)
            ]
            ours, theirs = (statistics.median(taken) for taken in zip(*pairs, strict=True))
            yield Line(
                f"a tag on {min(count, len(keys)):,}, durable",
                f"{1000 * ours:.2f} ms",
                f"{ours / theirs:.1f} x one plain commit of as many rows ({1000 * theirs:.2f} ms)",
            )


def listing(library: Library) -> Iterator[Line]:
    """Measure a list's first rows, beside one plain statement that gives as much."""
    keys = library.search("*").keys
    library.tags.edit(keys[:: max(1, len(keys) // FEW)], TagEdit(added=("few",)))
    # All at the end of the order, where a walk through it would come last.
    library.tags.edit(keys[-len(keys) // OLD_PART :], TagEdit(added=("old",)))
    day = next(filter(None, library.days.of(keys)))
    path = library.folder / "library.db"
    lists = {
        "tag:few": "WHERE key IN (SELECT paper FROM paper_tags JOIN tags ON tags.key = tag"
        " WHERE fold = 'few') ORDER BY day DESC, votes DESC LIMIT 50",
        "tag:old": "WHERE key IN (SELECT paper FROM paper_tags JOIN tags ON tags.key = tag"
        " WHERE fold = 'old') ORDER BY day DESC, votes DESC LIMIT 50",
        "tag:few tag:old,inbox": "WHERE key IN (SELECT paper FROM paper_tags JOIN tags"
        " ON tags.key = tag WHERE fold = 'few') AND key IN (SELECT paper FROM paper_tags JOIN tags"
        " ON tags.key = tag WHERE fold IN ('old', 'inbox')) ORDER BY day DESC, votes DESC LIMIT 50",
        "is:inbox": "WHERE key IN (SELECT paper FROM paper_tags JOIN tags ON tags.key = tag"
        " WHERE fold = 'inbox') ORDER BY day DESC, votes DESC LIMIT 50",
        f"date:{day}": f"WHERE day = '{day}' ORDER BY day DESC, votes DESC LIMIT 50",
        "*": "WHERE removed = 0 ORDER BY day DESC, votes DESC LIMIT 50",
    }
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for query, end in lists.items():

            def ours(query: str = query) -> None:
                library.rows(library.search(query, limit=SHOWN).keys)

            def theirs(end: str = end) -> None:
                connection.execute(PLAIN_LIST + end).fetchall()

            pairs = [(timed(ours), timed(theirs)) for _ in range(SHORT_RUNS)]
            took, plain = (statistics.median(taken) for taken in zip(*pairs, strict=True))
            found = library.search(query, limit=SHOWN)
            yield Line(
                f"{query}: {len(found.keys)} rows of {len(found.keys) + found.beyond:,}",
                f"{1000 * took:.2f} ms",
                f"{took / plain:.1f} x one plain statement ({1000 * plain:.2f} ms)",
            )


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    show(measures, SHARED / "scale" / "arxiv_daily.jsonl.xz")

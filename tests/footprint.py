"""What a program and its files take at one moment: measured from outside, by Linux's /proc."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from terminal import Home

SAME = ("descriptors", "threads", "processes", "temporary")
"""These end where they began."""
SPARE = {"descriptors": 6}
"""An index has more files while it has more parts."""
MEMORY_KEYS = 20_000
"""After fewer keys memory grows still, as caches fill."""
OWN_PER_10_000 = 2_000_000
"""Bytes of memory that so many keys may leave, as what is imported is known in memory too."""
OWN_SPARE = 20_000_000
"""And so many more: what is free lies scattered among what is used."""
MOST_LOG = 17_000_000
MOST_FILES = 60
UNITS = {"resident": 1_000_000, "own": 1_000_000, "record": 1_000, "log": 1_000, "indexed": 1_000}
"""What bytes are told in."""


class Taken(NamedTuple):
    """What the program and its library take at one moment."""

    keys: int
    """How many were pressed by then."""
    resident: int
    """Bytes of memory, what is shared with others among them."""
    own: int
    """Bytes of memory that are no file's."""
    descriptors: int
    threads: int
    processes: int
    """Its own, at work or ended and not taken note of."""
    temporary: int
    """Files in the folder for them."""
    record: int
    """Bytes of the library; and so on."""
    log: int
    indexed: int
    cache_files: int
    state_files: int


def taken(home: Home, program: int, keys: int) -> Taken:
    """Return what a program and its files take now."""
    proc = Path(f"/proc/{program}")
    status = dict(
        line.split(":", 1) for line in (proc / "status").read_text(encoding="utf-8").splitlines()
    )
    library = home.folder / "data" / "paperdeck"
    cache = home.folder / "cache" / "paperdeck"
    indexed = [path for path in files_of(cache) if "index" in str(path.relative_to(cache))]
    return Taken(
        keys=keys,
        resident=1024 * int(status["VmRSS"].split()[0]),
        own=1024 * int(status["RssAnon"].split()[0]),
        descriptors=len(list((proc / "fd").iterdir())),
        threads=int(status["Threads"]),
        processes=sum(
            len(path.read_text(encoding="utf-8").split()) for path in proc.glob("task/*/children")
        ),
        temporary=len(files_of(home.temporary)),
        record=size_of([library / "library.db"]),
        log=size_of([library / "library.db-wal"]),
        indexed=size_of(indexed),
        cache_files=len(files_of(cache)) - len(indexed),
        state_files=len(files_of(home.folder / "state")),
    )


def files_of(folder: Path) -> list[Path]:
    """Return all files in a folder, and in those in it."""
    return [path for path in folder.rglob("*") if path.is_file()]


def size_of(paths: Sequence[Path]) -> int:
    """Return how many bytes files have; those that are gone have none."""
    sizes = 0
    for path in paths:
        with suppress(FileNotFoundError):
            sizes += path.stat().st_size
    return sizes


def verdict(warmed: Taken, end: Taken) -> list[str]:
    """Return what did not end as it was when all had been used; nothing where all is well."""
    wrong = [
        f"{name}: {getattr(warmed, name)} became {getattr(end, name)}"
        for name in SAME
        if getattr(end, name) > getattr(warmed, name) + SPARE.get(name, 0)
    ]
    may_grow = OWN_SPARE + OWN_PER_10_000 * (end.keys - warmed.keys) / 10_000
    if end.keys - warmed.keys >= MEMORY_KEYS and end.own - warmed.own > may_grow:
        wrong.append(f"memory grew by {(end.own - warmed.own) / 1e6:.1f} MB")
    if end.log > MOST_LOG:
        wrong.append(f"the log has {end.log / 1e6:.1f} MB")
    if end.cache_files + end.state_files > MOST_FILES:
        wrong.append(f"{end.cache_files + end.state_files} files of cache and state")
    return wrong


def table(begin: Taken, warmed: Taken, end: Taken) -> list[str]:
    """Return what was measured, in lines."""
    lines = [f"{'':12}{'begin':>10}{'warmed':>10}{'end':>10}{'per 10,000 keys':>18}"]
    for name in Taken._fields:
        unit = UNITS.get(name, 1)
        values = [getattr(one, name) / unit for one in (begin, warmed, end)]
        grown = (values[2] - values[1]) / max(1, end.keys - warmed.keys) * 10_000
        sign = {1_000_000: "MB", 1_000: "kB"}.get(unit, "")
        digits = 1 if unit > 1 else 0
        shown = "".join(f"{value:>10,.{digits}f}" for value in values)
        lines.append(f"{name.replace('_', ' '):12}{shown}{grown:>18,.2f} {sign}")
    return lines

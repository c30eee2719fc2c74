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
SPARE = {"descriptors": 14}
"""An index has more files while it has more parts, up to six; and SQLite keeps that of a connection
that was closed for the next one, as to close it would release what others have locked: eight."""
MEMORY_KEYS = 20_000
"""Fewer keys tell nothing of memory."""
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


def verdict(used: Taken, middle: Taken, end: Taken) -> list[str]:
    """Return what did not end as it was; nothing where all is well.

    `used` was taken when all had been used once, `middle` when caches were full.
    """
    wrong = [
        f"{name}: {getattr(used, name)} became {getattr(end, name)}"
        for name in SAME
        if getattr(end, name) > getattr(used, name) + SPARE.get(name, 0)
    ]
    grown, keys = end.own - middle.own, end.keys - middle.keys
    if keys >= MEMORY_KEYS and grown > OWN_SPARE + OWN_PER_10_000 * keys / 10_000:
        wrong.append(f"memory grew by {grown / 1e6:.1f} MB in {keys:,} keys")
    if end.log > MOST_LOG:
        wrong.append(f"the log has {end.log / 1e6:.1f} MB")
    if end.cache_files + end.state_files > MOST_FILES:
        wrong.append(f"{end.cache_files + end.state_files} files of cache and state")
    return wrong


def table(*measured: Taken) -> list[str]:
    """Return what was measured as it began, as all was used, in the middle and at the end."""
    heads = "".join(f"{head:>10}" for head in ("begin", "used", "middle", "end"))
    lines = [f"{'':12}{heads}{'per 10,000 keys':>18}"]
    *_, middle, end = measured
    for name in Taken._fields:
        unit = UNITS.get(name, 1)
        shown = "".join(f"{getattr(one, name) / unit:>10,.{int(unit > 1)}f}" for one in measured)
        grown = (getattr(end, name) - getattr(middle, name)) / unit
        rate = grown / max(1, end.keys - middle.keys) * 10_000
        sign = {1_000_000: "MB", 1_000: "kB"}.get(unit, "")
        lines.append(f"{name.replace('_', ' '):12}{shown}{rate:>18,.2f} {sign}".rstrip())
    return lines

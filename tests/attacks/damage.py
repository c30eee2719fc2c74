"""Damages a library in many ways, repairs it, and asks for all that could still be read.

`python tests/attacks/damage.py --times N --seed S`; a short run is `tests/test_damage.py`.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from store.identifiers import read_identifier  # noqa: E402
from store.imports.importing import ImportOptions, ImportRun  # noqa: E402
from store.library import Library  # noqa: E402
from store.migrations import MIGRATIONS  # noqa: E402
from store.models import Record, Sighting  # noqa: E402
from store.record.database import Database  # noqa: E402
from store.record.inspection import faults  # noqa: E402 it is run from anywhere
from store.record.readonly import log_of  # noqa: E402
from store.salvage import salvage  # noqa: E402
from store.salvage.pages import Pages  # noqa: E402
from store.salvage.schema import roots  # noqa: E402
from store.salvage.shapes import shapes_after  # noqa: E402
from store.salvage.trees import Forest, Tree  # noqa: E402
from store.tagnames import read_tag_edit  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

LOG = {"no log", "garbled log", "log header", "cut log", "all at once"}
"""What is done to libraries a part of which stands in their log."""
NOW = "2026-03-12T07:30:00Z"
PAPERS = 260
SIZE = 4096
Pair: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Original:
    """A library as it was, and where on its pages everything stands."""

    folder: Path
    file: bytes
    log: bytes
    pairs: dict[Pair, list[set[int]]]
    """What papers are tagged with: the pages of each place where it stands."""
    titles: dict[int, tuple[str, str, set[int]]]
    """Title and note of each paper, and the pages that the whole row stands on."""
    backup: Path
    backup_pairs: set[Pair]
    tags: dict[int, str]
    ever: set[Pair]
    """What any paper was tagged with at any time: a log that ends earlier is of an earlier time."""

    @property
    def pages(self) -> Pages:
        return Pages(self.file, self.log)


def make_original(folder: Path, seed: int, *, is_logged: bool) -> Original:
    """Make a library with a history, and a backup of it from before the last of it.

    Where it `is_logged`, what came after the backup stands in the log alone.
    """
    chance = random.Random(seed)
    ever: set[Pair] = set()
    backup = folder / "older.db"
    with Library(folder / "library", index_folder=folder / "index", program="test") as library:
        _bring_in(library, range(PAPERS))
        keys = list(library.search("*").keys)
        for number in range(60):
            _decide(library, chance.sample(keys, chance.randrange(1, 30)), number)
            ever |= _pairs_in(library)
        file = library.folder / "library.db"
        with closing(sqlite3.connect(file)) as one, closing(sqlite3.connect(backup)) as other:
            one.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            one.backup(other)
            other.execute("PRAGMA journal_mode = DELETE").fetchone()
        for number in range(60, 90):
            _decide(library, chance.sample(keys, chance.randrange(1, 30)), number)
            ever |= _pairs_in(library)
        library.remove(chance.sample(keys, 9))
        if not is_logged:
            with closing(sqlite3.connect(file)) as one:
                one.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        content, log = file.read_bytes(), log_of(file).read_bytes()
    shutil.rmtree(folder / "library")
    return _placed(folder, content, log, backup, ever)


def damages() -> dict[str, Callable[[random.Random, bytearray, bytearray], None]]:
    """Return every way to damage a file and its log, by its name."""
    return {
        "overwrite": lambda c, f, _: _at_pages(c, f, lambda: c.randbytes(SIZE)),
        "zero": lambda c, f, _: _at_pages(c, f, lambda: bytes(SIZE)),
        "interior": lambda c, f, _: _at_kind(c, f, {2, 5}),
        "leaves": lambda c, f, _: _at_kind(c, f, {10, 13}),
        "tags": lambda c, f, _: _at_tags(c, f, lambda: c.randbytes(SIZE), SIZE),
        "a byte of tags": lambda c, f, _: _at_tags(c, f, lambda: c.randbytes(1), 1),
        "sector": _sector,
        "bytes": _bytes,
        "swap": _swap,
        "repeat": _repeat,
        "truncate": lambda c, f, _: f.__delitem__(slice(c.randrange(0, len(f)), None)),
        "cut to a page": lambda c, f, _: f.__delitem__(
            slice(SIZE * c.randrange(1, len(f) // SIZE), None)
        ),
        "header": lambda c, f, _: f.__setitem__(slice(0, 100), c.randbytes(100)),
        "schema": lambda c, f, _: f.__setitem__(slice(0, SIZE), c.randbytes(SIZE)),
        "freelist": lambda c, f, _: f.__setitem__(slice(32, 40), c.randbytes(8)),
        "no log": lambda _, __, log: log.clear(),
        "garbled log": lambda c, _, log: _garble(c, log),
        "log header": lambda c, _, log: log.__setitem__(slice(0, 32), c.randbytes(32)),
        "cut log": lambda c, _, log: log.__delitem__(slice(c.randrange(len(log)), None)),
        "all at once": _much,
    }


def attack(original: Original, name: str, seed: int, *, with_backup: bool) -> list[str]:
    """Damage a library in one way, repair it, and return what is wrong then."""
    chance = random.Random(f"{name} {seed}")
    file, log = bytearray(original.file), bytearray(original.log)
    damages()[name](chance, file, log)
    with tempfile.TemporaryDirectory() as folder:
        damaged, target = Path(folder, "library.db"), Path(folder, "new.db")
        damaged.write_bytes(file)
        log_of(damaged).write_bytes(log)
        salvage(damaged, target, original.backup if with_backup else None, NOW)
        return list(_wrong(original, bytes(file), bytes(log), target, with_backup=with_backup))


def same_rows(one: Path, other: Path) -> list[str]:
    """Return the tables that are not the same in two records, but for what is made anew."""
    anew = {"library", "text_commits", "touches", "sqlite_sequence"}
    with closing(sqlite3.connect(one)) as first, closing(sqlite3.connect(other)) as second:
        names = {table.name for table in shapes_after(list(MIGRATIONS))} - anew
        return [
            name
            for name in sorted(names)
            if sorted(map(repr, first.execute(f"SELECT * FROM {name}")))  # noqa: S608 our own
            != sorted(map(repr, second.execute(f"SELECT * FROM {name}")))  # noqa: S608 as above
        ]


def _wrong(
    original: Original, file: bytes, log: bytes, target: Path, *, with_backup: bool
) -> list[str]:
    with closing(sqlite3.connect(target)) as connection:
        wrong = [f"fault: {one}" for one in faults(connection)]
        names = dict(connection.execute("SELECT key, name FROM tags"))
        pairs = set(connection.execute("SELECT paper, tag FROM paper_tags"))
        rows = connection.execute("SELECT key, title, note FROM papers WHERE removed = 0")
        titles = {key: (title, note) for key, title, note in rows}
    hurt = _hurt(original, file, log)
    known = {pair for pair, places in original.pairs.items() if any(not p & hurt for p in places)}
    allowed = set(original.pairs)
    if with_backup and any(places[1] & hurt for places in original.pairs.values()):
        # Else the index tells what is not so any more, and nothing of it may come back.
        allowed |= original.backup_pairs
    # A state that stood in a page before its newer one was lost was a decision too.
    older = original.ever if log != original.log else set()
    wrong += [f"lost {pair}" for pair in sorted(known - pairs)]
    wrong += [f"invented {pair}" for pair in sorted(pairs - allowed - older)]
    wrong += [
        f"tag {key} is {names[key]!r}"
        for _, key in pairs
        if names[key]
        not in {original.tags.get(key), f"lost/{key}", str(original.tags.get(key)).lower()}
    ]
    wrong += [
        f"paper {key} is {titles.get(key)}, not {(title, note)}"
        for key, (title, note, places) in original.titles.items()
        if not places & hurt and titles.get(key) != (title, note)
    ]
    return wrong


def _hurt(original: Original, file: bytes, log: bytes) -> set[int]:
    """Return the pages that are not as they were."""
    before, after = original.pages, Pages(file, log)
    return {
        number
        for number in range(1, before.count + 1)
        if before[number] != after[number] or number in after.stale
    }


def _pairs_in(library: Library) -> set[Pair]:
    with closing(sqlite3.connect(library.folder / "library.db")) as connection:
        return set(connection.execute("SELECT paper, tag FROM paper_tags"))


def _placed(folder: Path, file: bytes, log: bytes, backup: Path, ever: set[Pair]) -> Original:
    pages = Pages(file, log)
    pairs: dict[Pair, list[set[int]]] = {}
    for values, places in _rows(pages, "paper_tags"):
        pairs.setdefault((int(str(values[0])), int(str(values[1]))), []).append(places)
    for values, places in _rows(pages, "paper_tags_in_order"):
        pairs.setdefault((int(str(values[3])), int(str(values[0]))), []).append(places)
    names = next(table for table in shapes_after(list(MIGRATIONS)) if table.name == "papers").names
    titles = {}
    for values, places in _rows(pages, "papers"):
        one = dict(zip(names, values, strict=True))
        if not one["removed"]:
            titles[int(str(one["key"]))] = str(one["title"]), str(one["note"]), places
    tags = {int(str(v[0])): str(v[1]) for v, _ in _rows(pages, "tags")}
    with closing(sqlite3.connect(backup)) as connection:
        older = set(connection.execute("SELECT paper, tag FROM paper_tags"))
    return Original(folder, file, log, pairs, titles, backup, older, tags, ever)


def _rows(pages: Pages, name: str) -> list[tuple[tuple[object, ...], set[int]]]:
    """Return the rows of a sound tree, and the pages that each stands on."""
    found = []
    for table in shapes_after(list(MIGRATIONS)):
        trees: list[tuple[str, Tree]] = [(table.name, table.tree(roots(pages)[table.name]))]
        trees += [
            (index.name, table.index_tree(index, roots(pages)[index.name]))
            for index in table.indices
        ]
        for own, tree in trees:
            if own != name:
                continue
            for row in Forest(pages).rows(tree):
                values: tuple[object, ...] = row.values
                if tree.name == table.name:
                    values = table.completed(row.rowid, row.values) or ()
                found.append((values, {row.page, *row.chain}))
    return found


def _bring_in(library: Library, numbers: range) -> None:
    database = Database(library.folder)
    run = ImportRun(database, ImportOptions(), "test", "import", NOW)
    records = []
    for number in numbers:
        identifier = read_identifier(f"arxiv:2401.{number:05}")
        assert identifier is not None
        records.append(
            Record(
                f"Paper {number}: On the counting of sheep",
                "feed",
                identifiers=(identifier,),
                abstract=f"Sheep {number} " * (20 + 60 * (number % 17)),
                sightings=(Sighting("feed", f"2026-01-{number % 28 + 1:02}", votes=number % 50),),
            )
        )
    run.write(records)
    run.finish((), 0.0)
    database.close()


def _decide(library: Library, keys: list[int], number: int) -> None:
    name = f"Topic/{number % 13}"
    if number % 3 == 0:
        library.tags.edit(keys, read_tag_edit([f"+{name}", "-unread"]))
    elif number % 3 == 1:
        library.tags.edit(keys, read_tag_edit(["+starred", "-inbox"]))
    else:
        library.tags.edit(keys, read_tag_edit(["+unread", f"-{name}", "-starred"]))
    library.set_note(keys[0], f"Note {number}: ask Ana about this.")


def _at_pages(chance: random.Random, file: bytearray, content: Callable[[], bytes]) -> None:
    for number in chance.sample(range(len(file) // SIZE), chance.randrange(1, 12)):
        file[SIZE * number : SIZE * number + SIZE] = content()


def _at_kind(chance: random.Random, file: bytearray, kinds: set[int]) -> None:
    """Overwrite pages of some kinds: those that lead to others, or those that rows stand on."""
    of_kind = [n for n in range(1, len(file) // SIZE) if file[SIZE * n] in kinds]
    for number in chance.sample(of_kind, min(len(of_kind), chance.randrange(1, 9))):
        file[SIZE * number : SIZE * number + SIZE] = chance.randbytes(SIZE)


def _at_tags(
    chance: random.Random, file: bytearray, content: Callable[[], bytes], size: int
) -> None:
    """Overwrite something on the pages that say what papers are tagged with."""
    pages = Pages(bytes(file))
    tree = next(one for one in shapes_after(list(MIGRATIONS)) if one.name == "paper_tags")
    found = {row.page for row in Forest(pages).rows(tree.tree(roots(pages)["paper_tags"]))}
    if not found:
        return  # of what was damaged before there is none left
    for page in chance.sample(sorted(found), chance.randrange(1, len(found) + 1)):
        start = SIZE * (page - 1) + chance.randrange(SIZE - size + 1)
        file[start : start + size] = content()


def _sector(chance: random.Random, file: bytearray, _: bytearray) -> None:
    for start in chance.sample(range(0, len(file), 512), chance.randrange(1, 30)):
        file[start : start + 512] = chance.choice([bytes(512), chance.randbytes(512)])


def _bytes(chance: random.Random, file: bytearray, _: bytearray) -> None:
    for start in chance.sample(range(len(file) - 64), chance.randrange(1, 30)):
        length = chance.randrange(1, 64)
        file[start : start + length] = chance.randbytes(length)


def _swap(chance: random.Random, file: bytearray, __: bytearray) -> None:
    for _ in range(chance.randrange(1, 4)):
        one, other = (SIZE * n for n in chance.sample(range(1, len(file) // SIZE), 2))
        file[one : one + SIZE], file[other : other + SIZE] = (
            file[other : other + SIZE],
            file[one : one + SIZE],
        )


def _repeat(chance: random.Random, file: bytearray, __: bytearray) -> None:
    for _ in range(chance.randrange(1, 4)):
        one, other = (SIZE * n for n in chance.sample(range(1, len(file) // SIZE), 2))
        file[one : one + SIZE] = file[other : other + SIZE]


def _garble(chance: random.Random, log: bytearray) -> None:
    for _ in range(chance.randrange(1, 8)):
        start = chance.randrange(32, len(log))
        piece = chance.randbytes(chance.randrange(1, 600))[: len(log) - start]
        log[start : start + len(piece)] = piece


def _much(chance: random.Random, file: bytearray, log: bytearray) -> None:
    for name in chance.sample(sorted(set(damages()) - {"all at once", "cut log"}), 3):
        if len(file) > 20 * SIZE and len(log) > 700:
            damages()[name](chance, file, log)


def main() -> int:
    """Attack as often as was asked for, and tell what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    failed: Counter[str] = Counter()
    names = list(damages())
    with tempfile.TemporaryDirectory() as folder:
        originals = [make_original(Path(folder, str(n)), n, is_logged=n % 2 == 1) for n in range(4)]
        for number in range(options.times):
            name, seed = names[number % len(names)], options.seed + number
            place = number // len(names) % len(originals)
            original = originals[place | 1 if name in LOG else place]
            wrong = attack(original, name, seed, with_backup=number // len(names) // 2 % 2 == 1)
            failed[name] += bool(wrong)
            for one in wrong[:3]:
                print(f"{name}, seed {seed}: {one}", flush=True)
    print(f"{options.times} attacks of {len(names)} kinds, {failed.total()} failed")
    return int(failed.total() > 0)


if __name__ == "__main__":
    sys.exit(main())

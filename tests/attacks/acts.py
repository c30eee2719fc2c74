"""What the program is doing as it is attacked: each act as a child process performs it.

A child tells of a decision, by a line on its standard output, once the call that made it has
returned: that is what a reader takes for done.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from store.errors import LibraryError  # noqa: E402 it is run from anywhere
from store.imports.importing import ImportOptions  # noqa: E402
from store.index import __main__ as index_writer  # noqa: E402
from store.library import Library  # noqa: E402
from store.record import FILE_NAME  # noqa: E402
from store.record.backups import Occasion, make_backup, utc_now  # noqa: E402
from store.record.database import Database  # noqa: E402
from store.tagnames import read_tag_edit  # noqa: E402
from tui.cli import main as command  # noqa: E402
from tui.locations import index_folder, session_file  # noqa: E402
from tui.session import Session, write_session  # noqa: E402

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping, Sequence

Step: TypeAlias = tuple[str, tuple[int, ...], str]
"""What is done, to which papers, and the tags or the note."""
State: TypeAlias = "dict[int, tuple[frozenset[str], str]]"
"""The tags and the note of each paper that is there."""
WORD = "sheep"
"""It is in the title of every paper."""


@dataclass(frozen=True)
class Place:
    """A reader's folders, with a library in them."""

    folder: Path
    is_on_network: bool = False
    """Whether the disk is taken for another machine's: there is no write-ahead log then."""

    @property
    def library(self) -> Path:
        return self.folder / "library"

    @property
    def file(self) -> Path:
        return self.library / FILE_NAME

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    @property
    def index(self) -> Path:
        return index_folder(self.cache / "paperdeck", self.library)

    @property
    def ballast(self) -> Path:
        """What fills the disk, where it is full."""
        return self.folder.parent / "ballast"

    @property
    def session(self) -> Path:
        return session_file(self.folder / "state" / "paperdeck", self.library)

    @property
    def output(self) -> Path:
        return self.folder / "output"

    @property
    def temporary(self) -> Path:
        return self.folder / "tmp"

    @property
    def environ(self) -> dict[str, str]:
        """All of the environment."""
        return {
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "PATH": os.environ["PATH"],
            "PAPERDECK_DISK": "network" if self.is_on_network else "local",
            "PAPERDECK_LIBRARY": str(self.library),
            "TMPDIR": str(self.temporary),
            "XDG_CACHE_HOME": str(self.cache),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_STATE_HOME": str(self.folder / "state"),
        }

    def make(self) -> Place:
        """Make the folders that are there before any program was."""
        for one in (self.output, self.temporary, self.cache, self.folder / "state"):
            one.mkdir(parents=True, exist_ok=True)
        return self

    def open(self, program: str = "attack") -> Library:
        """Open the library, as nobody has to help it to."""
        return Library(
            self.library,
            index_folder=self.index,
            program=program,
            on_network=self.is_on_network,
        )

    def database(self) -> Database:
        """Open the record alone."""
        return Database(self.library, on_network=self.is_on_network)


def record(number: int) -> str:
    """Return a line that brings a paper in."""
    paper = {
        "id": f"arxiv:2603.{number:05}",
        "title": f"Counting {WORD} of flock {number:05}",
        "abstract": f"We count {WORD} of flock {number:05}, and fall asleep. " * (1 + number % 9),
        "votes": number,
        "listed": f"2026-03-{1 + number % 28:02}",
    }
    return f"{json.dumps(paper)}\n"


KINDS = ("tag", "tag", "untag", "note", "undo", "undo", "redo")


def plan(
    chance: random.Random, before: State, length: int, kinds: Sequence[str] = KINDS
) -> tuple[list[Step], list[State]]:
    """Return so many steps of one program, and the state before each and after the last."""
    steps: list[Step] = []
    states = [before]
    past: list[State] = []
    future: list[State] = []
    for number in range(length):
        now, what = states[-1], chance.choice(kinds)
        if (what == "undo" and past) or (what == "redo" and future):
            source, other = (past, future) if what == "undo" else (future, past)
            other.append(now)
            steps.append((what, (), ""))
            states.append(source.pop())
            continue
        keys = tuple(chance.sample(sorted(now), chance.choice([1, 1, 2, 5, min(40, len(now))])))
        what = what if what in {"note", "untag"} else "tag"
        keys = keys[:1] if what == "note" else keys
        text = f"{chance.getrandbits(24):06x}-{number}"
        text = {"tag": f"+t-{text}", "untag": f"+t-{text} -unread", "note": f"Note {text}"}[what]
        steps.append((what, keys, text))
        past.append(now)
        future.clear()
        states.append({**now, **{key: _after(now[key], what, text) for key in keys}})
    return steps, states


def _after(paper: tuple[frozenset[str], str], what: str, text: str) -> tuple[frozenset[str], str]:
    tags, note = paper
    if what == "note":
        return tags, text
    edit = read_tag_edit(text.split())
    return (tags - {*edit.removed}) | {*edit.added}, note


def take(library: Library, step: Step) -> None:
    """Do what a step says."""
    what, keys, text = step
    if what == "undo":
        library.history.undo()
    elif what == "redo":
        library.history.redo()
    elif what == "note":
        library.set_note(keys[0], text)
    else:
        library.tags.edit(keys, read_tag_edit(text.split()))


def decide(place: Place, told: Mapping[str, Any]) -> int:
    """Decide step by step, and tell of each."""
    with place.open(f"attack {os.getpid()}") as library:
        acknowledge("ready")
        for what, keys, text in told["steps"]:
            step = what, tuple(keys), text
            before = library.revision
            try:
                take(library, step)
            except LibraryError as error:
                acknowledge(f"refused: {error}")
                acknowledge("half" if library.revision != before else "nothing changed")
                place.ballast.unlink()  # now there is space, and work goes on
                take(library, step)
            acknowledge("done")
    return 0


def write_index(place: Place, told: Mapping[str, Any]) -> int:
    """Be the background writer of the index."""
    options = ["--network"] * place.is_on_network + ["--rebuild"] * told["anew"]
    return index_writer.main([str(place.library), str(place.index), *options])


def migrate(place: Place, _: Mapping[str, Any]) -> int:
    """Open a library that an older version wrote."""
    with place.open():
        return 0


def bring_in(place: Place, told: Mapping[str, Any]) -> int:
    """Import without the process that writes the index then."""
    from store.importers import sources

    with place.open() as library:
        library.imports.bring_in(sources([Path(told["file"])]), options=ImportOptions())
    acknowledge("done")
    return 0


def back_up(place: Place, _: Mapping[str, Any]) -> int:
    """Make a backup."""
    with place.open():
        acknowledge(make_backup(place.file, Occasion.ASKED, utc_now()).path.name)
    return 0


def follow(place: Place, _: Mapping[str, Any]) -> int:
    """Bring the index up to date within this process."""
    from store.index.writing import catch_up

    with closing(place.database()) as database:
        catch_up(database, place.index)
    return 0


def leave(place: Place, told: Mapping[str, Any]) -> int:
    """Keep how the browser was left, again and again."""
    for text in told["texts"]:
        write_session(place.session, Session(text=text))
        acknowledge("done")
    return 0


def carry_out(_: Place, told: Mapping[str, Any]) -> int:
    """Carry out a command of ours, as its words say."""
    return command(told["words"])


ACTS: dict[str, Callable[[Place, Mapping[str, Any]], int]] = {
    "decide": decide,
    "write index": write_index,
    "follow": follow,
    "migrate": migrate,
    "bring in": bring_in,
    "back up": back_up,
    "leave": leave,
    "command": carry_out,
}


def acknowledge(word: str) -> None:
    """Tell that something is done: a line in one write, so that none is half there."""
    os.write(1, f"{word}\n".encode())

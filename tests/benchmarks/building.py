"""The libraries that searches are measured in, of each size, and their peers; kept if wanted."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from measuring import run
from peers import build_fts5, build_tantivy
from recombining import write_papers

from store.importers import sources
from store.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from terminal import Home

    Builder = Callable[[Path, Path], Iterator[tuple[int, float]]]

BUILT = "built.json"
"""What was built of a size, with what was measured then."""
A_STEP = 1_000
"""Progress is told in steps of so many papers."""
INDEXING = """\
import json, resource, sys, time
from pathlib import Path
from store.library import Library
def told(count):
    sys.stderr.write(f"\\rindexing: {count:,}  ")
    sys.stderr.flush()
with Library(Path(sys.argv[1]), index_folder=Path(sys.argv[2])) as library:
    began = time.perf_counter()
    is_done = library.index.wait(14_400, told)
    took = time.perf_counter() - began
    papers = len(library)
deadline = time.monotonic() + 120
peak = 0
# Known once the writer has ended, which may be a little later.
while not peak and time.monotonic() < deadline:
    time.sleep(0.05)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
sys.stderr.write("\\n")
print(json.dumps({"is_done": is_done, "seconds": took, "peak": peak, "papers": papers}))
"""
"""A small program, as one counts the memory of the one that starts it for its own."""


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of one size, with all that is built there: each thing once."""

    folder: Path
    size: int

    @property
    def papers(self) -> Path:
        """The papers as lines."""
        return self.folder / "papers.jsonl"

    @property
    def library(self) -> Path:
        """The library's folder."""
        return self.folder / "library"

    @property
    def index(self) -> Path:
        """The folder of the library's index."""
        return self.folder / "index"

    @property
    def fts5(self) -> Path:
        """SQLite's database."""
        return self.folder / "fts5.db"

    @property
    def tantivy(self) -> Path:
        """The folder of tantivy's index."""
        return self.folder / "tantivy"

    @property
    def built(self) -> dict[str, Any]:
        """The figures of what was built, by its name."""
        path = self.folder / BUILT
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}

    def note(self, name: str, figures: object) -> None:
        """Note that something is complete."""
        text = json.dumps(self.built | {name: figures})
        (self.folder / BUILT).write_text(text, encoding="utf-8")


def build_library(place: Place, known: Iterable[Path], home: Home) -> None:
    """Write the papers, import them and index them, as far as that is not done."""
    place.folder.mkdir(parents=True, exist_ok=True)
    if "papers" not in place.built:
        for count in write_papers(place.papers, known, place.size):
            _tell("writing papers", count)
        _end()
        place.note("papers", place.size)
    if "library" not in place.built:
        for folder in (place.library, place.index):
            shutil.rmtree(folder, ignore_errors=True)
        with Library(place.library, index_folder=place.index) as library:
            library.imports.bring_in(
                sources([place.papers]),
                progress=lambda so_far: _tell("importing", so_far.records),
            )
            count = len(library)
        _end()
        place.note("library", count)
    with Library(place.library, index_folder=place.index) as library:
        is_current = library.index.is_current()
    if not is_current:
        # Measured from nothing: a part of an index, or one of another version, is no beginning.
        shutil.rmtree(place.index, ignore_errors=True)
        command = [sys.executable, "-c", INDEXING, str(place.library), str(place.index)]
        figures = json.loads(run(command, home).output)
        if not figures["is_done"]:
            raise SystemExit(f"the index of {place.library} could not be written")
        size = sum(path.stat().st_size for path in place.index.rglob("*") if path.is_file())
        place.note("index", figures | {"bytes": size})


def build_peers(place: Place, names: Iterable[str]) -> None:
    """Fill the other engines of these names, as far as that is not done."""
    builders: dict[str, tuple[Path, Builder]] = {
        "fts5": (place.fts5, build_fts5),
        "tantivy": (place.tantivy, build_tantivy),
    }
    for name, (target, build) in builders.items():
        if name in names and name not in place.built:
            shutil.rmtree(target, ignore_errors=True)
            for leftover in target.parent.glob(f"{target.name}*"):
                leftover.unlink()
            took = 0.0
            for count, seconds in build(place.papers, target):
                _tell(f"filling {name}", count)
                took = seconds
            _end()
            place.note(name, took)


def _tell(what: str, count: int) -> None:
    if count % A_STEP == 0:
        sys.stderr.write(f"\r{what}: {count:,}  ")
        sys.stderr.flush()


def _end() -> None:
    sys.stderr.write("\n")

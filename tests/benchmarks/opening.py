"""Opening a library to search in it, in a process of its own: how long, and how much memory."""

from __future__ import annotations

import json
import statistics
import sys
from typing import TYPE_CHECKING

from measuring import Line, run

from store.importers import sources
from store.library import Library

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from building import Place
    from queries import Question
    from terminal import Home

OPENINGS = 5
QUERIES = 1_000
SECONDS = 120
"""So long are queries asked at the most."""
PATIENCE = 60.0
SMALL = {"id": "doi:10.5555/small.1", "title": "A small paper", "abstract": "Small and alone."}
PROGRAM = """\
import json, sys, time
from pathlib import Path
from store.errors import QuerySyntaxError
from store.library import Library
def private():
    try:
        lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty"))
def ask(library, text, is_typed):
    try:
        query = library.parse(text, typing=is_typed)
        library.rows(library.search(query, limit=50).keys)
    except QuerySyntaxError:
        pass
with Library(Path(sys.argv[3]), index_folder=Path(sys.argv[4])) as small:
    for text in ("small", "sma*", '"small paper"', "small OR paper", "*"):
        ask(small, text, False)
questions = json.loads(Path(sys.argv[5]).read_text())
before, began = private(), time.perf_counter()
with Library(Path(sys.argv[1]), index_folder=Path(sys.argv[2])) as library:
    library.index.prepare()
    opened = time.perf_counter()
    ask(library, *questions[0])
    first = time.perf_counter()
    count = 0
    for text, is_typed in questions[: int(sys.argv[6])]:
        if time.perf_counter() - first > float(sys.argv[7]):
            break
        ask(library, text, is_typed)
        count += 1
    print(json.dumps([opened - began, first - began, before / 1024, private() / 1024, count]))
"""
"""A small library is searched before, so that all that is imported is there."""


def opening(place: Place, questions: Sequence[Question], home: Home) -> Iterator[Line]:
    """Measure opening a library for searching, and the memory that is its own after queries."""
    asked = home.folder / f"questions-{place.size}.json"
    texts = [(question.text, question.kind == "typed") for question in questions]
    asked.write_text(json.dumps(texts[:QUERIES]), encoding="utf-8")
    library, index = _small(home.folder / "small")
    folders = [str(folder) for folder in (place.library, place.index, library, index)]
    command = [sys.executable, "-c", PROGRAM, *folders, str(asked)]
    runs = [json.loads(run([*command, "0", "0"], home).output) for _ in range(OPENINGS)]
    opened, first = (statistics.median(figures) for figures in list(zip(*runs, strict=True))[:2])
    yield Line(
        "open for searching",
        f"{1000 * opened:.0f} ms",
        f"after the imports; {1000 * first:.0f} ms with the first answer",
    )
    _, _, before, after, count = json.loads(
        run([*command, str(QUERIES), str(SECONDS)], home).output
    )
    yield Line(
        f"private memory after {count:,} queries",
        f"{after:.0f} MB" if after else "unknown here",
        f"{before:.0f} MB of it before the library was opened",
    )


def _small(folder: Path) -> tuple[Path, Path]:
    """Return the folders of a library of one paper, and of its index."""
    library_folder, index = folder / "library", folder / "index"
    if not folder.exists():
        folder.mkdir()
        file = folder / "paper.jsonl"
        file.write_text(json.dumps(SMALL) + "\n", encoding="utf-8")
        with Library(library_folder, index_folder=index) as library:
            library.imports.bring_in(sources([file]))
            library.index.wait(PATIENCE)
    return library_folder, index

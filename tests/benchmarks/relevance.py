"""Measures how well the library ranks, beside plain BM25, on collections with known answers.

    python tests/benchmarks/relevance.py [--graded] [--worst N] [COLLECTION…]

A COLLECTION is a folder with `corpus.jsonl` (id, title, text), `queries.jsonl` (id, text) and
`qrels.tsv` (query, paper, relevance); without one, SciFact, Cranfield and ADI are taken where they
are at hand. Papers are imported into a library and indexed as any others, and every query is asked
as its words, of which a paper may lack some (`closest`). Printed are nDCG@10 and the mean average
precision over all that is ranked; queries without a relevant paper are left out. A relevance above
zero counts as one, but for `--graded`. `--worst` names the queries that lose most to plain BM25.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from measuring import SHARED
from metrics import average_precision, gain_at_10
from plainbm25 import PlainBM25

from store.importers import sources
from store.library import Library
from store.query.nodes import And, Everything, Query
from store.query.words import Term
from store.text import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from store.query.nodes import Node

KNOWN = ("scifact", "cranfield", "adi")
PATIENCE = 3_600.0
TITLE = 80
"""So many characters of a text stand for a title."""
IDENTIFIER = "10.5555/collection."
"""A DOI for each paper of a collection begins so."""
AROUND = ".,;:!?()[]{}'\"`~*"
"""What stands around a word and is none of it."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Papers, queries, and which papers answer each."""

    name: str
    papers: Mapping[str, tuple[str, str]]
    """Title and text by id."""
    queries: Mapping[str, str]
    judged: Mapping[str, Mapping[str, int]]
    """The relevance of papers by query; those queries alone that have a relevant one."""


class Marks(NamedTuple):
    """How well one query was answered."""

    gain: float
    precision: float
    seconds: float
    ranked: int


def main() -> None:
    """Print a line for each ranking of each collection."""
    parser = argparse.ArgumentParser(usage=__doc__, add_help=False)
    parser.add_argument("--graded", action="store_true")
    parser.add_argument("--worst", type=int, default=0)
    parser.add_argument("collections", nargs="*", type=Path)
    given = parser.parse_args()
    folders = given.collections or [SHARED / "ir" / name for name in KNOWN]
    sys.stdout.write(
        f"{'collection':<14}{'ranking':<12}{'nDCG@10':>9}{'MAP':>8}{'ranked':>9}"
        f"{'ms a query':>12}{'queries':>9}{'papers':>9}\n"
    )
    for folder in folders:
        collection = read_collection(folder, graded=given.graded)
        texts = {key: "\n".join(parts) for key, parts in collection.papers.items()}
        plain = PlainBM25(texts)
        marks = {"plain BM25": marks_of(collection, plain.ranked)}
        with (
            tempfile.TemporaryDirectory(prefix="paperdeck-") as name,
            built(collection, Path(name)) as library,
        ):
            marks["paperdeck"] = marks_of(collection, Ranking(collection, library))
        show(collection, marks)
        for query in losses(marks)[: given.worst]:
            ours, theirs = marks["paperdeck"][query], marks["plain BM25"][query]
            text = " ".join(collection.queries[query].split())
            sys.stdout.write(f"  {ours.gain:.3f} for {theirs.gain:.3f}  {query}: {text:.110}\n")
        sys.stdout.flush()


def read_collection(folder: Path, *, graded: bool) -> Collection:
    """Read a collection; papers without any text are left out."""
    papers = {
        str(line["id"]): (str(line.get("title") or ""), str(line.get("text") or ""))
        for line in json_lines(folder / "corpus.jsonl")
    }
    judged: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, paper, relevance = line.split("\t")[:3]
        if relevance.lstrip("-").isdigit() and int(relevance) > 0:
            judged[query][paper] = int(relevance) if graded else 1
    queries = {str(line["id"]): str(line["text"]) for line in json_lines(folder / "queries.jsonl")}
    return Collection(
        folder.name,
        {key: parts for key, parts in papers.items() if any(map(str.strip, parts))},
        queries,
        {query: judged[query] for query in queries if query in judged},
    )


def json_lines(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a file."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def built(collection: Collection, folder: Path) -> Library:
    """Return a library of the collection's papers, indexed."""
    file = folder / "papers.jsonl"
    with file.open("w", encoding="utf-8") as stream:
        for number, (title, text) in enumerate(collection.papers.values()):
            # A paper has a title: in one that lacks it, the text begins with it.
            record = {"id": f"doi:{IDENTIFIER}{number}", "title": title or text[:TITLE]}
            stream.write(json.dumps(record | {"abstract": text}) + "\n")
    library = Library(folder / "library", index_folder=folder / "index")
    library.imports.bring_in(sources([file]))
    if len(library) != len(collection.papers):
        sys.stderr.write(f"{len(library)} papers of {len(collection.papers)} were imported\n")
    if not library.index.wait(PATIENCE):
        raise SystemExit("the index could not be written")
    return library


class Ranking:
    """What a library answers, as ids of a collection whose papers it has in their order."""

    def __init__(self, collection: Collection, library: Library) -> None:
        names = list(collection.papers)
        self._library = library
        self._names: dict[int, str] = {}
        for paper in library.papers(library.search("*").keys):
            number = next(
                int(found.value.removeprefix(IDENTIFIER))
                for found in paper.identifiers
                if found.value.startswith(IDENTIFIER)
            )
            self._names[paper.key] = names[number]

    def __call__(self, text: str) -> list[str]:
        """Return the papers for a query, the best first."""
        found = self._library.search(Query(node_of(text)), closest=True)
        return [self._names[key] for key in found.keys]


def node_of(text: str) -> Node:
    """Return the words of a text as a reader would look for all of them."""
    words = dict.fromkeys(word.strip(AROUND) for word in text.split())
    terms = tuple(Term(word) for word in words if list(tokens(word)))
    return And(terms) if len(terms) > 1 else terms[0] if terms else Everything()


def marks_of(collection: Collection, ranked: Callable[[str], list[str]]) -> dict[str, Marks]:
    """Return how well each query is answered, by query."""
    marks = {}
    for query, judged in collection.judged.items():
        began = time.perf_counter()
        papers = ranked(collection.queries[query])
        took = time.perf_counter() - began
        marks[query] = Marks(
            gain_at_10(papers, judged), average_precision(papers, judged), took, len(papers)
        )
    return marks


def losses(marks: Mapping[str, Mapping[str, Marks]]) -> list[str]:
    """Return the queries that plain BM25 answers better, the worst first."""
    ours, theirs = marks["paperdeck"], marks["plain BM25"]
    lost = {query: theirs[query].gain - ours[query].gain for query in ours}
    return sorted((query for query in lost if lost[query] > 0), key=lambda query: -lost[query])


def show(collection: Collection, marks: Mapping[str, Mapping[str, Marks]]) -> None:
    """Print what each ranking came to, and the ratio of ours to the plain one."""
    means = {}
    for name, own in marks.items():
        gain, precision, seconds, ranked = map(statistics.fmean, zip(*own.values(), strict=True))
        means[name] = (gain, precision)
        sys.stdout.write(
            f"{collection.name:<14}{name:<12}{gain:>9.4f}{precision:>8.4f}{ranked:>9,.0f}"
            f"{1000 * seconds:>12.1f}{len(own):>9}{len(collection.papers):>9,}\n"
        )
    gain, precision = (
        ours / theirs for ours, theirs in zip(means["paperdeck"], means["plain BM25"], strict=True)
    )
    sys.stdout.write(f"{collection.name:<14}{'ratio':<12}{gain:>9.3f}{precision:>8.3f}\n")


if __name__ == "__main__":
    main()

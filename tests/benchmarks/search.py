"""Measures searching at 10,000, 75,000 and 500,000 papers, beside FTS5, tantivy and Whoosh itself.

    python tests/benchmarks/search.py [--sizes N,…] [--kinds KIND,…] [--peers PEER,…]
        [--questions N] [--keep FOLDER] [PAPERS…]

PAPERS are JSON Lines with title and abstract, compressed or not; without them 74,728 papers of
arXiv are taken where they are at hand, else the sample library many times over. What lacks to a
size is made of the sentences of two papers each. Of each kind of query N different ones are asked
(100), each once and of every engine in turns, and the titles of the best 50 fetched: what is
printed is the median, the 95th percentile and the worst in ms, and how many times a peer's median
and 95th percentile ours are, over the queries that both were asked. An engine that takes too long
with a kind is asked fewer. `typed` is each character of 40 queries. Compare the ratios, not the
figures, of two machines.

PEERS are fts5, tantivy (`pip install tantivy`), uncounted (tantivy, without the number of all
results, which we always tell) and whoosh (its own matchers over our segments, for small sizes).
With --keep what is built stays in FOLDER and is used again: take `index` of a size away to
measure indexing again, `built.json` to begin anew.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack, closing
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from building import Place, build_library, build_peers
from engines import Engine, Ours, UnanswerableError, Whoosh
from measuring import ROOT, SHARED, Line, megabytes, repeated_sample
from opening import opening
from peers import FTS5, Tantivy, tantivy_module
from queries import ALL_KINDS, WARMING, Drawing, questions_of
from recombining import SEED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from queries import Question
    from terminal import Home

SIZES = "10000,75000,500000"
PEERS = "fts5,tantivy,whoosh"
ALL_PEERS = ("fts5", "tantivy", "uncounted", "whoosh")
QUESTIONS = 100
BUDGET = 60.0
"""Seconds for an engine and a kind, after which it is asked no more."""
WHOOSH_PAPERS = 20_000
"""Whoosh itself is not measured with more."""
WHOOSH_BUDGET = 20.0
HEAD = f"{'ms':<22}{'median':>9}{'p95':>9}{'max':>9}{'ratio':>9}{'p95':>7}{'queries':>9}{'rows':>6}"
FOR_MEMORY = 60
"""Queries of each kind that are asked before memory is measured, beside those typed."""


class Asked:
    """How long each question of a kind took an engine."""

    def __init__(self, engine: Engine, budget: float) -> None:
        self.engine = engine
        self.seconds: dict[int, float] = {}
        """By the question's number."""
        self.rows: dict[int, int] = {}
        self.remark = ""
        self._left = budget

    def ask(self, number: int, question: Question) -> None:
        """Ask, unless the engine has no answers or no time left; numbers below 0 don't count."""
        if self.remark or self._left <= 0:
            return
        began = time.perf_counter()
        try:
            rows = self.engine.ask(question)
        except UnanswerableError as error:
            self.remark = str(error)
            return
        took = time.perf_counter() - began
        self._left -= took
        if number >= 0:
            self.seconds[number], self.rows[number] = took, rows

    def over(self, numbers: Sequence[int]) -> tuple[float, float, float]:
        """Return the median, the 95th percentile and the most of some questions, in ms."""
        times = sorted(1000 * self.seconds[number] for number in numbers)
        return statistics.median(times), times[int(0.95 * (len(times) - 1) + 0.5)], times[-1]


def main() -> None:
    """Print a table for each size."""
    given = arguments()
    # The harness of the tests stands beside this folder.
    sys.path.append(str(ROOT / "tests"))
    from terminal import make_home

    with tempfile.TemporaryDirectory(prefix="paperdeck-") as name:
        home = make_home(Path(name))
        peers = [peer for peer in given.peers if is_there(peer)]
        for size in given.sizes:
            place = Place((given.keep or home.folder / "sizes").absolute() / str(size), size)
            build_library(place, given.papers or known_papers(home), home)
            build_peers(place, ["tantivy" if peer == "uncounted" else peer for peer in peers])
            sys.stdout.write(f"\n{size:,} papers\n")
            drawing = Drawing(place.papers)
            for line in (*building(place), *opening(place, mixed(drawing), home)):
                sys.stdout.write(f"{line.what:<44}{line.figure:>20}   {line.beside}\n")
            with ExitStack() as open_engines:
                engines = [
                    open_engines.enter_context(closing(engine)) for engine in opened(place, peers)
                ]
                for line_of_kind in table(drawing, engines, given.kinds, given.questions):
                    sys.stdout.write(line_of_kind + "\n")
                    sys.stdout.flush()


def arguments() -> argparse.Namespace:
    """Read the command line."""

    def names(text: str) -> list[str]:
        return text.split(",")

    parser = argparse.ArgumentParser(usage=__doc__, add_help=False)
    parser.add_argument(
        "--sizes",
        type=lambda text: list(map(int, names(text))),
        default=list(map(int, names(SIZES))),
    )
    parser.add_argument("--kinds", type=names, default=list(ALL_KINDS))
    parser.add_argument("--peers", type=names, default=names(PEERS))
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("papers", type=Path, nargs="*")
    given = parser.parse_args()
    for what, asked, known in (
        ("kind", given.kinds, ALL_KINDS),
        ("peer", given.peers, ALL_PEERS),
    ):
        if unknown := set(asked).difference(known):
            parser.error(f"no {what} is named {', '.join(unknown)}: there are {', '.join(known)}")
    return given


def known_papers(home: Home) -> list[Path]:
    """Return the papers to take where none are named."""
    known = SHARED / "scale" / "arxiv_daily.jsonl.xz"
    sample = home.folder / "sample"
    if not known.exists() and not sample.exists():
        repeated_sample(sample)
    return [known if known.exists() else sample / "papers.jsonl"]


def is_there(peer: str) -> bool:
    """Tell whether a peer can be measured, and say so on stderr if not."""
    if peer in {"tantivy", "uncounted"}:
        try:
            tantivy_module()
        except UnanswerableError as error:
            sys.stderr.write(f"{error}\n")
            return False
    return True


def building(place: Place) -> Iterator[Line]:
    """Tell what building the indexes took, now or when they were kept."""
    built = place.built
    if "index" in built:
        index = built["index"]
        yield Line(
            "index",
            f"{index['papers'] / index['seconds']:,.0f} papers/s",
            f"{index['seconds']:.1f} s with starting the writer, {index['bytes'] / 1e6:,.0f} MB",
        )
        yield Line("index, the writer's memory at its most", f"{megabytes(index['peak']):,.0f} MB")
    for name in ("fts5", "tantivy"):
        if name in built:
            rate = place.size / built[name]
            yield Line(f"{name}, index", f"{rate:,.0f} papers/s", f"{built[name]:.1f} s")


def mixed(drawing: Drawing) -> list[Question]:
    """Return queries of all kinds, in any order, as a long session would have them."""
    found = [question for kind in ALL_KINDS for question in questions_of(kind, drawing, FOR_MEMORY)]
    Random(SEED).shuffle(found)  # noqa: S311 nothing secret about it
    return found


def opened(place: Place, peers: Sequence[str]) -> Iterator[Engine]:
    """Yield the engines, ours first."""
    ours = Ours(place.library, place.index)
    yield ours
    if "fts5" in peers:
        yield FTS5(place.fts5)
    for name in ("tantivy", "uncounted"):
        if name in peers:
            yield Tantivy(place.tantivy, is_counted=name == "tantivy")
    if "whoosh" in peers and place.size <= WHOOSH_PAPERS:
        try:
            yield Whoosh(ours.library, place.index)
        except UnanswerableError as error:
            sys.stderr.write(f"Whoosh: {error}\n")


def table(
    drawing: Drawing, engines: Sequence[Engine], kinds: Sequence[str], count: int
) -> Iterator[str]:
    """Yield the lines of the table: ours, then each peer with how many times its time ours is."""
    remarks: defaultdict[str, list[str]] = defaultdict(list)
    yield HEAD
    for kind in kinds:
        asked = ask_all(engines, questions_of(kind, drawing, count))
        ours = asked[0]
        for own in asked:
            if own.remark:
                remarks[f"{own.engine.name}: {own.remark}"].append(kind)
            if own.seconds:
                yield line_of(kind if own is ours or not ours.seconds else "", own, ours)
    for remark, about in remarks.items():
        yield f"{', '.join(about)}: not measured with {remark}"


def ask_all(engines: Sequence[Engine], questions: Sequence[Question]) -> list[Asked]:
    """Ask every engine every question, in turns, as what else this machine does comes and goes."""
    asked = [
        Asked(engine, WHOOSH_BUDGET if isinstance(engine, Whoosh) else BUDGET) for engine in engines
    ]
    gc.collect()
    for number, question in enumerate(questions, start=-WARMING):
        first = number % len(asked)
        for own in asked[first:] + asked[:first]:
            own.ask(number, question)
    return asked


def line_of(kind: str, own: Asked, ours: Asked) -> str:
    """Return a line of the table."""
    median, high, most = own.over(list(own.seconds))
    times = f"{kind:<10}{own.engine.name:<12}{median:>9.2f}{high:>9.2f}{most:>9.2f}"
    both = [number for number in own.seconds if number in ours.seconds]
    ratios = f"{'':>16}"
    if own is not ours and both:
        our_median, our_high, _ = ours.over(both)
        their_median, their_high, _ = own.over(both)
        ratios = f"{our_median / their_median:>9.2f}{our_high / their_high:>7.2f}"
    rows = statistics.fmean(own.rows.values())
    return f"{times}{ratios}{len(own.seconds):>9}{rows:>6.0f}"


if __name__ == "__main__":
    main()

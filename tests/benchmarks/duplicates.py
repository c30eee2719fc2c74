"""Measures how well an import tells which records are of one paper.

    python tests/benchmarks/duplicates.py [FILE] [ORDERS]

FILE is a table whose records are labelled, as those of ASySD are (K. Hair and others, "The
Automated Systematic Search Deduplicator", BMC Biology 21, 2023): a column `source` says `unique`
of one record of each paper, and `duplicate` of all others. Its records are imported into a real
library, one by one and tagged, and then all at once. ORDERS, 1 without it, is how often that is
done, each time but the first in an order of its own.

Which paper a duplicate is of is not in the labels: it is the unique record that shares most with
it of title, authors, year, journal, volume, pages and DOI. Two measures are shown:

- records: of the records that became part of a paper that was there, how many are duplicates;
  and of all duplicates, how many did.
- pairs: of the pairs of records that became one paper, how many are of one paper; and of all
  pairs that are, how many became one.
"""

from __future__ import annotations

import csv
import io
import random
import sys
import tempfile
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from measuring import SHARED

from store.importers import source_from_stream
from store.imports.importing import ImportOptions
from store.library import Library
from store.text import fold_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LABELLED = SHARED / "formats" / "csv_xml" / "ASySD_labelled_test_set.csv"
LABEL, UNIQUE = "source", "unique"
TAG = "record/"
CANDIDATES = 8
"""So many unique records with like titles are looked at for each duplicate."""
Row: TypeAlias = dict[str, str]


class Score(NamedTuple):
    """What was found, of what is to be found."""

    precision: float
    recall: float
    wrong: int
    missed: int

    def __str__(self) -> str:
        return (
            f"precision {self.precision:.4f}   recall {self.recall:.4f}"
            f"   wrong {self.wrong}   missed {self.missed}"
        )


def main() -> None:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else LABELLED
    orders = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    rows = read_rows(file)
    truth = labelled_papers(rows)
    order = list(range(len(rows)))
    for number in range(orders):
        if number:
            random.Random(number).shuffle(order)  # noqa: S311 no secret is made of it
        found = imported_papers(rows, order)
        at_once = count_at_once([rows[place] for place in order])
        sys.stdout.write(
            f"order {number + 1}: {len(rows)} records, {len(set(truth.values()))} papers;"
            f" {len(set(found.values()))} in the library, {at_once} if imported at once\n"
            f"  records  {score_records(rows, found)}\n"
            f"  pairs    {score_pairs(truth, found)}\n"
        )
        sys.stdout.flush()


def read_rows(file: Path) -> list[Row]:
    """Return the records of a table in UTF-8 or, where it is not that, in Windows-1252."""
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def imported_papers(rows: Sequence[Row], order: Iterable[int]) -> dict[int, int]:
    """Import records one by one; return the paper that each became part of."""
    with tempfile.TemporaryDirectory(prefix="paperdeck-") as folder:
        home = Path(folder)
        with Library(home / "library", index_folder=home / "index") as library:
            for place in order:
                bring_in(library, [rows[place]], ImportOptions(tags=(f"{TAG}{place}",)))
            papers = library.papers(library.search("*").keys)
            return {
                int(tag.removeprefix(TAG)): paper.key
                for paper in papers
                for tag in paper.tags
                if tag.startswith(TAG)
            }


def count_at_once(rows: Sequence[Row]) -> int:
    """Return how many papers the library has if all records come in one file."""
    with tempfile.TemporaryDirectory(prefix="paperdeck-") as folder:
        home = Path(folder)
        with Library(home / "library", index_folder=home / "index") as library:
            bring_in(library, rows, ImportOptions())
            return len(library)


def bring_in(library: Library, rows: Sequence[Row], options: ImportOptions) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    stream = io.BytesIO(text.getvalue().encode())
    source = source_from_stream(stream, datetime.now(UTC).date())
    report = library.imports.bring_in([source], options=options, format_name="table")
    if report.refused:
        raise SystemExit(f"refused: {report.refused[0]}")


def labelled_papers(rows: Sequence[Row]) -> dict[int, int]:
    """Return the paper of each record, named by the record that is labelled as unique."""
    words = [frozenset(fold_title(row["title"]).split()) for row in rows]
    unique = [place for place, row in enumerate(rows) if row[LABEL] == UNIQUE]
    papers = {}
    for place, row in enumerate(rows):
        own = words[place]
        likest = sorted(
            unique, key=lambda one: -len(own & words[one]) / len(own | words[one] | {""})
        )
        papers[place] = (
            place
            if row[LABEL] == UNIQUE
            else max(likest[:CANDIDATES], key=lambda one: likeness(row, rows[one]))
        )
    return papers


def likeness(one: Row, other: Row) -> float:
    """Return how much two records share."""
    titles = [fold_title(row["title"]) for row in (one, other)]
    words = [set(title.split()) for title in titles]
    shared = len(words[0] & words[1]) / max(1, len(words[0] | words[1]))
    return 3 * shared + sum(
        a == b != "na" for a, b in zip(signs(one, titles[0]), signs(other, titles[1]), strict=True)
    )


def signs(row: Mapping[str, str], title: str) -> list[str]:
    authors = fold_title(row["author"])
    return [
        title.replace(" ", ""),
        authors.partition(" ")[0],
        authors[:40],
        row["year"],
        row["journal"].lower()[:4],
        row["volume"].partition(" ")[0],
        row["pages"].lower().partition("-")[0],
        row["doi"].lower()[-15:],
    ]


def score_records(rows: Sequence[Row], found: Mapping[int, int]) -> Score:
    papers = Counter(found.values())
    unique = Counter(found[place] for place, row in enumerate(rows) if row[LABEL] == UNIQUE)
    # One of its records makes a paper, which is a unique one where there is any.
    right = sum(count - max(1, unique[paper]) for paper, count in papers.items())
    wrong = sum(max(0, unique[paper] - 1) for paper in papers)
    duplicates = len(rows) - unique.total()
    return Score(right / (right + wrong), right / duplicates, wrong, duplicates - right)


def score_pairs(truth: Mapping[int, int], found: Mapping[int, int]) -> Score:
    wanted, got = pairs(truth), pairs(found)
    right = len(wanted & got)
    return Score(right / len(got), right / len(wanted), len(got) - right, len(wanted) - right)


def pairs(papers: Mapping[int, int]) -> set[tuple[int, int]]:
    records: dict[int, list[int]] = defaultdict(list)
    for place in sorted(papers):
        records[papers[place]].append(place)
    return {pair for together in records.values() for pair in combinations(together, 2)}


if __name__ == "__main__":
    main()

"""Papers to search in: as many as asked for, made of the sentences of those that there are."""

from __future__ import annotations

import json
import re
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from store.errors import SourceError
from store.importers import sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

SEED = 5
EVERY = 7
TAG = "seventh"
"""The tag of one paper in `EVERY`."""
FIRST_YEAR, MONTHS, A_MONTH, LOWEST = 15, 12, 40_000, 50_000
"""Identifiers of papers that were made: forty thousand a month, with numbers that none has."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


class Paper(NamedTuple):
    """A paper as every engine is given it."""

    name: str
    """An identifier that the library reads."""
    title: str
    abstract: str
    authors: tuple[str, ...]
    day: str
    is_tagged: bool

    @property
    def text(self) -> str:
        """What is searched."""
        return f"{self.title}\n{self.abstract}"


def write_papers(target: Path, known: Iterable[Path], size: int) -> Iterator[int]:
    """Write `size` papers as lines that the library imports, and yield how many there are so far.

    Those of the files `known` come first. The others have half of the title and of the sentences
    of each of two of these: the same `size` always gives the same papers.
    """
    chance = Random(SEED)  # noqa: S311 nothing secret about it
    parents = list(islice(_records(known), size))
    if not parents:
        raise SystemExit("there is no paper with an abstract")
    with target.open("w", encoding="utf-8") as stream:
        for number in range(size):
            if number < len(parents):
                record = parents[number]
            else:
                record = _recombined(chance.sample(parents, 2), number, chance)
            tags = {"tags": ["inbox", TAG]} if number % EVERY == 0 else {}
            stream.write(json.dumps(record | tags) + "\n")
            yield number + 1


def read_papers(path: Path) -> Iterator[Paper]:
    """Yield the papers that `write_papers` wrote."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            authors = tuple(record["authors"])
            fields = (record["id"], record["title"], record["abstract"], authors, record["date"])
            yield Paper(*fields, is_tagged="tags" in record)


def _records(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    for source in sources(paths):
        if isinstance(source, SourceError):
            raise source
        with source.open() as lines:
            for line in lines:
                raw = json.loads(line)
                if raw.get("title") and raw.get("abstract"):
                    yield {
                        "id": raw.get("id", ""),
                        "title": raw["title"],
                        "abstract": raw["abstract"],
                        "authors": raw.get("authors") or [],
                        "categories": raw.get("categories") or [],
                        "date": str(raw.get("date") or raw.get("published") or ""),
                    }


def _recombined(parents: Sequence[dict[str, Any]], number: int, chance: Random) -> dict[str, Any]:
    sentences = [
        sentence
        for parent in parents
        for sentence in _half(_SENTENCE_END.split(parent["abstract"]), chance)
    ]
    first, second = (parent["title"].split() for parent in parents)
    title = first[: (len(first) + 1) // 2] + second[len(second) // 2 :]
    month, within = divmod(number, A_MONTH)
    year, month = divmod(month, MONTHS)
    made = {
        "id": f"arxiv:{FIRST_YEAR + year}{month + 1:02}.{LOWEST + within}",
        "title": " ".join(title),
        "abstract": " ".join(sentences),
    }
    return parents[0] | made


def _half(sentences: list[str], chance: Random) -> list[str]:
    return chance.sample(sentences, (len(sentences) + 1) // 2)

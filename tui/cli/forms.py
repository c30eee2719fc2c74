"""The forms in which papers are printed: columns, JSON, and one in full."""

from __future__ import annotations

import textwrap
from itertools import chain
from typing import TYPE_CHECKING

from store.exporters.jsonlines import paper_to_object
from store.jsontext import to_json
from store.text import clean_line
from tui.format import LINK_LABELS, SOURCE_NAMES, fact_line, note_text, paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from store.models import Paper

_ID_WIDTH = 16
"""Of `arxiv:2401.01234`; longer ones push the rest of their line."""
_COLUMNS: Mapping[str, Callable[[Paper], str]] = {
    "id": lambda paper: paper.id,
    "day": lambda paper: paper.listed or paper.published or "",
    "votes": lambda paper: "" if paper.votes is None else str(paper.votes),
    "title": lambda paper: paper.title,
}


def to_columns(papers: Iterable[Paper], *, aligned: bool) -> Iterator[str]:
    """Yield a line for each paper: id, day, votes and title, aligned or parted by tabs."""
    for paper in papers:
        key, day, votes, title = (value_of(paper, name) for name in _COLUMNS)
        if aligned:
            # As on the screen; scripts get a day that they can sort by.
            day += "?" * (paper.listed_is_guess and paper.listed is not None)
            yield f"{key:<{_ID_WIDTH}}  {day:<11} {votes:>5}  {title}\n"
        else:
            yield f"{key}\t{day}\t{votes}\t{title}\n"


def value_of(paper: Paper, name: str) -> str:
    """Return a value of a column as one line that is safe on any terminal."""
    return clean_line(_COLUMNS[name](paper))


def to_objects(
    papers: Iterable[Paper], scores: Mapping[int, float] | None
) -> Iterator[dict[str, object]]:
    """Yield each paper as an object that always has a `score`: None for a query without text."""
    for paper in papers:
        score = None if scores is None else round(scores[paper.key], 4)
        yield paper_to_object(paper, score) | {"score": score}


def to_array(objects: Iterable[dict[str, object]]) -> Iterator[str]:
    """Yield one JSON array, an object a line."""
    before = "["
    for shown in objects:
        yield f"{before}{to_json(shown)}"
        before = ",\n"
    yield "[]\n" if before == "[" else "]\n"


def in_full(paper: Paper, width: int) -> Iterator[str]:
    """Yield the lines of everything that a reader wants of one paper, set to `width`."""
    blocks = [
        _wrapped(clean_line(paper.title), width),
        _wrapped(clean_line(", ".join(paper.authors)), width),
        _wrapped(clean_line(fact_line(paper)), width),
        [
            *_named("Identifiers", [str(one) for one in paper.identifiers[1:]]),
            *_named("Venue", filter(None, [paper.venue])),
            *_named("Organisation", filter(None, [paper.organisation])),
            *_named("Tags", paper.tags),
            *(f"{LINK_LABELS[link.kind.value]}: {clean_line(link.url)}" for link in paper.links),
        ],
    ]
    blocks.extend(_set_paragraphs(paper.abstract, width))
    for other in paper.other_abstracts:
        source = SOURCE_NAMES.get(other.source, other.source)
        day = f" of {other.day}" if other.day else ""
        blocks.append([clean_line(f"Another abstract, from {source}{day}:")])
        blocks.extend(_set_paragraphs(other.text, width))
    note = note_text(paper.note)
    if note:
        lines = (_wrapped(line, width) or [""] for line in note.split("\n"))
        blocks.append(["Your note:", *chain.from_iterable(lines)])
    for number, block in enumerate(filter(None, blocks)):
        if number:
            yield "\n"
        yield from (f"{line}\n" for line in block)


def _set_paragraphs(text: str, width: int) -> Iterator[list[str]]:
    return (_wrapped(part, width) for part in paragraphs(text).split("\n\n"))


def _named(label: str, values: Iterable[str]) -> list[str]:
    line = clean_line(", ".join(values))
    return [f"{label}: {line}"] if line else []


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)

"""Our own format: JSON Lines, one paper a line, which `store.importers.jsonlines` reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.jsontext import to_json
from store.models import Paper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.models import Part, Record, Sighting


def write_jsonlines(papers: Iterable[Paper]) -> Iterator[str]:
    """Yield a line for each paper, its line end included."""
    for paper in papers:
        yield to_json(paper_to_object(paper)) + "\n"


def paper_to_object(paper: Paper, score: float | None = None) -> dict[str, object]:
    """Return a paper as `search --json` shows it: texts, numbers, lists and None, ready for JSON.

    `score` is how well the paper answers a query; without one the key is left out.
    """
    shown: dict[str, object] = {
        "id": paper.id,
        "title": paper.title,
        "abstract": _paragraphs(paper.abstract),
        "authors": list(paper.authors),
        "published": paper.published,
        "listed": paper.listed,
        "votes": paper.votes,
        "tags": list(paper.tags),
        "links": [{"kind": link.kind.value, "url": link.url} for link in paper.links],
    }
    if score is not None:
        shown["score"] = score
    shown |= _more_facts(paper) | {"added": paper.added}
    if paper.apart:
        shown["apart"] = list(paper.apart)
    if paper.parts:
        shown["joined"] = list(map(_part_to_object, paper.parts))
    return shown


def _more_facts(of: Paper | Record) -> dict[str, object]:
    """Return what follows what a search shows."""
    return {
        "note": of.note,
        "citation_key": of.citation_key,
        **({"comments": of.comments} if isinstance(of, Paper) else {}),
        "identifiers": [str(identifier) for identifier in of.identifiers],
        "categories": list(of.categories),
        "keywords": list(of.keywords),
        "venue": of.venue,
        "organisation": of.organisation,
        "summary": _paragraphs(of.summary),
        "sightings": [_sighting_to_object(sighting) for sighting in of.sightings],
        "other_abstracts": [
            {"source": other.source, "day": other.day, "text": _paragraphs(other.text)}
            for other in of.other_abstracts
        ],
        "provenance": {one.field: {"source": one.source, "day": one.day} for one in of.provenance},
    }


def _part_to_object(part: Part) -> dict[str, object]:
    """Return what became part of a paper: as a paper, or as a record, which names its source."""
    if isinstance(part.of, Paper):
        shown = paper_to_object(part.of)
    else:
        shown = {"source": part.of.source, **_record_to_object(part.of)}
    return shown | {"changes": [list(step) for step in part.changes]}


def _record_to_object(record: Record) -> dict[str, object]:
    return {
        "title": record.title,
        "abstract": _paragraphs(record.abstract),
        "authors": list(record.authors),
        "published": record.published,
        **({} if record.tags is None else {"tags": list(record.tags)}),
        "links": [{"kind": link.kind.value, "url": link.url} for link in record.links],
        **_more_facts(record),
    }


def _paragraphs(text: str) -> str:
    """Separate paragraphs by blank lines: a single line break means nothing in an abstract."""
    return text.replace("\n", "\n\n")


def _sighting_to_object(sighting: Sighting) -> dict[str, object]:
    return {
        "source": sighting.source,
        "day": sighting.day,
        "rank": sighting.rank,
        "votes": sighting.votes,
        "comments": sighting.comments,
        "day_is_guess": sighting.day_is_guess,
        "seen": sighting.seen,
    }

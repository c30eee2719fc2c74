"""Our own format: JSON Lines, one paper a line, which `store.importers.jsonlines` reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.models import Paper, Sighting


def write_jsonlines(papers: Iterable[Paper]) -> Iterator[str]:
    """Yield a line for each paper, its line end included."""
    for paper in papers:
        yield json.dumps(paper_to_object(paper), ensure_ascii=False) + "\n"


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
    return shown | {
        "note": paper.note,
        "citation_key": paper.citation_key,
        "comments": paper.comments,
        "identifiers": [str(identifier) for identifier in paper.identifiers],
        "categories": list(paper.categories),
        "keywords": list(paper.keywords),
        "venue": paper.venue,
        "organisation": paper.organisation,
        "summary": _paragraphs(paper.summary),
        "sightings": [_sighting_to_object(sighting) for sighting in paper.sightings],
        "other_abstracts": [
            {"source": other.source, "day": other.day, "text": _paragraphs(other.text)}
            for other in paper.other_abstracts
        ],
        "provenance": {
            one.field: {"source": one.source, "day": one.day} for one in paper.provenance
        },
        "added": paper.added,
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

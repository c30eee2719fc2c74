"""CSL-JSON, which citation processors such as pandoc's read.

Source: csl-data.json of the Citation Style Language's schemas, version 1.0.2. The reader's note is
an `annote`, an annotation to the work; many styles print a `note`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.exporters.citing import (
    TYPE_NAMES,
    Kind,
    date_of,
    kind_of,
    names_of,
    reference_page,
    value_of,
    venue_of,
)
from store.jsontext import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.models import Paper
    from store.texts.names import Name


def write_csl(papers: Iterable[Paper]) -> Iterator[str]:
    """Yield an array with a line for each paper."""
    before = "[\n"
    for paper in papers:
        yield before + to_json(_to_object(paper))
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _to_object(paper: Paper) -> dict[str, object]:
    kind = kind_of(paper)
    arxiv = value_of(paper, "arxiv")
    facts: dict[str, object] = {
        "id": paper.id,
        "citation-key": paper.citation_key,
        "type": TYPE_NAMES[kind].csl,
        "title": paper.title,
        "author": [_name(name) for name in names_of(paper)],
        "issued": {"date-parts": [[int(part) for part in date_of(paper)]]},
        "container-title": venue_of(paper),
        # The number of an article would be that of its issue.
        "number": f"arXiv:{arxiv}" if arxiv and kind is Kind.PREPRINT else "",
        "publisher": "arXiv" if arxiv and kind is Kind.PREPRINT else "",
        "DOI": value_of(paper, "doi"),
        "PMID": value_of(paper, "pubmed"),
        "URL": reference_page(paper),
        "keyword": ", ".join(paper.keywords),
        "note": "; ".join(
            f"arXiv:{identifier.value}" if identifier.scheme == "arxiv" else str(identifier)
            for identifier in paper.identifiers
            if identifier.scheme not in {"doi", "pubmed"}
        ),
        "abstract": paper.abstract.replace("\n", "\n\n"),
        "annote": paper.note,
    }
    if not date_of(paper):
        del facts["issued"]
    return {name: value for name, value in facts.items() if value}


def _name(name: Name) -> dict[str, str]:
    if name.is_collective or not name.given:
        return {"literal": str(name)}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}

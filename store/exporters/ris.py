"""RIS, which every reference manager reads.

Source: the RIS format specification of 2011 by Thomson Reuters (Research Information Systems). The
reader's note has the tag of research notes, RN; N1 has what is known of the work.
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
from store.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.models import Paper


def write_ris(papers: Iterable[Paper]) -> Iterator[str]:
    """Yield the lines of each paper as one text, a blank line after it."""
    # Imported here: only this format needs it.
    from rispy import RisWriter

    class Writer(RisWriter):  # type: ignore[misc] # rispy ships no types
        """Leaves out the number that rispy puts before each paper: a strict reader has no tag."""

        def set_header(self, count: int) -> str:  # noqa: ARG002 - rispy's signature
            return ""

    writer = Writer()
    for paper in papers:
        fields = {name: value for name, value in _fields(paper) if value}
        yield f"{writer.formats([fields])}\n"


def _fields(paper: Paper) -> Iterator[tuple[str, str | list[str]]]:
    """Yield name, as rispy has it, and value; it may be empty."""
    kind, date, venue = kind_of(paper), date_of(paper), venue_of(paper)
    own = [str(identifier) for identifier in paper.identifiers if identifier.scheme != "doi"]
    page = reference_page(paper)
    yield "type_of_reference", TYPE_NAMES[kind].ris
    yield "title", clean_line(paper.title)
    yield "authors", list(map(str, names_of(paper)))
    yield "year", "".join(date[:1])
    # Year, month, day and other facts: the slashes between them stay where one is missing.
    yield "date", "/".join((*date, "", "", "")[:3]) + "/" if date else ""
    yield "secondary_title", venue
    yield "journal_name", venue if kind is Kind.ARTICLE else ""
    yield "doi", clean_line(value_of(paper, "doi"))
    yield "id", clean_line(paper.id)
    yield "accession_number", clean_line("".join(own[:1]))
    yield "notes", list(map(clean_line, own[1:]))
    yield "urls", [page] if page else []
    yield "keywords", list(filter(None, map(clean_line, paper.keywords)))
    yield "abstract", clean_line(paper.abstract)
    yield "research_notes", clean_line(paper.note)

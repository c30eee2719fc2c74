"""CSV (RFC 4180) in UTF-8: a header, then one line for each paper.

A spreadsheet takes a cell for a formula by its first character. Such a cell gets an apostrophe
before it, as OWASP advises (https://owasp.org/www-community/attacks/CSV_Injection), and each cell
has quotation marks around it.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from store.exporters.citing import page_of, value_of
from store.models import LinkKind
from store.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.models import Paper

_COLUMNS = (
    # In lower case: a file that begins with "ID" is none of CSV to some spreadsheets.
    "id",
    "title",
    "authors",
    "published",
    "listed",
    "votes",
    "comments",
    "tags",
    "venue",
    "organisation",
    "categories",
    "keywords",
    "arxiv",
    "doi",
    "identifiers",
    "url",
    "pdf",
    "code",
    "abstract",
    "note",
)
# The wide forms are taken for the others where such keyboards are in use.
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def write_csv(papers: Iterable[Paper]) -> Iterator[str]:
    """Yield the header and a line for each paper, each ended by CR and LF."""
    yield _line(_COLUMNS)
    for paper in papers:
        yield _line(map(safe_cell, _cells(paper)))


def _cells(paper: Paper) -> tuple[object, ...]:
    """Return the values of the columns, in their order."""
    return (
        paper.id,
        paper.title,
        _joined(paper.authors),
        paper.published,
        paper.listed,
        paper.votes,
        paper.comments,
        _joined(paper.tags),
        paper.venue,
        paper.organisation,
        _joined(paper.categories),
        _joined(paper.keywords),
        value_of(paper, "arxiv"),
        value_of(paper, "doi"),
        _joined(map(str, paper.identifiers)),
        page_of(paper),
        _address(paper, LinkKind.PDF),
        _address(paper, LinkKind.CODE),
        paper.abstract,
        paper.note,
    )


def _joined(values: Iterable[str]) -> str:
    return "; ".join(values)


def _address(paper: Paper, kind: LinkKind) -> str:
    link = paper.link(kind)
    return link.url if link else ""


def safe_cell(value: object) -> str:
    """Return a cell of one line that no spreadsheet takes for a formula."""
    text = "" if value is None else clean_line(str(value))
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) else text


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return line.getvalue()

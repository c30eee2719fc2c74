"""BibTeX and BibLaTeX, for BibTeX itself and for biber: text is escaped, keys are stable.

The reader's note is an `annote`, which the styles of annotated bibliographies print and no other
one does ("BibTeXing", section 3.2); biblatex calls it `annotation` (its manual, section 2.2.2). A
`note` of BibTeX's is printed by all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from store.exporters.citationkeys import base_key, unique_keys
from store.exporters.citing import (
    TYPE_NAMES,
    Kind,
    date_of,
    kind_of,
    names_of,
    page_of,
    quote_address,
    value_of,
    venue_of,
)
from store.exporters.latex import to_latex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from store.models import Paper
    from store.texts.names import Name

_MEMORY = 8 * 1024 * 1024
"""Bytes of text, of some 4,000 papers, that are held before a file takes them."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]{2}|\.[a-z]+(?:-[a-z]+)+)?", re.ASCII)
_LOWER_WORD_INSIDE = re.compile(r"(?<=\s)[a-z]\S*\s")
_AND = re.compile(r"\band\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Dialect:
    """What the two call things."""

    types: Mapping[Kind, str]
    venues: Mapping[Kind, str]
    eprint_type: str
    eprint_class: str
    note: str
    has_dates: bool
    """Whether a day is one field."""


_BIBTEX = _Dialect(
    types=MappingProxyType({kind: names.bibtex for kind, names in TYPE_NAMES.items()}),
    venues=MappingProxyType({Kind.ARTICLE: "journal", Kind.CONFERENCE: "booktitle"}),
    eprint_type="archivePrefix",
    eprint_class="primaryClass",
    note="annote",
    has_dates=False,
)
_BIBLATEX = _Dialect(
    types=MappingProxyType({**_BIBTEX.types, Kind.PREPRINT: "online"}),
    venues=MappingProxyType({**_BIBTEX.venues, Kind.ARTICLE: "journaltitle"}),
    eprint_type="eprinttype",
    eprint_class="eprintclass",
    note="annotation",
    has_dates=True,
)


def write_bibtex(papers: Iterable[Paper]) -> Iterator[str]:
    """Yield the lines of each paper.

    Nothing is yielded before all papers are known, because the key of one that has none yet
    depends on those beside it: the text waits in a temporary file, and only keys and identifiers
    are held in memory. Raises OSError where that file can't be written.
    """
    return _write(papers, _BIBTEX)


def write_biblatex(papers: Iterable[Paper]) -> Iterator[str]:
    """Yield the lines of each paper, as `write_bibtex` does, in the fields of biblatex."""
    return _write(papers, _BIBLATEX)


def _write(papers: Iterable[Paper], dialect: _Dialect) -> Iterator[str]:
    # Imported here: it takes longer than the rest of this package, which searches import too.
    from tempfile import SpooledTemporaryFile

    known: list[tuple[str, str]] = []
    given: list[str] = []
    with SpooledTemporaryFile(_MEMORY, "w+", encoding="utf-8", newline="\n") as waiting:
        for paper in papers:
            known.append((base_key(paper), paper.id))
            given.append(paper.citation_key)
            waiting.write(_record(paper, dialect))
        waiting.seek(0)
        keys = iter(unique_keys(known, given))
        for line in waiting:
            # Fields are indented and have one line each: only the first line has an @ there.
            yield f"{line.partition('{')[0]}{{{next(keys)},\n" if line.startswith("@") else line


def _record(paper: Paper, dialect: _Dialect) -> str:
    # Imported here: it takes 20 ms, and only this format needs it.
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.model import Entry, Field

    fields = [Field(name, value) for name, value in _fields(paper, dialect)]
    record = Library([Entry(dialect.types[kind_of(paper)], "key", fields)])
    # Without middleware, which copies everything: the values have their braces already.
    return write_string(record, unparse_stack=[]) + "\n"


def _fields(paper: Paper, dialect: _Dialect) -> Iterator[tuple[str, str]]:
    """Yield name and value of each field, in braces unless it is a macro or a number."""
    # Two pairs of braces: styles that set titles in lower case leave the whole of it alone. Which
    # capitals are names can't be told, and a title from a database has them right.
    yield "title", f"{{{{{to_latex(paper.title)}}}}}"
    names = [_name(name) for name in names_of(paper)]
    if names:
        yield "author", f"{{{' and '.join(names)}}}"
    yield from _date(date_of(paper), dialect)
    texts = (*_places(paper, dialect), *_texts(paper), (dialect.note, to_latex(paper.note)))
    yield from ((name, f"{{{value}}}") for name, value in texts if value)


def _date(date: tuple[str, ...], dialect: _Dialect) -> Iterator[tuple[str, str]]:
    if dialect.has_dates and date:
        yield "date", f"{{{'-'.join(date)}}}"
        return
    for name, value in zip(("year", "month"), date, strict=False):
        yield name, f"{{{value}}}" if name == "year" else _MONTHS[int(value) - 1]


def _places(paper: Paper, dialect: _Dialect) -> Iterator[tuple[str, str]]:
    """Yield where the paper is to be found; the value may be empty."""
    kind = kind_of(paper)
    if kind in dialect.venues:
        yield dialect.venues[kind], to_latex(venue_of(paper), keep_math=False)
    # biblatex prints eprint, doi and url verbatim: LaTeX's escapes would be part of them.
    arxiv, pubmed = value_of(paper, "arxiv"), value_of(paper, "pubmed")
    if arxiv:
        yield "eprint", quote_address(arxiv)
        yield dialect.eprint_type, "arXiv"
        yield dialect.eprint_class, next(filter(_CATEGORY.fullmatch, paper.categories), "")
    elif pubmed:
        yield "eprint", quote_address(pubmed)
        yield "eprinttype", "pubmed"
    yield "doi", quote_address(value_of(paper, "doi"))
    yield "url", page_of(paper)


def _texts(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "abstract", to_latex(paper.abstract)
    # A comma separates them, so none may stand within one.
    keywords = (to_latex(keyword.replace(",", " ")) for keyword in paper.keywords)
    yield "keywords", ", ".join(filter(None, keywords))


def _name(name: Name) -> str:
    """Return a name as BibTeX splits it: `Family, Suffix, Given`; in braces it stays whole."""
    if name.is_collective or not name.given:
        whole = to_latex(str(name), keep_math=False)
        return f"{{{whole}}}"
    # A lower-case word amid the family name would make what is before it a particle.
    is_whole = _LOWER_WORD_INSIDE.search(name.family) and name.family[0].isupper()
    family = to_latex(name.family, keep_math=False)
    parts = [f"{{{family}}}" if is_whole else family]
    parts += [to_latex(part, keep_math=False) for part in (name.suffix, name.given) if part]
    return ", ".join(f"{{{part}}}" if _AND.search(part) else part for part in parts)

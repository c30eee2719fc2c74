"""Writing papers to files: each format is a plain generator function in one mapping.

All but BibTeX and BibLaTeX write each paper as it comes, so that memory stays the same whatever
their number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from store.models import Paper

__all__ = ["EXPORTERS", "ExportFormat", "Exporter", "format_of_name"]

Exporter: TypeAlias = Callable[[Iterable[Paper]], Iterator[str]]
"""Yields the text in parts, line ends included."""


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format that papers can be written in."""

    write: Exporter
    summary: str
    """What it is for, in one line that begins in lower case."""
    suffix: str
    """What names of such files end with: `.bib`."""
    cites: bool = False
    """Whether papers are named by their citation keys."""


# Each writer is imported as it writes: a search, which shows papers alone, needs none of them.


def _write_jsonlines(papers: Iterable[Paper]) -> Iterator[str]:
    from store.exporters.jsonlines import write_jsonlines

    return write_jsonlines(papers)


def _write_bibtex(papers: Iterable[Paper]) -> Iterator[str]:
    from store.exporters.bibtex import write_bibtex

    return write_bibtex(papers)


def _write_biblatex(papers: Iterable[Paper]) -> Iterator[str]:
    from store.exporters.bibtex import write_biblatex

    return write_biblatex(papers)


def _write_ris(papers: Iterable[Paper]) -> Iterator[str]:
    from store.exporters.ris import write_ris

    return write_ris(papers)


def _write_csl(papers: Iterable[Paper]) -> Iterator[str]:
    from store.exporters.csl import write_csl

    return write_csl(papers)


def _write_csv(papers: Iterable[Paper]) -> Iterator[str]:
    from store.exporters.table import write_csv

    return write_csv(papers)


def _write_markdown(papers: Iterable[Paper]) -> Iterator[str]:
    from store.exporters.markdown import write_markdown

    return write_markdown(papers)


def _write_markdown_table(papers: Iterable[Paper]) -> Iterator[str]:
    from store.exporters.markdown import write_markdown_table

    return write_markdown_table(papers)


EXPORTERS: Mapping[str, ExportFormat] = MappingProxyType(
    {
        "jsonl": ExportFormat(
            _write_jsonlines, "everything, one JSON object a line; import reads it back", ".jsonl"
        ),
        "bibtex": ExportFormat(
            _write_bibtex, "references for LaTeX, with stable citation keys", ".bib", cites=True
        ),
        "biblatex": ExportFormat(
            _write_biblatex,
            "references for LaTeX with biblatex and biber, with the same keys",
            ".biblatex.bib",
            cites=True,
        ),
        "ris": ExportFormat(_write_ris, "references for reference managers", ".ris"),
        "csl": ExportFormat(
            _write_csl,
            "references as CSL-JSON, for pandoc and citation processors",
            ".json",
            cites=True,
        ),
        "csv": ExportFormat(_write_csv, "a table for spreadsheets, one paper a line", ".csv"),
        "markdown": ExportFormat(
            _write_markdown, "a list of links with authors, day, tags and notes", ".md"
        ),
        "markdown-table": ExportFormat(
            _write_markdown_table, "a table of links, authors, days, votes and tags", ".table.md"
        ),
    }
)
"""By the name that `--format` takes."""


def format_of_name(name: str) -> str | None:
    """Return the format that a file's name tells by its end, None where it tells none."""
    lower = name.lower()
    told = [known for known, one in EXPORTERS.items() if lower[1:].endswith(one.suffix)]
    return max(told, key=lambda known: len(EXPORTERS[known].suffix), default=None)

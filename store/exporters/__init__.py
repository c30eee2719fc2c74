"""Writing papers to files: each format is a plain generator function in one mapping.

All but BibTeX write each paper as it comes, so that memory stays the same whatever their number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from store.models import Paper

__all__ = ["EXPORTERS", "ExportFormat", "Exporter"]

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


# Each writer is imported as it writes: a search, which shows papers alone, needs none of them.


def _write_jsonlines(papers: Iterable[Paper]) -> Iterator[str]:
    from store.exporters.jsonlines import write_jsonlines

    return write_jsonlines(papers)


def _write_bibtex(papers: Iterable[Paper]) -> Iterator[str]:
    from store.exporters.bibtex import write_bibtex

    return write_bibtex(papers)


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


EXPORTERS: Mapping[str, ExportFormat] = MappingProxyType(
    {
        "jsonl": ExportFormat(
            _write_jsonlines, "everything, one JSON object a line; import reads it back", ".jsonl"
        ),
        "bibtex": ExportFormat(
            _write_bibtex, "references for LaTeX, with stable citation keys", ".bib"
        ),
        "ris": ExportFormat(_write_ris, "references for reference managers", ".ris"),
        "csl": ExportFormat(
            _write_csl, "references as CSL-JSON, for pandoc and citation processors", ".json"
        ),
        "csv": ExportFormat(_write_csv, "a table for spreadsheets, one paper a line", ".csv"),
        "markdown": ExportFormat(
            _write_markdown, "a list of links with authors, day, tags and notes", ".md"
        ),
    }
)
"""By the name that `--format` takes."""

"""Reading papers from files: each format is a plain generator function in one mapping."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from store.errors import RecordError, SourceError
from store.importers.context import Importer, ImportFormat, ReadingContext
from store.importers.detection import HEAD_SIZE, detect
from store.importers.feed import read_feed
from store.importers.jsonlines import read_jsonlines
from store.importers.page import read_page
from store.importers.source import Source, rewound, source_from_stream, sources
from store.importers.webpage import read_webpage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from store.models import Record

__all__ = [
    "IMPORTERS",
    "ImportFormat",
    "Importer",
    "ReadingContext",
    "Source",
    "detect",
    "read_records",
    "source_from_stream",
    "sources",
]

IMPORTERS: Mapping[str, ImportFormat] = MappingProxyType(
    {
        "feed": ImportFormat(
            read_feed,
            "the feed's JSON: a day's reply, one paper, or many of them in one file",
            "curl -s https://huggingface.co/api/daily_papers | paperdeck import -",
        ),
        "page": ImportFormat(
            read_page,
            "the feed's page, copied from a web browser as text",
            "paperdeck import copied.txt",
        ),
        "paperdeck": ImportFormat(
            read_jsonlines,
            "paperdeck's own JSON Lines, one paper a line",
            "paperdeck import --no-inbox papers.jsonl.xz",
        ),
        "webpage": ImportFormat(
            read_webpage,
            "the feed's page, as a web browser saved it",
            "curl -s 'https://huggingface.co/papers?date=2026-03-12' | paperdeck import -",
        ),
    }
)
"""By the name that `--format` takes."""


def read_records(
    source: Source, context: ReadingContext, *, format_name: str | None = None
) -> Iterator[Record | RecordError]:
    """Yield what `source` holds, read as `format_name` or as the format its content shows.

    A record that can't be a paper is yielded as a RecordError, and the rest goes on. SourceError
    is raised for what is no known format, empty, binary or unreadable, and where a file is damaged
    or cut short: what came before the damage is yielded first, if the format is read by lines.
    """
    if format_name is not None and format_name not in IMPORTERS:
        known = ", ".join(IMPORTERS)
        raise SourceError(source.name, f"no format is named '{format_name}': there are {known}")
    with source.open() as opened:
        head, stream = rewound(opened, source.name, HEAD_SIZE)
        read = IMPORTERS[format_name or detect(head, source.name)].read
        yield from read(stream, source, context)

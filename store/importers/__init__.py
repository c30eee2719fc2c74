"""Reading papers from files: each format is a plain generator function in one mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import RecordError, SourceError
from store.importers.context import Importer, ImportFormat, ReadingContext
from store.importers.detection import HEAD_SIZE
from store.importers.encodings import as_utf8
from store.importers.formats import IMPORTERS, detect
from store.importers.source import Source, rewound, source_from_stream, sources

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def read_records(
    source: Source, context: ReadingContext, *, format_name: str | None = None
) -> Iterator[Record | RecordError]:
    """Yield what `source` holds, read as `format_name` or as the format its content shows.

    A record that can't be a paper is yielded as a RecordError, and the rest goes on. SourceError
    is raised for what is no known format, empty, binary or unreadable, and where a file is damaged
    or cut short: what came before the damage is yielded first, but for formats that are read whole.
    """
    if format_name is not None and format_name not in IMPORTERS:
        known = ", ".join(sorted(IMPORTERS))
        raise SourceError(source.name, f"no format is named '{format_name}': there are {known}")
    with source.open() as opened:
        head, stream = rewound(as_utf8(opened), source.name, HEAD_SIZE)
        read = IMPORTERS[format_name or detect(head, source.name)].read
        yield from read(stream, source, context)

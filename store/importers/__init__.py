"""Reading papers from files: each format is a plain generator function in one mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import RecordError, SourceError
from store.importers.context import Importer, ImportFormat, ReadingContext
from store.importers.detection import HEAD_SIZE, head_of
from store.importers.encodings import as_utf8
from store.importers.formats import IMPORTERS, detect
from store.importers.source import Source, bytes_of, rewound, source_from_stream, sources
from store.importers.table import has_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.models import Record

__all__ = [
    "IMPORTERS",
    "MOST_REFUSED",
    "ImportFormat",
    "Importer",
    "ReadingContext",
    "Source",
    "bytes_of",
    "detect",
    "read_records",
    "source_from_stream",
    "sources",
]


MOST_REFUSED = 100_000
"""So many records one after the other are refused, then the rest of the source."""


def read_records(
    source: Source, context: ReadingContext, *, format_name: str | None = None
) -> Iterator[Record | RecordError]:
    """Yield what `source` holds, read as `format_name` or as the format its content shows.

    A record that can't be a paper is yielded as a RecordError, and the rest goes on. SourceError
    is raised for what is no known format, empty, binary or unreadable, where a file is damaged or
    cut short, and after `MOST_REFUSED` records without a paper among them: what came before is
    yielded first, but for formats that are read whole.
    """
    if format_name is not None and format_name not in IMPORTERS:
        known = ", ".join(sorted(IMPORTERS))
        raise SourceError(source.name, f"no format is named '{format_name}': there are {known}")
    with source.open() as opened:
        head, stream = rewound(as_utf8(opened), source.name, HEAD_SIZE)
        told = format_name or _told(head, source.name, context)
        is_empty = True
        refused = 0
        try:
            for record in IMPORTERS[told].read(stream, source, context):
                is_empty = False
                yield record
                refused = refused + 1 if isinstance(record, RecordError) else 0
                if refused == MOST_REFUSED:
                    raise _given_up(source.name, record)
        except SourceError as error:
            # What is of another format looks damaged to the one that was asked for.
            if is_empty and format_name:
                raise _mistaken(head, source.name, format_name) or error from error
            raise
        if is_empty and format_name and not _can_be(IMPORTERS[format_name], head):
            reason = f"holds nothing that can be read as '{format_name}'"
            raise _mistaken(head, source.name, format_name) or SourceError(source.name, reason)


def _given_up(name: str, last: Record | RecordError) -> SourceError:
    return SourceError(
        name,
        f"{last.position}: {MOST_REFUSED:,} records on end are no papers, and the rest is left out;"
        " take them out of the file, then import it again",
    )


def _told(head: bytes, name: str, context: ReadingContext) -> str:
    """Return the format that a content shows; what has named columns can only be a table."""
    columns = context.columns.values()
    if columns and has_columns(head_of(head).text, columns):
        return "table"
    told = detect(head, name)
    if columns and told != "table":
        raise SourceError(name, f"is no table, for which --column is: it looks like '{told}'")
    return told


def _mistaken(head: bytes, name: str, format_name: str) -> SourceError | None:
    """Return that a content is of another format than was asked for; None where it may be."""
    try:
        told = detect(head, name)
    except SourceError:
        return None
    if told == format_name:
        return None
    return SourceError(name, f"is no '{format_name}': it looks like '{told}'")


def _can_be(chosen: ImportFormat, head: bytes) -> bool:
    """Tell whether a content without papers may be of a format all the same: an empty list is."""
    seen = head_of(head)
    return seen.is_json or chosen.looks_like(seen)

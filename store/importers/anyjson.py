"""JSON of a shape that nobody told us: lists, lines, and lines in Python's notation.

What a key is called says what it holds, as far as that can be known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from store.errors import RecordError
from store.importers.drafts import to_record
from store.importers.fieldnames import draft_of, squashed, tells_papers
from store.importers.jsonvalues import json_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.importers.context import ReadingContext
    from store.importers.fields import Raw
    from store.importers.source import Source
    from store.models import Record

_WITHIN = (
    *("paper", "article", "work", "bibjson", "metadata", "_source", "attributes", "record"),
    *("info", "content"),
)
"""Keys under which an object may hold the paper itself."""
_WITHIN_ANY = frozenset(_WITHIN)


def read_json(
    stream: BinaryIO, source: Source, context: ReadingContext
) -> Iterator[Record | RecordError]:
    """Yield the papers of objects, by the names of their keys."""
    for position, raw in json_values(stream, source.name):
        if isinstance(raw, RecordError):
            yield raw
            continue
        values = {squashed(key): value for key, value in inner_of(raw).items()}
        draft = draft_of(values, position, "json", listed=context.day)
        yield to_record(draft, "json", context)


def inner_of(raw: Raw) -> Raw:
    """Return what an object says, with what it holds of the paper itself."""
    if _WITHIN_ANY.isdisjoint(raw):  # nearly always
        return raw
    for key in _WITHIN:
        inner = raw.get(key)
        if isinstance(inner, dict) and tells_papers(inner):
            return {**raw, **inner}
    return raw

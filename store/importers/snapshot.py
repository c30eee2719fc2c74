"""The metadata snapshot of arXiv: an object a line, as it is published for download.

Of 2.7 million lines and 4 GB each is read for itself. Authors stand in TeX, once as one text and
once in their parts (family name, given names, suffix).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, BinaryIO

from store.errors import RecordError
from store.importers.dates import to_published
from store.importers.drafts import Draft, to_record
from store.importers.fields import Raw, find_text
from store.importers.jsonvalues import json_values
from store.importers.people import names_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.importers.context import ReadingContext
    from store.importers.source import Source
    from store.models import Record

_PARTS = 3
_MONTH = re.compile(r"(?P<year>[012]\d)(?P<month>\d\d)\.\d{4,5}(?:v\d+)?", re.ASCII)


def read_snapshot(
    stream: BinaryIO, source: Source, context: ReadingContext
) -> Iterator[Record | RecordError]:
    """Yield the papers of the snapshot, or of a part of it in a list."""
    for position, raw in json_values(stream, source.name):
        if isinstance(raw, RecordError):
            yield raw
        else:
            yield to_record(_draft(raw, position), "arxiv", context)


def _draft(raw: Raw, position: str) -> Draft:
    return Draft(
        position=position,
        title=find_text((raw,), "title"),
        abstract=find_text((raw,), "abstract"),
        authors=_authors(raw),
        identifiers=[f"arxiv:{find_text((raw,), 'id')}", *find_text((raw,), "doi").split()],
        published=_published(raw),
        categories=_categories(raw.get("categories")),
        venue=find_text((raw,), "journal-ref", "journal_ref"),
    )


def _authors(raw: Raw) -> list[str]:
    parsed = raw.get("authors_parsed")
    if isinstance(parsed, list) and parsed:
        return [_name(one) for one in parsed if isinstance(one, list)]
    authors = raw.get("authors")
    if isinstance(authors, list):
        return [name for name in authors if isinstance(name, str)]
    return names_in(authors) if isinstance(authors, str) else []


def _name(parts: list[Any]) -> str:
    # What follows the suffix are affiliations.
    family, given, suffix, *_ = [*map(str, parts[:_PARTS]), "", "", ""]
    return " ".join(filter(None, (given, family, suffix)))


def _published(raw: Raw) -> str | None:
    """Return the day of the first version, else the month that the paper's number begins with."""
    versions = raw.get("versions")
    first = versions[0] if isinstance(versions, list) and versions else {}
    made = first.get("created") if isinstance(first, dict) else None
    month = _MONTH.fullmatch(find_text((raw,), "id"))
    since = f"20{month['year']}-{month['month']}" if month else None
    return to_published(made) or to_published(since)


def _categories(value: object) -> list[str]:
    if isinstance(value, list):
        return [part for one in value if isinstance(one, str) for part in one.split()]
    return value.split() if isinstance(value, str) else []

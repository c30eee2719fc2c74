"""A paper of the library as the records that it is made of, as far as the library knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from store import reading
from store.changes.change import Change
from store.changes.fields import FACT_COLUMNS, sighting_as_text
from store.links import links_from_column
from store.merging import to_json
from store.models import RECORD_SOURCES, Record

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from store.models import OtherAbstract


def record_of(connection: sqlite3.Connection, key: int) -> Record:
    """Return all that the library knows of a paper, but for what the reader did."""
    (paper,) = reading.papers(connection, [key])
    (links,) = connection.execute("SELECT links FROM papers WHERE key = ?", (key,)).fetchone()
    return Record(
        title=paper.title,
        source="paperdeck",
        abstract=paper.abstract,
        authors=paper.authors,
        identifiers=paper.identifiers,
        published=paper.published,
        links=links_from_column(links),
        categories=paper.categories,
        keywords=paper.keywords,
        venue=paper.venue,
        organisation=paper.organisation,
        summary=paper.summary,
        sightings=paper.sightings,
        other_abstracts=paper.other_abstracts,
        provenance=paper.provenance,
    )


def sources_of(record: Record) -> list[str]:
    """Return the sources that a paper, as `record_of` has it, is known from: the surest first."""
    named = {
        *(one.source for one in record.provenance),
        *(one.source for one in record.sightings),
        *(one.source for one in record.other_abstracts),
    }
    # Another library is none: what it knows of a paper is of that paper as a whole.
    named.discard("paperdeck")
    return [source for source in reversed(RECORD_SOURCES) if source in named]


def part_of(record: Record, source: str) -> Record:
    """Return what one source is known to have said of a paper; its title may be another's."""
    said = {one.field: one for one in record.provenance if one.source == source}
    facts: dict[str, Any] = {name: getattr(record, name) for name in said if name != "abstract"}
    first, *others = _abstracts(record, source) or [""]
    return Record(
        **({"title": record.title} | facts),
        source=source,
        abstract=first,
        sightings=tuple(one for one in record.sightings if one.source == source),
        other_abstracts=tuple(
            one for one in record.other_abstracts if one.source == source and one.text in others
        ),
        provenance=tuple(said.values()),
    )


def without(
    connection: sqlite3.Connection, key: int, record: Record, source: str
) -> Iterator[Change]:
    """Yield the changes of a paper that take off what `part_of` gives; its title stays."""
    for sighting in record.sightings:
        if sighting.source == source:
            yield Change(key, "sighting", sighting_as_text(sighting), None)
    said = [one for one in record.provenance if one.source == source and one.field != "title"]
    columns = ", ".join(FACT_COLUMNS)
    row = connection.execute(
        f"SELECT {columns} FROM papers WHERE key = ?",  # noqa: S608 our own words
        (key,),
    ).fetchone()
    present = dict(zip(FACT_COLUMNS, row, strict=True))
    for one in record.other_abstracts:
        if one.source == source:
            yield Change(key, "other abstract", _as_text(one), None)
    for stamp in said:
        old, left = present[stamp.field], None
        if stamp.field == "abstract":
            left = next((one for one in record.other_abstracts if one.source != source), None)
        if left is not None:
            yield Change(key, "other abstract", _as_text(left), None)
        yield Change(key, stamp.field, old, left.text if left else _EMPTY.get(stamp.field, ""))
        new = f"{left.source} {left.day}" if left else None
        yield Change(key, f"provenance.{stamp.field}", f"{source} {stamp.day}", new)


_EMPTY = {"authors": "[]", "categories": "[]", "keywords": "[]", "links": "[]", "published": None}


def _abstracts(record: Record, source: str) -> list[str]:
    own = (
        [record.abstract]
        if any((one.field, one.source) == ("abstract", source) for one in record.provenance)
        else []
    )
    return own + [one.text for one in record.other_abstracts if one.source == source]


def _as_text(abstract: OtherAbstract) -> str:
    return to_json([abstract.source, abstract.day, abstract.text])

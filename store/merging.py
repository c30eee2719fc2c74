"""What a record changes in a paper that the library has already.

The rule is written so that the order of imports does not matter and repeating one changes
nothing: a field's value comes with a stamp (the rank of its source, the latest day on which that
source listed the paper), the value with the greatest stamp wins, and of two with the same stamp
the longer one, then the one that sorts last. An empty value never wins. Of two sightings of one
day in one source, the best rank and the highest votes and comments hold.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from store.changes import FACT_COLUMNS, Change, sighting_as_text, sighting_at
from store.models import Link, LinkKind, Record, Sighting

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

SOURCES = ("page", "paperdeck", "feed")
"""From the least to the most trusted: the copied page lost its TeX and its authors."""

MERGED_COLUMNS = tuple(column for column in FACT_COLUMNS if column != "provenance")


def columns_of(record: Record) -> dict[str, str | None]:
    """Return the record's facts as the columns of `papers` keep them."""
    return {
        "title": record.title,
        "abstract": record.abstract,
        "authors": to_json(record.authors),
        "categories": to_json(record.categories),
        "keywords": to_json(record.keywords),
        "venue": record.venue,
        "organisation": record.organisation,
        "published": record.published,
        "links": to_json([[link.kind.value, link.url] for link in record.links]),
        "summary": record.summary,
    }


def provenance_of(record: Record) -> dict[str, str]:
    """Return the stamp of each field that the record fills."""
    stamp = _stamp(record)
    return {column: stamp for column, value in columns_of(record).items() if _is_filled(value)}


def sightings_of(record: Record) -> list[Sighting]:
    """Return the record's sightings, those of one day in one source as one."""
    united: dict[tuple[str, str], Sighting] = {}
    for sighting in record.sightings:
        place = (sighting.source, sighting.day)
        united[place] = _united(united.get(place, sighting), sighting)
    return list(united.values())


def links_from_column(text: str) -> tuple[Link, ...]:
    """Return the links that a `links` column holds."""
    return tuple(Link(LinkKind(kind), url) for kind, url in json.loads(text))


def to_json(value: Any) -> str:
    """Return a value as compact JSON, as columns keep it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def changes_for(connection: sqlite3.Connection, key: int, record: Record) -> list[Change]:
    """Return what `record` changes in the paper `key`; nothing where it says nothing new."""
    return [
        *_fact_changes(connection, key, record),
        *_identifier_changes(connection, key, record),
        *_sighting_changes(connection, key, sightings_of(record)),
    ]


def _fact_changes(connection: sqlite3.Connection, key: int, record: Record) -> Iterator[Change]:
    row = connection.execute(
        # The columns' names are ours, never a reader's text.
        f"SELECT provenance, {', '.join(MERGED_COLUMNS)} FROM papers WHERE key = ?",  # noqa: S608
        (key,),
    ).fetchone()
    stamps: dict[str, str] = json.loads(row[0])
    stamp = _stamp(record)
    new_stamps = dict(stamps)
    present = dict(zip(MERGED_COLUMNS, row[1:], strict=True))
    for column, value in columns_of(record).items():
        if not _is_filled(value) or value is None:
            continue
        old = present[column]
        if not _is_filled(old) or _weight(stamp, value) > _weight(stamps.get(column, ""), old):
            new_stamps[column] = stamp
            if value != old:
                yield Change(key, column, old, value)
    if new_stamps != stamps:
        yield Change(key, "provenance", row[0], to_json(new_stamps))


def _identifier_changes(
    connection: sqlite3.Connection, key: int, record: Record
) -> Iterator[Change]:
    for identifier in record.identifiers:
        known = connection.execute(
            "SELECT 1 FROM identifiers WHERE scheme = ? AND value = ?",
            (identifier.scheme, identifier.value),
        ).fetchone()
        if not known:
            yield Change(key, "identifier", None, str(identifier))


def _sighting_changes(
    connection: sqlite3.Connection, key: int, sightings: Iterable[Sighting]
) -> Iterator[Change]:
    for sighting in sightings:
        old = sighting_at(connection, key, sighting)
        if old is None:
            yield Change(key, "sighting", None, sighting_as_text(sighting))
            continue
        merged = _united(old, sighting)
        if merged != old:
            yield Change(key, "sighting", sighting_as_text(old), sighting_as_text(merged))


def _united(one: Sighting, other: Sighting) -> Sighting:
    return Sighting(
        one.source,
        one.day,
        _pick(min, one.rank, other.rank),
        _pick(max, one.votes, other.votes),
        _pick(max, one.comments, other.comments),
        one.day_is_guess and other.day_is_guess,
    )


def _pick(choose: Any, one: int | None, other: int | None) -> int | None:
    known = [number for number in (one, other) if number is not None]
    return choose(known) if known else None


def _stamp(record: Record) -> str:
    day = max((sighting.day for sighting in record.sightings), default="")
    return f"{record.source} {day}"


def _weight(stamp: str, value: str) -> tuple[int, str, int, str]:
    source, _, day = stamp.partition(" ")
    return (SOURCES.index(source) if source in SOURCES else -1, day, len(value), value)


def _is_filled(value: str | None) -> bool:
    return value not in {None, "", "[]"}

"""What a record changes in a paper that the library has already.

The rule is written so that the order of imports does not matter and repeating one changes
nothing: a field's value comes with a stamp (the rank of its source, the latest day on which that
source listed the paper), the value with the greatest stamp wins, and of two with the same stamp
the longer one, then the one that sorts last. An empty value never wins. Abstracts that differ in
more than case, accents and blanks are all kept: the winner is shown, the others stay beside it.
Of the sightings of one day in one source, those that bring no better rank, no more votes and no
more comments are passed over. The reader's note is no fact: one of another library comes in where
there is none, and never takes another's place.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from store.changes.change import Change
from store.changes.fields import FACT_COLUMNS, SIGHTING_COLUMNS, note_on, sighting_as_text
from store.identity.paperids import namer, present_namer
from store.links import links_to_column
from store.models import RECORD_SOURCES, OtherAbstract, Record, Sighting
from store.sightings import distinct, is_news, united
from store.text import fold

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from store.models import Identifier

_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_PLAIN_COLUMNS = tuple(column for column in FACT_COLUMNS if column != "abstract")


class _Stamped(NamedTuple):
    """An abstract with its stamp."""

    stamp: str
    text: str


class Facts(NamedTuple):
    """What a record says, as the columns of `papers` keep it."""

    columns: dict[str, str | None]
    """A value for each of `FACT_COLUMNS`."""
    stamps: dict[str, str]
    """The stamp of each field that the record fills."""
    other_abstracts: tuple[OtherAbstract, ...]
    """Those that stand beside the one in `columns`."""


def facts_of(record: Record) -> Facts:
    """Return what a record says of a paper that no other record spoke of."""
    columns = _columns_of(record)
    stamps = _stamps_of(record, columns)
    if not record.other_abstracts:
        return Facts(columns, stamps, ())
    winner, others = _ranked(_abstracts_of(record, stamps))
    columns["abstract"], stamps["abstract"] = winner.text, winner.stamp
    return Facts(columns, stamps, tuple(map(_to_other, others)))


def to_json(value: Any) -> str:
    """Return a value as compact JSON, as columns keep it."""
    return _COMPACT.encode(value)


def changes_for(
    connection: sqlite3.Connection,
    key: int,
    record: Record,
    identifiers: Iterable[Identifier],
    seen: str,
) -> list[Change]:
    """Return what `record` changes in the paper `key`; nothing where it says nothing new.

    `identifiers` are those of the record's that no other paper has, `seen` is the present time.
    """
    return [
        *_fact_changes(connection, key, record),
        *identifier_changes(connection, key, record, identifiers),
        *_sighting_changes(connection, key, distinct(record.sightings, seen)),
        *_note_changes(connection, key, record.note),
    ]


def best_abstract_changes(connection: sqlite3.Connection, key: int) -> list[Change]:
    """Return what shows the best abstract that a paper has, where another was taken from it."""
    row = connection.execute(
        "SELECT abstract, json_extract(provenance, '$.abstract') FROM papers WHERE key = ?", (key,)
    ).fetchone()
    rows = connection.execute(
        "SELECT source, day, text FROM other_abstracts WHERE paper = ?", (key,)
    )
    others = [_Stamped(f"{source} {day}", text) for source, day, text in rows]
    return list(_abstract_changes(connection, key, _Stamped(row[1] or "", row[0]), others))


def identifier_changes(
    connection: sqlite3.Connection, key: int, record: Record, identifiers: Iterable[Identifier]
) -> Iterator[Change]:
    """Yield what gives a paper identifiers of a record, and notes which source names them."""
    for identifier in identifiers:
        known = connection.execute(
            "SELECT 1 FROM identifiers WHERE scheme = ? AND value = ?",
            (identifier.scheme, identifier.value),
        ).fetchone()
        if not known:
            yield Change(key, "identifier", None, str(identifier))
        source, present = namer(record, identifier), present_namer(connection, identifier)
        if source and trust(source) > trust(present or ""):
            before = None if present is None else f"{identifier} {present}"
            yield Change(key, "provenance identifier", before, f"{identifier} {source}")


def is_stamp(change: Change) -> bool:
    """Tell whether a change is of where a value came from, not of the value."""
    return change.field.startswith("provenance")


def trust(stamp: str) -> tuple[int, str]:
    """Return the rank of a stamp's source, -1 for one that is not known, and its day."""
    source, _, day = stamp.partition(" ")
    return RECORD_SOURCES.index(source) if source in RECORD_SOURCES else -1, day


def weight(stamp: str, value: str) -> tuple[int, str, int, str]:
    """Return what decides between two values of one fact: the greatest is shown."""
    return (*trust(stamp), len(value), value)


def ranked_abstracts(others: Iterable[OtherAbstract]) -> tuple[OtherAbstract, ...]:
    """Return other abstracts of one paper, the most trusted first."""
    return tuple(
        sorted(others, key=lambda one: weight(f"{one.source} {one.day}", one.text), reverse=True)
    )


def _fact_changes(connection: sqlite3.Connection, key: int, record: Record) -> Iterator[Change]:
    row = connection.execute(
        # The columns' names are ours, never a reader's text.
        f"SELECT provenance, {', '.join(FACT_COLUMNS)} FROM papers WHERE key = ?",  # noqa: S608
        (key,),
    ).fetchone()
    stamps: dict[str, str] = json.loads(row[0])
    present = dict(zip(FACT_COLUMNS, row[1:], strict=True))
    arriving = _columns_of(record)
    arriving_stamps = _stamps_of(record, arriving)
    for column in _PLAIN_COLUMNS:
        value, old = arriving[column], present[column]
        if not _is_filled(value) or value is None:
            continue
        stamp = arriving_stamps[column]
        if not _is_filled(old) or weight(stamp, value) > weight(stamps.get(column, ""), old):
            yield from _set(key, column, old, value, stamps.get(column), stamp)
    shown = _Stamped(stamps.get("abstract", ""), present["abstract"])
    yield from _abstract_changes(connection, key, shown, _abstracts_of(record, arriving_stamps))


def _abstract_changes(
    connection: sqlite3.Connection, key: int, shown: _Stamped, arriving: Sequence[_Stamped]
) -> Iterator[Change]:
    if not arriving or list(arriving) == [shown]:
        return
    rows = connection.execute(
        "SELECT source, day, text FROM other_abstracts WHERE paper = ?", (key,)
    )
    before = {_Stamped(f"{source} {day}", text) for source, day, text in rows}
    present = [shown] if shown.text else []
    winner, others = _ranked([*present, *before, *arriving])
    for gone in sorted(before.difference(others)):
        yield Change(key, "other abstract", _other_to_json(gone), None)
    if winner != shown:
        old_stamp = shown.stamp or None
        yield from _set(key, "abstract", shown.text, winner.text, old_stamp, winner.stamp)
    for other in others:
        if other not in before:
            yield Change(key, "other abstract", None, _other_to_json(other))


def _set(  # noqa: PLR0917 - a value and its stamp, before and after
    key: int, column: str, old: str | None, value: str, old_stamp: str | None, stamp: str
) -> Iterator[Change]:
    if value != old:
        yield Change(key, column, old, value)
    if stamp != old_stamp:
        yield Change(key, f"provenance.{column}", old_stamp, stamp)


def _sighting_changes(
    connection: sqlite3.Connection, key: int, arriving: Iterable[Sighting]
) -> Iterator[Change]:
    for sighting in arriving:
        rows = connection.execute(
            f"SELECT {SIGHTING_COLUMNS} FROM sightings"  # noqa: S608 our own words
            " WHERE paper = ? AND source = ? AND day = ?",
            (key, sighting.source, sighting.day),
        )
        known = [Sighting.of_row(row) for row in rows]
        if not is_news(known, sighting):
            continue
        same = next((one for one in known if one.seen == sighting.seen), None)
        if same is None:
            yield Change(key, "sighting", None, sighting_as_text(sighting))
        else:
            both = united(same, sighting)
            yield Change(key, "sighting", sighting_as_text(same), sighting_as_text(both))


def _note_changes(connection: sqlite3.Connection, key: int, arriving: str) -> Iterator[Change]:
    if arriving and not note_on(connection, key):
        yield Change(key, "note", "", arriving)


def _columns_of(record: Record) -> dict[str, str | None]:
    return {
        "title": record.title,
        "abstract": record.abstract,
        "authors": _list_to_json(record.authors),
        "categories": _list_to_json(record.categories),
        "keywords": _list_to_json(record.keywords),
        "venue": record.venue,
        "organisation": record.organisation,
        "published": record.published,
        "links": links_to_column(record.links) if record.links else "[]",
        "summary": record.summary,
    }


def _list_to_json(texts: tuple[str, ...]) -> str:
    # Most lists are empty, and every record of an import has three.
    return _COMPACT.encode(texts) if texts else "[]"


def _stamps_of(record: Record, columns: Mapping[str, str | None]) -> dict[str, str]:
    """Return the stamp of each column that is filled."""
    day = max((sighting.day for sighting in record.sightings), default="")
    own = f"{record.source} {day}"
    stamps = {column: own for column, value in columns.items() if _is_filled(value)}
    for one in record.provenance:
        if one.field in stamps:
            stamps[one.field] = f"{one.source} {one.day}"
    return stamps


def _abstracts_of(record: Record, stamps: Mapping[str, str]) -> list[_Stamped]:
    own = [_Stamped(stamps["abstract"], record.abstract)] if record.abstract else []
    others = (_Stamped(f"{one.source} {one.day}", one.text) for one in record.other_abstracts)
    return [*own, *others]


def _ranked(abstracts: Iterable[_Stamped]) -> tuple[_Stamped, list[_Stamped]]:
    """Return the abstract that wins and the rest, each that differs once, by weight."""
    best: dict[str, _Stamped] = {}
    for one in sorted(abstracts, key=lambda one: weight(*one), reverse=True):
        best.setdefault("".join(fold(one.text).split()), one)
    winner, *others = best.values() or [_Stamped("", "")]
    return winner, others


def _to_other(abstract: _Stamped) -> OtherAbstract:
    source, _, day = abstract.stamp.partition(" ")
    return OtherAbstract(source, day, abstract.text)


def _other_to_json(abstract: _Stamped) -> str:
    source, _, day = abstract.stamp.partition(" ")
    return to_json([source, day, abstract.text])


def _is_filled(value: str | None) -> bool:
    return value not in {None, "", "[]"}

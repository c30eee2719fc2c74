"""Our own format: JSON Lines, one paper a line, as `store.exporters.jsonlines` writes it.

A list of the same objects, or a single one, is read too. Only a title is required. A value of the
wrong type refuses its record: a file of ours has none, so the reader should know of it. What other
programs call a note is none of the reader's: it is read from an export of ours alone.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from store.errors import RecordError, TagNameError
from store.identifiers import read_identifier
from store.importers.drafts import to_citation_key
from store.importers.fields import JsonError, Raw, parse_json, to_count, to_day, to_link
from store.importers.jsonvalues import json_values
from store.importers.textlines import TOO_LONG, numbered_lines
from store.links import is_derivable, links_of
from store.models import (
    RECORD_SOURCES,
    Identifier,
    Link,
    LinkKind,
    OtherAbstract,
    Provenance,
    Record,
    Sighting,
)
from store.tagnames import tag_name
from store.text import clean_line, clean_note, clean_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.importers.context import ReadingContext
    from store.importers.source import Source

_TIME = "%Y-%m-%dT%H:%M:%SZ"
_PARTIAL_DAY = re.compile(r"[12]\d{3}(?:-(?:0[1-9]|1[0-2]))?", re.ASCII)
_OWN_KEYS = ("provenance", "sightings", "tags")
_KINDS = {kind.value: kind for kind in LinkKind if kind is not LinkKind.SEARCH}


def read_jsonlines(
    stream: BinaryIO,
    source: Source,
    context: ReadingContext,  # noqa: ARG001 - the lines say everything
) -> Iterator[Record | RecordError]:
    """Yield the papers, line by line as they arrive, or value by value of a list."""
    if _begins_whole(stream):
        for position, raw in json_values(stream, source.name):
            yield raw if isinstance(raw, RecordError) else _to_record(raw, position)
        return
    for place, line in numbered_lines(stream):
        yield _read_line(line, f"line {place}")


def _begins_whole(stream: BinaryIO) -> bool:
    """Tell whether a content begins with a list, or with an object over several lines."""
    begin = stream.peek().lstrip() if isinstance(stream, io.BufferedReader) else b""
    return begin.startswith(b"[") or begin.partition(b"\n")[0].strip() == b"{"


def _read_line(line: bytes | None, position: str) -> Record | RecordError:
    if line is None:
        return RecordError(position, TOO_LONG)
    try:
        raw = parse_json(line.decode())
    except UnicodeDecodeError:
        return RecordError(position, "is not UTF-8 text")
    except JsonError as error:
        return RecordError(position, str(error).replace(" line 1,", ""))
    return _to_record(raw, position)


def _to_record(raw: object, position: str) -> Record | RecordError:
    if not isinstance(raw, dict):
        return RecordError(position, "is no JSON object")
    try:
        title = clean_line(_text(raw, "title"))
        if not title:
            return RecordError(position, "no title")
        identifiers = _identifiers(raw)
        return Record(
            title=title,
            source="paperdeck",
            abstract=clean_text(_text(raw, "abstract")),
            authors=_lines(raw, "authors"),
            identifiers=identifiers,
            # Lines of other origin have a `date`, in any notation: it is theirs, and refuses none.
            published=_day(raw, "published") or to_day(raw.get("date")),
            links=_links(raw, identifiers),
            categories=_lines(raw, "categories"),
            keywords=_lines(raw, "keywords"),
            venue=clean_line(_text(raw, "venue")),
            organisation=clean_line(_text(raw, "organisation")),
            summary=clean_text(_text(raw, "summary")),
            sightings=_sightings(raw),
            other_abstracts=_other_abstracts(raw),
            provenance=_provenance(raw),
            tags=_tags(raw),
            note=_note(raw),
            citation_key=_citation_key(raw),
            position=position,
        )
    except (ValueError, TagNameError) as error:
        return RecordError(position, str(error))


def _identifiers(raw: Raw) -> tuple[Identifier, ...]:
    """Return those that can be read; `paperdeck:7`, a number of another library, is none."""
    texts = (_text(raw, "id"), *_texts(raw, "identifiers"))
    found = (read_identifier(text) for text in texts)
    return tuple(dict.fromkeys(identifier for identifier in found if identifier))


def _links(raw: Raw, identifiers: tuple[Identifier, ...]) -> tuple[Link, ...]:
    """Return the links that are the record's own.

    Without searches, unknown kinds, addresses that are not to be opened, and what follows from
    the identifiers and the abstract: a paper whose page is arXiv's gets the feed's once the feed
    lists it.
    """
    if raw.get("links") in (None, []):
        return ()
    links = (
        to_link(_KINDS[given["kind"]], given.get("url"))
        for given in _objects(raw, "links")
        if isinstance(given.get("kind"), str) and given["kind"] in _KINDS
    )
    own = tuple(
        dict.fromkeys(link for link in links if link and not is_derivable(link, identifiers))
    )
    abstract = clean_text(_text(raw, "abstract")) if own else ""
    found = links_of(title="", abstract=abstract, given=(), identifiers=(), in_feed=False)
    more = (link for link in found if link.kind is not LinkKind.SEARCH)
    return _without_found(own, [link for link in more if not is_derivable(link, identifiers)])


def _without_found(links: tuple[Link, ...], found: list[Link]) -> tuple[Link, ...]:
    """Return the shortest beginning of `links` after which those found in the abstract follow."""
    for number in range(max(0, len(links) - len(found)), len(links)):
        given = {link.url for link in links[:number]}
        if links[number:] == tuple(link for link in found if link.url not in given):
            return links[:number]
    return links


def _sightings(raw: Raw) -> tuple[Sighting, ...]:
    if raw.get("sightings") is None:
        listed = _day(raw, "listed")
        if listed is None:
            return ()
        votes, comments = _count(raw, "votes"), _count(raw, "comments")
        return (Sighting("paperdeck", listed, votes=votes, comments=comments),)
    return tuple(_sighting(given) for given in _objects(raw, "sightings"))


def _sighting(raw: Raw) -> Sighting:
    source, day = clean_line(_text(raw, "source")), _day(raw, "day")
    if not source or day is None:
        raise ValueError("a sighting needs 'source' and 'day'")
    is_guess = raw.get("day_is_guess")
    if not isinstance(is_guess, bool | None):
        raise _wrong("day_is_guess", "true or false")
    return Sighting(
        source=source,
        day=day,
        rank=_count(raw, "rank"),
        votes=_count(raw, "votes"),
        comments=_count(raw, "comments"),
        day_is_guess=bool(is_guess),
        seen=_time(raw, "seen"),
    )


def _other_abstracts(raw: Raw) -> tuple[OtherAbstract, ...]:
    """Return those kept beside the abstract, without the ones that have no text left."""
    others = (_other_abstract(given) for given in _objects(raw, "other_abstracts"))
    return tuple(dict.fromkeys(other for other in others if other.text))


def _other_abstract(raw: Raw) -> OtherAbstract:
    source = clean_line(_text(raw, "source"))
    if not source:
        raise ValueError("another abstract needs 'source'")
    return OtherAbstract(source, _day(raw, "day") or "", clean_text(_text(raw, "text")))


def _provenance(raw: Raw) -> tuple[Provenance, ...]:
    """Return where the values are from; sources that this version does not know are left out."""
    given = raw.get("provenance")
    if not isinstance(given, dict | None):
        raise _wrong("provenance", "an object")
    stamps = {
        name: stamp
        for name, stamp in (given or {}).items()
        if isinstance(stamp, dict) and name == clean_line(name)
    }
    return tuple(
        Provenance(name, str(stamp["source"]), _day(stamp, "day") or "")
        for name, stamp in stamps.items()
        if stamp.get("source") in RECORD_SOURCES
    )


def _tags(raw: Raw) -> tuple[str, ...] | None:
    if raw.get("tags") is None:
        return None
    return tuple(dict.fromkeys(map(tag_name, _texts(raw, "tags"))))


def _note(raw: Raw) -> str:
    """Return the reader's note; '' in a record that has nothing of what only an export of ours has.

    BibTeX as JSON has a `note` too, such as "In press", or a list of them.
    """
    given = raw.get("note")
    is_ours = any(key in raw for key in _OWN_KEYS)
    return clean_note(given) if is_ours and isinstance(given, str) else ""


def _citation_key(raw: Raw) -> str:
    given = raw.get("citation_key")
    return to_citation_key(given) if isinstance(given, str) else ""


def _text(raw: Raw, key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str | None):
        raise _wrong(key, "a text")
    return value or ""


def _texts(raw: Raw, key: str) -> tuple[str, ...]:
    value = raw.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise _wrong(key, "a list of texts")
    return tuple(value)


def _lines(raw: Raw, key: str) -> tuple[str, ...]:
    return tuple(filter(None, map(clean_line, _texts(raw, key))))


def _objects(raw: Raw, key: str) -> list[dict[str, Any]]:
    value = raw.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
        raise _wrong(key, "a list of objects")
    return value


def _count(raw: Raw, key: str) -> int | None:
    value = raw.get(key)
    number = to_count(value)
    if number is None and value is not None:
        raise _wrong(key, "a count")
    return number


def _day(raw: Raw, key: str) -> str | None:
    """Return a day, or a month or year where the source has no more."""
    value = _text(raw, key).strip()
    if not value or _PARTIAL_DAY.fullmatch(value):
        return value or None
    day = to_day(value)
    if day is None:
        raise _wrong(key, "a day such as 2026-03-12")
    return day


def _time(raw: Raw, key: str) -> str:
    """Return a time of UTC, to the second, or ''."""
    value = _text(raw, key).strip()
    if not value:
        return ""
    try:
        return datetime.strptime(value, _TIME).replace(tzinfo=UTC).strftime(_TIME)
    except ValueError as error:
        raise _wrong(key, "a time such as 2026-03-12T08:00:00Z") from error


def _wrong(key: str, expected: str) -> ValueError:
    return ValueError(f"'{key}' is not {expected}")

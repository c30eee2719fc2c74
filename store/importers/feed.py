"""The feed's JSON: a day's reply, one paper, what its command prints, and stored forms of these.

Three shapes of a listing are known, and keys came and went in each: `paper` nested in the listing
(a day's reply), flat (the reply for one paper), and flat with snake_case names (the command line
of the feed's own client). Only a title is required.

A listing's day is, in this order: `submittedOnDailyAt`; the reader's own; the one in the file's
name; the one of the wrapper; the day of the time beside `paper`. That last one was the listing's
until February 2025 and has been one of arXiv's since, so it counts only if it is later than the
paper's own.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from store.errors import RecordError, SourceError
from store.identifiers import read_identifier
from store.importers.encodings import decode
from store.importers.fields import (
    JsonError,
    Raw,
    find_count,
    find_day,
    find_lines,
    find_text,
    parse_json,
    to_day,
    to_link,
)
from store.importers.jsonvalues import json_values
from store.importers.source import LARGEST_WHOLE, rewound
from store.models import Link, LinkKind, Record, Sighting
from store.text import clean_line, clean_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.importers.context import ReadingContext
    from store.importers.source import Source

LONGEST_PYTHON_TEXT = 1024 * 1024
"""Characters: a listing that is stored as Python's own notation is refused beyond it."""

WRAPPED = ("data", "papers", "dailyPapers")
"""The keys under which an object may hold a list of listings."""

_DAY_IN_NAME = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)


class Listing(NamedTuple):
    """A raw record with its place in the source."""

    raw: object
    position: str
    in_list: bool
    """Whether its place there is its rank of the day."""
    day: str | None
    """The wrapper's day."""


def read_feed(
    stream: BinaryIO, source: Source, context: ReadingContext
) -> Iterator[Record | RecordError]:
    """Yield the papers of one reply, or of several in one list or on lines of their own.

    More than can be held is read one by one: as if it were one list, or its lines.
    """
    day = context.day or day_in_name(source.name)
    content, stream = rewound(stream, source.name, LARGEST_WHOLE + 1)
    if len(content) <= LARGEST_WHOLE:
        listings = _listings(decode(content, source.name), source.name)
    else:
        listings = _streamed(stream, source.name)
    yield from read_listings(listings, day)


def _streamed(stream: BinaryIO, name: str) -> Iterator[Listing | RecordError]:
    for position, raw in json_values(stream, name):
        if isinstance(raw, RecordError):
            yield raw
        else:
            yield Listing(raw, position, in_list=True, day=None)


def read_listings(
    listings: Iterable[Listing | RecordError], file_day: str | None
) -> Iterator[Record | RecordError]:
    """Yield the paper of each listing; `file_day` is the day of those that name none."""
    counts: Counter[str] = Counter()
    for listing in listings:
        if isinstance(listing, RecordError):
            yield listing
            continue
        try:
            outer = _to_object(listing.raw)
        except ValueError as error:
            yield RecordError(listing.position, str(error))
            continue
        nested = outer.get("paper")
        paper = nested if isinstance(nested, dict) else outer
        day = _listed_day(paper, outer, file_day or listing.day)
        # The rank is the place in the day's list: a reply for a month holds several.
        counts[day or ""] += 1
        rank = counts[day or ""] if listing.in_list else None
        sighting = _sighting(paper, outer, day, rank)
        yield _to_record(paper, outer, sighting, listing.position)


def _listings(text: str, name: str) -> Iterator[Listing | RecordError]:
    try:
        value = parse_json(text)
    except JsonError as error:
        lines = [line for line in enumerate(text.split("\n"), start=1) if line[1].strip()]
        if len(lines) > 1 and _is_object(lines[0][1]):
            yield from _lines(lines)
            return
        raise SourceError(name, f"{error}; fetch it again") from error
    wrapper_day = None
    if isinstance(value, dict) and "title" not in value and "paper" not in value:
        if isinstance(value.get("error"), str):
            message = clean_line(value["error"])[:100]
            raise SourceError(name, f"is an error message of the feed, without papers: '{message}'")
        wrapper_day = find_day((value,), "date", "dateString")
        value = next((value[key] for key in WRAPPED if isinstance(value.get(key), list)), value)
    if isinstance(value, dict):
        yield Listing(value, "record 1", in_list=False, day=None)
    elif isinstance(value, list):
        for number, raw in enumerate(_flat(value), start=1):
            yield Listing(raw, f"record {number}", in_list=True, day=wrapper_day)
    else:
        raise SourceError(name, "is JSON, but a single value and not a list of papers")


def _lines(lines: list[tuple[int, str]]) -> Iterator[Listing | RecordError]:
    for number, line in lines:
        try:
            yield Listing(parse_json(line), f"line {number}", in_list=True, day=None)
        except JsonError as error:
            yield RecordError(f"line {number}", str(error))


def _flat(value: list[Any]) -> Iterator[object]:
    """Yield the listings of a reply, or of several that were put into one list."""
    for raw in value:
        if isinstance(raw, list):
            yield from raw
        else:
            yield raw


def _is_object(line: str) -> bool:
    try:
        return isinstance(parse_json(line), dict)
    except JsonError:
        return False


def _to_object(raw: object) -> Raw:
    """Return a listing as an object; ValueError says why it is none.

    Some stored replies hold each listing as the text that Python shows for it.
    """
    if isinstance(raw, dict):
        return raw
    if not isinstance(raw, str):
        raise ValueError(f"is {_kind(raw)}, not an object")  # noqa: TRY004 - a fact of the data
    if len(raw) > LONGEST_PYTHON_TEXT:
        raise ValueError("is a text of more than a million characters, not an object")
    try:
        value = parse_json(raw)
    except JsonError:
        try:
            value = ast.literal_eval(raw)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError) as error:
            raise ValueError("is a text, not an object") from error
    if not isinstance(value, dict):
        raise ValueError(f"is a text that holds {_kind(value)}, not an object")  # noqa: TRY004
    return value


def _kind(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case list() | tuple():
            return "a list"
        case _:
            return "a text"


def _to_record(
    paper: Raw, outer: Raw, sighting: Sighting | None, position: str
) -> Record | RecordError:
    raws = (paper, outer)
    title = clean_line(find_text(raws, "title"))
    if not title:
        return RecordError(position, "no title")
    identifier = read_identifier(find_text(raws, "id"))
    return Record(
        title=title,
        source="feed",
        abstract=clean_text(find_text(raws, "summary", "abstract")),
        authors=_authors(paper.get("authors")),
        identifiers=(identifier,) if identifier else (),
        published=find_day((paper,), "publishedAt", "published_at"),
        links=_links(raws),
        keywords=find_lines(raws, "ai_keywords"),
        organisation=_organisation(raws),
        summary=clean_text(find_text(raws, "ai_summary")),
        sightings=(sighting,) if sighting else (),
        position=position,
    )


def _sighting(paper: Raw, outer: Raw, day: str | None, rank: int | None) -> Sighting | None:
    if day is None:
        return None
    return Sighting(
        source="feed",
        day=day,
        rank=rank,
        votes=find_count((paper, outer), "upvotes"),
        comments=find_count((outer, paper), "numComments", "num_comments", "comments"),
    )


def _listed_day(paper: Raw, outer: Raw, file_day: str | None) -> str | None:
    own = find_day((paper, outer), "submittedOnDailyAt", "submitted_on_daily_at")
    if own or file_day:
        return own or file_day
    beside = (
        find_text((outer,), "submitted_at")
        if outer is paper
        else find_text((outer,), "publishedAt", "submitted_at")
    )
    published = find_text((paper,), "publishedAt", "published_at")
    # Times in the same notation, in UTC, compare as texts.
    return to_day(beside) if published and _time(beside) > _time(published) else None


def _time(text: str) -> str:
    return text[:19].replace(" ", "T")


def _authors(value: object) -> tuple[str, ...]:
    """Return the names, hidden ones included: hidden is the author's page, not the author."""
    if not isinstance(value, list):
        return ()
    names = (author.get("name") if isinstance(author, dict) else author for author in value)
    return tuple(filter(None, (clean_line(name) for name in names if isinstance(name, str))))


def _links(raws: tuple[Raw, Raw]) -> tuple[Link, ...]:
    links = (
        to_link(LinkKind.CODE, find_text(raws, "githubRepo", "github_repo")),
        to_link(LinkKind.PROJECT, find_text(raws, "projectPage", "project_page")),
    )
    return tuple(link for link in links if link is not None)


def _organisation(raws: tuple[Raw, Raw]) -> str:
    for raw in raws:
        value = raw.get("organization")
        if isinstance(value, str):
            return clean_line(value)
        if isinstance(value, dict):
            name = clean_line(find_text((value,), "fullname", "name"))
            if name:
                return name
    return ""


def day_in_name(name: str) -> str | None:
    """Return the first day in a file's name, such as `2026-03-12.json`."""
    for match in _DAY_IN_NAME.finditer(PurePath(name).name):
        day = to_day(match.group())
        if day is not None:
            return day
    return None

"""Reading papers, rows and tags from the record."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from store.changes.fields import FACT_COLUMNS, SIGHTING_COLUMNS
from store.changes.joins import join_of_text
from store.citationkeys import is_citation_key
from store.identity.joined import paper_now
from store.identity.paperids import canonical_ids, identifiers_of, namers_of
from store.links import links_from_column, links_of
from store.merging import ranked_abstracts
from store.models import OtherAbstract, Paper, Part, Provenance, Row, Sighting
from store.text import as_line, as_note, as_text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from store.models import Identifier

CHUNK = 500
"""Keys asked for in one statement; SQLite takes 32,766 values at the most."""

FEED_SOURCES = frozenset({"feed"})
"""Sources whose sightings prove that the feed has a page for a paper with an arXiv id."""

_DAY = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?", re.ASCII)
_PAPER_COLUMNS = (
    "key, title, abstract, authors, published, listed, votes, comments, links, categories,"
    " keywords, venue, organisation, summary, added, removed, provenance, note,"
    " (SELECT name FROM citation_keys WHERE paper = papers.key)"
)
_ROW_COLUMNS = (
    "key, title, day, votes, comments, authors, removed, votes >= 2 * max(decided_votes, 1),"
    " note != '', (SELECT min(day_is_guess) FROM sightings"
    " WHERE paper = papers.key AND day = listed)"
)


def count(connection: sqlite3.Connection) -> int:
    """Return how many papers the library holds."""
    (papers,) = connection.execute("SELECT papers FROM library").fetchone()
    return int(papers)


def revision(connection: sqlite3.Connection) -> int:
    """Return the number of the library's latest commit."""
    (number,) = connection.execute("SELECT revision FROM library").fetchone()
    return int(number)


def newest(connection: sqlite3.Connection) -> int:
    """Return the key of the paper that came in last, gone or not; 0 where none ever did."""
    (key,) = connection.execute("SELECT coalesce(max(key), 0) FROM papers").fetchone()
    return int(key)


def rows(connection: sqlite3.Connection, keys: Sequence[int]) -> list[Row]:
    """Return what a list shows of these papers, in the order of `keys`; unknown ones left out."""
    found: dict[int, Row] = {}
    for chunk in _chunks(keys):
        marks = _marks(chunk)
        tags = _tags(connection, chunk)
        ids = canonical_ids(connection, chunk)
        for key, title, day, votes, comments, authors, *is_so in connection.execute(
            f"SELECT {_ROW_COLUMNS} FROM papers WHERE key IN ({marks})",  # noqa: S608 marks are '?'
            chunk,
        ):
            is_removed, is_rising, has_note, day_is_guess = map(bool, is_so)
            found[key] = Row(
                key,
                as_line(title),
                _day(day),
                votes,
                frozenset(tags[key]),
                day_is_guess=day_is_guess,
                is_removed=is_removed,
                id=ids.get(key, ""),
                authors=_lines(authors),
                comments=comments,
                is_rising=is_rising,
                has_note=has_note,
            )
    return [found[key] for key in keys if key in found]


def papers(connection: sqlite3.Connection, keys: Sequence[int]) -> Iterator[Paper]:
    """Yield these papers in the order of `keys`; unknown ones are left out."""
    for chunk in _chunks(keys):
        marks = _marks(chunk)
        identifiers = identifiers_of(connection, chunk)
        sightings = _sightings(connection, chunk)
        tags = _tags(connection, chunk)
        abstracts = _other_abstracts(connection, chunk)
        found = {
            row[0]: _paper(
                row, identifiers[row[0]], sightings[row[0]], tags[row[0]], abstracts[row[0]]
            )
            for row in connection.execute(
                f"SELECT {_PAPER_COLUMNS} FROM papers WHERE key IN ({marks})",  # noqa: S608 as above
                chunk,
            )
        }
        for key, stamps in namers_of(connection, chunk).items():
            found[key] = replace(found[key], provenance=found[key].provenance + stamps)
        for key, apart in _apart(connection, chunk).items():
            found[key] = replace(found[key], apart=tuple(sorted(apart)))
        for key, parts in _parts(connection, chunk).items():
            found[key] = replace(found[key], parts=tuple(parts))
        yield from (found[key] for key in chunk if key in found)


def title(connection: sqlite3.Connection, key: int) -> str:
    """Return the title of a paper, a removed one too."""
    (found,) = connection.execute("SELECT title FROM papers WHERE key = ?", (key,)).fetchone()
    return as_line(found)


def tags_of(connection: sqlite3.Connection, keys: Sequence[int]) -> dict[int, list[str]]:
    """Return the tags of these papers by name, without regard to case."""
    found: dict[int, list[str]] = {key: [] for key in keys}
    for chunk in _chunks(keys):
        found |= _tags(connection, chunk)
    return found


def tagged(connection: sqlite3.Connection, keys: Sequence[int], tag: int) -> Iterator[int]:
    """Yield those of these papers that have the tag of this key, asking for more as it goes on."""
    for chunk in _chunks(keys):
        found = {
            key
            for (key,) in connection.execute(
                "SELECT paper FROM paper_tags"  # noqa: S608 as above
                f" WHERE tag = ? AND paper IN ({_marks(chunk)})",
                (tag, *chunk),
            )
        }
        yield from (key for key in chunk if key in found)


def days(connection: sqlite3.Connection, keys: Sequence[int]) -> Iterator[str | None]:
    """Yield the day of each of these papers, in their order, asking for more as it goes on."""
    for chunk in _chunks(keys):
        found: dict[int, str | None] = dict(
            connection.execute(
                f"SELECT key, day FROM papers WHERE key IN ({_marks(chunk)})",  # noqa: S608 as above
                chunk,
            ).fetchall()
        )
        yield from (found.get(key) for key in chunk)


def _paper(
    row: tuple[Any, ...],
    identifiers: list[Identifier],
    sightings: list[Sighting],
    tags: list[str],
    other_abstracts: list[OtherAbstract],
) -> Paper:
    key, title, abstract, authors, published, listed, votes, comments = row[:8]
    links, categories, keywords, venue, organisation, summary, added = row[8:15]
    is_removed, provenance, note, citation_key = row[15:]
    return Paper(
        key=key,
        title=as_line(title),
        abstract=as_text(abstract),
        authors=_lines(authors),
        identifiers=tuple(identifiers),
        published=_day(published),
        listed=_day(listed),
        listed_is_guess=_is_guess(sightings, listed),
        votes=votes,
        comments=comments,
        links=links_of(
            title=title,
            abstract=abstract,
            given=links_from_column(links),
            identifiers=identifiers,
            in_feed=_is_in_feed(sightings),
        ),
        categories=_lines(categories),
        keywords=_lines(keywords),
        venue=as_line(venue),
        organisation=as_line(organisation),
        summary=as_text(summary),
        sightings=tuple(sightings),
        other_abstracts=ranked_abstracts(other_abstracts),
        provenance=_provenance(provenance),
        tags=tuple(tags),
        added=as_line(added),
        note=as_note(note),
        citation_key=citation_key if citation_key and is_citation_key(citation_key) else "",
        is_removed=bool(is_removed),
    )


def _is_in_feed(sightings: list[Sighting]) -> bool:
    return any(sighting.source in FEED_SOURCES for sighting in sightings)


def _is_guess(sightings: list[Sighting], listed: str | None) -> bool:
    of_the_day = [sighting.day_is_guess for sighting in sightings if sighting.day == listed]
    return bool(of_the_day) and all(of_the_day)


def _provenance(text: str) -> tuple[Provenance, ...]:
    stamps: dict[str, str] = json.loads(text)
    found = []
    for field in FACT_COLUMNS:
        if field in stamps:
            source, _, day = stamps[field].partition(" ")
            found.append(Provenance(field, as_line(source), as_line(day)))
    return tuple(found)


def _sightings(connection: sqlite3.Connection, chunk: Sequence[int]) -> dict[int, list[Sighting]]:
    found: dict[int, list[Sighting]] = defaultdict(list)
    for paper, *facts in connection.execute(
        f"SELECT paper, {SIGHTING_COLUMNS} FROM sightings"  # noqa: S608 as above
        f" WHERE paper IN ({_marks(chunk)}) ORDER BY day, source, seen",
        chunk,
    ):
        found[paper].append(Sighting.of_row(_as_lines(facts)))
    return found


def _other_abstracts(
    connection: sqlite3.Connection, chunk: Sequence[int]
) -> dict[int, list[OtherAbstract]]:
    found: dict[int, list[OtherAbstract]] = defaultdict(list)
    for paper, source, day, text in connection.execute(
        "SELECT paper, source, day, text FROM other_abstracts"  # noqa: S608 as above
        f" WHERE paper IN ({_marks(chunk)})",
        chunk,
    ):
        found[paper].append(OtherAbstract(as_line(source), as_line(day), as_text(text)))
    return found


def _tags(connection: sqlite3.Connection, chunk: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for paper, name in connection.execute(
        "SELECT paper, name FROM paper_tags JOIN tags ON tags.key = tag"  # noqa: S608 as above
        f" WHERE paper IN ({_marks(chunk)}) ORDER BY fold",
        chunk,
    ):
        found[paper].append(as_line(name))
    return found


def _apart(connection: sqlite3.Connection, chunk: Sequence[int]) -> dict[int, set[str]]:
    """Return the `id` of each paper that stands for one which is kept apart from these."""
    found: dict[int, set[str]] = defaultdict(set)
    for paper, other in connection.execute(
        f"SELECT paper, other FROM apart WHERE paper IN ({_marks(chunk)})",  # noqa: S608 as above
        chunk,
    ).fetchall():
        key = paper_now(connection, other)
        (is_removed,) = connection.execute(
            "SELECT removed FROM papers WHERE key = ?", (key,)
        ).fetchone()
        if key != paper and not is_removed:
            named = canonical_ids(connection, [key])
            found[paper].add(named.get(key, f"paperdeck:{key}"))
    return found


def _parts(connection: sqlite3.Connection, chunk: Sequence[int]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = defaultdict(list)
    for paper, text in connection.execute(
        f"SELECT paper, text FROM joins WHERE paper IN ({_marks(chunk)}) ORDER BY key",  # noqa: S608 as above
        chunk,
    ).fetchall():
        join = join_of_text(text)
        if join.record is not None:
            found[paper].append(Part(join.record, join.changes, is_paper=False))
        elif join.other is not None:
            (other,) = papers(connection, [join.other])
            # What it was apart from is of no account until it is split off again.
            was = replace(other, tags=join.tags, apart=())
            found[paper].append(Part(was, join.changes, is_paper=True))
    return found


def _day(text: str | None) -> str | None:
    """Return a day, a month or a year; None for what is none."""
    return text if text and _DAY.fullmatch(text) else None


def _lines(column: str) -> tuple[str, ...]:
    """Return the lines that a column holds as JSON."""
    return tuple(map(as_line, json.loads(column)))


def _as_lines(row: Sequence[Any]) -> list[Any]:
    return [as_line(value) if isinstance(value, str) else value for value in row]


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


def _marks(chunk: Sequence[int]) -> str:
    return ", ".join("?" * len(chunk))

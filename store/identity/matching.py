"""Which paper of the library a record speaks of."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from store.identifiers import SCHEMES
from store.identity.evidence import Evidence, agree, contradict, have_one_author
from store.identity.joined import paper_now, said_most_likely
from store.identity.titles import TELLING_WORDS, are_alike, is_telling
from store.text import fold, fold_title

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from store.models import Identifier, Record


class Clash(NamedTuple):
    """An identifier of a record that belongs to another paper than the record's own."""

    identifier: Identifier
    paper: int
    """The paper that has it."""


class Match(NamedTuple):
    """What the library knows of a record's identity."""

    paper: int | None
    """The paper that it speaks of, a removed one included; None for a new one."""
    identifiers: tuple[Identifier, ...]
    """Those of its identifiers that no other paper has."""
    clashes: tuple[Clash, ...]
    """The others."""
    title_fold: str = ""
    """The record's title as `fold_title` gives it, where the title was asked about."""
    is_judged: bool = False
    """Whether words told the paper, which may deceive."""


class _Candidate(NamedTuple):
    """A paper that has the title of a record."""

    key: int
    """The paper that stands for it now."""
    row: int
    """Its own."""
    title: str
    schemes: frozenset[str]
    """Of its identifiers."""
    evidence: Evidence


def find_paper(connection: sqlite3.Connection, record: Record) -> Match:
    """Return which paper `record` speaks of.

    A shared identifier decides, arXiv's before others; but a DOI alone does not where the titles
    are unlike, or merely alike and the authors others: that is somebody's mistake, or the DOI of
    a whole volume, and a clash. Else a title joins a record to a paper whose title is the same
    after folding, when what both say beside it does not tell them apart
    (`store.identity.evidence`), one of the two has no identifier, there is one candidate only, and
    the title is not a generic one; or where each has an identifier of another register and all
    that they say agrees. A record without identifier is that paper in any case whose title it
    repeats, if it repeats the abstract too, or the paper was seen in its source on its day: so
    that the same page again adds nothing, whatever came in since. Papers that the reader has
    taken apart stay so, and what was said of one that was joined to another is said of that
    one.
    """
    match = _find_by_identifier(connection, record)
    if match.paper is None:
        title = fold_title(record.title)
        found = _find_by_title(connection, record, title, has_identifier=bool(match.identifiers))
        is_judged = found is not None
        match = match._replace(paper=found, title_fold=title, is_judged=is_judged)
    if match.paper is None:
        return match
    paper = said_most_likely(connection, match.paper, record)
    if paper == match.paper:
        return match
    # The reader took it from the other paper, which has kept their identifiers.
    own = _unowned(connection, record.identifiers)
    return Match(paper, own, (), match.title_fold)


def _find_by_identifier(connection: sqlite3.Connection, record: Record) -> Match:
    found: int | None = None
    is_judged = False
    own: list[Identifier] = []
    clashes: list[Clash] = []
    for identifier in _by_preference(record.identifiers):
        row = connection.execute(
            "SELECT paper, title, authors FROM identifiers JOIN papers ON papers.key = paper"
            " WHERE scheme = ? AND value = ?",
            (identifier.scheme, identifier.value),
        ).fetchone()
        if row is None or row[0] == found:
            own.append(identifier)
        elif found is None and (identifier.scheme != "doi" or _may_share_doi(record, *row[1:])):
            found = int(row[0])
            is_judged = identifier.scheme == "doi" and not _have_one_title(record.title, row[1])
            own.append(identifier)
        else:
            clashes.append(Clash(identifier, int(row[0])))
    return Match(found, tuple(own), tuple(clashes), is_judged=is_judged)


def _may_share_doi(record: Record, title: str, authors: str) -> bool:
    return _have_one_title(record.title, title) or (
        are_alike(record.title, title)
        and have_one_author(record.authors, json.loads(authors)) is not False
    )


def _have_one_title(one: str, other: str) -> bool:
    return fold_title(one) == fold_title(other)


def _by_preference(identifiers: tuple[Identifier, ...]) -> list[Identifier]:
    return sorted(identifiers, key=lambda identifier: SCHEMES.index(identifier.scheme))


def _unowned(
    connection: sqlite3.Connection, identifiers: Iterable[Identifier]
) -> tuple[Identifier, ...]:
    """Return the identifiers that no paper has."""
    return tuple(
        one
        for one in identifiers
        if connection.execute(
            "SELECT 1 FROM identifiers WHERE scheme = ? AND value = ?", (one.scheme, one.value)
        ).fetchone()
        is None
    )


def _find_by_title(
    connection: sqlite3.Connection, record: Record, title: str, *, has_identifier: bool
) -> int | None:
    rows = connection.execute(
        "SELECT key, title, authors, published, venue, abstract,"
        " (SELECT group_concat(scheme) FROM identifiers WHERE paper = papers.key)"
        " FROM papers WHERE title_fold = ? ORDER BY key",
        (title,),
    ).fetchall()
    if not rows:  # nearly every time
        return None
    own = _evidence_of(record)
    candidates = [
        one
        for one in (_candidate(connection, row) for row in rows)
        if not contradict(own, one.evidence)
    ]
    tells = is_telling(title)
    if not has_identifier:
        for one in candidates:
            if fold(one.title) == fold(record.title) and (
                _has_abstract(connection, one, record.abstract)
                or (tells and _was_seen(connection, one.row, record))
            ):
                return one.key
    if not tells or len({one.key for one in candidates}) != 1:
        return None
    return candidates[0].key if _may_share_title(record, title, own, candidates) else None


def _may_share_title(
    record: Record, title: str, own: Evidence, candidates: Sequence[_Candidate]
) -> bool:
    """Tell whether a record is of the one paper that has its title."""
    schemes = {identifier.scheme for identifier in record.identifiers}
    known = frozenset().union(*(one.schemes for one in candidates))
    if not schemes or not known:
        return True
    return (
        schemes.isdisjoint(known)
        and len(title.split()) >= TELLING_WORDS
        and any(agree(own, one.evidence) for one in candidates)
    )


def _candidate(connection: sqlite3.Connection, row: Sequence[Any]) -> _Candidate:
    key, title, authors, published, venue, abstract, schemes = row
    named = frozenset((schemes or "").split(",")) - {""}
    evidence = Evidence(
        tuple(json.loads(authors)), published or "", venue, abstract, "arxiv" in named
    )
    return _Candidate(paper_now(connection, key), key, title, named, evidence)


def _evidence_of(record: Record) -> Evidence:
    is_on_arxiv = any(identifier.scheme == "arxiv" for identifier in record.identifiers)
    return Evidence(
        record.authors, record.published or "", record.venue, record.abstract, is_on_arxiv
    )


def _has_abstract(connection: sqlite3.Connection, candidate: _Candidate, abstract: str) -> bool:
    wanted = fold(abstract)
    if fold(candidate.evidence.abstract) == wanted:
        return True
    others = connection.execute(
        "SELECT text FROM other_abstracts WHERE paper IN (?, ?)", (candidate.row, candidate.key)
    )
    return any(fold(text) == wanted for (text,) in others)


def _was_seen(connection: sqlite3.Connection, key: int, record: Record) -> bool:
    return any(
        connection.execute(
            "SELECT 1 FROM sightings WHERE paper = ? AND source = ? AND day = ?",
            (key, sighting.source, sighting.day),
        ).fetchone()
        for sighting in record.sightings
    )

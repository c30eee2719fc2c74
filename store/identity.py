"""Which paper of the library a record speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.identifiers import SCHEMES, read_identifier
from store.text import fold, fold_title, tokens

if TYPE_CHECKING:
    import sqlite3

    from store.models import Identifier, Record

GENERIC_TITLES = frozenset(
    {
        "abstracts",
        "acknowledgements",
        "appendix",
        "author index",
        "back matter",
        "bibliography",
        "book review",
        "conclusion",
        "conclusions",
        "contents",
        "correction",
        "corrigendum",
        "discussion",
        "editorial",
        "errata",
        "erratum",
        "foreword",
        "front matter",
        "glossary",
        "guest editorial",
        "in memoriam",
        "index",
        "introduction",
        "list of reviewers",
        "overview",
        "preface",
        "proceedings",
        "references",
        "retraction",
        "summary",
        "table of contents",
        "untitled",
    }
)
"""Folded titles that many different works have."""


_LIKE_TITLES = 0.5
"""Two titles are like each other if they share so much of the shorter one's words."""


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


def find_paper(connection: sqlite3.Connection, record: Record) -> Match:
    """Return which paper `record` speaks of.

    A shared identifier decides, arXiv's before others; but a DOI alone does not where the titles
    are unlike: that is somebody's mistake, and a clash. Else a title joins a record to a paper
    whose title is the same after folding, when one of the two has no identifier, there is one
    candidate only, and the title is not a generic one. A record without identifier is that paper
    in any case whose title it repeats, if it repeats the abstract too, or the paper was seen in
    its source on its day: so that the same page again adds nothing, whatever came in since.
    """
    found: int | None = None
    own: list[Identifier] = []
    clashes: list[Clash] = []
    for identifier in _by_preference(record.identifiers):
        row = connection.execute(
            "SELECT paper, title FROM identifiers JOIN papers ON papers.key = paper"
            " WHERE scheme = ? AND value = ?",
            (identifier.scheme, identifier.value),
        ).fetchone()
        if row is None or row[0] == found:
            own.append(identifier)
        elif found is None and (identifier.scheme != "doi" or are_alike(record.title, row[1])):
            found = int(row[0])
            own.append(identifier)
        else:
            clashes.append(Clash(identifier, int(row[0])))
    if found is not None:
        return Match(found, tuple(own), tuple(clashes))
    title = fold_title(record.title)
    found = _find_by_title(connection, record, title, has_identifier=bool(own))
    return Match(found, tuple(own), tuple(clashes), title)


def are_alike(one: str, other: str) -> bool:
    """Tell whether two titles may be those of one paper, worded anew.

    One without words may be any paper's, as well as one that is but an identifier: a list gave no
    other, and a later import completes it.
    """
    if read_identifier(one) or read_identifier(other):
        return True
    words, others = ({token.term for token in tokens(title)} for title in (one, other))
    shorter = min(len(words), len(others))
    return len(words & others) >= shorter * _LIKE_TITLES


def _by_preference(identifiers: tuple[Identifier, ...]) -> list[Identifier]:
    return sorted(identifiers, key=lambda identifier: SCHEMES.index(identifier.scheme))


def _find_by_title(
    connection: sqlite3.Connection, record: Record, title: str, *, has_identifier: bool
) -> int | None:
    candidates = connection.execute(
        "SELECT key, title, abstract, EXISTS (SELECT 1 FROM identifiers WHERE paper = papers.key)"
        " FROM papers WHERE title_fold = ? ORDER BY key",
        (title,),
    ).fetchall()
    # A title of signs alone folds to nothing, as all others of its kind.
    is_telling = bool(title) and title not in GENERIC_TITLES
    if not has_identifier:
        for key, other_title, other_abstract, _ in candidates:
            if fold(other_title) == fold(record.title) and (
                fold(other_abstract) == fold(record.abstract)
                or (is_telling and _was_seen(connection, key, record))
            ):
                return int(key)
    if not is_telling or len(candidates) != 1:
        return None
    key, *_, candidate_has_identifier = candidates[0]
    return None if has_identifier and candidate_has_identifier else int(key)


def _was_seen(connection: sqlite3.Connection, key: int, record: Record) -> bool:
    return any(
        connection.execute(
            "SELECT 1 FROM sightings WHERE paper = ? AND source = ? AND day = ?",
            (key, sighting.source, sighting.day),
        ).fetchone()
        for sighting in record.sightings
    )

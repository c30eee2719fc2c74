"""Which paper of the library a record speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.identifiers import SCHEMES
from store.text import fold, fold_title

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


def find_paper(connection: sqlite3.Connection, record: Record) -> int | None:
    """Return the key of the paper that `record` speaks of, a removed one included, or None.

    A shared identifier decides. Else a title joins a record to a paper whose title is the same
    after folding, when one of the two has no identifier, there is one candidate only, and the
    title is not a generic one. A record without identifier is that paper in any case whose title
    it repeats, if it repeats the abstract too, or the paper was seen in its source on its day:
    so that the same page again adds nothing, whatever came in since.
    """
    for identifier in _by_preference(record.identifiers):
        row = connection.execute(
            "SELECT paper FROM identifiers WHERE scheme = ? AND value = ?",
            (identifier.scheme, identifier.value),
        ).fetchone()
        if row:
            return int(row[0])
    return _find_by_title(connection, record)


def _by_preference(identifiers: tuple[Identifier, ...]) -> list[Identifier]:
    return sorted(identifiers, key=lambda identifier: SCHEMES.index(identifier.scheme))


def _find_by_title(connection: sqlite3.Connection, record: Record) -> int | None:
    title = fold_title(record.title)
    candidates = connection.execute(
        "SELECT key, title, abstract, EXISTS (SELECT 1 FROM identifiers WHERE paper = papers.key)"
        " FROM papers WHERE title_fold = ? ORDER BY key",
        (title,),
    ).fetchall()
    # A title of signs alone folds to nothing, as all others of its kind.
    is_telling = bool(title) and title not in GENERIC_TITLES
    if not record.identifiers:
        for key, other_title, other_abstract, _ in candidates:
            if fold(other_title) == fold(record.title) and (
                fold(other_abstract) == fold(record.abstract)
                or (is_telling and _was_seen(connection, key, record))
            ):
                return int(key)
    if not is_telling or len(candidates) != 1:
        return None
    key, *_, has_identifier = candidates[0]
    return None if record.identifiers and has_identifier else int(key)


def _was_seen(connection: sqlite3.Connection, key: int, record: Record) -> bool:
    return any(
        connection.execute(
            "SELECT 1 FROM sightings WHERE paper = ? AND source = ? AND day = ?",
            (key, sighting.source, sighting.day),
        ).fetchone()
        for sighting in record.sightings
    )

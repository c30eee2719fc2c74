"""Writing the reader's decisions as lines.

The format is that of `store.decisions.lines`: sorted, one line for a paper, with nothing in it that
changes without a decision, so that a dump merges under git.
"""

from __future__ import annotations

import heapq
from itertools import chain, starmap
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from store.decisions.lines import (
    DUMP_END,
    HEADER,
    HEADER_WITH_NOTES,
    HEADER_WITH_PAIRS,
    LONGEST_LINE,
    short_title,
    to_line,
)
from store.decisions.pairs import pairs_of
from store.decisions.statements import PaperNote, SavedView
from store.identifiers import SCHEMES
from store.identity.targets import title_target
from store.record.database import one_commit
from store.searching.conditions import WITH_NOTE
from store.text import as_line, as_note, fold_case, is_one_word

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from store.decisions.statements import PaperPair, Statement

_RANKS = " ".join(f"WHEN '{scheme}' THEN {rank}" for rank, scheme in enumerate(SCHEMES))
# A title names one of the papers without an identifier only if no other of them has it.
_IS_ALONE = """
    target IS NULL AND title_fold != '' AND NOT EXISTS (
        SELECT 1 FROM papers AS other
        WHERE other.title_fold = papers.title_fold AND other.key != papers.key
        AND other.removed = 0
        AND NOT EXISTS (SELECT 1 FROM identifiers WHERE paper = other.key))
"""
# Beside min() the other columns are those of the row that has it. Papers without an identifier
# come first.
_PAPERS = f"""
    SELECT papers.key, title, target, {_IS_ALONE},
        (SELECT group_concat(name, ' ') FROM paper_tags JOIN tags ON tags.key = tag
         WHERE paper = papers.key)
    FROM papers LEFT JOIN (
        SELECT paper, scheme || ':' || value AS target,
            min(CASE scheme {_RANKS} END || ':' || value) FROM identifiers GROUP BY paper
    ) ON paper = papers.key
    WHERE removed = 0 ORDER BY target
"""  # noqa: S608 our own words
# Few papers have a note: the identifiers of each are looked up.
_NOTES = f"""
    SELECT key, title, target, {_IS_ALONE}, note FROM (
        SELECT key, title, title_fold, note, (
            SELECT scheme || ':' || value FROM identifiers WHERE paper = papers.key
            ORDER BY CASE scheme {_RANKS} END, value LIMIT 1) AS target
        FROM {WITH_NOTE} AND removed = 0
    ) AS papers
"""  # noqa: S608 as above


_PaperRow: TypeAlias = "tuple[int, str, str | None, int, str | None]"


class _PaperLine(NamedTuple):
    target: str
    line: str


class _Moment(NamedTuple):
    """What a dump is made of, as of one moment."""

    views: list[SavedView]
    pairs: list[PaperPair]
    notes: list[PaperNote]
    papers: Iterator[_PaperRow]


def dump_lines(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield the lines of a dump with their ends: a header, views, pairs, notes, then every paper.

    Views are sorted by name, the others by what names the paper: the canonical identifier,
    else the title, else the library's own number. All are of the moment at which the first line is
    taken.
    """
    views, pairs, notes, papers = _at_one_moment(connection)
    header = HEADER_WITH_PAIRS if pairs else HEADER_WITH_NOTES if notes else HEADER
    yield f"{header}\n"
    statements: tuple[Statement, ...] = (*views, *pairs, *notes)
    for statement in statements:
        yield f"{to_line(statement)}\n"
    for paper in _paper_lines(papers):
        yield f"{paper.line}\n"
    yield f"{DUMP_END}\n"


def _at_one_moment(connection: sqlite3.Connection) -> _Moment:
    # Afterwards SQLite still reads the papers as of then. The transaction can't stay open
    # while lines are taken: what this connection writes meanwhile would be part of it.
    with one_commit(connection):
        papers = connection.execute(_PAPERS)
        views = connection.execute("SELECT name, query FROM views ORDER BY fold").fetchall()
        noted = connection.execute(_NOTES).fetchall()
        pairs = pairs_of(connection)
    notes = sorted(starmap(_note, noted), key=lambda one: one.target)
    return _Moment(
        [SavedView(name, _seen(query)) for name, query in views if is_one_word(name)],
        pairs,
        notes,
        papers,
    )


def _seen(query: str) -> str:
    """Return a query without what is not seen; blanks and line ends may be part of it."""
    if query.replace("\n", " ").isprintable():
        return query
    return "".join(char for char in query if char.isprintable() or char in "\n\t\u200c\u200d")


def _note(key: int, title: str, target: str | None, is_alone: int, text: str) -> PaperNote:
    named, comment = _named(key, title, target, is_alone)
    return PaperNote(as_note(text), named, title=short_title(comment))


def _named(key: int, title: str, target: str | None, is_alone: int) -> tuple[str, str]:
    """Return what names a paper, and the title to stand behind it; '' where it is the name."""
    title = as_line(title)
    if target is not None and is_one_word(target):
        return target, title
    if target is None and is_alone and len(title) < LONGEST_LINE // 2:
        return title_target(title), ""
    return f"paperdeck:{key}", title


def _paper_lines(rows: Iterator[_PaperRow]) -> Iterator[_PaperLine]:
    words = _Words()
    unregistered = []
    for row in rows:
        key, title, target, is_alone, tags = row
        if target is not None:
            rows = chain((row,), rows)
            break
        unregistered.append(_paper_line(words[tags], *_named(key, title, target, is_alone)))
    registered = (_paper_line(words[row[4]], *_named(*row[:4])) for row in rows)
    return heapq.merge(sorted(unregistered), registered)


class _Words(dict[str | None, str]):
    """Tags as SQLite joins them, to the words of a line; few combinations serve most papers."""

    def __missing__(self, joined: str | None) -> str:
        given = filter(is_one_word, joined.split(" ")) if joined else ()
        names = sorted(given, key=fold_case)
        words = self[joined] = "".join(f"+{name} " for name in names)
        return words


def _paper_line(words: str, target: str, title: str) -> _PaperLine:
    comment = f"  # {short_title(title)}" if title else ""
    return _PaperLine(target, f"{words}-- {target}{comment}")

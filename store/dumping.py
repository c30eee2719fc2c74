"""Writing the reader's decisions as lines.

The format is that of `store.decisions`: sorted, one line for a paper, with nothing in it that
changes without a decision, so that a dump merges under git.
"""

from __future__ import annotations

import heapq
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from store.decisions import HEADER, LONGEST_LINE, SavedView, short_title, title_target, to_line
from store.identifiers import SCHEMES
from store.text import fold_case

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_RANKS = " ".join(f"WHEN '{scheme}' THEN {rank}" for rank, scheme in enumerate(SCHEMES))
# Beside min() the other columns are those of the row that has it. Papers without an identifier
# come first; a title names one of them only if no other of them has it.
_PAPERS = f"""
    SELECT papers.key, title, target,
        (SELECT group_concat(name, ' ') FROM paper_tags JOIN tags ON tags.key = tag
         WHERE paper = papers.key),
        target IS NULL AND title_fold != '' AND NOT EXISTS (
            SELECT 1 FROM papers AS other
            WHERE other.title_fold = papers.title_fold AND other.key != papers.key
            AND other.removed = 0
            AND NOT EXISTS (SELECT 1 FROM identifiers WHERE paper = other.key))
    FROM papers LEFT JOIN (
        SELECT paper, scheme || ':' || value AS target,
            min(CASE scheme {_RANKS} END || ':' || value) FROM identifiers GROUP BY paper
    ) ON paper = papers.key
    WHERE removed = 0 ORDER BY target
"""  # noqa: S608 our own words


_PaperRow: TypeAlias = "tuple[int, str, str | None, str | None, int]"


class _PaperLine(NamedTuple):
    target: str
    line: str


def dump_lines(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield the lines of a dump with their ends: a header, the views, then every paper.

    Views are sorted by name, papers by what names them: the canonical identifier, else the title,
    else the library's own number. All are of the moment at which the first line is taken.
    """
    views, papers = _at_one_moment(connection)
    yield f"{HEADER}\n"
    for view in views:
        yield f"{to_line(view)}\n"
    for paper in _paper_lines(papers):
        yield f"{paper.line}\n"


def _at_one_moment(connection: sqlite3.Connection) -> tuple[list[SavedView], Iterator[_PaperRow]]:
    # After COMMIT SQLite still reads the papers as of then. The transaction can't stay open
    # while lines are taken: what this connection writes meanwhile would be part of it.
    is_own = not connection.in_transaction
    if is_own:
        connection.execute("BEGIN")
    try:
        papers = connection.execute(_PAPERS)
        views = connection.execute("SELECT name, query FROM views ORDER BY fold").fetchall()
    finally:
        if is_own:
            connection.execute("COMMIT")
    return [SavedView(name, query) for name, query in views], papers


def _paper_lines(rows: Iterator[_PaperRow]) -> Iterator[_PaperLine]:
    words = _Words()
    unregistered = []
    for row in rows:
        key, title, target, tags, is_alone = row
        if target is not None:
            rows = chain((row,), rows)
            break
        if is_alone and len(title) < LONGEST_LINE // 2:
            unregistered.append(_paper_line(title_target(title), words[tags]))
        else:
            unregistered.append(_paper_line(f"paperdeck:{key}", words[tags], title))
    registered = (_paper_line(str(row[2]), words[row[3]], row[1]) for row in rows)
    return heapq.merge(sorted(unregistered), registered)


class _Words(dict[str | None, str]):
    """Tags as SQLite joins them, to the words of a line; few combinations serve most papers."""

    def __missing__(self, joined: str | None) -> str:
        names = sorted(joined.split(" "), key=fold_case) if joined else []
        words = self[joined] = "".join(f"+{name} " for name in names)
        return words


def _paper_line(target: str, words: str, title: str = "") -> _PaperLine:
    comment = f"  # {short_title(title)}" if title else ""
    return _PaperLine(target, f"{words}-- {target}{comment}")

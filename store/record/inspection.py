"""Whether a record is what its program made of it: pages, references, kept counts and values."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from store.migrations import APPLICATION_ID, MIGRATIONS, are_in_order, empty_after, recorded
from store.record.values import wrong_values

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

MOST_FAULTS = 5
"""So many faults of a kind are named: of a file in ruins every page is one."""

_OF_UNREAD = (
    " JOIN paper_tags AS other ON other.paper = one.paper"
    " AND other.tag = (SELECT key FROM tags WHERE fold = 'unread')"
)
_COUNT_PAPERS = "SELECT count(*) FROM papers WHERE removed = 0"
_COUNT_TAGGED = "SELECT tag, count(*) AS number FROM paper_tags GROUP BY tag"
_COUNT_UNREAD = (
    f"SELECT one.tag AS tag, count(*) AS number FROM paper_tags AS one{_OF_UNREAD}"  # noqa: S608 our own words
    " GROUP BY one.tag"
)
_OTHER_ORDER = (
    "papers.key = paper AND (paper_tags.day, paper_tags.votes) IS NOT (papers.day, papers.votes)"
)
_PUT_IN_ORDER = (
    "UPDATE paper_tags SET day = papers.day, votes = papers.votes"  # noqa: S608 our own words
    f" FROM papers WHERE {_OTHER_ORDER}"
)
_FIND_DISORDER = f"SELECT 1 FROM paper_tags JOIN papers ON {_OTHER_ORDER}"  # noqa: S608 as above

_COALESCED = "coalesce(number, 0)"


def _of_tags(column: str, counted: str) -> tuple[str, str]:
    """Return how a count of each tag is made anew, and what finds it wrong."""
    number = f"SELECT number FROM ({counted}) WHERE tag = tags.key"  # noqa: S608 our own words
    return (
        f"UPDATE tags SET {column} = coalesce(({number}), 0)",  # noqa: S608 our own words
        f"SELECT 1 FROM tags LEFT JOIN ({counted}) ON tag = key WHERE {column} != {_COALESCED}",  # noqa: S608 our own words
    )


COUNTS: Mapping[str, tuple[str, str]] = {
    "library.papers": (
        f"UPDATE library SET papers = ({_COUNT_PAPERS})",  # noqa: S608 our own words
        f"SELECT 1 FROM library WHERE papers != ({_COUNT_PAPERS})",  # noqa: S608 our own words
    ),
    "tags.papers": _of_tags("papers", _COUNT_TAGGED),
    "tags.unread": _of_tags("unread", _COUNT_UNREAD),
    "paper_tags.day": (_PUT_IN_ORDER, _FIND_DISORDER),
}
"""What is kept beside the rows that it is made of: how it is made anew, and what finds it wrong."""


def faults(connection: sqlite3.Connection, *, thoroughly: bool = True) -> list[str]:
    """Return what is wrong with a record, as sentences; nothing where all is well.

    Not `thoroughly`, only whether every page can be read. Raises `sqlite3.DatabaseError`
    where it can't even be asked.
    """
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    if mark != APPLICATION_ID:
        return ["it is not marked as a library"]
    check = "integrity_check" if thoroughly else "quick_check"
    said = [str(line) for (line,) in connection.execute(f"PRAGMA {check}({MOST_FAULTS})")]
    if said != ["ok"]:
        lines = [line for text in said for line in text.splitlines()]
        # A heading tells which database; there is one.
        return [line for line in lines if not line.startswith("***")][:MOST_FAULTS] or said
    return list(_faults(connection)) if thoroughly else []


def schema_after(steps: Sequence[str]) -> dict[tuple[str, str], str]:
    """Return what a library that has taken these steps is built of, by kind and name."""
    with empty_after(steps) as model:
        return schema_of(model)


def schema_of(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Return what a library is built of: the statements, by kind and name."""
    found = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {(kind, name): sql for kind, name, sql in found}


def _faults(connection: sqlite3.Connection) -> Iterator[str]:
    broken = connection.execute("SELECT * FROM pragma_foreign_key_check LIMIT ?", (MOST_FAULTS,))
    for table, _, parent, _ in broken.fetchall():
        yield f"a row of '{table}' is of a row of '{parent}' that is not there"
    steps = recorded(connection)
    if not are_in_order(steps):
        yield "it has not taken the steps to its format in their order"
        return
    present = schema_of(connection)
    for kind, name in schema_after(steps):
        if (kind, name) not in present:
            yield f"the {kind} '{name}' is not there"
    if steps == list(MIGRATIONS):
        for name, (_, wrong) in COUNTS.items():
            if connection.execute(f"{wrong} LIMIT 1").fetchone():
                yield f"'{name}' is not what it is made of"
    if connection.execute("SELECT count(*) FROM library").fetchone() != (1,):
        yield "the library has not one row that says which it is"
    unread = Counter((one.field.table, one.field.name) for one in wrong_values(connection))
    for (table, column), number in unread.most_common(MOST_FAULTS):
        values = "a value" if number == 1 else f"{number:,} values"
        yield f"{values} of '{table}.{column}' can't be read"

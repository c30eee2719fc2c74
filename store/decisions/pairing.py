"""Carrying out what a list of decisions says of which names are of one paper, and which of two."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.changes.change import Change, apply
from store.decisions.pairnames import Name
from store.decisions.papernames import papers_named, standing_for
from store.decisions.statements import PaperPair
from store.errors import JoinError
from store.imports.joining import join_papers, split_paper

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from store.decisions.statements import Statement
    from store.record.database import Database


class Paired(NamedTuple):
    """What came of the pairs of a list."""

    made: tuple[Change, ...] = ()
    unknown: tuple[PaperPair, ...] = ()
    """Those of which the library does not have both papers."""


class _NotPartedError(Exception):
    """Splitting a paper gave none of the name that it was split for."""


def pair(database: Database, statements: Iterable[Statement], now: str) -> Paired:
    """Join and split papers as the pairs among `statements` say; `now` is the UTC time to note.

    A paper is split where it has both names, or one and nobody the other, and only if its parts
    have both then: the library may have made one of what is to be two.
    """
    pairs = [one for one in statements if isinstance(one, PaperPair)]
    if not pairs:
        return Paired()
    made: list[Change] = []
    with database.atomic() as connection:
        for one in pairs:
            if not one.are_one:
                made += _parted(database, one, now)
        unknown = []
        # What is apart from a paper is apart from all that it is made of: those come last.
        for one in sorted(pairs, key=lambda one: not one.are_one):
            match _papers(connection, one):
                case (first, second) if one.are_one:
                    made += join_papers(connection, (first, second), now)[1]
                case (first, second):
                    made += _kept_apart(connection, first, second)
                case (_,) if one.are_one:
                    pass
                case _:
                    unknown.append(one)
    return Paired(tuple(made), tuple(unknown))


def _parted(database: Database, one: PaperPair, now: str) -> list[Change]:
    """Split the paper that stands for both of a pair, if that gives both; return what was done.

    What was joined to it may have been joined before: it is split until they are two.
    """
    made: list[Change] = []
    try:
        with database.atomic() as connection:
            while (whole := _standing_for_both(connection, one)) is not None:
                made += split_paper(connection, whole, now)[0]
    except (JoinError, _NotPartedError):
        return []
    return made


def _standing_for_both(connection: sqlite3.Connection, one: PaperPair) -> int | None:
    """Return the paper that has both names, or the one and nobody has the other; None for two."""
    found = {key for key in _found(connection, one) if key is not None}
    if not found:
        raise _NotPartedError
    return found.pop() if len(found) == 1 else None


def _kept_apart(connection: sqlite3.Connection, one: int, other: int) -> list[Change]:
    return apply(
        connection,
        [Change(one, "apart", None, str(other)), Change(other, "apart", None, str(one))],
    )


def _papers(connection: sqlite3.Connection, one: PaperPair) -> tuple[int, ...]:
    """Return the paper that a pair names, or the two; none where one is not there."""
    first, second = _found(connection, one)
    if first is None or second is None:
        return ()
    return (first,) if first == second else (first, second)


def _found(connection: sqlite3.Connection, one: PaperPair) -> tuple[int | None, int | None]:
    """Return the papers that stand for the two names of a pair, where there are such."""
    names = (Name(one.target, one.title), Name(one.other, one.title))
    known = papers_named(connection, names)
    first, second = (known.get(name.target) or standing_for(connection, name) for name in names)
    return first, second

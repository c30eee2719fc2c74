"""Changes to papers as values: each sets one thing from what it was to what it shall be.

Every write to a paper after its creation goes through `apply`, whether it comes from a key, an
import, undo or redo. A change takes effect only where the present value is its `before`: that is
what makes undo restore only what nobody has changed since.
"""

from __future__ import annotations

from itertools import chain, groupby
from typing import TYPE_CHECKING, NamedTuple

from store.changes.fields import FACT_COLUMNS, TEXT_COLUMNS, apply_to_field, settle_paper
from store.changes.tags import set_tag, take_off_tag
from store.record.database import grow_revision, note_text_commit
from store.record.touches import note_touches

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable


class Change(NamedTuple):
    """One thing of one paper, from `before` to `after`; None means that it is not there.

    `field` says what the two texts are:
    `tag`: a tag's name, in one of the two; `note`: the reader's note, empty where there is none;
    `identifier`: as `scheme:value`, in one of the two;
    `sighting`, `other abstract`: a JSON array of its fields; `join`: what became part of the
    paper, as `store.changes.joins` has it; `apart`: the key of a paper that it was taken from;
    `citation key`: what bibliographies call it; `paper`: the paper as a whole,
    standing for its tags as a JSON array of sorted names; `provenance.title` and the like: the
    stamp of that field; `view`, which belongs to no paper: a saved view as a JSON array of name
    and query; `tag name`, which belongs to none either: how a tag is spelled; else a column of
    `papers`, as that column keeps it.
    """

    paper: int | None
    field: str
    before: str | None
    after: str | None

    def reversed(self) -> Change:
        """Return the change that takes this one back."""
        return self._replace(before=self.after, after=self.before)


def apply(connection: sqlite3.Connection, changes: Iterable[Change]) -> list[Change]:
    """Make the changes, in order, and return those that took effect; inside `atomic`.

    The changes of one fact that follow each other, such as a title and its stamp, take effect all
    together or not at all.
    """
    made: list[Change] = []
    for together, group in groupby(changes, _together):
        match together:
            case None:
                made += (change for change in group if apply_to_field(connection, *change))
            case "tag", before, after:
                made += _apply_tag(connection, list(group), before, after)
            case _:
                made += _apply_together(connection, list(group))
    if made:
        _settle(connection, made, grow_revision(connection))
    return made


def net(steps: Iterable[tuple[int, Change]]) -> list[tuple[tuple[int, ...], Change]]:
    """Return what numbered changes, made one after the other, come to: each value once.

    The changes of one fact stand together, with the numbers of those they are made of. An import
    that has two records of one paper may change a title twice, or its stamp first and the title
    then: taken back one by one, such steps could leave what none of them made.
    """
    whole: list[tuple[tuple[int, ...], Change]] = []
    latest: dict[tuple[object, ...], int] = {}
    for number, change in steps:
        place = latest.pop(_place(change, change.before, change.after), None)
        if place is None:
            place = len(whole)
            whole.append(((number,), change))
        else:
            numbers, former = whole[place]
            whole[place] = ((*numbers, number), former._replace(after=change.after))
        latest[_place(change, change.after, change.before)] = place
    together: dict[tuple[object, ...], list[tuple[tuple[int, ...], Change]]] = {}
    for numbers, change in whole:
        if change.before != change.after:
            together.setdefault(_fact(change) or numbers, []).append((numbers, change))
    return list(chain.from_iterable(together.values()))


def _place(change: Change, value: str | None, other: str | None) -> tuple[object, ...]:
    # What is not there has no value of its own: it is told by what it was, or becomes.
    return (change.paper, change.field, value is None, other if value is None else value)


def _fact(change: Change) -> tuple[int | None, str] | None:
    """Return the paper and the fact that a change belongs to; None for what stands alone."""
    fact = "abstract" if change.field == "other abstract" else change.field.rpartition(".")[2]
    return (change.paper, fact) if fact in FACT_COLUMNS else None


def _together(change: Change) -> tuple[object, ...] | None:
    """Return what a change has in common with those after it that are made at once with it."""
    return ("tag", change.before, change.after) if change.field == "tag" else _fact(change)


def _apply_tag(
    connection: sqlite3.Connection, changes: list[Change], before: object, after: object
) -> list[Change]:
    papers = [change.paper for change in changes]
    if after is None:
        left = take_off_tag(connection, papers, str(before))
    else:
        left = set_tag(connection, papers, str(after))
    made = []
    for change in changes:
        # One that is named twice changed once.
        if change.paper in left:
            left.remove(change.paper)
            made.append(change)
    return made


def _apply_together(connection: sqlite3.Connection, changes: list[Change]) -> list[Change]:
    if len(changes) == 1:
        return changes if apply_to_field(connection, *changes[0]) else []
    connection.execute("SAVEPOINT fact")
    if all(apply_to_field(connection, *change) for change in changes):
        connection.execute("RELEASE fact")
        return changes
    connection.execute("ROLLBACK TO fact")
    connection.execute("RELEASE fact")
    return []


def _settle(connection: sqlite3.Connection, made: list[Change], revision: int) -> None:
    """Bring what is derived from the changed values up to date."""
    fields: dict[int, set[str]] = {}
    for paper, field, *_ in made:
        if paper is not None:
            fields.setdefault(paper, set()).add(field)
    for paper, changed in fields.items():
        settle_paper(connection, paper, changed)
    note_touches(connection, revision, fields)
    searchable = [paper for paper, changed in fields.items() if not changed.isdisjoint(_SEARCHABLE)]
    if searchable:
        connection.executemany(
            "UPDATE papers SET revision = ? WHERE key = ?",
            [(revision, paper) for paper in searchable],
        )
        note_text_commit(connection, revision)


_SEARCHABLE = frozenset({"paper", "note", *TEXT_COLUMNS})

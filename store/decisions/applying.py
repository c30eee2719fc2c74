"""Carrying out a list of edits in a library: all of its lines, or none if one is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.decisions.lines import SavedView, check_edits
from store.decisions.restoring import plan_restore
from store.errors import DecisionSyntaxError, EditsRefusedError, shown
from store.history import papers_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from store.decisions.lines import Statement
    from store.decisions.restoring import OnPaper, RestorePlan
    from store.history import History
    from store.record.database import Database
    from store.views import Views


@dataclass(frozen=True, slots=True)
class ApplyReport:
    """What a list of edits came to."""

    said: int
    """How many lines say something."""
    changed: tuple[int, ...]
    """Papers whose tags or notes are others now."""
    views: int
    """How many saved views are others now."""


def apply_edits(
    database: Database, history: History, views: Views, lines: Iterable[str], label: str
) -> ApplyReport:
    """Add tags and take them off as `lines` say, set notes and views, as one entry of the journal.

    Raises `EditsRefusedError` with every line that is wrong, before anything is changed; a line on
    a paper that the library does not have is one of them.
    """
    statements, refused = check_edits(lines)
    with database.atomic() as connection:
        plan = _plan(connection, views, statements, refused)
        if plan is None or refused:
            raise EditsRefusedError(sorted(refused, key=lambda error: error.line))
        made = history.act(plan.changes, label)
    changed_views = sum(change.field == "view" for change in made)
    return ApplyReport(len(statements), papers_of(made), changed_views)


def _plan(
    connection: sqlite3.Connection,
    views: Views,
    statements: Sequence[Statement],
    refused: list[DecisionSyntaxError],
) -> RestorePlan | None:
    """Return what the statements change, and add to `refused` what is wrong with them."""
    present = views.to_dict()
    named = {one.name: one.query for one in statements if isinstance(one, SavedView)}
    try:
        plan = plan_restore(
            connection,
            statements,
            views=present,
            check_query=lambda name, query: views.check(name, query, {**present, **named}),
            adding=True,
            replacing_notes=True,
        )
    except DecisionSyntaxError as error:
        refused.append(error)
        return None
    refused.extend(map(_unknown, plan.unknown))
    return plan


def _unknown(statement: OnPaper) -> DecisionSyntaxError:
    return DecisionSyntaxError(
        statement.line,
        f"'{shown(statement.target)}' names no paper of this library, or several: take the line"
        " out, or name the paper by its identifier",
    )

"""Carrying out a list of edits in a library: all of its lines, or none if one is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.decisions.lines import check_edits
from store.decisions.pairing import pair
from store.decisions.planning import plan_restore
from store.decisions.statements import SavedView
from store.errors import DecisionSyntaxError, EditsRefusedError, shown
from store.history import papers_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.decisions.planning import OnPaper
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
    database: Database,
    history: History,
    views: Views,
    lines: Iterable[str],
    *,
    now: str,
    label: str,
) -> ApplyReport:
    """Add tags and take them off as `lines` say, set notes and views, as one entry of the journal.

    `now` is the UTC time to note. Raises `EditsRefusedError` with every line that is wrong, before
    anything is changed; a line on a paper that the library does not have is one of them.
    """
    statements, wrong, _ = check_edits(lines)
    named = {one.name: one.query for one in statements if isinstance(one, SavedView)}
    with database.atomic() as connection:
        paired = pair(database, statements, now)
        present = views.to_dict()
        plan = plan_restore(
            connection,
            statements,
            views=present,
            check_query=lambda name, query: views.check(name, query, {**present, **named}),
            adding=True,
            replacing_notes=True,
        )
        refused = [*wrong, *map(_unknown, (*paired.unknown, *plan.unknown)), *plan.refused]
        if refused:
            raise EditsRefusedError(sorted(refused, key=lambda error: error.line))
        made = history.act(plan.changes, label, after=paired.made)
    changed_views = sum(change.field == "view" for change in made)
    return ApplyReport(len(statements), papers_of(made), changed_views)


def _unknown(statement: OnPaper) -> DecisionSyntaxError:
    return DecisionSyntaxError(
        statement.line,
        f"'{shown(statement.target)}' names no paper of this library, or several: take the line"
        " out, or name the paper by its identifier",
    )

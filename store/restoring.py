"""Carrying out a dump's lines in a library: all of them, or none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.decisions import SavedView, read_decisions
from store.dumping import plan_restore
from store.history import papers_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from store.decisions import Decision
    from store.history import History
    from store.views import Views


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What restoring decisions came to."""

    changed: tuple[int, ...]
    """Papers whose tags are others now."""
    views: int
    """How many saved views are others now."""
    unknown: tuple[Decision, ...]
    """Decisions on papers that the library does not have."""


def restore(
    connection: sqlite3.Connection,
    history: History,
    views: Views,
    lines: Iterable[str],
    *,
    adding: bool,
    label: str,
) -> RestoreReport:
    """Decide as `lines` say, as one entry of the journal; inside `atomic`.

    Raises `DecisionSyntaxError` for the first wrong line, before anything is changed.
    """
    statements = tuple(read_decisions(lines))
    present = views.to_dict()
    named = {one.name: one.query for one in statements if isinstance(one, SavedView)}
    plan = plan_restore(
        connection,
        statements,
        views=present,
        # A view may name another one of the file, wherever that stands.
        check_query=lambda name, query: views.check(name, query, {**present, **named}),
        adding=adding,
    )
    made = history.act(plan.changes, label)
    changed_views = sum(change.field == "view" for change in made)
    return RestoreReport(papers_of(made), changed_views, plan.unknown)

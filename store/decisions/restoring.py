"""Carrying out a dump's lines in a library: all of them, or none."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from store.decisions.lines import check_decisions
from store.decisions.losses import Losses, held_by, losses_of
from store.decisions.pairing import pair
from store.decisions.planning import plan_restore
from store.decisions.statements import SavedView
from store.decisions.uniting import united
from store.errors import EditsRefusedError
from store.history import papers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from store.changes.change import Change
    from store.decisions.planning import OnPaper
    from store.errors import DecisionSyntaxError
    from store.history import History
    from store.record.database import Database
    from store.views import Views


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """What restoring decisions came to, or would come to."""

    changed: tuple[int, ...]
    """Papers whose tags or notes are others now."""
    views: int
    """How many saved views are others now, or gone."""
    unknown: tuple[OnPaper, ...]
    """Decisions on papers that the library does not have, and notes where nothing is decided."""
    losses: Losses = field(default_factory=Losses)
    """What is no more, of what was decided before."""
    changes: tuple[Change, ...] = ()
    """What was changed, and how."""
    is_done: bool = True
    """Whether it was approved."""


class _NotApprovedError(Exception):
    """Nothing is to be changed, after all."""


def restore(
    database: Database,
    history: History,
    views: Views,
    lines: Iterable[str],
    *,
    now: str,
    adding: bool,
    label: str,
    approve: Callable[[RestoreReport], bool] = lambda _: True,
) -> RestoreReport:
    """Decide as `lines` say, as one entry of the journal; `now` is the UTC time to note.

    Nothing is changed unless what it would come to is approved. Raises `EditsRefusedError` with
    every wrong line, before anything is changed.
    """
    # All are read first: whoever writes them may take long, and others want to write meanwhile.
    said, wrong, is_whole = check_decisions(lines)
    statements = united(said, adding=adding)
    named = {one.name: one.query for one in statements if isinstance(one, SavedView)}
    report = RestoreReport((), 0, ())
    with suppress(_NotApprovedError), database.atomic() as connection:
        held, present = held_by(connection), views.to_dict()
        # What is one paper, and what several, has to be so before they are decided on.
        paired = pair(database, statements, now)
        plan = plan_restore(
            connection,
            statements,
            views=present,
            # A view may name another one of the file, wherever that stands.
            check_query=lambda name, query: views.check(name, query, {**present, **named}),
            adding=adding,
            is_whole=is_whole,
        )
        _refuse((*wrong, *plan.refused))
        report = _report((*paired.made, *plan.changes), (*paired.unknown, *plan.unknown))
        report = replace(report, losses=losses_of(connection, held, plan.changes))
        if not approve(report):
            report = replace(report, is_done=False)
            raise _NotApprovedError
        made = history.act(plan.changes, label, after=paired.made)
        report = replace(_report(made, report.unknown), losses=report.losses)
    return report


def _refuse(wrong: Sequence[DecisionSyntaxError]) -> None:
    if wrong:
        raise EditsRefusedError(sorted(wrong, key=lambda error: error.line))


def _report(changes: tuple[Change, ...], unknown: tuple[OnPaper, ...]) -> RestoreReport:
    views = sum(change.field == "view" for change in changes)
    return RestoreReport(papers_of(changes), views, unknown, changes=changes)

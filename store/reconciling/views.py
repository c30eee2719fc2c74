"""Merging the saved views of two dumps."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from store.decisions.lines import to_line
from store.decisions.statements import SavedView
from store.reconciling.threeway import OURS, THEIRS, agreed
from store.tagnames import LONGEST_NAME
from store.text import fold_case

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.reconciling.sides import Sides
    from store.reconciling.threeway import Findings


def merged_views(sides: Sides, findings: Findings) -> list[str]:
    """Return the lines of the views by name."""
    merged: dict[str, SavedView] = {}
    taken = {fold: view for side in sides for fold, view in side.views.items()}
    for fold in taken:
        base, ours, theirs = (side.views.get(fold) for side in sides)
        ours = base if ours is None and not sides.ours.is_whole else ours
        theirs = base if theirs is None and not sides.theirs.is_whole else theirs
        query = agreed(*(view and view.query for view in (base, ours, theirs)))
        if ours and theirs:
            name = agreed(base.name if base else ours.name, ours.name, theirs.name).value
            merged[fold] = SavedView(name, query.value or "")
            if query.is_conflict:
                other = _under_another_name(theirs, {**taken, **merged})
                merged[fold_case(other.name)] = other
                findings.tell(
                    f"the view '{name}' was changed on both sides: that of {THEIRS} is now"
                    f" '{other.name}'"
                )
        elif (view := ours or theirs) and (query.value is not None or query.is_conflict):
            merged[fold] = view
            if base:
                changed, removed = (OURS, THEIRS) if ours else (THEIRS, OURS)
                findings.tell(
                    f"the view '{view.name}' was removed in {removed} and changed in {changed}:"
                    " it stays"
                )
    return [to_line(merged[fold]) for fold in sorted(merged)]


def _under_another_name(view: SavedView, taken: Mapping[str, SavedView]) -> SavedView:
    for number in count(2):
        end = f"-{number}"
        name = f"{view.name[: LONGEST_NAME - len(end)]}{end}"
        other = taken.get(fold_case(name))
        # The same merge again finds what it made.
        if other is None or other.query == view.query:
            return SavedView(name, view.query)
    raise AssertionError

"""Merging what was decided on two machines: two dumps, and the one from which both began.

| decided since the base | comes to |
|---|---|
| a tag added or taken off, on one side or on both | holds |
| a paper that one side alone has | its line stays: a dump says nothing of papers that it lacks |
| a paper that is new on both sides | as if the base had it unread in the inbox, as it came |
| a note, or a view, changed on one side | holds |
| a note, or a view, removed on one side and changed on the other | the changed one stays; told |
| a note changed on both sides | the one that holds the other, else a conflict |
| a view changed on both sides | ours keeps the name, theirs gets another; told |
| papers joined on one side | one line, with what the other side decided on each of them |
| papers no longer joined on one side | kept apart, with what the other side decided on both |
| papers joined on one side and kept apart on the other | a conflict |
| a paper under two names, such as a DOI | one line, under the older name; told |
| a library's own number for two papers | a conflict |

A conflict stands between the marks that git has, and the reader chooses. What one of the three
texts lacks was removed only where that text is whole (`store.decisions.lines`). The result is
written as a dump is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.decisions.lines import DUMP_END, HEADER, HEADER_WITH_NOTES, HEADER_WITH_PAIRS
from store.errors import MergeRefusedError, shown
from store.reconciling.pairs import merged_pairs
from store.reconciling.papers import merged_papers
from store.reconciling.renaming import renamed, renamings
from store.reconciling.sides import Sides, read_side, without_conflicts
from store.reconciling.threeway import BASE, OURS, THEIRS, Findings
from store.reconciling.views import merged_views

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The result of a merge."""

    lines: tuple[str, ...]
    """Of the merged text, with their ends."""
    told: tuple[str, ...]
    """What did not take effect as it was decided, and what became of it."""
    conflicts: int
    """How many times the reader has to choose; these are told, too."""


def reconcile(base: Iterable[str], ours: Iterable[str], theirs: Iterable[str]) -> Reconciled:
    """Merge `ours` and `theirs`, which both come from `base`; that is empty where there is none.

    Raises `MergeRefusedError` with every wrong line.
    """
    sides = _read(base, ours, theirs)
    findings = Findings()
    names = renamings(sides)
    for one in names:
        outcome = "are taken for one paper" if one.is_sure else "may be one paper: 'join' says so"
        findings.tell(f"{one.target} and {shown(one.other)} {outcome}: '{shown(one.title)}'")
    sides = renamed(names, sides)
    views = merged_views(sides, findings)
    pairs, groups = merged_pairs(sides, findings)
    notes, papers = merged_papers(sides, groups, findings)
    if sides.ours.is_whole and not sides.theirs.is_whole:
        findings.tell("theirs is no whole dump: nothing that it lacks goes, here or later")
    header = HEADER_WITH_PAIRS if pairs else HEADER_WITH_NOTES if notes else HEADER
    end = [DUMP_END] if sides.is_whole else []
    lines = (header, *views, *pairs, *notes, *papers, *end)
    return Reconciled(
        tuple(f"{line}\n" for line in lines), tuple(findings.told), findings.conflicts
    )


def _read(base: Iterable[str], ours: Iterable[str], theirs: Iterable[str]) -> Sides:
    texts = {BASE: without_conflicts(base), OURS: ours, THEIRS: theirs}
    read = {name: read_side(lines) for name, lines in texts.items()}
    wrong = {name: tuple(errors) for name, (_, errors) in read.items() if errors}
    if wrong:
        raise MergeRefusedError(wrong)
    return Sides(*(side for side, _ in read.values()))

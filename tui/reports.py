"""What an import came to, in lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from store.imports.report import conflict_reason
from tui.format import counted, cut_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from store.imports.report import Conflict, ImportReport, Refusal
    from store.imports.trials import Trial

NO_IDENTIFIER = "without identifier"
MOST_LINES = 5
"""So many lines tell of one kind of trouble."""
NAMED_PLACES = 3
"""So many places are named of those that have the same trouble."""
CONFLICT_REMEDY = (
    "an identifier stays with the paper that had it: correct the file where it is wrong;"
    " where two are one paper, 'paperdeck join' makes one of them"
)
CHANGED = {
    "identifier": "identifiers",
    "other abstract": "another abstract",
    "published": "day",
    "sighting": "listed anew",
    "tag": "tags",
}
"""What fields of a change are called where that is not their name."""
_DETAILS = re.compile(r"\d+|'[^']*'")


def import_summary(report: ImportReport, *, is_trial: bool = False) -> str:
    """Return every count and the time, for whoever compares them."""
    would = "would be " if is_trial else ""
    counts = f"{report.added:,} {would}added, {report.updated:,} {would}updated"
    rest = f"{report.unchanged:,} unchanged, {len(report.refused):,} refused"
    clashes = f", {counted(len(report.conflicts), 'conflict')}" if report.conflicts else ""
    finds = f" · '{report.query}' finds what was added" if report.query and not is_trial else ""
    return f"{counts}, {rest}{clashes} ({report.seconds:.1f} s){finds}"


def trial_line(trial: Trial) -> str:
    """Return what would become of a record: of which paper, and what makes the two one."""
    named = f"{trial.kind.value}: {trial.identifier or NO_IDENTIFIER} {trial.title}"
    if not trial.why:
        return named
    if any(trial.into):
        return f"{named} ({_into(trial)}; {trial.why})"
    changed = ", ".join(CHANGED.get(name, name) for name in trial.changed)
    return f"{named} ({changed}; {trial.why})"


def _into(trial: Trial) -> str:
    identifier, title = trial.into
    if trial.into == (trial.identifier, trial.title):
        return "again"
    other = "" if title == trial.title else f" '{title}'"
    return f"into {identifier or NO_IDENTIFIER}{other}"


def import_news(report: ImportReport) -> str:
    """Return what there is to know at a glance: counts that are not 0."""
    counts = [f"{report.added:,} added", f"{report.updated:,} updated"]
    if not report.added and not report.updated:
        counts.append(f"{report.unchanged:,} unchanged")
    counts += [f"{len(report.refused):,} refused", counted(len(report.conflicts), "conflict")]
    return ", ".join(one for one in counts if not one.startswith("0 ")) or "No papers in there"


def refusal_lines(report: ImportReport) -> list[str]:
    """Return what did not go in, or not wholly, and why: for each reason where it is so at first.

    A kind of trouble has no more than `MOST_LINES` lines and one with the number of all others.
    """
    files = [one for one in report.refused if not one.position]
    records = [one for one in report.refused if one.position]
    return [
        *_first_lines(_file_lines(files), "file"),
        *_first_lines(_record_lines(records), "record"),
        *_first_lines(_conflict_lines(report.conflicts), "conflict"),
        *([CONFLICT_REMEDY] if report.conflicts else []),
    ]


def _first_lines(lines: Sequence[tuple[str, int]], noun: str) -> list[str]:
    """Return the first lines, each of which tells of so many, and how many the others tell of."""
    left = sum(number for _, number in lines[MOST_LINES:])
    more = [f"… and {counted(left, f'more {noun}')}"] if left else []
    return [*(line for line, _ in lines[:MOST_LINES]), *more]


def _file_lines(refused: Iterable[Refusal]) -> list[tuple[str, int]]:
    groups: dict[str, list[Refusal]] = {}
    for one in refused:
        groups.setdefault(_kind(one.reason), []).append(one)
    lines = []
    for alike in groups.values():
        lines += [(f"{one.source}: {one.reason}", 1) for one in alike[:NAMED_PLACES]]
        left = len(alike) - NAMED_PLACES
        if left > 0:
            lines.append((f"{counted(left, 'more file')}: {alike[0].reason}", left))
    return lines


def _record_lines(refused: Iterable[Refusal]) -> list[tuple[str, int]]:
    groups: dict[tuple[str, str], list[Refusal]] = {}
    for one in refused:
        groups.setdefault((one.source, _kind(one.reason)), []).append(one)
    return [
        (f"{source}: {_places(alike)}: {alike[0].reason}", len(alike))
        for (source, _), alike in groups.items()
    ]


def _conflict_lines(conflicts: Iterable[Conflict]) -> list[tuple[str, int]]:
    groups: dict[tuple[str, str, str], list[Conflict]] = {}
    for one in conflicts:
        groups.setdefault((one.source, str(one.identifier), one.owner), []).append(one)
    return [
        (": ".join(filter(None, (source, _places(alike), identifier, _loss(alike)))), len(alike))
        for (source, identifier, _), alike in groups.items()
    ]


def _loss(alike: Sequence[Conflict]) -> str:
    """Return which records go without an identifier, and whose it is."""
    first, *others = alike
    title = f"'{cut_title(first.title)}'" if not others else f"{len(alike):,} records"
    return conflict_reason(title, cut_title(first.owner), is_removed=first.owner_is_removed)


def _places(alike: Sequence[Refusal | Conflict]) -> str:
    named = [one.position for one in alike[:NAMED_PLACES]]
    left = len(alike) - len(named)
    return f"{', '.join(named)} and {left:,} more" if left else ", ".join(named)


def _kind(reason: str) -> str:
    """Return a reason without what differs from place to place: numbers, and what is quoted."""
    return _DETAILS.sub("", reason)

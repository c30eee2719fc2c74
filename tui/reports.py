"""What an import came to, in lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.format import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.imports.report import ImportReport
    from store.imports.trials import Trial

NO_IDENTIFIER = "without identifier"
CHANGED = {
    "identifier": "identifiers",
    "other abstract": "another abstract",
    "published": "day",
    "sighting": "listed anew",
    "tag": "tags",
}
"""What fields of a change are called where that is not their name."""


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


def refusal_lines(report: ImportReport) -> Iterator[str]:
    """Yield a line for each record or file that did not go in, or not wholly, and why."""
    for refusal in report.refused:
        yield ": ".join(filter(None, (refusal.source, refusal.position, refusal.reason)))
    for one in report.conflicts:
        yield ": ".join(filter(None, (one.source, one.position, str(one.identifier), one.reason)))

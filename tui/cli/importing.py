"""Bringing papers in: `import`."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from pathlib import Path
from shlex import quote
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from store.errors import LibraryError, LibraryReadOnlyError, SourceError
from store.identifiers import read_identifier
from store.importers import IMPORTERS, bytes_of, source_from_stream, sources
from store.imports.importing import ImportOptions
from store.imports.trials import TrialKind
from store.jsontext import to_json
from store.library import Library, local_now
from store.tagnames import tag_name
from tui.cli.arguments import words_of
from tui.cli.errors import CommandError, Status, suggestion
from tui.cli.opening import COMMAND_LINE, open_library
from tui.cli.output import is_read_by_person, say, tell, tell_data
from tui.cli.progress import import_progress
from tui.cli.standard import STANDARD
from tui.format import counted
from tui.reports import import_summary, refusal_lines, trial_line

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence

    from store.importers import Source
    from store.imports.report import ImportReport
    from store.imports.trials import Trial


def import_papers(options: Namespace) -> Status:
    """Bring in the papers of files, folders and the standard input."""
    paths = words_of(options)
    if not paths:
        raise CommandError(
            "'import' needs files or folders, or '-' for the standard input,"
            " such as: paperdeck import papers.json"
        )
    if options.format is not None and options.format not in IMPORTERS:
        known = ", ".join(IMPORTERS)
        raise CommandError(
            f"--format: there is no format '{options.format}'"
            f"{suggestion(options.format, IMPORTERS)} (there are {known})"
        )
    tags = tuple(tag_name(name) for name in options.tag)
    wanted = ImportOptions(tags=tags, into_inbox=not options.no_inbox)
    found = [source for path in paths for source in _sources(path)]
    with open_library(options.library) as library:
        trials: list[Trial] = []
        if options.dry_run:
            trial = trials.append if options.json else _tell_trial
            report = _tried(library, found, wanted, options, trial)
        else:
            report = _brought(library, found, wanted, options)
        _tell_report(report, trials, options)
        if not options.dry_run:
            # In a process that outlives this one.
            library.index.catch_up()
    return Status.REFUSED if report.refused else Status.DONE


def to_object(report: ImportReport) -> dict[str, object]:
    """Return what an import came to, ready for JSON."""
    return {
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "refused": [
            {"source": one.source, "position": one.position, "reason": one.reason}
            for one in report.refused
        ],
        "conflicts": [
            {
                "source": one.source,
                "position": one.position,
                "identifier": str(one.identifier),
                "reason": one.reason,
            }
            for one in report.conflicts
        ],
        "seconds": round(report.seconds, 3),
        "import": report.entry if report.query else None,
    }


def trials_to_object(trials: Sequence[Trial]) -> dict[str, list[dict[str, object]]]:
    """Return what would become of records, ready for JSON, by what that is."""
    return {
        kind.value: [_trial_to_object(one) for one in trials if one.kind is kind]
        for kind in TrialKind
    }


def _trial_to_object(trial: Trial) -> dict[str, object]:
    found: dict[str, object] = {
        "id": trial.identifier,
        "title": trial.title,
        "source": trial.source,
        "position": trial.position,
    }
    if trial.kind is TrialKind.ADDED:
        return found
    found |= {"why": trial.why, "changed": list(trial.changed)}
    if trial.kind is TrialKind.MERGED:
        found["into"] = dict(zip(("id", "title"), trial.into, strict=True))
    return found


def _sources(path: str) -> list[Source | SourceError]:
    if path != STANDARD:
        hint = _hint(path)
        return [SourceError(path, hint)] if hint else list(sources([Path(path)]))
    if sys.stdin.isatty():
        say("reading papers from the keyboard: ctrl+d ends them")
    return [source_from_stream(sys.stdin.buffer, local_now().date())]


def _hint(path: str) -> str:
    """Return what helps where a path is none, but the address or the identifier of a paper."""
    if os.path.lexists(path):
        return ""
    if read_identifier(path):
        return f"is no file but a paper's: echo {quote(path)} | paperdeck import -"
    if path.lower().startswith(("http://", "https://")):
        return f"is no file, and nothing is fetched: curl -sL {quote(path)} | paperdeck import -"
    return ""


def _brought(
    library: Library,
    found: Sequence[Source | SourceError],
    wanted: ImportOptions,
    options: Namespace,
) -> ImportReport:
    before = len(library)
    try:
        return _imported(library, found, wanted, options)
    except KeyboardInterrupt:
        say(f"interrupted: {_what_stays(library, before)}")
        raise
    except LibraryReadOnlyError:
        raise
    except LibraryError as error:
        # Such as a full disk.
        raise CommandError(f"{error}; {_what_stays(library, before)}", Status.UNUSABLE) from error


def _what_stays(library: Library, before: int) -> str:
    added = counted(len(library) - before, "paper")
    return f"the {added} added so far stay, and the same import again completes it"


def _tried(
    library: Library,
    found: Sequence[Source | SourceError],
    wanted: ImportOptions,
    options: Namespace,
    trial: Callable[[Trial], object],
) -> ImportReport:
    """Import into a copy that is thrown away."""
    with TemporaryDirectory(prefix="paperdeck-") as name:
        folder = Path(name)
        library.copy_record(folder)
        with Library(folder, index_folder=folder / "index", program=COMMAND_LINE) as copy:
            return _imported(copy, found, wanted, options, trial)


def _imported(
    library: Library,
    found: Sequence[Source | SourceError],
    wanted: ImportOptions,
    options: Namespace,
    trial: Callable[[Trial], object] | None = None,
) -> ImportReport:
    names = [source.source if isinstance(source, SourceError) else source.name for source in found]
    # Lines that are read as they come show by themselves how far it is, and suffer no bar.
    are_lines = trial is not None and not options.json and is_read_by_person()
    with nullcontext() if are_lines else import_progress(bytes_of(found)) as progress:
        return library.imports.bring_in(
            found,
            options=wanted,
            day=options.date,
            format_name=options.format,
            columns=dict(options.column),
            label=f"import {names[0] if len(names) == 1 else counted(len(names), 'file')}",
            progress=progress,
            trial=trial,
        )


def _tell_trial(trial: Trial) -> None:
    tell(trial_line(trial))


def _tell_report(report: ImportReport, trials: Sequence[Trial], options: Namespace) -> None:
    lines = refusal_lines(report)
    for line in lines:
        say(line)
    troubles = len(report.refused) + len(report.conflicts)
    if troubles > len(lines) and not options.json:
        say(f"--json names all {troubles:,} with their places and reasons")
    if options.json:
        told = to_object(report)
        if options.dry_run:
            told = {**told, "import": None, "papers": trials_to_object(trials)}
        tell_data([to_json(told), "\n"])
    else:
        tell(import_summary(report, is_trial=options.dry_run))

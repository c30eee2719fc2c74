"""Backups of the library: `backup`, which makes, lists and restores them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from store.clock import stamp
from store.errors import LibraryReadOnlyError
from store.jsontext import to_json
from store.record import FILE_NAME
from store.record.backups import Backup, Occasion, about, backups_in, make_backup, utc_now
from store.text import clean_line
from tui.cli.arguments import words_of
from tui.cli.errors import CommandError, Status
from tui.cli.opening import locate, open_present_library
from tui.cli.output import is_read_by_person, say, tell, tell_data, tell_parts
from tui.format import counted, local_time, megabytes
from tui.locations import is_told_on_network, shown_path

if TYPE_CHECKING:
    from argparse import Namespace
    from pathlib import Path

_OCCASIONS = {
    Occasion.DAY: "of the day",
    Occasion.ASKED: "asked for",
    Occasion.MIGRATION: "before a new format",
    Occasion.RESTORE: "before another was restored",
}


def backup(options: Namespace) -> Status:
    """Make a backup, list those that there are, or put one in the library's place."""
    if words_of(options):
        raise CommandError("'backup' takes options only: 'paperdeck backup --help' shows them")
    if options.list and options.restore is not None:
        raise CommandError("'--list' and '--restore' are two commands: give one of them")
    if options.restore is not None:
        return _restore(locate(options.library).library, options.restore)
    if options.list or options.json:
        return _list(locate(options.library).library, as_json=options.json)
    with open_present_library(options.library) as library:
        if library.is_read_only:
            raise LibraryReadOnlyError(library.folder)
        made = make_backup(library.folder / FILE_NAME, Occasion.ASKED, utc_now())
        tell(f"backed up {counted(len(library), 'paper')} as {made.name} ({megabytes(made.bytes)})")
    return Status.DONE


def _restore(folder: Path, name: str) -> Status:
    # Needed for this alone.
    from store.recovery.restoring import restore_backup

    done = restore_backup(folder, name, on_network=is_told_on_network(os.environ))
    tell(f"restored {done.backup.name}, made {local_time(_moment(done.backup))}")
    # Imported here: it is rarely met.
    from tui.cli.repair import righted_lines

    for line in righted_lines(done.righted, None):
        say(f"could not be read in that backup, and was righted: {line}")
    if done.before is not None:
        name = done.before.name
        say(f"what was there is kept: 'paperdeck backup --restore {name}' brings it back")
    if done.kept is not None:
        say(f"the damaged library that was there is kept as '{shown_path(done.kept)}'")
    return Status.DONE


def _list(folder: Path, *, as_json: bool) -> Status:
    found = backups_in(folder)
    if as_json:
        tell_data([to_json([_to_object(one) for one in found], indent=2), "\n"])
    for one in [] if as_json else found:
        said = about(one.path)
        papers = counted(said.papers, "paper") if said else "can't be read"
        occasion = _OCCASIONS[one.occasion]
        cells = (one.name, local_time(_moment(one)), papers, megabytes(one.bytes), occasion)
        gap = "  " if is_read_by_person() else "\t"
        tell_parts([gap.join(map(clean_line, cells)) + "\n"])
    if not found:
        say("there is no backup yet: 'paperdeck backup' makes one")
    return Status.DONE


def _to_object(one: Backup) -> dict[str, object]:
    said = about(one.path)
    return {
        "name": one.name,
        "at": _moment(one),
        "occasion": one.occasion.value,
        "bytes": one.bytes,
        "papers": said.papers if said else None,
        "tags": said.tagged if said else None,
        "path": str(one.path),
    }


def _moment(one: Backup) -> str:
    return stamp(one.made_at)

"""The backups of the library, and what the last thorough check of it found."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from store.clock import stamp
from store.record import FILE_NAME
from store.record.backups import FOLDER, Backup, about, backups_in, is_whole, read_care
from tui.checks.finding import Finding, fault, note
from tui.format import counted, local_time, megabytes
from tui.locations import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.record.backups import Care
    from tui.checks.subject import Subject

_AREA = "backups"
_MAKE = "'paperdeck backup' makes one"
OLD = timedelta(days=14)
"""Who decides on papers every other week has a backup younger than this."""
_NEVER = "not yet: it is done by itself once a week"


def backups(subject: Subject) -> Iterator[Finding]:
    """Tell of the newest backup, how old it is and whether it can be read, and of all others."""
    library = subject.locations.library
    folder = library / FOLDER
    yield Finding(_AREA, "folder", str(folder), shown_path(folder))
    found, care = backups_in(library), read_care(library)
    if found:
        yield _newest(found[0])
        yield _readable(found[0])
        size = sum(one.bytes for one in found)
        text = f"{len(found)}, {megabytes(size)}"
        yield Finding(_AREA, "kept", len(found), text)
    elif os.path.exists(library / FILE_NAME):  # noqa: PTH110 `Path.exists` raises what it may not know
        remedy = f"{_MAKE}; one is made by itself each day on which something was decided"
        yield note(_AREA, "newest", None, remedy)
    if care.failure:
        yield note(_AREA, "last try", care.failure, f"see to that; then {_MAKE}")
    yield _check(care)


def _newest(one: Backup) -> Finding:
    age = datetime.now(UTC) - one.made_at
    made = local_time(stamp(one.made_at))
    text = f"{one.name}, made {made}"
    if age > OLD:
        remedy = f"{_MAKE}, if something was decided since"
        return note(_AREA, "newest", one.name, remedy, f"{text}, {counted(age.days, 'day')} ago")
    return Finding(_AREA, "newest", one.name, text)


def _readable(one: Backup) -> Finding:
    said = about(one.path)
    if said is None or not is_whole(one.path, said):
        return fault(_AREA, "newest can be read", value=False, remedy=f"delete it; {_MAKE}")
    text = f"yes: {counted(said.papers, 'paper')}, as it was written"
    return Finding(_AREA, "newest can be read", value=True, text=text)


def _check(care: Care) -> Finding:
    if care.faults:
        remedy = "run 'paperdeck doctor --repair'"
        return fault("library", "thorough check", care.checked_at, remedy, "; ".join(care.faults))
    text = f"nothing found, {local_time(care.checked_at)}" if care.checked_at else _NEVER
    return Finding("library", "thorough check", care.checked_at or None, text)

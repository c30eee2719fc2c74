"""The backups of a library: what their names say, and which of them are kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FOLDER = "backups"
"""Within the library's."""
DAYS = 7
WEEKS = 5
ON_PURPOSE = timedelta(days=30)
"""So long is kept what was not made as every day."""
LEAST_KEPT = 2
"""So many are kept however large they are."""
LARGEST_SHARE = 2
"""All backups together take so many times the room of the record, at the most."""
_TIME = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"(\d{8}T\d{6}Z)-r(\d{1,18})-([a-z]+)\.zip")


class Occasion(Enum):
    """Why a backup was made."""

    DAY = "daily"
    ASKED = "asked"
    MIGRATION = "migration"
    RESTORE = "restore"
    """Before another one took the record's place."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup, as its name says."""

    path: Path
    made_at: datetime
    """UTC."""
    revision: int
    """Of the library, when it was made."""
    occasion: Occasion
    bytes: int

    @property
    def name(self) -> str:
        """What `restore` is told."""
        return self.path.name.removesuffix(".zip")


def name_of(made_at: datetime, revision: int, occasion: Occasion) -> str:
    """Return the name of a backup's file."""
    return f"{made_at.astimezone(UTC).strftime(_TIME)}-r{revision}-{occasion.value}.zip"


def backups_in(library: Path) -> list[Backup]:
    """Return the backups of the library in a folder, the newest first; none where none can be read.

    What is no regular file is none.
    """
    try:
        paths = list((library / FOLDER).iterdir())
    except OSError:
        return []
    found = (_read(path) for path in paths)
    # Older versions made some in the same second.
    order = attrgetter("made_at", "revision", "name")
    return sorted((one for one in found if one), key=order, reverse=True)


def superfluous(backups: Sequence[Backup], now: datetime, ceiling: int) -> list[Backup]:
    """Return the backups that are kept no longer; `backups` come the newest first.

    Kept are the newest, the last one of each of the last days, and of each of the last weeks, and
    what was made on purpose; of these as many as have room, spread over the time.
    """
    kept = list(backups[:1])
    days = {_day(one) for one in kept}
    weeks = {_week(one) for one in kept}
    for one in backups[1:]:
        age = now - one.made_at
        is_of_day = _day(one) not in days and age < timedelta(days=DAYS)
        is_of_week = _week(one) not in weeks and age < timedelta(weeks=WEEKS)
        if is_of_day or is_of_week or (one.occasion is not Occasion.DAY and age < ON_PURPOSE):
            kept.append(one)
            days.add(_day(one))
            weeks.add(_week(one))
    while len(kept) > LEAST_KEPT and sum(one.bytes for one in kept) > ceiling:
        kept.remove(_least_missed(kept, now))
    return [one for one in backups if one not in kept]


def _least_missed(kept: Sequence[Backup], now: datetime) -> Backup:
    """Return the one, neither the newest nor the oldest, beside which others stand closest.

    Close is what is a small part of its age.
    """

    def room(index: int) -> float:
        age = max((now - kept[index].made_at).total_seconds(), 1.0)
        return (kept[index - 1].made_at - kept[index + 1].made_at).total_seconds() / age

    return kept[min(range(1, len(kept) - 1), key=room)]


def _day(one: Backup) -> object:
    return one.made_at.astimezone().date()


def _week(one: Backup) -> object:
    return one.made_at.astimezone().isocalendar()[:2]


def _read(path: Path) -> Backup | None:
    match = _NAME.fullmatch(path.name)
    if match is None:
        return None
    time, revision, occasion = match.groups()
    try:
        if path.is_symlink() or not path.is_file():
            return None
        made_at = datetime.strptime(time, _TIME).replace(tzinfo=UTC)
        return Backup(path, made_at, int(revision), Occasion(occasion), path.stat().st_size)
    except (OSError, ValueError):
        return None

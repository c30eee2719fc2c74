"""Backups of a library's record: made by themselves, checked, and few."""

from store.record.backups.care import (
    Care,
    back_up_before_migration,
    is_due,
    look_after,
    note_repair,
    read_care,
    start,
)
from store.record.backups.kept import FOLDER, Backup, Occasion, backups_in, superfluous
from store.record.backups.making import (
    DamagedRecordError,
    add_backup,
    make_backup,
    prepare_folder,
    take_away_leftovers,
    thin_out,
    unfinished,
    utc_now,
)
from store.record.backups.packing import QUICK, About, about, is_whole, unpack

__all__ = [
    "FOLDER",
    "QUICK",
    "About",
    "Backup",
    "Care",
    "DamagedRecordError",
    "Occasion",
    "about",
    "add_backup",
    "back_up_before_migration",
    "backups_in",
    "is_due",
    "is_whole",
    "look_after",
    "make_backup",
    "note_repair",
    "prepare_folder",
    "read_care",
    "start",
    "superfluous",
    "take_away_leftovers",
    "thin_out",
    "unfinished",
    "unpack",
    "utc_now",
]

"""Whose the program's folders and files are, and who else can read them."""

from __future__ import annotations

import shlex
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from store.privatefiles import is_another_s, is_open_to_others, is_written_by_others
from store.record import FILE_NAME
from store.record.backups import FOLDER
from tui.checks.finding import Finding, fault, note
from tui.locations import index_folder, shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.checks.subject import Subject

_AREA = "permissions"


def permissions(subject: Subject) -> Iterator[Finding]:
    """Look at every folder and file of the program's own: each has to be its owner's alone."""
    if subject.platform == "win32":
        yield Finding(_AREA, "checked", value=False, text="not on this system")
        return
    found = [finding for path in _places(subject) for finding in _look(path)]
    yield from found
    if not found:
        yield Finding(_AREA, "owner only", value=True)


def _places(subject: Subject) -> Iterator[Path]:
    locations = subject.locations
    library = locations.library
    yield library
    for name in (FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm", FOLDER):
        yield library / name
    with suppress(OSError):
        yield from sorted((library / FOLDER).iterdir())
    yield index_folder(locations.cache, library)
    yield locations.state


def _look(path: Path) -> Iterator[Finding]:
    """Tell what is wrong with a folder or file, if it is there."""
    try:
        itself, target = path.lstat(), path.stat()
    except OSError:
        return
    name, place = shown_path(path), str(path)
    if is_another_s(target):
        remedy = "let it be yours, or name another folder with --library DIR"
        yield fault(_AREA, name, place, remedy, "belongs to another user")
        return
    is_folder = stat.S_ISDIR(target.st_mode)
    if stat.S_ISLNK(itself.st_mode) and not is_folder:
        remedy = "put the file itself there: no link is written through"
        yield note(_AREA, name, place, remedy, "is a link")
    mode, word = "700" if is_folder else "600", shlex.quote(place)
    if is_written_by_others(target):
        yield fault(_AREA, name, place, f"chmod {mode} {word}", "can be written by other users")
    elif is_open_to_others(target):
        yield note(_AREA, name, place, f"chmod {mode} {word}", "can be read by other users")

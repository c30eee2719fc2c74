"""The folder of a library: made for its owner only, and judged before anything is kept there."""

from __future__ import annotations

import os
import shlex
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from store.errors import (
    LibraryError,
    LibraryLostError,
    LibraryNotPrivateError,
    LibraryNotWritableError,
)
from store.privatefiles import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    WRITTEN_BY_OTHERS,
    NotPrivateError,
    is_another_s,
    is_written_by_others,
    open_regular,
    why_open_to_others,
)
from store.record.readonly import log_of
from store.wholefiles import sync_folder

if TYPE_CHECKING:
    from pathlib import Path

_ENTERED_BY_OTHERS = 0o011
"""The permissions by which others reach what is in a folder."""
BESIDE = ("-wal", "-shm", "-journal")
"""What the names of SQLite's own files end with beyond that of the library's."""


def take_place(file: Path) -> None:
    """Make the folder of a library's file, and the file, where they are missing, and judge them.

    Raises `LibraryNotWritableError`, `LibraryLostError`, or as `check_place` does; then no file is
    left.
    """
    is_new = _make(file)
    try:
        check_place(file)
        _refuse_loss(file)
    except LibraryError:
        if is_new:
            with suppress(OSError):
                file.unlink()
        raise


def _refuse_loss(file: Path) -> None:
    """Begin no library in the place of one that was lost; raise `LibraryLostError`."""
    if file.stat().st_size or log_of(file).exists():
        return
    # Needed for this alone.
    from store.record.backups.kept import backups_in

    if backups_in(file.parent):
        raise LibraryLostError(
            file.parent,
            f"has lost its '{file.name}', but not its backups",
            "'paperdeck backup --restore newest' brings it back, or take 'backups' away",
        )


def _make(file: Path) -> bool:
    """Make what is missing, and tell whether that is the file."""
    folder = file.parent
    try:
        missing = [one for one in (file, folder, *folder.parents) if not one.exists()]
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        # Created by us, so that SQLite's own files (-wal, -shm) inherit the mode; where a link
        # stands in its place, nothing is made.
        is_new = False
        with suppress(FileExistsError):
            file.touch(mode=PRIVATE_FILE, exist_ok=False)
            is_new = True
        # Or what is decided in it could be gone with its name when the power fails.
        for one in missing:
            sync_folder(one.parent)
    except OSError as error:
        raise LibraryNotWritableError(
            folder,
            f"can't be created ({error.strerror})",
            "name another folder with --library DIR or PAPERDECK_LIBRARY",
        ) from error
    return is_new


def check_place(file: Path) -> None:
    """Raise `LibraryNotPrivateError` where others can have us write where they want.

    That is where the folder is another user's, or open to others' writing, or where something
    else than a file of ours stands in the place of the library's or of SQLite's own beside it.
    """
    folder = file.parent
    try:
        reason = why_open_to_others(folder)
        if reason and not _has_no_modes(file):
            mend = f"'chmod go-w {shlex.quote(str(folder))}' closes it"
            if is_another_s(folder.stat()):
                mend = "copy it as your own"
            remedy = f"{mend}, or name another folder with --library DIR"
            raise LibraryNotPrivateError(folder, reason, remedy)
        for name in (file.name, *(f"{file.name}{end}" for end in BESIDE)):
            _check_file(folder, name)
    except OSError as error:
        raise LibraryNotWritableError(
            folder,
            f"can't be opened ({error.strerror})",
            "mend the way to it, or name another folder with --library DIR",
        ) from error


def identity_of(file: Path) -> tuple[int, int] | None:
    """Return what tells a file from any other that may come to its place; None where none is."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def state_of(file: Path) -> tuple[int, ...]:
    """Return what is another once a library's file, or its log, was written."""
    found: list[int] = []
    for one in (file, log_of(file)):
        with suppress(OSError):
            of_one = one.stat()
            found += (of_one.st_size, of_one.st_mtime_ns)
    return tuple(found)


def check_unchanged(file: Path, opened: tuple[int, ...]) -> None:
    """Raise a `LibraryError` where a library was written since it was `opened`."""
    if state_of(file) != opened:
        raise LibraryNotWritableError(
            file.parent, "was changed by another program", "quit, and start again"
        )


def check_same(file: Path, opened: tuple[int, int] | None) -> None:
    """Raise a `LibraryError` where the library's file is not the one any more that was `opened`.

    What is written into that one is seen by nobody then, and lost.
    """
    found = identity_of(file)
    if found is None:
        raise LibraryNotWritableError(
            file.parent, "is not there any more", "bring it back to its place, then try again"
        )
    if found != opened:
        raise LibraryNotWritableError(
            file.parent, "was replaced by another one meanwhile", "quit, and start again"
        )


def _check_file(folder: Path, name: str) -> None:
    try:
        found = (folder / name).lstat()
    except FileNotFoundError:
        return
    if stat.S_ISLNK(found.st_mode):
        raise LibraryNotPrivateError(
            folder,
            f"has a link in the place of its '{name}'",
            "put the file itself there, or name the folder that holds it with --library DIR",
        )
    if not stat.S_ISREG(found.st_mode):
        raise LibraryNotPrivateError(
            folder, f"has something else than a file in the place of its '{name}'", "remove that"
        )
    if is_another_s(found):
        raise LibraryNotPrivateError(
            folder, f"has a '{name}' that belongs to another user", "copy it as your own"
        )
    is_reached = folder.stat().st_mode & _ENTERED_BY_OTHERS
    if is_reached and is_written_by_others(found) and not _has_no_modes(folder / name):
        raise LibraryNotPrivateError(
            folder,
            f"has a '{name}' that other users can write",
            f"'chmod go-w {shlex.quote(str(folder / name))}' closes it",
        )


def _has_no_modes(file: Path) -> bool:
    """Tell whether nothing can be closed to others in a file system, as on a memory stick."""
    try:
        with open_regular(file, follows_links=False) as descriptor:
            if is_another_s(os.fstat(descriptor)):
                return False
            mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
            if not mode & WRITTEN_BY_OTHERS:
                return False
            with suppress(OSError):
                os.fchmod(descriptor, PRIVATE_FILE)
            has_none = bool(os.fstat(descriptor).st_mode & WRITTEN_BY_OTHERS)
            with suppress(OSError):
                os.fchmod(descriptor, mode)  # it was a question
            return has_none
    except (NotPrivateError, FileNotFoundError):
        return False

"""Files that the reader names: completed, judged, and written whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import shlex
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from store.exporters import EXPORTERS, format_of_name
from store.privatefiles import OTHERS, create_private
from store.wholefiles import clear_unfinished, held, sync_folder, unfinished_name
from tui.outside.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
MOST_NAMES = 10_000
"""So many names of a folder are looked at: a key must not wait for more."""


def path_of(written: str) -> Path:
    """Return the path that the reader wrote, where `~` is a home folder.

    Raises `FileError` where there is no such home.
    """
    try:
        return Path(written.strip()).expanduser()
    except RuntimeError as error:
        raise FileError(f"'{written.strip()}' names no home folder that is known here") from error


def completed_path(written: str) -> str | None:
    """Return a path with the name at its end completed, a folder's with `/`.

    None where nothing completes it, or where nothing is written yet. Hidden names are completed
    once their dot is written; names that can't be shown on a line are never offered.
    """
    folder, slash, begun = written.rpartition("/")
    if not slash and begun.startswith("~"):
        return _completed_home(written)
    try:
        place = path_of(folder + slash) if slash else Path()
    except FileError:
        return None
    names = [name for name in _names(place, begun) if name != begun] if written.strip() else []
    return f"{folder}{slash}{min(names)}" if names else None


@dataclass(frozen=True, slots=True)
class ExportTarget:
    """A file that papers can be written to."""

    path: Path
    format_name: str
    is_there: bool
    """Whether the file is there already."""


def export_target(written: str) -> ExportTarget:
    """Return the file that the reader wrote; raise `FileError` if it won't do."""
    path = path_of(written)
    with _looking_at(written):
        if path.is_dir():
            raise FileError(f"'{written.strip()}' is a folder: name a file in it")
        if not path.parent.is_dir():
            raise FileError(f"There is no folder '{path.parent}'")
        if path.exists() and not path.is_file():
            # A named pipe would keep us until somebody reads it.
            raise FileError(f"'{written.strip()}' is no regular file: name another")
        return ExportTarget(path, _format_of(path), path.is_file())


def import_target(written: str) -> Path:
    """Return the file or folder that the reader wrote; raise `FileError` if it is not there."""
    with _looking_at(written):
        for text in dict.fromkeys((written, _unquoted(written))):
            path = path_of(text)
            if path.exists():
                return path
    raise FileError(f"There is no file or folder '{written.strip()}'")


def _unquoted(written: str) -> str:
    """Return a path without a shell's quotes, which terminals put around one that is dropped."""
    try:
        words = shlex.split(written)
    except ValueError:
        return written
    return words[0] if len(words) == 1 else written


def write_file(path: Path, parts: Iterable[str]) -> None:
    """Write a file as a whole, or leave the one that is there; raise `FileError`."""
    try:
        if path.exists() and not path.is_file():
            # Such as a named pipe: there is nothing to replace.
            with path.open("w", encoding="utf-8") as stream:
                stream.writelines(parts)
            return
        # A link stays one, and what it leads to is replaced.
        _replace(path.resolve(), parts)
    except OSError as error:
        reason = error.strerror or error
        remedy = ": free some space there, or name another place" if error.errno in _FULL else ""
        raise FileError(f"'{path}' can't be written: {reason}{remedy}") from error


def _replace(path: Path, parts: Iterable[str]) -> None:
    clear_unfinished(path.parent, path.name)
    written = path.with_name(unfinished_name(path.name))
    try:
        # Exclusively: nobody else's file of that name is ours to write. And for its owner only
        # until it is whole.
        descriptor = create_private(written)
        with held(descriptor):
            with open(descriptor, "w", encoding="utf-8", newline="\n") as stream:  # noqa: PTH123 it is open
                stream.writelines(parts)
                stream.flush()
                os.fsync(stream.fileno())
            written.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
            written.replace(path)
        sync_folder(path.parent)
    except FileExistsError:
        raise
    except BaseException:
        with suppress(OSError):
            written.unlink()
        raise


def _umask() -> int:
    """Return what new files are kept to, without the moment in which another thread has none."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        status = ""
    found = re.search(r"^Umask:\s*([0-7]+)", status, re.MULTILINE)
    if found:
        return int(found[1], 8)
    mask = os.umask(OTHERS)
    os.umask(mask)
    return mask


def _format_of(path: Path) -> str:
    name = format_of_name(path.name)
    if name is None:
        *others, last = (one.suffix for one in EXPORTERS.values())
        raise FileError(f"'{path.name}' must end in {', '.join(others)} or {last}")
    return name


@contextmanager
def _looking_at(written: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileError(f"'{written.strip()}' can't be used: {error.strerror}") from error


def _names(folder: Path, begun: str) -> Iterator[str]:
    """Yield the names in a folder that begin so, as far as they are looked at."""
    with suppress(OSError), os.scandir(folder) as found:
        for one in islice(found, MOST_NAMES):
            is_hidden = one.name.startswith(".") and not begun.startswith(".")
            if one.name.startswith(begun) and one.name.isprintable() and not is_hidden:
                yield f"{one.name}/" if _is_folder(one) else one.name


def _is_folder(one: os.DirEntry[str]) -> bool:
    try:
        return one.is_dir()
    except OSError:
        return False


def _completed_home(written: str) -> str | None:
    """Return `~` or `~name` with the slash that leads into that home."""
    home = Path(written)
    try:
        return f"{written}/" if home.expanduser().is_dir() else None
    except (OSError, RuntimeError):
        return None

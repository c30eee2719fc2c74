"""Writing files that somebody else may be reading."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from tui.cli.errors import CommandError, Status

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def write_file(path: Path, parts: Iterable[str]) -> None:
    """Write a file as a whole, or leave the one that is there; raise `CommandError`."""
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
        raise CommandError(f"'{path}' can't be written: {reason}", Status.UNUSABLE) from error


def _replace(path: Path, parts: Iterable[str]) -> None:
    written = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        # Exclusively: nobody else's file of that name is ours to write.
        with written.open("x", encoding="utf-8", newline="\n") as stream:
            stream.writelines(parts)
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            written.chmod(path.stat().st_mode & 0o777)
        written.replace(path)
    except FileExistsError:
        raise
    except BaseException:
        with suppress(OSError):
            written.unlink()
        raise

"""Writing files that somebody else may be reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.cli.errors import CommandError, Status
from tui.outside import files
from tui.outside.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def write_file(path: Path, parts: Iterable[str]) -> None:
    """Write a file as a whole, or leave the one that is there; raise `CommandError`."""
    try:
        files.write_file(path, parts)
    except FileError as error:
        raise CommandError(str(error), Status.UNUSABLE) from error

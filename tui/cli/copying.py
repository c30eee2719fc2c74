"""Copying from the command line: to the clipboard, as the browser does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from tui.cli.opening import locate
from tui.clipboard import NOTHING, Clipboard
from tui.config import read_config
from tui.copied import heading
from tui.locations import copied_text_path

if TYPE_CHECKING:
    from pathlib import Path

_CONTROLLING = "/dev/tty"


class CopyEnd(NamedTuple):
    """What became of a copy."""

    line: str
    """What the reader is told."""
    is_taken: bool
    """Whether anything took the text, be it the terminal, which never answers."""


def copy(text: str, library: Path | None) -> CopyEnd:
    """Copy a text by the first way that takes it."""
    locations = locate(library)
    config, _ = read_config(locations.config)
    kept_in = copied_text_path(locations.cache)
    copied = Clipboard(os.environ, config.copy_command, write_terminal, kept_in).copy(text)
    return CopyEnd(heading(copied), copied.method != NOTHING)


def write_terminal(sequence: str) -> None:
    """Send a sequence to the terminal that the command was given in, whatever is redirected."""
    with open(_CONTROLLING, "w", encoding="ascii") as terminal:  # noqa: PTH123 a device, no path
        terminal.write(sequence)

"""What the reader configures: `config.toml`, and a `style.tcss` beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.config.file import FILE_NAME, ConfigFile, read_config, read_config_file
from tui.config.style import STYLE_NAME, read_style
from tui.config.values import COLUMNS, MEANINGS, THEMES, Config

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "COLUMNS",
    "FILE_NAME",
    "MEANINGS",
    "THEMES",
    "Config",
    "ConfigFile",
    "configured_files",
    "read_config",
    "read_config_file",
    "read_style",
]


def configured_files(folder: Path) -> tuple[Path, ...]:
    """Return the files in `folder` that are read, whether they are there or not."""
    return folder / FILE_NAME, folder / STYLE_NAME

"""What the reader configures: `config.toml`, and a `style.tcss` beside it."""

from __future__ import annotations

from tui.config.file import FILE_NAME, ConfigFile, read_config, read_config_file
from tui.config.style import read_style
from tui.config.values import COLUMNS, MEANINGS, THEMES, Config

__all__ = [
    "COLUMNS",
    "FILE_NAME",
    "MEANINGS",
    "THEMES",
    "Config",
    "ConfigFile",
    "read_config",
    "read_config_file",
    "read_style",
]

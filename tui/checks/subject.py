"""What the checks look at."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.config.file import ConfigFile
    from tui.locations import Locations

ASKING_SECONDS = 1.0
"""So long is waited for another program's answer."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The program's surroundings as the command line finds them."""

    environ: Mapping[str, str]
    locations: Locations
    config: ConfigFile
    is_terminal: bool
    """Whether input and output are one."""
    size: tuple[int, int] | None
    """Columns and lines; None where there is no terminal at all."""
    encoding: str
    """That in which the screen is written."""
    platform: str = sys.platform

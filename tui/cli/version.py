"""Which version this is: `--version`."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

from tui import PROGRAM
from tui.cli.errors import Status
from tui.cli.output import tell

if TYPE_CHECKING:
    from argparse import Namespace


def version(_: Namespace) -> Status:
    """Tell the version."""
    try:
        tell(f"{PROGRAM} {metadata.version(PROGRAM)}")
    except metadata.PackageNotFoundError:
        tell(f"{PROGRAM} of unknown version: it is run from its source folder")
    return Status.DONE

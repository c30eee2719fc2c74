"""Looking after the search index: `index`."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from tui.cli.asking import PATIENCE, index_failure
from tui.cli.errors import Status
from tui.cli.opening import open_present_library
from tui.cli.output import say, tell
from tui.cli.progress import index_progress

if TYPE_CHECKING:
    import subprocess
    from argparse import Namespace

    from store.library import Library

_BETWEEN_LOOKS = 0.05


def index(options: Namespace) -> Status:
    """Bring the index up to date, or say how far it is."""
    with open_present_library(options.library) as library:
        if options.wait:
            _wait(library, rebuild=options.rebuild)
        elif options.rebuild or not options.status:
            writer = library.index.catch_up(rebuild=options.rebuild)
            if writer is not None:
                _await_fall(library, writer)
                say("writing the index in the background; 'paperdeck index --wait' waits for it")
        tell(f"{library.index.searchable():,} of {len(library):,} searchable")
    return Status.DONE


def _await_fall(library: Library, writer: subprocess.Popen[bytes]) -> None:
    """Wait a moment for a writer to throw away the old index, which counts as up to date so far."""
    deadline = time.monotonic() + PATIENCE
    while library.index.is_current() and writer.poll() is None and time.monotonic() < deadline:
        time.sleep(_BETWEEN_LOOKS)


def _wait(library: Library, *, rebuild: bool) -> None:
    with index_progress(len(library)) as progress:
        # The old index counts as up to date until the writer has thrown it away.
        writer = library.index.catch_up(rebuild=True) if rebuild else None
        while writer is not None and writer.poll() is None:
            if progress:
                progress(library.index.searchable())
            time.sleep(_BETWEEN_LOOKS)
        if not library.index.wait(math.inf, progress):
            raise index_failure()

"""What the terminal shows before the browser is loaded: the first rows, and the next last frame."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tui.firstpaint.keeping import paint_of
from tui.firstpaint.reading import screen_size
from tui.firstpaint.rows import first_cells

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from store.library import Library
    from tui.conversations.leaving import Left
    from tui.firstpaint.prepared import PreparedTerminal
    from tui.firstpaint.rows import Opening
    from tui.locations import Locations


def paint_rows(terminal: PreparedTerminal, library: Library, opening: Opening) -> None:
    """Paint the rows that the browser will show, where no last frame shows them already."""
    size = screen_size(os.environ)
    cells = first_cells(library, opening, size, os.environ) if size and not terminal.shown else []
    if cells:
        terminal.paint(paint_of(cells), lambda: cells)


def keep_shown(
    locations: Locations,
    left: Left,
    read: Mapping[bytes, bytes],
    session: Path,
    written: os.stat_result,
) -> None:
    """Keep what the next start will show, if all still is what the screen shows of it.

    `read` are the files that the screen was made with, as they were when they were read, and
    `written` is what was written to the file of the session.
    """
    # Needed at the end only.
    from store.glimpse import standing
    from store.index.state import STATE_NAME
    from store.record import FILE_NAME
    from store.record.readonly import log_of
    from tui.firstpaint import keeping
    from tui.locations import index_folder
    from tui.session import is_written

    library = locations.library / FILE_NAME
    index_state = index_folder(locations.cache, locations.library) / STATE_NAME
    changing = (session, library, log_of(library), index_state)
    files = (*read, *(os.fsencode(file) for file in changing))
    size = (len(left.cells[0]), len(left.cells))
    known = keeping.settled(os.environ, size, files)
    # Looked at after that: what changes from now on is another file than is known of.
    if (
        known
        and is_written(session, written)
        and keeping.as_read(map(os.fsdecode, read)) == read
        and standing(locations.library) == (left.revision, left.visits)
    ):
        keeping.keep_frame(locations.frames, os.environ, left.cells, files, known)

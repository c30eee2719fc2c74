"""What the terminal shows before the browser is loaded: the first rows, and the next last frame."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tui.firstpaint import first_cells
from tui.lastframe import LastFrame
from tui.leftframe import cells_as_bytes, paint_of
from tui.prepared import screen_size

if TYPE_CHECKING:
    from pathlib import Path

    from store.library import Library
    from tui.conversations.leaving import Left
    from tui.firstpaint import Opening
    from tui.locations import Locations
    from tui.prepared import PreparedTerminal
    from tui.terminal.picture import Cells


def paint_rows(terminal: PreparedTerminal, library: Library, opening: Opening) -> None:
    """Paint the rows that the browser will show, where no last frame shows them already."""
    size = screen_size(os.environ)
    cells = first_cells(library, opening, size, os.environ) if size and not terminal.frame else []
    if cells:
        terminal.paint(LastFrame(paint_of(cells), cells_as_bytes(cells)))


def keep_shown(locations: Locations, session: Path, left: Left, cells: Cells) -> None:
    """Keep what the next start will show, if the library still is what the screen shows of it."""
    # Needed at the end only.
    from store.database import FILE_NAME
    from store.glimpse import standing
    from store.index.state import STATE_NAME
    from tui import leftframe
    from tui.config import configured_files
    from tui.locations import index_folder

    if not cells:
        return
    files = leftframe.dependencies(
        configured_files(locations.config),
        session,
        locations.library / FILE_NAME,
        index_folder(locations.cache, locations.library) / STATE_NAME,
    )
    size = (len(cells[0]), len(cells))
    known = leftframe.settled(os.environ, size, files)
    # Looked at after the files: whoever changes it from now on changes them as well.
    if known and standing(locations.library, left.view) == (left.revision, left.newest):
        leftframe.keep_frame(locations.cache, os.environ, cells, files, known)

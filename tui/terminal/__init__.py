"""Writing to the terminal: of each frame only the cells that are not there already."""

from __future__ import annotations

CHANGED_CELLS = "changed cells"
"""Our own writer."""
TEXTUAL = "textual"
"""Textual's, which writes all that is painted again."""
WRITERS = (CHANGED_CELLS, TEXTUAL)

"""Texts in the cells of a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells, set_cell_size

if TYPE_CHECKING:
    from collections.abc import Iterator


def fitted(text: str, width: int) -> str:
    """Return `text` in exactly `width` cells, cut with an ellipsis where it is longer."""
    if width <= 0:
        return ""
    if cell_len(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)


def line_spans(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Yield where each line begins and ends of a text without line breaks, in `width` cells.

    Lines are broken at blanks, which belong to none of them, and a word that is longer is cut.
    There is one line at the least.
    """
    start, end = 0, len(text.rstrip(" "))
    while True:
        room = _fitting(text[start:end], width)
        if start + room >= end:
            yield start, end
            return
        cut = text.rfind(" ", start, start + room + 1)
        line = text[start:cut].rstrip(" ") if cut > start else ""
        if line:
            yield start, start + len(line)
        else:
            cut = start + room
            yield start, cut
        start = cut
        while text[start] == " ":
            start += 1


def _fitting(text: str, width: int) -> int:
    """Return how many characters from the first on fit into `width` cells; at least one."""
    # Most texts have a cell to a character; of what follows a line, none needs to be looked at.
    line = text[: width + 1]
    if line.isascii():
        return min(len(line), max(1, width))
    if len(line) <= width and cell_len(line) <= width:
        return len(line)
    return max(1, len(chop_cells(text[: 2 * width], max(1, width))[0]))

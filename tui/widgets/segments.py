"""Segments of a text in which what was looked for stands out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

from tui.cells import fitted
from tui.matching import runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.style import Style


def found_segments(
    text: str, width: int, places: Sequence[int], style: Style, found: Style
) -> Iterator[Segment]:
    """Yield `text` in exactly `width` cells, the characters at `places` in `style` and `found`."""
    shown = fitted(text, width)
    # What was cut off, or gave way to the ellipsis, is not marked.
    marked = [at for at in places if text[at : at + 1] == shown[at : at + 1] != ""]
    if not marked:
        yield Segment(shown, style)
        return
    for run, is_found in runs(shown, marked):
        yield Segment(run, style + found if is_found else style)

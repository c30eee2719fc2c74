"""Strokes: neighbouring cells that are written with one pen, and the order to write them in."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from tui.terminal.pens import PLAIN, blank_pen, is_erased_with, seen_on_blanks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tui.terminal.lines import Line
    from tui.terminal.pens import Pen

_SHORTEST_END = 4
"""Fewer blanks at the end of a line are not longer than what erases them."""
_SHORTEST_ERASED = 6
"""Fewer blanks elsewhere are not."""
_WIDEST_GAP = 3
"""So many cells are as soon written again as passed."""
_MOST_COMPARED = 600
"""So often strokes are compared with others for the shortest way, or else less closely."""


class Stroke(NamedTuple):
    """Cells of a line of the screen, from `start` to before `end`."""

    y: int
    start: int
    end: int
    line: Line
    pen: Pen
    is_blank: bool = False
    """Whether all of them are blanks, of which the pen is how they are seen."""
    is_erased: bool = False
    """Whether they are blanks that are shorter erased than written."""


def strokes(y: int, before: Line, after: Line, *, erases_ground: bool) -> Iterator[Stroke]:
    """Yield what makes line `y` of the screen another, from left to right.

    With `erases_ground` the terminal gives to what it erases the ground that it writes on.
    """
    changed = after.changed_from(before)
    if not changed:
        return
    blank, pen = after.blank_from()
    is_erased = (
        (pen is PLAIN or (erases_ground and is_erased_with(pen)))
        and len(changed) >= _SHORTEST_END
        and changed[-_SHORTEST_END] >= blank
    )
    width = len(after.texts)
    if is_erased:
        changed = [x for x in changed if x < blank]
    for start, end in _runs(changed, after):
        for stroke in _strokes_of(y, start, end, after):
            yield from _with_erased(stroke) if erases_ground else (stroke,)
    if is_erased:
        yield Stroke(y, blank, width, after, pen, is_blank=True, is_erased=True)


def in_order(
    found: Sequence[Stroke], cost: Callable[..., int], draw: Callable[[Stroke], None]
) -> None:
    """Draw each stroke, always going on to the one that costs least from where the last one ends.

    Compared are the first ones that are left of each line; or of each pen, where these are many.
    """
    by_line = len(found) * len({stroke.y for stroke in found}) <= _MOST_COMPARED
    groups: dict[int | Pen, list[Stroke]] = {}
    for stroke in reversed(found):
        # What terminals do not agree on may reach into what follows, which has to come later.
        key = stroke.y if by_line or not stroke.line.plain else stroke.pen
        groups.setdefault(key, []).append(stroke)
    while groups:
        least: tuple[int, int, int] | None = None
        for key, group in groups.items():
            first = group[-1]
            whole = (cost(first, exactly=by_line), first.y, first.start)
            if least is None or whole < least:
                least, nearest = whole, key
        draw(groups[nearest].pop())
        if not groups[nearest]:
            del groups[nearest]


def _runs(cells: Sequence[int], line: Line) -> Iterator[tuple[int, int]]:
    """Yield where each run of neighbours begins and ends.

    The cells between two that take no more to write than to pass are part of one.
    """
    if not cells:
        return
    start = end = cells[0]
    for x in cells:
        if x != end and not (x - end <= _WIDEST_GAP and _is_even(line, end, x)):
            yield start, end
            start = x
        end = x + 1
    yield start, end


def _is_even(line: Line, start: int, end: int) -> bool:
    """Tell whether cells, and those beside them, are plain and written with one pen."""
    pens = line.pens[start - 1 : end + 1]
    if pens.count(pens[0]) != len(pens):
        around = list(zip(line.texts[start - 1 : end + 1], pens, strict=True))
        written = {pen for text, pen in around if text != " "} or {pens[0]}
        pen, *others = written
        blanks = {seen_on_blanks(own) for text, own in around if text == " "}
        if others or any(blank_pen(pen, blank) is not pen for blank in blanks):
            return False
    return bool(line.known(start, end))


def _strokes_of(y: int, start: int, end: int, line: Line) -> Iterator[Stroke]:
    """Yield a run of cells by pen; blanks are with a neighbour if they look the same with its."""
    groups: list[tuple[int, Pen, bool]] = []
    x = start
    for own, cells in groupby(line.pens[start:end]):
        x, begun = x + len(list(cells)), x
        is_blank = line.known(begun, x).isspace()
        pen = seen_on_blanks(own) if is_blank else own
        if groups:
            _, before, was_blank = groups[-1]
            if is_blank and blank_pen(before, pen) is before:
                pen, is_blank = before, was_blank
            elif was_blank and blank_pen(pen, before) is pen:
                groups[-1] = (0, pen, is_blank)
            if groups[-1][1] is pen:
                groups.pop()
        groups.append((x, pen, is_blank))
    begun = start
    for x, pen, is_blank in groups:
        yield Stroke(y, begun, x, line, pen, is_blank)
        begun = x


def _with_erased(stroke: Stroke) -> Iterator[Stroke]:
    """Yield a stroke with the blanks at its end apart, if they are shorter erased."""
    y, start, end, line, pen, _, _ = stroke
    text = line.known(start, end)
    blanks = len(text) - len(text.rstrip(" "))
    seen = seen_on_blanks(pen)
    if blanks < _SHORTEST_ERASED or not is_erased_with(seen):
        yield stroke
        return
    if blanks < end - start:
        yield Stroke(y, start, end - blanks, line, pen)
    yield Stroke(y, end - blanks, end, line, seen, is_blank=True, is_erased=True)

"""Strokes: neighbouring cells that are written with one pen, and the order to write them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui.terminal.pens import PLAIN, blank_pen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tui.terminal.lines import Line
    from tui.terminal.pens import Pen

_SHORTEST_ERASED = 4
"""Fewer blanks are not longer than what erases them."""
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
    is_erased: bool = False
    """Whether all of them, to the end of the line, are blanks without a colour."""


def strokes(y: int, before: Line, after: Line) -> Iterator[Stroke]:
    """Yield what makes line `y` of the screen another, from left to right."""
    changed = after.changed_from(before)
    if not changed:
        return
    blank = after.blank_from()
    # Only without a colour: whether terminals give theirs to what they erase, differs.
    is_erased = sum(x >= blank for x in changed) >= _SHORTEST_ERASED
    written = [x for x in changed if not is_erased or x < blank]
    for start, end in _runs(_with_gaps(written, after)):
        pens = _pens(after, start, end)
        first = start
        for x in range(start + 1, end + 1):
            if x == end or pens[x - start] != pens[first - start]:
                yield Stroke(y, first, x, after, pens[first - start])
                first = x
    if is_erased:
        yield Stroke(y, blank, len(after.texts), after, PLAIN, is_erased=True)


def in_order(
    found: Sequence[Stroke], cost: Callable[..., int], draw: Callable[[Stroke], None]
) -> None:
    """Draw each stroke, always going on to the one that costs least from where the last one ends.

    Compared are the first ones that are left of each line; or of each pen, where these are many.
    """
    lines = {stroke.y for stroke in found}
    by_line = len(found) * len(lines) <= _MOST_COMPARED
    groups: dict[int | Pen, list[Stroke]] = {}
    for stroke in reversed(found):
        # What terminals do not agree on may reach into what follows, which has to come later.
        key = stroke.y if by_line or not stroke.line.is_plain else stroke.pen
        groups.setdefault(key, []).append(stroke)
    while groups:
        firsts = {key: group[-1] for key, group in groups.items()}
        costs = {key: cost(first, exactly=by_line) for key, first in firsts.items()}
        nearest = min(costs, key=lambda key: (costs[key], *firsts[key][:2]))
        draw(groups[nearest].pop())
        if not groups[nearest]:
            del groups[nearest]


def _pens(line: Line, start: int, end: int) -> list[Pen]:
    """Return the pen of each cell; a blank has that of a neighbour if it looks the same with it."""
    pens = line.pens[start:end]
    blanks = [at for at, text in enumerate(line.texts[start:end]) if text == " "]
    for at in blanks:
        if at and blank_pen(pens[at - 1], pens[at]) == pens[at - 1]:
            pens[at] = pens[at - 1]
    for at in reversed(blanks):
        after = pens[at + 1 : at + 2]
        if (
            after
            and pens[at] is line.pens[start + at]
            and blank_pen(after[0], pens[at]) == after[0]
        ):
            pens[at] = after[0]
    return pens


def _with_gaps(cells: Sequence[int], line: Line) -> Iterator[int]:
    """Yield these cells, and those between them that take no more to write than to pass."""
    end = -1
    for x in cells:
        if 0 <= end < x <= end + _WIDEST_GAP and line.is_known(end, x):
            around = zip(line.texts[end - 1 : x + 1], line.pens[end - 1 : x + 1], strict=True)
            if len({pen for text, pen in around if text != " "}) <= 1:
                yield from range(end, x)
        yield x
        end = x + 1


def _runs(cells: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield where each run of neighbours begins and ends."""
    start = end = -1
    for x in cells:
        if x != end:
            if end > start:
                yield start, end
            start = x
        end = x + 1
    if end > start:
        yield start, end

"""Walking the trees of a damaged file: what can be read, and where rows may be missing."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from store.salvage.cells import INTERIOR_TABLE, LEAF_TABLE, LOST, Cell, Page, Value, read_page
from store.salvage.keys import Key, key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from store.salvage.pages import Pages

DEEPEST = 20
"""Levels that no tree of a library comes to; what has more leads in a circle."""


class Row(NamedTuple):
    """What stands in one row of a tree."""

    key: Key
    rowid: int | None
    values: tuple[Value, ...]
    page: int
    chain: tuple[int, ...] = ()
    """The pages that it goes on in."""

    @property
    def is_whole(self) -> bool:
        """Whether all of it can be read."""
        return LOST not in self.values


class Gap(NamedTuple):
    """Where rows may be missing: between two keys, or an end of the tree where there is none."""

    low: Key | None
    high: Key | None
    page: int

    def has(self, key: Key) -> bool:
        """Tell whether a row of this key may be one of them."""
        return (self.low is None or key >= self.low) and (self.high is None or key <= self.high)


@dataclass
class Tree:
    """One tree of the file, as it should be."""

    name: str
    root: int
    """The number of its first page; 0 where that is not known."""
    has_rowids: bool
    key: Callable[[int | None, tuple[Value, ...]], Key | None]
    """Gives the key of a row; None where the values can't be a row of this tree.

    """
    gaps: list[Gap] = field(default_factory=list)
    is_read: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether every row of it was found."""
        return self.is_read and not self.gaps

    def lacks(self, key: Key) -> bool:
        """Tell whether a row of this key may have been lost."""
        return not self.is_read or any(gap.has(key) for gap in self.gaps)


class Forest:
    """Walks trees, and notes which pages were reached."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self.reached: set[int] = set()
        self.takes_stale = False
        """Whether pages are read of which there was a newer state."""

    def rows(self, tree: Tree) -> Iterator[Row]:
        """Yield the rows of a tree that can be read, in its order, and note its gaps."""
        tree.is_read = True
        if tree.root == 0:
            tree.gaps.append(Gap(None, None, 0))
            return
        yield from self.below(tree, tree.root, None, None, 0)

    def below(
        self, tree: Tree, number: int, low: Key | None, high: Key | None, depth: int
    ) -> Iterator[Row]:
        """Yield the rows below a page, all of which stand between two keys."""
        page = None
        is_good = self.takes_stale or number not in self._pages.stale
        if is_good and number not in self.reached and depth < DEEPEST:
            page = read_page(self._pages, number)
        if page is None or (page.kind in {INTERIOR_TABLE, LEAF_TABLE}) != tree.has_rowids:
            tree.gaps.append(Gap(low, high, number))
            return
        cells = _placed(tree, page, low, high)
        if page.cells and not cells:
            tree.gaps.append(Gap(low, high, number))
            return
        self.reached.add(number)
        if not page.is_whole or len(cells) < len(page.cells):
            _note_gaps(tree, page, cells, (low, high), number)
        for key, cell in cells:
            if cell.child is not None:
                yield from self.below(tree, cell.child, low, key, depth + 1)
            if cell.values is not None:
                self.reached.update(cell.chain)
                if LOST in cell.values:
                    tree.gaps.append(Gap(key, key, number))
                yield Row(key, cell.rowid, cell.values, number, cell.chain)
            low = key
        if page.last_child is not None:
            yield from self.below(tree, page.last_child, low, high, depth + 1)


def _placed(tree: Tree, page: Page, low: Key | None, high: Key | None) -> list[tuple[Key, Cell]]:
    """Return the cells that are rows of a tree and stand where they belong."""
    keyed: list[tuple[Key, Cell]] = []
    for cell in page.cells:
        if cell is None:
            continue
        if cell.values is None and cell.rowid is not None:
            key: Key | None = key_of((cell.rowid,))
        else:
            key = tree.key(cell.rowid, cell.values or ())
        if key is None or (low is not None and key < low) or (high is not None and key > high):
            continue
        keyed.append((key, cell))
    return _longest_ascending(keyed)


def _longest_ascending(keyed: list[tuple[Key, Cell]]) -> list[tuple[Key, Cell]]:
    """Leave out as few as possible, so that the others ascend."""
    if all(one[0] < other[0] for one, other in pairwise(keyed)):
        return keyed
    ends: list[Key] = []
    places: list[int] = []
    before: list[int | None] = []
    for index, (key, _) in enumerate(keyed):
        place = bisect_left(ends, key)
        if place == len(ends):
            ends.append(key)
            places.append(index)
        else:
            ends[place], places[place] = key, index
        before.append(places[place - 1] if place else None)
    at: int | None = places[-1]
    kept: list[tuple[Key, Cell]] = []
    while at is not None:
        kept.append(keyed[at])
        at = before[at]
    return kept[::-1]


def _note_gaps(
    tree: Tree,
    page: Page,
    cells: list[tuple[Key, Cell]],
    bounds: tuple[Key | None, Key | None],
    number: int,
) -> None:
    """Note where on a page cells are missing: between those beside them that can be read."""
    if len(cells) == len(page.cells):
        # All of its cells are good, and yet something on it is amiss: there may have been more.
        tree.gaps.append(Gap(*bounds, number))
        return
    good = {id(cell): key for key, cell in cells}
    low, is_missing = bounds[0], False
    for cell in page.cells:
        key = good.get(id(cell)) if cell is not None else None
        if key is None:
            is_missing = True
            continue
        if is_missing:
            tree.gaps.append(Gap(low, key, number))
        low, is_missing = key, False
    if is_missing:
        tree.gaps.append(Gap(low, bounds[1], number))

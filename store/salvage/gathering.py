"""Gathering the rows of a damaged file: those of its trees, and of pages that no tree leads to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from store.salvage.cells import LEAF_TABLE, Page, read_page
from store.salvage.trees import DEEPEST, Forest, Gap, Row, Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from store.salvage.keys import Key
    from store.salvage.pages import Pages
    from store.salvage.shapes import Index, Table


@dataclass
class TableTrees:
    """The tree of a table and those of its indices."""

    table: Table
    tree: Tree
    indices: list[tuple[Index, Tree]]
    uncertain: list[Row] = field(default_factory=list)
    """Rows that once were there, and of which nobody can tell whether they still are."""

    @property
    def all_trees(self) -> list[Tree]:
        """The tree of the table first."""
        return [self.tree, *(tree for _, tree in self.indices)]


class Found(NamedTuple):
    """A row and the tree that it was found in."""

    owner: TableTrees
    tree: Tree
    row: Row


class _Candidate(NamedTuple):
    """A page that no tree leads to, and what it may belong to."""

    page: int
    first: Key
    last: Key


def table_trees(table: Table, root_of: Callable[[str], int]) -> TableTrees:
    """Return the trees of a table, whose roots are where the schema says."""
    return TableTrees(
        table,
        table.tree(root_of(table.name)),
        [(index, table.index_tree(index, root_of(index.name))) for index in table.indices],
    )


def gather(pages: Pages, tables: Iterable[TableTrees]) -> Iterator[Found]:
    """Yield every row that can be read, and note in the trees where some may be missing."""
    tables = list(tables)
    forest = Forest(pages)
    schema = Tree("schema", 1, has_rowids=True, key=lambda rowid, _: ((1, rowid or 0),))
    for _ in forest.rows(schema):
        pass
    for one in tables:
        for tree in one.all_trees:
            for row in forest.rows(tree):
                yield Found(one, tree, row)
    if any(tree.gaps for one in tables for tree in one.all_trees):
        yield from _adopted(pages, forest, tables)
        _take_stale(pages, tables)


def _adopted(pages: Pages, forest: Forest, tables: list[TableTrees]) -> Iterator[Found]:
    """Yield the rows of pages to which a damaged one led: they fit into the gap that it left."""
    free = pages.free()
    left = set(range(2, pages.count + 1)) - forest.reached - (free or set())
    orphans = {number: page for number in left if (page := read_page(pages, number)) and page.cells}
    below = {child for page in orphans.values() for child in _children(page)}
    parted: dict[tuple[int, Gap], list[_Candidate]] = {}
    owners: dict[int, tuple[TableTrees, Tree]] = {}
    for number in sorted(set(orphans) - below):
        fitting = list(_fitting(pages, number, tables))
        for one, tree, gap, candidate in fitting:
            owners[id(tree)] = one, tree
            is_certain = free is not None and len({id(tree) for _, tree, *_ in fitting}) == 1
            if is_certain:
                parted.setdefault((id(tree), gap), []).append(candidate)
            else:
                _note_uncertain(pages, one, tree, gap, number)
    for (name, gap), candidates in parted.items():
        one, tree = owners[name]
        candidates.sort(key=lambda candidate: candidate.first)
        if any(a.last >= b.first for a, b in pairwise(candidates)):
            for candidate in candidates:
                _note_uncertain(pages, one, tree, gap, candidate.page)
            continue
        for row in _in_gap(forest, tree, gap, candidates):
            yield Found(one, tree, row)


def _in_gap(forest: Forest, tree: Tree, gap: Gap, candidates: list[_Candidate]) -> Iterator[Row]:
    """Yield the rows of pages that stand in a gap; what is left of it are those between them."""
    tree.gaps.remove(gap)
    low = gap.low
    for candidate in candidates:
        tree.gaps.append(Gap(low, candidate.first, 0))
        yield from forest.below(tree, candidate.page, low, gap.high, 0)
        low = candidate.last
    tree.gaps.append(Gap(low, gap.high, 0))


def _fitting(
    pages: Pages, number: int, tables: list[TableTrees]
) -> Iterator[tuple[TableTrees, Tree, Gap, _Candidate]]:
    """Yield the gaps into which a page fits with all that is below it."""
    first, last = _edge(pages, number, 0), _edge(pages, number, -1)
    for one in tables:
        for tree in one.all_trees:
            for gap in list(tree.gaps):
                low, high = _keys(tree, first), _keys(tree, last)
                if low and high and gap.has(low[0]) and gap.has(high[-1]):
                    yield one, tree, gap, _Candidate(number, low[0], high[-1])


def _keys(tree: Tree, page: Page | None) -> list[Key]:
    """Return the keys of a leaf, or nothing where it is none of this tree's."""
    if page is None or page.is_interior or (page.kind == LEAF_TABLE) != tree.has_rowids:
        return []
    cells = [cell for cell in page.cells if cell is not None and cell.values is not None]
    keys = [tree.key(cell.rowid, cell.values or ()) for cell in cells]
    good = [key for key in keys if key is not None]
    return good if len(good) == len(keys) and good == sorted(good) else []


def _edge(pages: Pages, number: int, side: int) -> Page | None:
    """Return the first or the last leaf below a page."""
    for _ in range(DEEPEST):
        page = read_page(pages, number)
        if page is None or not page.is_interior:
            return page
        children = _children(page)
        if not children:
            return None
        number = children[side]
    return None


def _children(page: Page) -> list[int]:
    found = [cell.child for cell in page.cells if cell is not None and cell.child is not None]
    return [*found, page.last_child] if page.last_child is not None else found


def _note_uncertain(pages: Pages, one: TableTrees, tree: Tree, gap: Gap, number: int) -> None:
    """Keep the rows below a page of which it can't be told whether the tree still has it."""
    if tree is not one.tree:
        return
    forest = Forest(pages)
    forest.takes_stale = True
    once = replace(tree, gaps=[])
    one.uncertain.extend(forest.below(once, number, gap.low, gap.high, 0))


def _take_stale(pages: Pages, tables: list[TableTrees]) -> None:
    """Keep the rows of pages of which a newer state is lost."""
    for one in tables:
        for gap in one.tree.gaps:
            if gap.page in pages.stale:
                _note_uncertain(pages, one, one.tree, gap, gap.page)

"""Where the trees of a damaged file begin, and which steps its library has taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.migrations import MIGRATIONS
from store.salvage.cells import LEAF_TABLE, Value, read_page
from store.salvage.keys import Key, key_of
from store.salvage.trees import Forest, Tree

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from store.salvage.pages import Pages

_KINDS = {"table", "index", "trigger", "view"}
_COLUMNS = 5


def roots(pages: Pages) -> dict[str, int]:
    """Return the first page of each tree by its name, as far as the file says so."""
    tree = Tree("schema", 1, has_rowids=True, key=_schema_key)
    found = {str(row.values[1]): row.values[3] for row in Forest(pages).rows(tree)}
    if tree.gaps:
        # Each name stands on one page alone, or it is not known which of them is outdated.
        elsewhere: dict[str, set[int]] = {}
        for number in range(1, pages.count + 1):
            page = read_page(pages, number)
            if page is None or page.kind != LEAF_TABLE:
                continue
            for cell in page.cells:
                values = cell.values if cell else None
                if values and _schema_key(0, values) and isinstance(values[3], int):
                    elsewhere.setdefault(str(values[1]), set()).add(values[3])
        once = {name: min(all_of) for name, all_of in elsewhere.items() if len(all_of) == 1}
        found = {**once, **found}
    return {name: root for name, root in found.items() if isinstance(root, int) and root > 0}


def roots_in(connection: sqlite3.Connection) -> dict[str, int]:
    """Return the first page of each tree of a sound record."""
    return dict(connection.execute("SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0"))


def steps_taken(pages: Pages, root: int) -> list[str] | None:
    """Return the steps that a library has taken; None where they can't be read."""
    tree = Tree("migrations", root, has_rowids=False, key=_step_key)
    found = [str(row.values[0]) for row in Forest(pages).rows(tree)]
    return found if found and tree.is_whole else None


def likely_steps(names: Mapping[str, int], models: Sequence[tuple[str, set[str]]]) -> list[str]:
    """Return the steps after which a library has the trees that are there, and no others."""
    taken: list[str] = []
    for step, trees in models:
        if not trees <= set(names):
            break
        taken.append(step)
    return taken or list(MIGRATIONS)


def _schema_key(rowid: int | None, values: Sequence[Value]) -> Key | None:
    if not values:
        return key_of((rowid,))
    if len(values) != _COLUMNS or values[0] not in _KINDS or not isinstance(values[1], str):
        return None
    return key_of((rowid,)) if isinstance(values[3], int) else None


def _step_key(_: int | None, values: Sequence[Value]) -> Key | None:
    if len(values) != 2 or not all(isinstance(value, str) for value in values):  # noqa: PLR2004
        return None
    return key_of(values[:1])

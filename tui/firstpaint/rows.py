"""The first paint where no last frame holds: the rows of the list, before Textual is loaded.

They stand where the browser will show them, and look as they will there; the rest of the screen
is empty until then. What the search index is needed for, or a style sheet of the reader's may
have put elsewhere, is not painted.
"""

from __future__ import annotations

from itertools import chain, islice, repeat
from typing import TYPE_CHECKING, NamedTuple

from store.errors import StoreError
from store.query import nodes as q
from store.query.editing import with_sort
from tui import SET_BY_US
from tui.listing import ListView
from tui.listlines import BLANK, ListLines, parts_of
from tui.palette import NO_STYLE, PALETTES
from tui.rows import Rows
from tui.state import BESIDE_FROM, Split, view_of
from tui.surroundings import colour_count
from tui.terminal.lines import cells_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.library import Library
    from tui.terminal.picture import Cells

# Where the list stands, as `look.tcss` has it; the tests hold the two together.
_BARS = 2
"""The line above the list, and the one at the bottom."""
_SIDEBAR = 26
_SHARE_STACKED, _SHARE_ABSTRACT = 42, 44
"""Per cent of the height that are the list's, and of the width that are the abstract's."""
_LEAST_STACKED, _WIDEST_ABSTRACT = 4, 92

_LOOKS = {
    BLANK: ("foreground", "background", ""),
    "title": ("seen", "background", ""),
    "unread": ("foreground", "background", "unread-style"),
    "decided": ("decided", "background", "quiet-style"),
    "meta": ("quiet", "background", "quiet-style"),
    "mark": ("accent", "background", ""),
    "day": ("quiet", "background", "bold"),
    "selected": ("foreground", "selected", "selected-style"),
    "selected-meta": ("selected-quiet", "selected", "selected-style"),
}
"""Colour, ground and style of each look of a row, as in the style sheet."""
_ATTRIBUTES = {"bold": "1", "dim": "2", "underline": "4", "reverse": "7"}
_ANSI = {"ansi_default": "", "ansi_magenta": "35"}
"""The terminal's own colours among those of `_LOOKS`, as text."""


class Opening(NamedTuple):
    """What the browser begins with, as far as the list tells of it."""

    text: str
    key: int | None
    top: int
    home: str
    theme: str
    columns: tuple[str, ...] | None = None
    split: Split = Split()
    is_sidebar_shown: bool = False


class Area(NamedTuple):
    """Where the list stands on the screen."""

    x: int
    y: int
    width: int
    height: int


def first_cells(
    library: Library, opening: Opening, size: tuple[int, int], environ: Mapping[str, str]
) -> Cells:
    """Return the screen to begin with; none where it can't be told what the browser will show."""
    if not _is_plain(environ):
        return []
    area = list_area(size, opening.split, is_sidebar_shown=opening.is_sidebar_shown)
    width, height = size
    room = height - 1 - area.y  # the last line is none of the list's
    if room < 1:
        return []
    try:
        shown = _shown(library, opening, area.height)
        if shown is None:
            return []
        lines = shown.in_sight(Rows(library))
    except StoreError:
        return []
    sgr = _sgr_of(opening.theme, colour_count(environ))
    blank = (" ", sgr[BLANK])
    cells: Cells = [[blank] * width for _ in range(height)]
    for y, line in enumerate(lines[:room], area.y):
        parts = parts_of(line, area.width, opening.columns, is_grouped=bool(shown.view.starts))
        row = ((cell, sgr[part.look]) for part in parts for cell in cells_of(part.text))
        filled = chain(row, repeat((" ", sgr[parts[-1].look])))
        cells[y][area.x : area.x + area.width] = islice(filled, area.width)
    return cells


def list_area(size: tuple[int, int], split: Split, *, is_sidebar_shown: bool) -> Area:
    """Return where the style sheet puts the list on a screen of this size."""
    width, height = size[0], max(size[1] - _BARS, 0)
    if width < BESIDE_FROM:
        share, least = _SHARE_STACKED, _LEAST_STACKED
        if split.stacked is not None:
            share, least = _per_cent(split.stacked), 1
        return Area(0, 1, width, max(height * share // 100, least))
    x = _SIDEBAR if is_sidebar_shown else 0
    room = width - x
    if split.beside is None:
        own = room - min(room * _SHARE_ABSTRACT // 100, _WIDEST_ABSTRACT)
    else:
        own = room * _per_cent(split.beside) // 100
    return Area(x, 1, own - 1, height)  # a rule is at the right


def _per_cent(share: float) -> int:
    return int(f"{share:.0%}"[:-1])


def _is_plain(environ: Mapping[str, str]) -> bool:
    """Tell whether nothing in the environment changes what Textual makes of colours and sizes."""
    names = {name for name in environ if name.startswith("TEXTUAL")}
    return names <= SET_BY_US.keys() and not environ.get("NO_COLOR")


def _shown(library: Library, opening: Opening, height: int) -> ListLines | None:
    """Return the list as the browser will have it; None where that takes the search index."""
    query = library.parse(opening.text, typing=True)
    if q.has_text(query.node):
        return None
    # As many as are in sight, and as many again where a heading has the selection move on.
    result = library.search(query, limit=opening.top + 2 * height)
    if opening.key is not None and opening.key not in result.keys[: opening.top + height]:
        result = library.search(query)
    starts = result.starts
    if starts is None:
        is_by_day = (query.sort or q.Sort.DATE) is q.Sort.DATE
        starts = library.days.starts(result.keys) if is_by_day else ()
    if not result.keys:
        return None
    view = ListView(height=max(height, 1)).with_keys(result.keys, opening.key, starts)
    visited = view_of(opening.text, opening.home)
    return ListLines(
        view.at(opening.top).to(view.selected),
        is_active=True,
        newest=library.visits.newest(visited) if visited else None,
        has_progress=with_sort(opening.text, None) == opening.home,
    )


def _sgr_of(theme: str, count: int) -> dict[str, str]:
    """Return how each look is written where there are so many colours."""
    palette = PALETTES[theme]
    found = {}
    for look, (colour, ground, style) in _LOOKS.items():
        named = palette.get(style, style)
        attributes = "" if named in {NO_STYLE, ""} else _ATTRIBUTES[named]
        codes = (_code(palette[colour], count, is_colour=True), _code(palette[ground], count))
        found[look] = ";".join(filter(None, (attributes, *codes)))
    return found


def _code(colour: str, count: int, *, is_colour: bool = False) -> str:
    if colour in _ANSI:
        return _ANSI[colour]
    if count > 256:  # noqa: PLR2004 true colours
        parts = bytes.fromhex(colour[1:])
        return f"{38 if is_colour else 48};2;{';'.join(map(str, parts))}"
    # Most terminals have more; it takes half as long as all else here.
    from rich.color import Color, ColorSystem

    system = ColorSystem.EIGHT_BIT if count > 16 else ColorSystem.STANDARD  # noqa: PLR2004 as named
    return ";".join(Color.parse(colour).downgrade(system).get_ansi_codes(foreground=is_colour))

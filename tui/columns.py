"""How a row of the list is divided: the signs of a paper, its title, and columns beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from store.texts.names import split_name
from tui.cells import fitted
from tui.format import one_line, own_tags, readable_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.models import Row

SIGNS = 5
"""Cells before the title: four signs and a blank."""
SHARE = 0.4
"""So much of a row goes to the columns beside the title, at the most."""
WIDEST_TITLE = 110
"""A title with more room than this leaves the rest to the authors."""
WIDEST_SHARE = 0.45
"""As `SHARE`, once the authors have taken that rest."""
LEAST_TAGS = 12
"""Cells that tags take behind a title, if that is no more than half of its room."""
SHORTEST_TITLE = 12
"""A column that the reader asked for leaves the title this room at the least."""

_WIDTHS = {"authors": 18, "day": 13, "votes": 6, "comments": 6, "id": 18}
"""Cells of the columns, the gap before each counted, in the order in which they are shown."""
_TITLES = {"votes": 25, "day": 36, "authors": 60, "comments": 66, "id": 72}
"""The columns in the order in which they come as there is more room, with what the title keeps."""
_THOUSAND = 1_000


class Signs(NamedTuple):
    """What stands before a title: never colour alone says how a paper stands."""

    mark: str
    """▌ marked."""
    state: str
    """● unread and new since the last visit, ○ unread, a blank for one that was read and waits;
    ✗ dismissed, ✓ archived, ↑ one of them with twice the votes since; ⊘ removed.
    """
    star: str
    """★ starred."""
    queue: str
    """» queued."""


class Column(NamedTuple):
    """A column beside the title."""

    name: str
    width: int
    """Its cells, the gap before it counted."""


@dataclass(frozen=True, slots=True)
class Columns:
    """How a row is divided, after its signs."""

    title: int
    """The cells that the title shares with the tags behind it."""
    beside: tuple[Column, ...] = ()
    has_tags: bool = True

    @classmethod
    def of(
        cls, width: int, wanted: Sequence[str] | None = None, *, is_grouped: bool = False
    ) -> Columns:
        """Return the columns for rows of `width` cells: the `wanted` ones, as far as they fit.

        With None, those for which there is room. A list with the days in its headings has no
        column for them.
        """
        room = max(1, width - SIGNS)
        widths: dict[str, int] = {}
        for name in _TITLES if wanted is None else wanted:
            if name not in _WIDTHS or (is_grouped and name == "day"):
                continue
            least = _TITLES[name] if wanted is None else SHORTEST_TITLE
            beside = sum(widths.values()) + _WIDTHS[name]
            if beside <= width * SHARE and room - beside >= least:
                widths[name] = _WIDTHS[name]
            elif wanted is None:
                break  # what comes later never comes alone
        if "authors" in widths:
            beside = sum(widths.values())
            more = min(room - beside - WIDEST_TITLE, int(width * WIDEST_SHARE) - beside)
            widths["authors"] += max(0, more)
        shown = [name for name in _WIDTHS if name in widths] if wanted is None else widths
        return cls(
            room - sum(widths.values()),
            tuple(Column(name, widths[name]) for name in shown),
            wanted is None or "tags" in wanted,
        )

    def texts(self, row: Row) -> tuple[str, str]:
        """Return what fills the cells after the signs: the title, and what stands beside it."""
        title = fitted(readable_line(row.title), self.title)
        tags = ""
        if self.has_tags and (own := own_tags(row.tags)):
            # They take what the title leaves, or a third of the room; where that holds hardly
            # any, half of it. The gap before them counts.
            least = max(self.title // 3, min(self.title // 2, LEAST_TAGS))
            left = max(self.title - cell_len(title.rstrip()), least)
            tags = f"  {tags_in(own, left - 2)}"
            title = fitted(title.rstrip(), self.title - cell_len(tags))
        return title, tags + "".join(_cells(row, column) for column in self.beside)


def signs_of(row: Row, *, is_marked: bool = False, newest: int | None = None) -> Signs:
    """Return the signs of a paper.

    Papers with a key greater than `newest` came since the last visit; with None, all did.
    """
    if row.is_removed:
        state = "⊘"
    elif is_decided(row) and row.is_rising:
        state = "↑"
    elif "dismissed" in row.tags:
        state = "✗"
    elif is_decided(row):
        state = "✓"
    elif "unread" in row.tags:
        state = "●" if newest is None or row.key > newest else "○"
    else:
        state = " "
    return Signs(
        "▌" if is_marked else " ",
        state,
        "★" if "starred" in row.tags else " ",
        "»" if "queued" in row.tags else " ",
    )


def is_decided(row: Row) -> bool:
    """Tell whether a paper has left the inbox."""
    return "inbox" not in row.tags


def authors_in(authors: Sequence[str], width: int) -> str:
    """Return as many family names as fit, and the number of the others: `Vaswani, Shazeer +6`."""
    shown = ""
    names: list[str] = []
    for author in authors:
        names.append(readable_line(split_name(author).family))
        others = f" +{len(authors) - len(names)}" if len(authors) > len(names) else ""
        longer = ", ".join(names) + others
        if cell_len(longer) > width:
            # The first is cut rather than the number of the others.
            return shown or fitted(names[0], width - len(others)).rstrip() + others
        shown = longer
    return shown


def tags_in(tags: Sequence[str], width: int) -> str:
    """Return as many tags as fit, and the number of the others: `agents rl +2`.

    There is at least one. Where not even the first fits, it is cut.
    """
    shown = ""
    for count in range(1, len(tags) + 1):
        others = f" +{len(tags) - count}" if count < len(tags) else ""
        longer = one_line(" ".join(tags[:count])) + others
        if cell_len(longer) > width:
            return shown or fitted(one_line(tags[0]), width - len(others)).rstrip() + others
        shown = longer
    return shown


def _cells(row: Row, column: Column) -> str:
    # Numbers end where their column ends, texts begin two cells after the last one.
    text = column.width - 2
    match column.name:
        case "authors":
            return f"  {fitted(authors_in(row.authors, text), text)}"
        case "day":
            guess = "?" if row.day_is_guess else " "
            return f"  {fitted(row.day or '', text - 1)}{guess}"
        case "votes":
            return _short(row.votes, "").rjust(column.width)
        case "comments":
            return _short(row.comments, "c").rjust(column.width)
        case _:
            return f"  {fitted(one_line(row.id), text)}"


def _short(number: int | None, sign: str) -> str:
    """Return a count in five cells at the most; `sign` tells comments from votes."""
    if number is None:
        return ""
    for unit in ("", "k", "M"):
        if len(f"{number}{unit}{sign}") <= 5:  # noqa: PLR2004 as said
            return f"{number}{unit}{sign}"
        number //= _THOUSAND
    return f"many{sign}"

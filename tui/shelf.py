"""What the sidebar shows: the views of a library with what is unread in each, as pure values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from store.query.editing import with_sort
from store.query.nodes import DayIn, Everything, InState, InView, TaggedAny
from tui.format import one_line
from tui.listing import ListView

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from store.tagtree import TagNode

NUMBERED = 9
"""So many saved views have a key of their own."""
STATES = {"starred": "Starred", "queued": "Queued"}
"""The states that have a row beside the inbox, whatever is in them."""


class Unread(NamedTuple):
    """What is unread in a view."""

    papers: int | None = 0
    """None where it was never counted."""
    new: int = 0
    """How many of them came in since the reader was there last."""
    is_fresh: bool = True
    """Whether they were counted in the library as it is now."""


NOT_COUNTED = Unread(None, is_fresh=False)


class ShelfRow(NamedTuple):
    """A view; or the heading above some, which has no query."""

    label: str
    query: str = ""
    unread: Unread = Unread()
    depth: int = 0
    """How many others it is nested in."""
    key: str = ""
    """The key that opens it."""


class ShelfLine(NamedTuple):
    """A row as it is shown."""

    row: ShelfRow
    is_present: bool = False
    """Whether it is what the list shows."""
    selected: str = ""
    """Empty, `selected`, or `selected-away` where the keys move elsewhere."""


@dataclass(frozen=True, slots=True)
class ShelfContents:
    """The views there are, with what is unread in each by its query."""

    days: tuple[DayIn, ...] = ()
    """The queries for single days, in their order."""
    has_rising: bool = False
    views: tuple[str, ...] = ()
    """The saved ones, in their order."""
    tags: tuple[TagNode, ...] = ()
    """The reader's own, each behind what it is nested in."""
    unread: Mapping[str, Unread] = field(default_factory=lambda: MappingProxyType({}))

    def rows(self) -> tuple[ShelfRow, ...]:
        """Return the rows: inbox, days, states, then saved views and tags under their headings."""
        return (
            self._row("Inbox", state_query("inbox")),
            *(self._row(day_label(str(day.first)), str(day)) for day in self.days),
            *(self._row(label, state_query(state)) for state, label in STATES.items()),
            *([self._row("Rising", state_query("rising"))] if self.has_rising else ()),
            *self._view_rows(),
            *self._tag_rows(),
        )

    def _view_rows(self) -> Iterator[ShelfRow]:
        if self.views:
            yield ShelfRow("Views")
        for number, name in enumerate(self.views, 1):
            row = self._row(one_line(name), view_query(name))
            yield row._replace(key=str(number)) if number <= NUMBERED else row

    def _tag_rows(self) -> Iterator[ShelfRow]:
        if self.tags:
            yield ShelfRow("Tags")
        for tag in self.tags:
            label = one_line(tag.name.rpartition("/")[2])
            yield self._row(label, tag_query(tag.name))._replace(depth=tag.depth)

    def _row(self, label: str, query: str) -> ShelfRow:
        return ShelfRow(label, query, self.unread.get(query, Unread()))


@dataclass(frozen=True, slots=True)
class Shelf:
    """The sidebar: its rows, and the window on those that can be chosen."""

    rows: tuple[ShelfRow, ...] = ()
    view: ListView = ListView()
    """Its keys are indices into `rows`; headings are left out, and stand above its `starts`."""

    @property
    def query(self) -> str:
        """The query of the selected row; empty where there are no rows."""
        return "" if self.view.key is None else self.rows[self.view.key].query

    def with_rows(self, rows: Sequence[ShelfRow]) -> Shelf:
        """Show other rows; the selected view stays selected, on its line, if it is still there."""
        keys = tuple(index for index, row in enumerate(rows) if row.query)
        starts = tuple(at for at, index in enumerate(keys) if index and not rows[index - 1].query)
        places = {rows[index].query: index for index in keys}
        # The rows that were there by their new indices; what is gone has none.
        former = tuple(places.get(self.rows[index].query, -1) for index in self.view.keys)
        view = replace(self.view, keys=former).renewed(keys, starts)
        return Shelf(tuple(rows), view)

    def with_view(self, view: ListView) -> Shelf:
        """Show another part or selection."""
        return replace(self, view=view)

    def on(self, text: str) -> Shelf:
        """Select the row of the query `text`, in whatever order, if there is one."""
        query = with_sort(text, None)
        for at, index in enumerate(self.view.keys):
            if self.rows[index].query == query:
                return self.with_view(self.view.to(at))
        return self

    def lines(self, text: str, *, is_active: bool) -> tuple[ShelfLine, ...]:
        """Return the lines in sight while the list shows what the query `text` finds."""
        present = with_sort(text, None)
        lines = (self._line(y, present, is_active=is_active) for y in range(self.view.height))
        return tuple(line for line in lines if line is not None)

    def _line(self, y: int, present: str, *, is_active: bool) -> ShelfLine | None:
        heading = self.view.heading_at(y)
        if heading is not None:
            return ShelfLine(self.rows[self.view.keys[heading] - 1])
        at = self.view.row_at(y)
        if at is None:
            return None
        row = self.rows[self.view.keys[at]]
        selected = "selected" if is_active else "selected-away"
        return ShelfLine(row, row.query == present, selected if at == self.view.selected else "")


def with_unread(rows: Sequence[ShelfRow], query: str, unread: Unread) -> tuple[ShelfRow, ...]:
    """Return the rows with another count in that of a query."""
    return tuple(row._replace(unread=unread) if row.query == query else row for row in rows)


def state_query(state: str) -> str:
    """Return the query for the papers in a state."""
    return str(InState(state))


def view_query(name: str) -> str:
    """Return the query for what a saved view finds."""
    return str(InView(name, Everything()))


def tag_query(name: str) -> str:
    """Return the query for a tag and those nested in it."""
    return str(TaggedAny((name,)))


def is_whole_day(day: str) -> bool:
    """Tell whether a day is one, and not a month or a year."""
    try:
        # It reads weeks too.
        return date.fromisoformat(day).isoformat() == day
    except ValueError:
        return False


def day_label(day: str) -> str:
    """Return what a day is called here: `2026-04-29 Wed`."""
    return f"{day} {date.fromisoformat(day):%a}"

"""What the browser shows, as values: every key's effect on it is a pure transition."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from store.query.editing import with_sort
from tui.listing import ListView
from tui.marks import Marks

if TYPE_CHECKING:
    from collections.abc import Collection

HOME_QUERY = "is:inbox"
"""What the browser opens with, unless the reader has configured another."""

BESIDE_FROM = 110
"""From so many columns on, the abstract stands beside the list."""
NARROWEST_SHARE = 0.2
WIDEST_SHARE = 0.8
"""The list has at least and at most so much of the room that it shares with the abstract."""

# What the sidebar leads to; other searches come and go, and nobody visits them.
_VIEW = re.compile(r'(?:is|tag|view|on|date):(?:[^\s()"]+|"[^"]*")')


class Pane(Enum):
    """Where moving keys act."""

    LIST = "list"
    ABSTRACT = "abstract"
    SIDEBAR = "sidebar"


@dataclass(frozen=True, slots=True)
class Place:
    """A result that Esc leads back to: its query, the paper that was selected, and the marks."""

    text: str
    key: int | None
    marks: Marks = Marks()


@dataclass(frozen=True, slots=True)
class Split:
    """How much of their room the list has, and the abstract the rest."""

    beside: float | None = None
    """Of the width, where they stand side by side; None for what suits the width."""
    stacked: float | None = None
    """Of the height, where one stands above the other; None as above."""

    def moved(self, share: float, *, is_stacked: bool) -> Split:
        """Give the list this share, or the nearest that leaves both of them room."""
        share = round(max(NARROWEST_SHARE, min(share, WIDEST_SHARE)), 2)
        return replace(self, stacked=share) if is_stacked else replace(self, beside=share)


@dataclass(frozen=True, slots=True)
class ViewState:
    """All that the browser shows, but for the papers themselves."""

    text: str = HOME_QUERY
    """The query as written."""
    list: ListView = ListView()
    marks: Marks = Marks()
    pane: Pane = Pane.LIST
    is_abstract_alone: bool = False
    is_sidebar_shown: bool = False
    shows_source: bool = False
    """Whether the abstract is shown with its TeX as it is written."""
    split: Split = Split()
    newest: int | None = None
    """Papers with a greater key came in since the last visit; None before the first one."""
    path: tuple[Place, ...] = ()
    """Where Esc leads back to, the nearest last."""
    home: str = HOME_QUERY
    """The query that Esc and `q` lead back to in the end."""

    @property
    def place(self) -> Place:
        """The result that is shown now."""
        return Place(self.text, self.list.key, self.marks)

    @property
    def is_home(self) -> bool:
        """Whether this is what Esc leads back to in the end, in whatever order."""
        return with_sort(self.text, None) == self.home

    @property
    def chosen(self) -> tuple[int, ...]:
        """The papers that a command acts on: the marked ones, else the selected one.

        None while the keys move in the sidebar: there, nobody looks at papers.
        """
        if self.pane is Pane.SIDEBAR:
            return ()
        if self.marks:
            return self.marks.in_order(self.list.keys)
        return () if self.list.key is None else (self.list.key,)

    def with_list(self, view: ListView) -> ViewState:
        """Show another part or selection of the list; a range being drawn goes along."""
        marks = self.marks
        if marks.is_ranging:
            marks = marks.extended(view.selected, view.keys)
        return replace(self, list=view, marks=marks)

    def with_marks(self, marks: Marks) -> ViewState:
        """Mark other papers."""
        return replace(self, marks=marks)

    def in_pane(self, pane: Pane) -> ViewState:
        """Let the moving keys act on another pane."""
        return replace(self, pane=pane)

    def in_list(self) -> ViewState:
        """Let the moving keys act on the list, and show it if the abstract stands alone."""
        return replace(self, pane=Pane.LIST, is_abstract_alone=False)

    def unmarked(self, keys: Collection[int]) -> ViewState:
        """Take the marks off papers that were acted on, in the results behind this one too."""
        path = tuple(
            replace(place, marks=place.marks.without(keys)) if place.marks else place
            for place in self.path
        )
        return replace(self, marks=self.marks.without(keys), path=path)

    def retitled(self, text: str) -> ViewState:
        """Call what is shown the result of another text."""
        return replace(self, text=text)

    def next_pane(self) -> ViewState:
        """Let the moving keys act on the next pane: sidebar if it is shown, list, abstract."""
        panes = [Pane.LIST, Pane.ABSTRACT, *([Pane.SIDEBAR] if self.is_sidebar_shown else [])]
        return self.in_pane(panes[(panes.index(self.pane) + 1) % len(panes)])

    def alone_or_beside(self) -> ViewState:
        """Show the abstract alone, or the list beside it again."""
        alone = not self.is_abstract_alone
        return replace(self, is_abstract_alone=alone, pane=Pane.ABSTRACT if alone else Pane.LIST)

    def with_sidebar(self, *, is_shown: bool) -> ViewState:
        """Show the sidebar and let the keys move in it, or hide it."""
        pane = self.pane
        if is_shown:
            pane = Pane.SIDEBAR
        elif pane is Pane.SIDEBAR:
            pane = Pane.LIST
        return replace(self, is_sidebar_shown=is_shown, pane=pane)

    def with_source(self, *, is_shown: bool) -> ViewState:
        """Show the abstract's TeX as it is written, or as Unicode."""
        return replace(self, shows_source=is_shown)

    def with_split(self, split: Split) -> ViewState:
        """Divide the room otherwise."""
        return replace(self, split=split)

    def with_result(
        self,
        text: str,
        view: ListView,
        *,
        marks: Marks | None = None,
        newest: int | None = None,
    ) -> ViewState:
        """Show the result of a query, with these marks, or those of its papers that stand."""
        marks = (self.marks if marks is None else marks).among(view.keys)
        return replace(self, text=text, list=view, marks=marks, newest=newest)

    def since(self, newest: int | None) -> ViewState:
        """Show as new what came in after the paper `newest`."""
        return replace(self, newest=newest)

    def left(self, place: Place) -> ViewState:
        """Note that the reader went on from `place` to what is shown now."""
        if place.text == self.text:
            return self
        return replace(self, path=(*self.path, place))

    def step_back(self) -> ViewState | None:
        """Step back within this result: from marks, from another pane. None where there is none."""
        if self.pane is Pane.SIDEBAR:
            return self.in_pane(Pane.LIST)
        if self.is_abstract_alone:
            return self.alone_or_beside()
        if self.pane is Pane.ABSTRACT:
            return self.in_pane(Pane.LIST)
        if self.marks or self.marks.is_ranging:
            return self.with_marks(Marks())
        return None

    def path_back(self) -> tuple[ViewState, Place] | None:
        """Step back to the former result; None at the first one."""
        if self.path:
            *path, place = self.path
        elif self.text != self.home:
            path, place = [], Place(self.home, self.list.key)
        else:
            return None
        # The text changes at once: another step back goes on from there, though the papers
        # follow when they are found.
        return replace(self, path=tuple(path), text=place.text), place


def view_of(text: str, home: str) -> str | None:
    """Return the view that a query is, in whatever order; None for any other search."""
    plain = with_sort(text, None)
    return plain if plain == home or _VIEW.fullmatch(plain) else None

"""What the browser shows, as values: every key's effect on it is a pure transition."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

HOME_QUERY = "is:inbox"
"""What the browser opens with, and what Esc and `q` lead back to."""


@dataclass(frozen=True, slots=True)
class ListView:
    """A window of `height` rows from `top` on a fixed sequence of papers, one of them selected."""

    keys: tuple[int, ...] = ()
    selected: int = 0
    """Index into `keys`; 0 also where there are none."""
    top: int = 0
    height: int = 1

    @property
    def key(self) -> int | None:
        """The selected paper."""
        return self.keys[self.selected] if self.keys else None

    @property
    def shown(self) -> tuple[int, ...]:
        """The papers in sight."""
        return self.keys[self.top : self.top + self.height]

    def to(self, index: int) -> ListView:
        """Select the row at `index`, or the nearest there is.

        A selection that leaves the window moves it by half its height, so that a key held down
        repaints two rows most of the time and the list does not creep.
        """
        index = max(0, min(index, len(self.keys) - 1))
        top = self.top
        if not top <= index < top + self.height:
            half = self.height // 2
            distance = index - top if index < top else index - (top + self.height - 1)
            step = max(half, abs(distance)) * (1 if distance > 0 else -1)
            top += step
            if not top <= index < top + self.height:
                top = index - half
        return replace(self, selected=index, top=self._clamped(top))

    def moved(self, by: int) -> ListView:
        """Select the row `by` further down, or up where it is negative."""
        return self.to(self.selected + by)

    def paged(self, pages: float) -> ListView:
        """Move window and selection by a part of the window's height."""
        by = round(self.height * pages) or (1 if pages > 0 else -1)
        moved = replace(self, top=self._clamped(self.top + by))
        return moved.to(self.selected + by)

    def scrolled(self, by: int) -> ListView:
        """Move the window, taking the selection along only where it would leave it."""
        moved = replace(self, top=self._clamped(self.top + by))
        bottom = moved.top + max(self.height, 1) - 1
        return moved.to(max(moved.top, min(self.selected, bottom)))

    def resized(self, height: int) -> ListView:
        """Take another height, with the selected row still in sight."""
        resized = replace(self, height=max(1, height))
        return replace(resized, top=resized._clamped(self.top)).to(self.selected)  # noqa: SLF001 our own

    def with_keys(self, keys: tuple[int, ...], select: int | None = None) -> ListView:
        """Show another result, on the paper `select` if it is there, else on the first."""
        fresh = replace(self, keys=keys, selected=0, top=0)
        if select is None or select not in keys:
            return fresh
        return fresh.to(keys.index(select))

    def renewed(self, keys: tuple[int, ...]) -> ListView:
        """Show what the list has become, the selected row on its line if it is still there."""
        if self.key not in keys:
            return replace(self, keys=keys).to(self.selected)
        by = keys.index(self.key) - self.selected
        moved = replace(self, keys=keys, selected=self.selected + by)
        return replace(moved, top=moved._clamped(self.top + by)).to(moved.selected)  # noqa: SLF001 our own

    def next_among(self, wanted: Collection[int], step: int) -> int | None:
        """Return the index of the nearest of the `wanted` papers below (1) or above (-1)."""
        end = len(self.keys) if step > 0 else -1
        indices: Iterable[int] = range(self.selected + step, end, step)
        return next((index for index in indices if self.keys[index] in wanted), None)

    def _clamped(self, top: int) -> int:
        return max(0, min(top, len(self.keys) - self.height))


class Pane(Enum):
    """Where moving keys act."""

    LIST = "list"
    ABSTRACT = "abstract"


@dataclass(frozen=True, slots=True)
class Place:
    """A result that Esc leads back to: its query and the paper that was selected."""

    text: str
    key: int | None


@dataclass(frozen=True, slots=True)
class ViewState:
    """All that the browser shows, but for the papers themselves."""

    text: str = HOME_QUERY
    """The query as written."""
    list: ListView = ListView()
    pane: Pane = Pane.LIST
    is_abstract_alone: bool = False
    path: tuple[Place, ...] = ()
    """Where Esc leads back to, the nearest last."""

    @property
    def place(self) -> Place:
        """The result that is shown now."""
        return Place(self.text, self.list.key)

    def with_list(self, view: ListView) -> ViewState:
        """Show another part or selection of the list."""
        return replace(self, list=view)

    def in_pane(self, pane: Pane) -> ViewState:
        """Let the moving keys act on another pane."""
        return replace(self, pane=pane)

    def other_pane(self) -> ViewState:
        """Change between list and abstract."""
        return self.in_pane(Pane.LIST if self.pane is Pane.ABSTRACT else Pane.ABSTRACT)

    def alone_or_beside(self) -> ViewState:
        """Show the abstract alone, or the list beside it again."""
        alone = not self.is_abstract_alone
        return replace(self, is_abstract_alone=alone, pane=Pane.ABSTRACT if alone else Pane.LIST)

    def with_result(self, text: str, keys: tuple[int, ...], select: int | None = None) -> ViewState:
        """Show the result of a query, on the paper `select` if it is there, else on the first."""
        return replace(self, text=text, list=self.list.with_keys(keys, select))

    def left(self, place: Place) -> ViewState:
        """Note that the reader went on from `place` to what is shown now."""
        if place.text == self.text:
            return self
        return replace(self, path=(*self.path, place))

    def pane_back(self) -> ViewState | None:
        """Step back from the abstract to the list; None where the list is active already."""
        if self.is_abstract_alone:
            return self.alone_or_beside()
        return self.in_pane(Pane.LIST) if self.pane is Pane.ABSTRACT else None

    def path_back(self) -> tuple[ViewState, Place] | None:
        """Step back to the former result; None at the first one, which is the inbox."""
        if self.path:
            *path, place = self.path
        elif self.text != HOME_QUERY:
            path, place = [], Place(HOME_QUERY, self.list.key)
        else:
            return None
        # The text changes at once: another step back goes on from there, though the papers
        # follow when they are found.
        return replace(self, path=tuple(path), text=place.text), place

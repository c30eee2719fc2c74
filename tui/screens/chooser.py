"""A box to choose from: commands, views, tags, links and whatever else has names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from rich.cells import cell_len
from textual import on
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label

from tui.format import one_line
from tui.listing import ListView
from tui.matching import Searched, marked, matching
from tui.paging import MOVES_WHILE_WRITING
from tui.widgets.choice_list import WIDEST_KEYS, ChoiceList, ChoiceRow
from tui.widgets.line_input import LineInput
from tui.widgets.title_line import TitleLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

    from tui.paging import Move

Value = TypeVar("Value")

MOST_ROWS = 20
"""More are not seen at once: what is typed is the quicker way to the others."""
_FRAME_LINES = 4
"""Lines of the box that are no choices: its border, its title and what is typed."""


@dataclass(frozen=True, slots=True)
class Choice(Generic[Value]):
    """Something that can be chosen, under a name; texts may hold anything."""

    label: str
    value: Value
    detail: str = ""
    """What is said of it; searched where the label does not fit better."""
    keys: str = ""
    """The keys that do the same without the box; not searched."""
    also: str = ""
    """More that it is found by, and that is not shown."""


class Chooser(ModalScreen["Value | None"], Generic[Value], inherit_bindings=False):
    """Choices under a title, filtered while typed; ends with a value, or None where it is left."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (64, "-wide")]  # noqa: RUF012 as Textual has it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (12, "-tall")]  # noqa: RUF012 as above

    def __init__(self, title: str, choices: Sequence[Choice[Value]]) -> None:
        super().__init__()
        self._choices = choices
        self._rows = [
            ChoiceRow(one_line(one.label), one_line(one.detail), one_line(one.keys))
            for one in choices
        ]
        keys = [cell_len(row.keys) for row in self._rows]
        self._text = ""
        self._hits: list[int] = []
        """Indices of the choices that fit, the best first."""
        self._view = ListView()
        self.heading = TitleLine(title)
        self.input = LineInput(
            placeholder="type to filter, Enter takes, Esc leaves",
            compact=True,
            select_on_focus=False,
        )
        self.list = ChoiceList(
            max((cell_len(row.label) for row in self._rows), default=0),
            max((cells for cells in keys if 0 < cells <= WIDEST_KEYS), default=max([0, *keys])),
            "Nothing matches" if choices else "There is nothing to choose from",
        )
        self._box = Vertical(id="chooser")

    def compose(self) -> ComposeResult:
        """Put title and filter above the choices; the box stays as high as it was opened."""
        rows = max(1, min(len(self._choices), MOST_ROWS))
        self._box.styles.max_height = rows + _FRAME_LINES
        with self._box:
            yield self.heading
            with Horizontal(id="chooser-line"):
                yield Label("> ", id="chooser-prompt", markup=False)
                yield self.input
            yield self.list

    def on_mount(self) -> None:
        """Let the reader type at once."""
        self.set_focus(self.input)
        self._show_matching()
        self.call_after_refresh(lambda: self._searched)

    def on_key(self, event: events.Key) -> None:
        """Move, take or leave; all other keys are those of the line that is written."""
        if event.key in MOVES_WHILE_WRITING:
            self._move(MOVES_WHILE_WRITING[event.key])
        elif event.key == "enter":
            self._take()
        elif event.key in {"escape", "ctrl+c"}:
            self.dismiss(None)
        else:
            return
        event.stop()
        event.prevent_default()

    def on_click(self, event: events.Click) -> None:
        """Leave by a click beside the box."""
        if event.widget is self:
            self.dismiss(None)

    @cached_property
    def _searched(self) -> list[Searched]:
        # Not needed for the box to open, which is the faster without.
        return [
            Searched.of(row.label, row.detail, one_line(one.also))
            for row, one in zip(self._rows, self._choices, strict=True)
        ]

    def _filter(self) -> None:
        """Show what fits the text that is written, if it is not what is shown."""
        if self.input.value != self._text:
            self._text = self.input.value
            self._show_matching()

    def _show_matching(self) -> None:
        """Show what fits the text, the best first and selected."""
        place = f"{len(self._choices):,}"
        if self._text.strip():
            self._hits = matching(self._text, self._searched)
            place = f"{len(self._hits):,} of {place}"
        else:
            self._hits = list(range(len(self._choices)))
        self.heading.show_place(place)
        self._show(self._view.with_keys(tuple(range(len(self._hits)))))

    def _show(self, view: ListView) -> None:
        self._view = view
        self.list.show([self._row(number) for number in view.shown])

    def _row(self, number: int) -> ChoiceRow:
        choice = self._hits[number]
        row = self._rows[choice]._replace(is_selected=number == self._view.selected)
        if not self._text.strip():
            return row
        found = marked(self._text, self._searched[choice])
        return row._replace(found=found.label, found_aside=found.aside[0])

    def _move(self, move: Move) -> None:
        self._filter()
        self._show(self._view.paged(move.pages) if move.pages else self._view.moved(move.lines))

    def _take(self) -> None:
        # What was typed just before may not have been told yet.
        self._filter()
        if self._hits:
            self.dismiss(self._choices[self._hits[self._view.selected]].value)

    @on(Input.Changed)
    def _typed(self) -> None:
        self._filter()

    @on(ChoiceList.Resized)
    def _list_resized(self, message: ChoiceList.Resized) -> None:
        self._show(self._view.resized(message.height))

    @on(ChoiceList.Clicked)
    def _row_clicked(self, message: ChoiceList.Clicked) -> None:
        number = self._view.row_at(message.line)
        if number is not None:
            self._view = self._view.to(number)
            self._take()

    @on(ChoiceList.Wheeled)
    def _list_wheeled(self, message: ChoiceList.Wheeled) -> None:
        self._show(self._view.scrolled(message.lines))

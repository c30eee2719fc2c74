"""The history: what was done to the library, by whomever, and a key to take any of it back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal
from textual.widgets import Label

from tui.background.decisions import MANY_PAPERS
from tui.footer import key_of
from tui.format import day_heading, entry_marks, local_time, reversal_question
from tui.keymap import Keymap
from tui.keynames import name_of
from tui.listing import ListView
from tui.screens.guarded import GuardedScreen
from tui.widgets.history_list import HistoryLine, HistoryList, HistoryRow
from tui.widgets.question import Question
from tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult

    from tui.background.decisions import Decisions
    from tui.facts import HistoryLoaded
    from tui.keymap import Bindings


class HistoryScreen(GuardedScreen, inherit_bindings=False):
    """The entries of the journal, the latest first.

    Keys are those of the one table: what moves in the list of papers moves here, and what takes
    back the latest act takes back the selected one. `program` is the reader's own.
    """

    def __init__(
        self,
        work: Decisions,
        program: str,
        bindings: Bindings,
        show_help: Callable[[], object],
    ) -> None:
        super().__init__()
        self._work = work
        self._program = program
        self._loaded: HistoryLoaded | None = None
        self._view = ListView()
        self._moments: list[tuple[str, str]] = []
        self._counted = ""
        self._actions: dict[str, Callable[[], object]] = {
            "next": lambda: self._show(self._view.moved(1)),
            "previous": lambda: self._show(self._view.moved(-1)),
            "first": lambda: self._show(self._view.to(0)),
            "last": lambda: self._show(self._view.to(len(self._view.keys))),
            "half-page-down": lambda: self._show(self._view.paged(0.5)),
            "half-page-up": lambda: self._show(self._view.paged(-0.5)),
            "page-down": lambda: self._show(self._view.paged(1)),
            "page-up": lambda: self._show(self._view.paged(-1)),
            "undo": self._undo,
            "redo": self._redo,
            "search-again": self._load_again,
            "help": show_help,
            "suspend": self._suspend,
            **dict.fromkeys(("history", "back", "quit", "cancel"), self._leave),
        }
        self._keymap = Keymap(bindings.only(self._actions))
        self.list = HistoryList()
        words = {"undo": "undo it", "redo": "redo it", "help": "help", "quit": "back"}
        keys = {name: key_of(bindings, name) for name in words}
        self.status = StatusLine([(keys[name], words[name]) for name in words if keys[name]])
        self._question = Question(self.status.hints)
        self._counter = Label("", id="history-counter", markup=False)

    @property
    def is_awaited(self) -> bool:
        """Whether the entries that keys are meant for are not there yet."""
        return self._loaded is None

    @property
    def is_import_shown(self) -> bool:
        """Whether an entry is shown as an import that is under way."""
        loaded = self._loaded
        if loaded is None or not loaded.is_import_at_work:
            return False
        return not all(entry.is_finished for entry in loaded.entries)

    def compose(self) -> ComposeResult:
        """Put a heading above the entries, and the status line below them."""
        with Horizontal(id="history-heading"):
            yield Label("History", id="history-title", markup=False)
            yield self._counter
            yield Label("papers", id="history-papers", markup=False)
        yield self.list
        yield self.status

    def on_mount(self) -> None:
        """Ask for the entries."""
        self._work.load_history()

    def show_entries(self, loaded: HistoryLoaded) -> None:
        """Show what the history is now, on the same entry."""
        self._loaded = loaded
        self._moments = [local_time(entry.made_at).partition(" ")[::2] for entry in loaded.entries]
        days = [day for day, _ in self._moments]
        starts = (n for n, day in enumerate(days) if n == 0 or day != days[n - 1])
        keys = tuple(entry.key for entry in loaded.entries)
        self._show(self._view.renewed(keys, tuple(starts)))

    def on_key(self, event: events.Key) -> None:
        """Run the command of a key."""
        event.stop()
        event.prevent_default()
        key = name_of(event.key, event.character)
        if self._question.take(key):
            return
        command = self._keymap.press(key).command
        if command:
            self._actions[command.name]()

    def _show(self, view: ListView) -> None:
        self._view = view
        if self._loaded is None:
            return
        lines = (self._line(self._loaded, y) for y in range(view.height))
        self.list.show([line for line in lines if line])
        self._show_counter()

    def _line(self, loaded: HistoryLoaded, y: int) -> HistoryLine | None:
        """Return what line `y` of the window shows, if anything."""
        index, heading = self._view.row_at(y), self._view.heading_at(y)
        if heading is not None:
            return day_heading(self._moments[heading][0])
        if index is None:
            return None
        entry = loaded.entries[index]
        marks = entry_marks(entry, self._program, is_import_at_work=loaded.is_import_at_work)
        is_selected = entry.key == self._view.key
        return HistoryRow(entry, self._moments[index][1], " · ".join(marks), is_selected)

    def _show_counter(self) -> None:
        view = self._view
        text = f"{view.selected + 1:,} of {len(view.keys):,}" if view.keys else "nothing yet"
        if text != self._counted:
            # As with the papers: a layout costs more than all else that a key held down does.
            self._counter.update(text, layout=len(text) != len(self._counted))
            self._counted = text

    def _undo(self) -> None:
        self._reverse("Undo", self._work.undo)

    def _redo(self) -> None:
        self._reverse("Redo", self._work.redo)

    def _reverse(self, verb: str, reverse: Callable[[int], object]) -> None:
        if self._loaded is None or self._view.key is None:
            return
        entry = self._loaded.entries[self._view.selected]
        act = partial(reverse, entry.key)
        if entry.papers > MANY_PAPERS:
            self._question.ask(reversal_question(verb, entry.label, entry.papers), act)
        else:
            act()

    def _load_again(self) -> None:
        self.app.refresh(layout=True)
        self._work.load_history()

    def _suspend(self) -> None:
        self.app.action_suspend_process()

    def _leave(self) -> None:
        self.dismiss()

    @on(HistoryList.Resized)
    def _list_resized(self, message: HistoryList.Resized) -> None:
        self._show(self._view.resized(message.height))

    @on(HistoryList.Clicked)
    def _row_clicked(self, message: HistoryList.Clicked) -> None:
        index = self._view.row_at(message.line)
        if index is not None:
            self._show(self._view.to(index))

    @on(HistoryList.Wheeled)
    def _list_wheeled(self, message: HistoryList.Wheeled) -> None:
        self._show(self._view.scrolled(message.lines))

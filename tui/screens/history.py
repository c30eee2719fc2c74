"""The history: what was done to the library, by whomever, and a key to take any of it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Label

from store.library import local_now
from tui.commands import all_commands
from tui.format import entry_marks, local_time
from tui.keymap import Keymap
from tui.screens.help import HelpScreen
from tui.state import ListView
from tui.widgets.history_list import HistoryList, HistoryRow
from tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult

    from tui.messages import HistoryLoaded
    from tui.work import LibraryWork


class HistoryScreen(Screen[None], inherit_bindings=False):
    """The entries of the journal, the latest first.

    Keys are those of the one table: what moves in the list of papers moves here, and what takes
    back the latest act takes back the selected one. `program` is the reader's own.
    """

    def __init__(self, work: LibraryWork, program: str) -> None:
        super().__init__()
        self._work = work
        self._program = program
        self._loaded: HistoryLoaded | None = None
        self._view = ListView()
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
            "help": self._show_help,
            "suspend": self._suspend,
            **dict.fromkeys(("history", "back", "quit", "cancel"), self._leave),
        }
        commands = {c.name: c for c in all_commands() if c.name in self._actions}
        self._keymap = Keymap(commands.values())
        self.list = HistoryList()
        words = {"undo": "undo it", "redo": "redo it", "help": "help", "quit": "back"}
        self.status = StatusLine([(commands[name].shown_keys, words[name]) for name in words])
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
        self._show(self._view.renewed(tuple(entry.key for entry in loaded.entries)))

    def on_key(self, event: events.Key) -> None:
        """Run the command of a key."""
        event.stop()
        event.prevent_default()
        key = event.character if event.is_printable and event.character else event.key
        command = self._keymap.press(key).command
        if command:
            self._actions[command.name]()

    def _show(self, view: ListView) -> None:
        self._view = view
        if self._loaded is None:
            return
        today = local_now().date()
        is_at_work = self._loaded.is_import_at_work
        shown = self._loaded.entries[view.top : view.top + view.height]
        self.list.show(
            [
                HistoryRow(
                    entry,
                    local_time(entry.made_at, today),
                    " · ".join(entry_marks(entry, self._program, is_import_at_work=is_at_work)),
                    entry.key == view.key,
                )
                for entry in shown
            ]
        )
        self._show_counter()

    def _show_counter(self) -> None:
        view = self._view
        text = f"{view.selected + 1:,} of {len(view.keys):,}" if view.keys else "nothing yet"
        if text != self._counted:
            # As with the papers: a layout costs more than all else that a key held down does.
            self._counter.update(text, layout=len(text) != len(self._counted))
            self._counted = text

    def _undo(self) -> None:
        if self._view.key is not None:
            self._work.undo(self._view.key)

    def _redo(self) -> None:
        if self._view.key is not None:
            self._work.redo(self._view.key)

    def _load_again(self) -> None:
        self.app.refresh(layout=True)
        self._work.load_history()

    def _show_help(self) -> None:
        self.app.push_screen(HelpScreen())

    def _suspend(self) -> None:
        self.app.action_suspend_process()

    def _leave(self) -> None:
        self.dismiss()

    @on(HistoryList.Resized)
    def _list_resized(self, message: HistoryList.Resized) -> None:
        self._show(self._view.resized(message.height))

    @on(HistoryList.Clicked)
    def _row_clicked(self, message: HistoryList.Clicked) -> None:
        if self._view.top + message.line < len(self._view.keys):
            self._show(self._view.to(self._view.top + message.line))

    @on(HistoryList.Wheeled)
    def _list_wheeled(self, message: HistoryList.Wheeled) -> None:
        self._show(self._view.scrolled(message.lines))

"""The browser: renders the view state, and hands keys and messages to where they belong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Container
from textual.screen import Screen

from store.errors import StoreError
from tui.commands import footer_commands
from tui.conversations.keyboard import Keyboard
from tui.conversations.lookout import Lookout
from tui.conversations.recalling import Recalling
from tui.conversations.searching import Searching
from tui.conversations.tagging import Tagging
from tui.messages import (
    HistoryLoaded,
    PapersChanged,
    Reported,
    ResultFound,
    SearchFailed,
    WorkFailed,
)
from tui.rows import Rows
from tui.screens.help import HelpScreen
from tui.state import ListView, Pane, ViewState
from tui.widgets.abstract_pane import AbstractPane
from tui.widgets.paper_list import PaperList
from tui.widgets.search_line import QueryInput, SearchLine
from tui.widgets.status_line import StatusLine, TagInput
from tui.widgets.welcome import WELCOME_KEYS, Welcome
from tui.work import LibraryWork

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult
    from textual.widgets import Input

    from store.library import Library
    from store.models import Paper, Row
    from store.query import TextLeaf
    from tui.clipboard import Clipboard

OPEN_SAMPLE = "open the sample library"
"""What the application returns when the reader of an empty library asks for the sample."""


class Browser(Screen[None], inherit_bindings=False):
    """List and abstract of one result, rendered from `state`.

    What the reader is in the middle of (a search, an edit of tags, a sequence of keys) is kept by
    the conversations.
    """

    def __init__(
        self,
        library: Library,
        clipboard: Clipboard,
        open_url: Callable[[str], bool],
        *,
        text: str,
        greeting: str = "",
    ) -> None:
        super().__init__()
        self.library = library
        self.state = ViewState(text=text)
        self.work = LibraryWork(library, clipboard, open_url, self.post_message)
        self.searching = Searching(self)
        self.leaves: tuple[TextLeaf, ...] = ()
        self._rows = Rows(library)
        self.tagging = Tagging(self)
        self.lookout = Lookout(self)
        self.recalling = Recalling(self)
        self._keyboard = Keyboard(self)
        self._greeting = greeting
        self.search_line = SearchLine()
        self.list = PaperList(self._rows)
        self.abstract = AbstractPane()
        self.status = StatusLine([(c.shown_keys.split(",")[0], c.word) for c in footer_commands()])

    @property
    def is_awaited(self) -> bool:
        """Whether the result that keys are meant for is not there yet."""
        return self.searching.is_awaited

    def compose(self) -> ComposeResult:
        """Put the search line above list and abstract, and the status line below them."""
        yield self.search_line
        with Container(id="panes"):
            yield self.list
            yield self.abstract
        yield Welcome()
        yield self.status

    def on_mount(self) -> None:
        """Show the first result."""
        self.search_line.show(self.state.text)
        self.show_welcome(is_empty=len(self.library) == 0)
        self.searching.again()
        self.work.prepare_text_search()
        self.lookout.begin()
        if self._greeting:
            self.say(self._greeting)

    def on_unmount(self) -> None:
        """Let decisions under way come to their end."""
        self.work.close()

    def show(self, state: ViewState) -> None:
        """Render another state."""
        before, self.state = self.state, state
        self.list.show(state.list, is_active=state.pane is Pane.LIST)
        if before.list.key != state.list.key:
            self.show_abstract()
        self.set_class(state.pane is Pane.ABSTRACT, "-reading")
        self.set_class(state.is_abstract_alone, "-alone")
        self.show_counter()

    def show_list(self, view: ListView) -> None:
        """Render another part or selection of the list."""
        self.show(self.state.with_list(view))

    def show_abstract(self) -> None:
        """Render the selected paper as it is in the library now."""
        self.abstract.show(self.selected_paper(), self.leaves)

    def show_changed(self) -> None:
        """Render what has changed of the papers in sight, and nothing else."""
        changed = self._rows.renew(self.state.list.shown)
        self.list.show_changed(changed)
        if self.state.list.key in changed:
            self.show_abstract()

    def show_counter(self) -> None:
        """Show where in the result the reader is, and how much of the library was searched."""
        view = self.state.list
        place = f"{view.selected + 1:,} of {len(view.keys):,}" if view.keys else "nothing found"
        progress = self.lookout.progress()
        self.search_line.show_counter(f"{progress} · {place}" if progress else place)

    def say(self, news: str, *, is_trouble: bool = False) -> None:
        """Show news in the status line, and in that of the history if it is in front."""
        self.status.hints.say(news, is_trouble=is_trouble)
        self.recalling.say(news, is_trouble=is_trouble)

    def show_welcome(self, *, is_empty: bool) -> None:
        """Show what an empty library says, or list and abstract."""
        if is_empty != self.has_class("-empty"):
            self.set_class(is_empty, "-empty")
            self.show_keys()

    def show_keys(self) -> None:
        """Show the keys that mean something outside the lines that are written."""
        self.status.hints.use(WELCOME_KEYS if self.has_class("-empty") else None)

    def show_help(self) -> None:
        """Show every command with its keys."""
        self.app.push_screen(HelpScreen())

    def selected_row(self) -> Row | None:
        """Return what the list shows of the selected paper."""
        key = self.state.list.key
        return None if key is None else self._rows.get(key)

    def selected_paper(self) -> Paper | None:
        """Return the selected paper."""
        key = self.state.list.key
        return None if key is None else next(self.library.papers((key,)), None)

    def go_back(self) -> bool:
        """Go back one step; False where there is none."""
        state = self.state.pane_back()
        if state is not None:
            self.show(state)
            return True
        return self.searching.go_back()

    def cancel_or_quit(self) -> None:
        """Cancel what is begun; the second time in a row, quit."""
        if self._keyboard.cancel():
            self.app.exit()
        else:
            self.say("Press ctrl+c again to quit")

    def open_sample(self) -> None:
        """Leave an empty library for the built-in sample."""
        if self.has_class("-empty"):
            self.app.exit(OPEN_SAMPLE)

    def on_key(self, event: events.Key) -> None:
        """Run the command of a key, or show what can follow it."""
        if self.search_line.is_open or self.status.is_open:
            return  # what a line being written does not take itself means nothing
        event.stop()
        event.prevent_default()
        key = event.character if event.is_printable and event.character else event.key
        self._keyboard.press(key)

    @on(PaperList.Resized)
    def _list_resized(self, message: PaperList.Resized) -> None:
        self.show_list(self.state.list.resized(message.height))

    @on(PaperList.Clicked)
    def _row_clicked(self, message: PaperList.Clicked) -> None:
        view = self.state.list
        if view.top + message.line < len(view.keys):
            self.show(self.state.in_pane(Pane.LIST).with_list(view.to(view.top + message.line)))

    @on(PaperList.Wheeled)
    def _list_wheeled(self, message: PaperList.Wheeled) -> None:
        self.show_list(self.state.list.scrolled(message.lines))

    @on(QueryInput.Changed)
    def _query_typed(self, message: Input.Changed) -> None:
        if message.input is self.search_line.input:
            self.searching.typed(message.value)

    @on(QueryInput.Submitted)
    def _line_submitted(self, message: Input.Submitted) -> None:
        if message.input is self.search_line.input:
            self.searching.submit(message.value)
        else:
            self.tagging.submit(message.value)

    @on(QueryInput.Moved)
    def _moved_while_typing(self, message: QueryInput.Moved) -> None:
        self.show_list(self.state.list.moved(message.by))

    @on(QueryInput.Left)
    def _query_left(self) -> None:
        self.searching.give_up()

    @on(TagInput.Left)
    def _tags_left(self) -> None:
        self.tagging.end()

    @on(ResultFound)
    def _result_found(self, message: ResultFound) -> None:
        self.searching.found(message)

    @on(SearchFailed)
    def _search_failed(self, message: SearchFailed) -> None:
        self.searching.failed(message)

    @on(PapersChanged)
    def _papers_changed(self, message: PapersChanged) -> None:
        self.show_changed()
        self.recalling.look(is_changed=True)
        if message.news:
            self.say(message.news)

    @on(HistoryLoaded)
    def _history_loaded(self, message: HistoryLoaded) -> None:
        self.recalling.loaded(message)

    @on(Reported)
    def _reported(self, message: Reported) -> None:
        self.say(message.news)

    @on(WorkFailed)
    def _work_failed(self, message: WorkFailed) -> None:
        if not isinstance(message.error, StoreError):
            raise message.error
        self.say(str(message.error), is_trouble=True)

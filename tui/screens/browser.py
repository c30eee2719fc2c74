"""The browser: renders the view state, and hands keys and facts to where they belong."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from textual import on

from tui.background.work import Work
from tui.conversations.asking import Asking
from tui.conversations.beginning import Beginning
from tui.conversations.deciding import Deciding
from tui.conversations.exchanging import Exchanging
from tui.conversations.finding import Finding
from tui.conversations.hearing import Hearing
from tui.conversations.keyboard import Keyboard
from tui.conversations.lookout import Lookout
from tui.conversations.passing import Passing
from tui.conversations.placing import Placing
from tui.conversations.recalling import Recalling
from tui.conversations.recovering import Recovering
from tui.conversations.relating import Relating
from tui.conversations.resting import Resting
from tui.conversations.searching import Searching
from tui.conversations.shelving import Shelving
from tui.conversations.suggesting import Suggesting
from tui.conversations.tagging import Tagging
from tui.conversations.visiting import Visiting
from tui.conversations.welcoming import Welcoming
from tui.footer import footer_hints, key_of
from tui.keynames import name_of
from tui.messages import Happened, ScreenLost
from tui.rows import Rows
from tui.screens.guarded import GuardedScreen
from tui.state import Pane
from tui.terminal.remnants import drop_remnants
from tui.widgets.panes import Panes
from tui.widgets.search_line import SearchLine
from tui.widgets.sidebar import Sidebar
from tui.widgets.status_line import StatusLine
from tui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from textual import events
    from textual.app import ComposeResult

    from store.library import Library
    from store.models import Paper, Row
    from store.query.words import TextLeaf
    from tui.clipboard import Clipboard
    from tui.conversations.choosing import Choosing
    from tui.listing import ListView
    from tui.setting import Setting
    from tui.state import ViewState
    from tui.widgets.abstract_pane import AbstractPane


class Browser(GuardedScreen, inherit_bindings=False):
    """List and abstract of one result, rendered from `state`.

    What the reader is in the middle of (a search, a question, a sequence of keys) is kept by the
    conversations.
    """

    def __init__(
        self,
        library: Library,
        clipboard: Clipboard,
        open_links: Callable[[Sequence[str]], Sequence[str]],
        setting: Setting,
        is_over: Callable[[], bool],
    ) -> None:
        """Make a browser; `is_over` tells whether the program was told to end."""
        super().__init__()
        self.library = library
        self.setting = setting
        self.is_over = is_over
        self.state = setting.state
        self.rows = Rows(library)
        self.leaves: tuple[TextLeaf, ...] = ()
        self.work = Work(
            library, clipboard, open_links, lambda fact: self.post_message(Happened(fact))
        )
        self.status = StatusLine(footer_hints(setting.bindings))
        self.asking = Asking(self)
        self.beginning = Beginning(self)
        self.deciding = Deciding(self)
        self.exchanging = Exchanging(self)
        self.keyboard = Keyboard(self, setting.bindings)
        self.lookout = Lookout(self)
        self.passing = Passing(self)
        self.placing = Placing(self)
        self.recalling = Recalling(self)
        self.relating = Relating(self)
        self._recovering = Recovering(self)
        self.resting = Resting(self, setting.rest_seconds)
        self.finding = Finding(self)
        self.searching = Searching(self, setting.searches)
        self.shelving = Shelving(self)
        self.suggesting = Suggesting(self)
        self.tagging = Tagging(self)
        self.visiting = Visiting(self)
        self.welcoming = Welcoming(self)
        self.search_line = SearchLine()
        self.panes = Panes(self.rows, setting.columns, key_of(setting.bindings, "take-tag"))
        self._hearing = Hearing(self)

    def guard(self) -> AbstractContextManager[None]:
        """Let errors of the library end in the status line."""
        return self._recovering.guard()

    @cached_property
    def choosing(self) -> Choosing:
        """What opens what lies over the browser."""
        # Costs a start 9 ms, as it brings lists and help along.
        from tui.conversations.choosing import Choosing

        return Choosing(self)

    @property
    def is_awaited(self) -> bool:
        """Whether the result, or the question, that keys are meant for is not there yet."""
        return self.finding.is_awaited or self.work.decisions.is_asked_to_reverse

    @property
    def is_writing(self) -> bool:
        """Whether the reader is writing into one of the lines."""
        return self.search_line.is_open or self.status.is_open

    @property
    def is_read(self) -> bool:
        """Whether the reader has the papers before the eyes, with nothing over them."""
        return self.app.screen is self and not self.is_writing

    def compose(self) -> ComposeResult:
        """Put the search line above sidebar, list and abstract, and the status line below them."""
        yield self.search_line
        yield self.panes
        yield Welcome(self.keyboard.shown("import"))
        yield self.status

    def on_mount(self) -> None:
        """Show the first result."""
        self.show(self.state)
        self.search_line.show(self.state.text)
        with self.guard():
            self.welcoming.show(is_empty=len(self.library) == 0)
        self.beginning.start()

    def on_unmount(self) -> None:
        """Let decisions under way come to their end."""
        self.visiting.leave()
        self.work.close()

    def show(self, state: ViewState) -> None:
        """Render another state."""
        before, self.state = self.state, state
        self.panes.show(state)
        if before.list.key != state.list.key:
            self.passing.come(is_first=before.list.key is None)
            self.resting.arrive()
            self.relating.look()
        elif before.shows_source != state.shows_source:
            self.show_abstract()
        self.shelving.show()
        self.placing.show()

    def show_list(self, view: ListView) -> None:
        """Render another part or selection of the list."""
        self.show(self.state.with_list(view))

    def show_abstract(self) -> None:
        """Render the selected paper as it is in the library now."""
        self.panes.abstract.show(
            self.selected_paper(),
            self.leaves,
            shows_source=self.state.shows_source,
            suggestions=self.resting.suggested,
        )

    def show_changed(self) -> None:
        """Render what has changed of the papers in sight, and nothing else."""
        changed = self.rows.renew(self.state.list.shown)
        self.panes.list.show_changed(changed)
        self.shelving.look()
        self.placing.show()
        if self.state.list.key in changed:
            self.show_abstract()

    def repaint(self) -> None:
        """Paint the whole screen anew, whatever the terminal shows."""
        self.post_message(ScreenLost())

    def say(self, news: str, *, is_trouble: bool = False) -> None:
        """Show news in the status line, and in that of the history if it is in front."""
        self.status.hints.say(news, is_trouble=is_trouble)
        self.recalling.say(news, is_trouble=is_trouble)

    def chosen(self) -> tuple[int, ...]:
        """Return the papers that a command acts on, and say so where the keys are elsewhere."""
        if self.state.pane is Pane.SIDEBAR:
            self.say("The keys move in the sidebar · Tab leads to the papers")
        return self.state.chosen

    def reach_abstract(self) -> AbstractPane:
        """Return the abstract pane, once the selected paper is in it."""
        self.passing.catch_up()
        return self.panes.abstract

    def selected_row(self) -> Row | None:
        """Return what the list shows of the selected paper."""
        key = self.state.list.key
        return None if key is None else self.rows.get(key)

    def selected_paper(self) -> Paper | None:
        """Return the selected paper."""
        key = self.state.list.key
        return None if key is None else next(self.library.papers((key,)), None)

    def go_back(self) -> bool:
        """Go back one step; False where there is none."""
        state = self.state.step_back()
        if state is not None:
            self.status.hints.rest()  # what was said of the marks, or the pane, holds no more
            self.show(state)
            return True
        return self.finding.go_back()

    def on_screen_suspend(self) -> None:
        """Leave off what was begun: something lies over the papers."""
        self.resting.leave()
        self.keyboard.forget()

    def on_screen_resume(self) -> None:
        """Go on with what comes of resting."""
        drop_remnants()
        self.resting.arrive()

    def on_key(self, event: events.Key) -> None:
        """Run the command of a key, or show what can follow it."""
        if self.is_writing:
            return  # what a line being written does not take itself means nothing
        event.stop()
        event.prevent_default()
        self.keyboard.press(name_of(event.key, event.character))

    @on(Happened)
    def _happened(self, message: Happened) -> None:
        self._hearing.hear(message.fact)
        self.beginning.look()

    @on(Panes.Resized)
    def _resized(self, message: Panes.Resized) -> None:
        view = self.state.list.resized(message.height)
        if self.finding.has_found:
            view = self.finding.in_place(view)
        self.beginning.is_measured = True
        self.show_list(view)
        self.beginning.look()

    @on(Panes.Moved)
    def _moved(self, message: Panes.Moved) -> None:
        if self.status.is_open:
            return  # what is asked for is of the papers that are selected now
        state = self.state.in_pane(Pane.LIST) if message.is_chosen else self.state
        self.show(state.with_list(message.move(state.list)))

    @on(Sidebar.Clicked, "#sidebar")
    def _view_clicked(self, message: Sidebar.Clicked) -> None:
        if not self.is_writing:
            self.shelving.clicked(message.line)

    @on(Sidebar.Resized, "#sidebar")
    def _sidebar_resized(self, message: Sidebar.Resized) -> None:
        self.shelving.resized(message.height)

    @on(Sidebar.Wheeled, "#sidebar")
    def _sidebar_wheeled(self, message: Sidebar.Wheeled) -> None:
        self.shelving.wheeled(message.lines)

"""Sidebar, list and abstract side by side, or list and abstract one above the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Container
from textual.message import Message

from tui.listlines import ListLines
from tui.state import Pane, ViewState
from tui.widgets.abstract_pane import AbstractPane
from tui.widgets.notice import Notice
from tui.widgets.paper_list import PaperList
from tui.widgets.row_list import RowList
from tui.widgets.sidebar import Sidebar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult

    from tui.listing import ListView
    from tui.rows import Rows


class Panes(Container):
    """Renders a `ViewState`, the abstract aside, which is shown by itself."""

    class Resized(Message):
        """The list has room for another number of lines."""

        def __init__(self, height: int) -> None:
            self.height = height
            super().__init__()

    class Moved(Message):
        """The mouse asks for another part or selection of the list."""

        def __init__(
            self, move: Callable[[ListView], ListView], *, is_chosen: bool = False
        ) -> None:
            self.move = move
            """From the list as it is when the message is read: it may be another by then."""
            self.is_chosen = is_chosen
            """Whether the reader has put a finger on a row."""
            super().__init__()

    def __init__(self, rows: Rows, columns: Sequence[str] | None, suggestion_key: str) -> None:
        super().__init__(id="panes")
        self.sidebar = Sidebar()
        self.list = PaperList(rows, columns)
        self.abstract = AbstractPane(suggestion_key)
        self.notice = Notice()
        self._papers = Container(id="papers")
        self._state = ViewState()

    def compose(self) -> ComposeResult:
        """Put list and abstract together beside the sidebar."""
        yield self.sidebar
        with self._papers:
            yield self.list
            yield self.abstract
        yield self.notice

    @property
    def is_stacked(self) -> bool:
        """Whether the abstract stands below the list, for want of width."""
        return self.screen.has_class("-stacked")

    @property
    def share(self) -> float:
        """How much of the room that list and abstract have is the list's."""
        room, taken = self._papers.size, self.list.outer_size
        if self.is_stacked:
            return taken.height / max(1, room.height)
        return taken.width / max(1, room.width)

    def show(self, state: ViewState) -> None:
        """Render another state."""
        before, self._state = self._state, state
        self.list.show(
            ListLines(
                state.list,
                is_active=state.pane is Pane.LIST,
                marks=state.marks,
                newest=state.newest,
                has_progress=state.is_home,
            )
        )
        if before.pane is not state.pane:
            self.set_class(state.pane is Pane.ABSTRACT, "-reading")
            self.set_class(state.pane is Pane.SIDEBAR, "-shelving")
        self.set_class(state.is_abstract_alone, "-alone")
        self.set_class(state.is_sidebar_shown, "-shelf")
        if before.split != state.split:
            self._divide()

    def on_resize(self) -> None:
        """Take the share for this arrangement, which may be another now."""
        self._divide()

    @on(RowList.Resized, "#list")
    def _list_resized(self, message: RowList.Resized) -> None:
        self.post_message(self.Resized(message.height))

    @on(RowList.Wheeled, "#list")
    def _list_wheeled(self, message: RowList.Wheeled) -> None:
        self.post_message(self.Moved(lambda view: view.scrolled(message.lines)))

    @on(RowList.Clicked, "#list")
    def _row_clicked(self, message: RowList.Clicked) -> None:
        def select(view: ListView) -> ListView:
            index = view.row_at(message.line)
            return view if index is None else view.to(index)

        self.post_message(self.Moved(select, is_chosen=True))

    def _divide(self) -> None:
        """Give the list its share, if the reader has set one; else the style sheet says."""
        split, styles = self._state.split, self.list.styles
        for name in ("width", "height", "min_height"):
            styles.clear_rule(name)
        for name in ("width", "max_width"):
            self.abstract.styles.clear_rule(name)
        if self.is_stacked and split.stacked is not None:
            styles.height, styles.min_height = f"{split.stacked:.0%}", 1
        elif not self.is_stacked and split.beside is not None:
            styles.width = f"{split.beside:.0%}"
            self.abstract.styles.width, self.abstract.styles.max_width = "1fr", "100%"

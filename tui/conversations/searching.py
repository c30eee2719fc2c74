"""The conversation in the search line: typing, accepting, giving up, going back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import IncompleteQueryError, QuerySyntaxError
from store.query import text_leaves
from tui.format import counted, partial_note
from tui.state import HOME_QUERY, Pane, Place

if TYPE_CHECKING:
    from textual.timer import Timer

    from store.search import Result
    from tui.messages import ResultFound, SearchFailed
    from tui.screens.browser import Browser

SEARCH_KEYS = (("Enter", "keep"), ("Esc", "go back"), ("↑ ↓", "move in the list"))
"""The keys that mean something while a query is written."""
ERROR_SECONDS = 0.6
"""A query is not called wrong before the reader has paused so long."""


class Searching:
    """Searches on behalf of the browser; knows where the search being typed began."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._began_at: Place | None = None
        self._error_timer: Timer | None = None
        self._asked: str | None = None
        self.is_complete = True
        """Whether every paper was searched for the result that is shown."""

    @property
    def is_awaited(self) -> bool:
        """Whether the reader has gone on to a result that is not there yet."""
        return self._asked is not None and not self._browser.search_line.is_open

    def begin(self) -> None:
        """Let the reader write a query."""
        browser = self._browser
        self._began_at = browser.state.place
        browser.show(browser.state.in_pane(Pane.LIST))
        browser.status.hints.use(SEARCH_KEYS)
        browser.status.hints.rest()
        browser.search_line.open()

    def typed(self, text: str) -> None:
        """Search for what stands in the line now."""
        self._end_trouble()
        self._search(text)

    def submit(self, text: str) -> None:
        """Accept the query, or say what is wrong with it."""
        browser = self._browser
        try:
            browser.library.parse(text, typing=True)
        except QuerySyntaxError as error:
            self._end_trouble()
            browser.say(_sentence(error), is_trouble=True)
            return
        self._close_line(text)
        if browser.state.text == text:
            self._arrive()

    def give_up(self) -> None:
        """Return to the result that was shown when the search began."""
        self._end_trouble()
        began_at, self._began_at = self._began_at, None
        if began_at is None:
            return
        self._close_line(began_at.text)
        self._search(began_at.text, began_at.key)

    def again(self) -> None:
        """Search again, and stay on the paper."""
        self._search(self._browser.search_line.text, self._browser.state.list.key)

    def go_back(self) -> bool:
        """Return to the former result; False where there is none."""
        browser = self._browser
        step = browser.state.path_back()
        if step is None:
            return False
        browser.state, place = step
        browser.search_line.show(place.text)
        self._search(place.text, place.key)
        return True

    def found(self, message: ResultFound) -> None:
        """Show a result."""
        browser = self._browser
        if message.text != browser.search_line.text:
            return  # the reader has gone on since
        self._asked = None
        result = message.result
        browser.leaves = text_leaves(result.query.node)
        self.is_complete = result.is_complete
        self._end_trouble()
        browser.status.hints.note(_note(result))
        before = browser.state.list.key
        browser.show(browser.state.with_result(message.text, result.keys, message.select))
        if browser.state.list.key == before:
            browser.show_abstract()  # other words are marked in it
        browser.show_welcome(is_empty=result.papers == 0)
        browser.lookout.note_search(result.papers)
        if not browser.search_line.is_open:
            self._arrive()
        if message.text == HOME_QUERY and not result.keys and result.papers and before is None:
            browser.say(f"The inbox is empty · / searches {counted(result.papers, 'paper')}")

    def failed(self, message: SearchFailed) -> None:
        """Keep the former result; say what is wrong once the reader pauses."""
        if message.text != self._browser.search_line.text:
            return  # the reader has gone on since
        self._asked = None
        error = message.error
        if isinstance(error, IncompleteQueryError):
            return
        if not isinstance(error, QuerySyntaxError):
            self._browser.say(str(error), is_trouble=True)
            return
        self._stop_timer()
        self._error_timer = self._browser.set_timer(
            ERROR_SECONDS, lambda: self._browser.say(_sentence(error), is_trouble=True)
        )

    def _search(self, text: str, select: int | None = None) -> None:
        self._asked = text
        self._browser.work.search(text, select=select)

    def _close_line(self, text: str) -> None:
        self._browser.search_line.close(text)
        self._browser.show_keys()

    def _arrive(self) -> None:
        began_at, self._began_at = self._began_at, None
        if began_at is not None:
            self._browser.state = self._browser.state.left(began_at)

    def _end_trouble(self) -> None:
        self._stop_timer()
        self._browser.status.hints.end_trouble()

    def _stop_timer(self) -> None:
        if self._error_timer:
            self._error_timer.stop()
            self._error_timer = None


def _note(result: Result) -> str:
    if result.partial_of is None:
        return ""
    return partial_note(result.partial_of, len(result.keys), is_complete=result.is_complete)


def _sentence(error: QuerySyntaxError) -> str:
    text = str(error)
    return f"{text[0].upper()}{text[1:]}"

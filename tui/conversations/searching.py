"""The conversation in the search line: typing, accepting, giving up, going back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from store.errors import IncompleteQueryError, QuerySyntaxError
from store.query import text_leaves
from store.queryediting import finished, narrowing, with_sort
from tui.completing import completed_query
from tui.format import counted, partial_note
from tui.linehistory import remember
from tui.state import Pane, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.timer import Timer

    from store.query import Sort
    from store.search import Result
    from tui.facts import ResultFound, SearchFailed
    from tui.screens.browser import Browser

SEARCH_KEYS = (
    ("Enter", "keep"),
    ("Esc", "go back"),
    ("↑ ↓", "move in the list"),
    ("Tab", "complete"),
    ("ctrl+p", "earlier search"),
)
"""The keys that mean something while a query is written."""
ERROR_SECONDS = 0.6
"""A query is not called wrong before the reader has paused so long."""


class Searching:
    """Searches on behalf of the browser; knows where the search being typed began."""

    def __init__(self, browser: Browser, searches: Sequence[str]) -> None:
        self._browser = browser
        self._began_at: Place | None = None
        self._returning: Place | None = None
        self._typed: ResultFound | None = None
        self._error_timer: Timer | None = None
        self._asked: str | None = None
        self.has_found = False
        """Whether there was a result at all."""
        self.is_complete = True
        """Whether every paper was searched for the result that is shown."""
        self.searches = tuple(searches)
        """The searches that were kept, the newest last."""

    @property
    def is_awaited(self) -> bool:
        """Whether the reader has gone on to a result that is not there yet."""
        return self._asked is not None and not self._browser.search_line.is_open

    def start(self, select: int | None) -> None:
        """Search for what the browser was opened with."""
        self._search(self._browser.state.text, select)

    def begin(self, text: str | None = None) -> None:
        """Let the reader write a query, behind `text` if there is one, else a new one."""
        browser = self._browser
        self._began_at = browser.state.place
        browser.resting.leave()
        browser.show(browser.state.in_pane(Pane.LIST))
        browser.status.hints.use(SEARCH_KEYS)
        browser.status.hints.rest()
        browser.search_line.searches = self.searches
        browser.search_line.complete_with(
            partial(
                completed_query,
                tags=browser.library.tags.ranked(),
                views=tuple(browser.library.views),
            )
        )
        browser.search_line.open(text)

    def narrow(self) -> None:
        """Let the reader go on behind the query of what is shown."""
        browser = self._browser
        self.begin(narrowing(finished(browser.state.text, browser.library.parse)))

    def typed(self, text: str) -> None:
        """Search for what stands in the line now."""
        self._end_trouble()
        self._search(text, self._browser.state.list.key, is_typed=True)

    def submit(self, text: str) -> None:
        """Accept the query, or say what is wrong with it."""
        browser = self._browser
        try:
            browser.library.parse(text, typing=True)
        except QuerySyntaxError as error:
            self._end_trouble()
            browser.say(_sentence(error), is_trouble=True)
            return
        self.searches = remember(self.searches, text)
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
        self._return_to(began_at)

    def again(self) -> None:
        """Search again, and stay on the paper."""
        browser = self._browser
        self._search(browser.search_line.text, browser.state.list.key)

    def open(self, text: str) -> None:
        """Go on to what another query finds: a view, or a tag."""
        browser = self._browser
        if text == browser.state.text:
            browser.show(browser.state.in_pane(Pane.LIST))
            self.again()
            return
        self._began_at = browser.state.place
        browser.show(browser.state.in_pane(Pane.LIST))
        browser.search_line.show(text)
        self._search(text)

    def sort(self, sort: Sort) -> None:
        """Put what is shown in another order, and stay on the paper."""
        browser = self._browser
        browser.search_line.show(with_sort(browser.state.text, sort))
        self.again()

    def go_back(self) -> bool:
        """Return to the former result; False where there is none."""
        browser = self._browser
        step = browser.state.path_back()
        if step is None:
            return False
        browser.state, place = step
        browser.search_line.show(place.text)
        self._return_to(place)
        return True

    def found(self, fact: ResultFound) -> None:
        """Show a result."""
        browser = self._browser
        if fact.text != browser.search_line.text:
            return  # the reader has gone on since
        self._asked = None
        self.has_found = True
        result = fact.result
        browser.leaves = text_leaves(result.query.node)
        self.is_complete = result.is_complete
        self._end_trouble()
        browser.status.hints.note(_note(result))
        before = browser.state.list.key
        self._show(fact)
        if browser.state.list.key == before:
            browser.show_abstract()  # other words are marked in it
        browser.welcoming.show(is_empty=result.papers == 0)
        browser.lookout.note_search(result.papers)
        if not browser.search_line.is_open:
            self._arrive()
        if fact.text == browser.state.home and not result.keys and result.papers and before is None:
            browser.say(f"The inbox is empty · / searches {counted(result.papers, 'paper')}")

    def failed(self, fact: SearchFailed) -> None:
        """Keep the former result; say what is wrong once the reader pauses."""
        if fact.text != self._browser.search_line.text:
            return  # the reader has gone on since
        self._asked = None
        error = fact.error
        if isinstance(error, IncompleteQueryError):
            return
        if not isinstance(error, QuerySyntaxError):
            self._browser.say(str(error), is_trouble=True)
            return
        self._stop_timer()
        self._error_timer = self._browser.set_timer(
            ERROR_SECONDS, lambda: self._browser.say(_sentence(error), is_trouble=True)
        )

    def _show(self, fact: ResultFound) -> None:
        browser = self._browser
        state = browser.state
        keys, select = fact.result.keys, fact.select
        if fact.is_typed and select is not None and select not in keys[: state.list.height]:
            select = None  # what fits best is of more use then than a page far below
        if not fact.is_typed:
            browser.visiting.arrive(fact)
        self._typed = fact if fact.is_typed else None
        returning, self._returning = self._returning, None
        marks = returning.marks if returning and returning.text == fact.text else None
        view = state.list.with_keys(keys, select, fact.starts)
        since = None if fact.is_typed else browser.visiting.since
        browser.show(state.with_result(fact.text, view, marks=marks, newest=since))

    def _return_to(self, place: Place) -> None:
        self._returning = place
        self._search(place.text, place.key)

    def _search(self, text: str, select: int | None = None, *, is_typed: bool = False) -> None:
        self._asked = text
        self._browser.shelving.give_way()
        self._browser.work.searches.search(text, select=select, is_typed=is_typed)

    def _close_line(self, text: str) -> None:
        self._browser.search_line.close(text)
        self._browser.welcoming.show_keys()

    def _arrive(self) -> None:
        browser = self._browser
        typed, self._typed = self._typed, None
        if typed:
            browser.visiting.arrive(typed)
        began_at, self._began_at = self._began_at, None
        if began_at is not None:
            browser.show(browser.state.left(began_at).since(browser.visiting.since))

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

"""The way from one result to another: searching, arriving, and going back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import IncompleteQueryError, QuerySyntaxError
from store.query.editing import finished, reordered, with_sort
from store.query.nodes import text_leaves
from tui.format import counted, error_line, sentence

if TYPE_CHECKING:
    from textual.timer import Timer

    from store.query.nodes import Sort
    from tui.facts import ResultFound, SearchFailed
    from tui.listing import ListView
    from tui.screens.browser import Browser
    from tui.state import Place

ERROR_SECONDS = 0.6
"""A query is not called wrong before the reader has paused so long."""


def finished_query(browser: Browser) -> str:
    """Return the query of what is shown so that it can be gone on with: no word grows any more."""
    text = browser.state.text
    try:
        return finished(text, browser.library.parse)
    except QuerySyntaxError:
        return text  # what the browser was opened with may be no query


class Finding:
    """Asks for results on behalf of the browser; knows where the reader set out from."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._began_at: Place | None = None
        self._returning: Place | None = None
        self._typed: ResultFound | None = None
        self._error_timer: Timer | None = None
        self._asked: str | None = None
        self._shown = browser.state.text
        self._top: int | None = None
        self.has_found = False
        """Whether there was a result at all."""
        self.is_complete = True
        """Whether every paper was searched for the result that is shown."""

    @property
    def is_awaited(self) -> bool:
        """Whether the reader has gone on to a result that is not there yet."""
        return self._asked is not None and not self._browser.search_line.is_open

    def start(self, select: int | None, top: int = 0) -> None:
        """Search for what the browser was opened with, to be shown from line `top` on."""
        self._top = top
        self.search(self._browser.state.text, select)

    def in_place(self, view: ListView) -> ListView:
        """Return the first result with that line at the top which was there the last time.

        Where a line stands, only a window of a known height tells.
        """
        top, self._top = self._top, None
        return view if top is None else view.at(top).to(view.selected)

    def search(self, text: str, select: int | None = None, *, is_typed: bool = False) -> None:
        """Ask for what `text` finds, to stay on the paper `select`."""
        self._asked = text
        self._browser.shelving.give_way()
        self._browser.work.searches.search(text, select=select, is_typed=is_typed)

    def set_out(self) -> None:
        """Note that the reader goes on from here."""
        self._began_at = self._browser.state.place

    def turn_back(self) -> None:
        """Return to where the reader set out from."""
        began_at, self._began_at = self._began_at, None
        self._return_to(began_at or self._browser.state.place)

    def arrive(self) -> None:
        """Note that the reader has come to what is shown."""
        browser = self._browser
        typed, self._typed = self._typed, None
        if typed:
            browser.visiting.arrive(typed)
        began_at, self._began_at = self._began_at, None
        if began_at is not None:
            browser.show(browser.state.left(began_at).since(browser.visiting.since))

    def again(self) -> None:
        """Search again, and stay on the paper; what was announced of it holds no more."""
        browser = self._browser
        browser.status.hints.rest()
        self.search(browser.search_line.text, browser.state.list.key)

    def open(self, text: str) -> None:
        """Go on to what another query finds: a view, or a tag."""
        browser = self._browser
        browser.show(browser.state.in_list())
        if text == browser.state.text:
            self.again()
            return
        self.set_out()
        browser.search_line.show(text)
        self.search(text)

    def sort(self, sort: Sort) -> None:
        """Put what is shown in another order, and stay on the paper."""
        browser = self._browser
        try:
            text = reordered(browser.state.text, sort, browser.library.parse)
        except QuerySyntaxError:
            text = with_sort(browser.state.text, sort)
        browser.search_line.show(text)
        self.again()

    def go_back(self) -> bool:
        """Return to the former result; False where there is none."""
        browser = self._browser
        if self.is_awaited and self._began_at is not None:
            self.turn_back()  # the reader does not wait for where the way leads
            return True
        step = browser.state.path_back()
        if step is None:
            return False
        browser.state, place = step
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
        self.end_trouble()
        before = browser.state.list.key
        self._show(fact)
        browser.suggesting.hear(fact)
        browser.relating.come_to(result.query.node)
        browser.exchanging.come_to(fact.text)
        if browser.state.list.key == before:
            browser.show_abstract()  # other words are marked in it
        browser.welcoming.show(is_empty=result.papers == 0)
        browser.lookout.note_search(result.papers)
        if not browser.search_line.is_open:
            self.arrive()
        if fact.text == browser.state.home and not result.keys and result.papers and before is None:
            search = browser.keyboard.shown("search")
            papers = counted(result.papers, "paper")
            browser.say(f"The inbox is empty · {search} searches {papers}")

    def failed(self, fact: SearchFailed) -> None:
        """Keep the former result; say what is wrong once the reader pauses."""
        if fact.text != self._browser.search_line.text:
            return  # the reader has gone on since
        self._asked = None
        self._browser.suggesting.show()
        error = fact.error
        if not self._browser.search_line.is_open:
            self._stay()
        if isinstance(error, IncompleteQueryError):
            return
        if not isinstance(error, QuerySyntaxError):
            self._browser.say(error_line(error), is_trouble=True)
            return
        self._stop_timer()
        self._error_timer = self._browser.set_timer(
            ERROR_SECONDS, lambda: self._browser.say(sentence(error), is_trouble=True)
        )

    def end_trouble(self) -> None:
        """Say no more that a query is wrong: there is another."""
        self._stop_timer()
        self._browser.status.hints.end_trouble()

    def _stay(self) -> None:
        """Stay at what is shown: the way to another result has led nowhere."""
        browser = self._browser
        self._began_at = self._returning = None
        browser.show(browser.state.retitled(self._shown))
        browser.search_line.show(self._shown)

    def _show(self, fact: ResultFound) -> None:
        browser = self._browser
        state = browser.state
        select = browser.searching.selected_in(fact) if fact.is_typed else fact.select
        if not fact.is_typed:
            browser.visiting.arrive(fact)
        self._typed = fact if fact.is_typed else None
        self._shown = fact.text
        returning, self._returning = self._returning, None
        # Of a query that is being written, no result on the way takes marks off.
        place = self._began_at if fact.is_typed else returning
        is_known = place is not None and (fact.is_typed or place.text == fact.text)
        marks = place.marks if place and is_known else None
        view = state.list.with_keys(fact.result.keys, select, fact.starts)
        if browser.beginning.is_measured:
            view = self.in_place(view)
        browser.searching.come_to(view.key)
        since = None if fact.is_typed else browser.visiting.since
        browser.show(state.with_result(fact.text, view, marks=marks, newest=since))

    def _return_to(self, place: Place) -> None:
        self._returning = place
        self._browser.search_line.show(place.text)
        self.search(place.text, place.key)

    def _stop_timer(self) -> None:
        if self._error_timer:
            self._error_timer.stop()
            self._error_timer = None

"""The conversation in the search line: typing, accepting, giving up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from store.errors import QuerySyntaxError
from store.query.editing import narrowing
from tui.completing import completed_query
from tui.conversations.finding import finished_query
from tui.format import sentence
from tui.linehistory import remember

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.facts import ResultFound
    from tui.screens.browser import Browser

SEARCH_KEYS = (
    ("Enter", "keep"),
    ("Esc", "go back"),
    ("↑ ↓", "move in the list"),
    ("Tab", "complete"),
    ("ctrl+p", "earlier search"),
)
"""The keys that mean something while a query is written."""


@dataclass(frozen=True, slots=True)
class Staying:
    """The paper that results stay on while a query is written."""

    wanted: int | None = None
    """Where the reader went; not what was selected on the way because it fitted best."""
    found: int | None = None
    """What the latest result selected."""

    def at(self, selected: int | None) -> Staying:
        """Look where the reader is now."""
        return self if selected == self.found else Staying(selected, selected)


class Searching:
    """Lets the reader write a query, whose result follows each key."""

    def __init__(self, browser: Browser, searches: Sequence[str]) -> None:
        self._browser = browser
        self._is_narrowing = False
        self._staying = Staying()
        self.searches = tuple(searches)
        """The searches that were kept, the newest last."""

    def begin(self, text: str | None = None) -> None:
        """Let the reader write a query, behind `text` if there is one, else a new one."""
        browser = self._browser
        browser.finding.set_out()
        self._is_narrowing = text is not None
        self._staying = Staying(browser.state.list.key, browser.state.list.key)
        browser.resting.leave()
        browser.show(browser.state.in_list())
        browser.status.hints.use(SEARCH_KEYS)
        browser.status.hints.rest()
        browser.search_line.searches = self.searches
        tags, views = browser.library.tags.ranked(), tuple(browser.library.views)
        browser.search_line.complete_with(partial(completed_query, tags=tags, views=views))
        browser.search_line.open(text)
        browser.suggesting.show()

    def narrow(self) -> None:
        """Let the reader go on behind the query of what is shown."""
        self.begin(narrowing(finished_query(self._browser)))

    def typed(self, text: str) -> None:
        """Search for what stands in the line now."""
        self._browser.finding.end_trouble()
        self._staying = self._staying.at(self._browser.state.list.key)
        self._browser.finding.search(text, self._staying.wanted, is_typed=True)

    def submit(self, text: str) -> None:
        """Accept the query, or say what is wrong with it."""
        browser = self._browser
        try:
            browser.library.parse(text, typing=True)
        except QuerySyntaxError as error:
            browser.finding.end_trouble()
            browser.say(sentence(error), is_trouble=True)
            return
        self.searches = remember(self.searches, text)
        self._close_line(text)
        if browser.state.text == text:
            browser.finding.arrive()

    def give_up(self) -> None:
        """Return to the result that was shown when the search began."""
        browser = self._browser
        browser.finding.end_trouble()
        self._close_line(browser.state.text)
        browser.finding.turn_back()

    def selected_in(self, fact: ResultFound) -> int | None:
        """Return the paper that a result stays on while its query is written.

        Of a new query what fits best is of more use than a paper far below; what is narrowed stays.
        """
        first = fact.result.keys[: self._browser.state.list.height]
        return fact.select if self._is_narrowing or fact.select in first else None

    def come_to(self, key: int | None) -> None:
        """Note which paper a result has selected."""
        self._staying = replace(self._staying, found=key)

    def _close_line(self, text: str) -> None:
        self._browser.search_line.close(text)
        self._browser.suggesting.show()
        self._browser.welcoming.show_keys()
        self._browser.resting.arrive()

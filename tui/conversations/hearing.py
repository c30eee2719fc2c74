"""What happens away from the keys: each kind of fact goes to the conversation it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import StoreError
from tui import facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.facts import Fact
    from tui.screens.browser import Browser


class Hearing:
    """Takes the facts that the threads tell."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._hears: dict[type, Callable[..., object]] = {
            facts.ResultFound: browser.searching.found,
            facts.SearchFailed: browser.searching.failed,
            facts.PapersChanged: self._papers_changed,
            facts.HistoryLoaded: browser.recalling.loaded,
            facts.ReversalAsked: browser.deciding.ask_to_reverse,
            facts.TagsSuggested: browser.resting.suggest,
            facts.DuplicatesFound: browser.deciding.mark_duplicates,
            facts.CountsFound: browser.shelving.counted,
            facts.ImportMoved: browser.exchanging.moved,
            facts.ImportEnded: browser.exchanging.imported,
            facts.OutputCame: browser.exchanging.output_came,
            facts.Reported: self._reported,
            facts.WorkFailed: self._work_failed,
        }

    def hear(self, fact: Fact) -> None:
        """Do what follows from a fact."""
        self._hears[type(fact)](fact)

    def _papers_changed(self, fact: facts.PapersChanged) -> None:
        self._browser.show_changed()
        self._browser.deciding.renewed()
        self._browser.recalling.look(is_changed=True)
        if fact.news:
            self._browser.say(fact.news)

    def _reported(self, fact: facts.Reported) -> None:
        self._browser.say(fact.news, is_trouble=fact.is_trouble)

    def _work_failed(self, fact: facts.WorkFailed) -> None:
        if not isinstance(fact.error, StoreError):
            raise fact.error
        self._browser.say(str(fact.error), is_trouble=True)

"""What happens beside the keys: each kind of fact goes to the conversation it belongs to."""

from __future__ import annotations

from sqlite3 import DatabaseError
from typing import TYPE_CHECKING

from store.errors import StoreError
from tui import facts
from tui.facts import UNDOES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.facts import Fact
    from tui.screens.browser import Browser


class Hearing:
    """Takes the facts that threads and lines tell."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._hears: dict[type, Callable[..., object]] = {
            facts.QueryTyped: lambda fact: browser.searching.typed(fact.text),
            facts.QuerySubmitted: lambda fact: browser.searching.submit(fact.text),
            facts.QueryLeft: lambda _: browser.searching.give_up(),
            facts.NeighbourWanted: lambda fact: browser.show_list(
                browser.state.list.moved(fact.by)
            ),
            facts.SuggestionTaken: lambda _: browser.suggesting.write(),
            facts.Answered: lambda fact: browser.asking.submit(fact.text),
            facts.AnswerSwitched: lambda _: browser.asking.switch(),
            facts.AnswerLeft: lambda _: browser.asking.end(),
            facts.ResultFound: browser.finding.found,
            facts.SuggestionFound: browser.suggesting.know,
            facts.Explained: browser.suggesting.explained,
            facts.SearchFailed: browser.finding.failed,
            facts.PapersChanged: self._papers_changed,
            facts.HistoryLoaded: browser.recalling.loaded,
            facts.ReversalAsked: browser.deciding.ask_to_reverse,
            facts.ReversalHeard: browser.work.decisions.hear_reversal,
            facts.TagsSuggested: browser.resting.suggest,
            facts.WordsShared: browser.relating.hear,
            facts.DuplicatesFound: browser.deciding.mark_duplicates,
            facts.CountsFound: browser.shelving.counted,
            facts.ImportMoved: browser.exchanging.moved,
            facts.ImportEnded: browser.exchanging.imported,
            facts.OutputCame: browser.exchanging.output_came,
            facts.Reported: self._reported,
            facts.TextCopied: self._text_copied,
            facts.WorkFailed: self._work_failed,
        }

    def hear(self, fact: Fact) -> None:
        """Do what follows from a fact."""
        self._hears[type(fact)](fact)

    def _papers_changed(self, fact: facts.PapersChanged) -> None:
        browser = self._browser
        browser.show_changed()
        browser.recalling.look(is_changed=True)
        if fact.act:
            browser.deciding.latest = fact.act
        if len(fact.restored) == 1 and browser.is_read:
            self._return_to(fact.restored[0])
        if fact.news.endswith(UNDOES):
            key = browser.keyboard.shown("undo")
            browser.say(fact.news.removesuffix(UNDOES) + (f" · {key} undoes" if key else ""))
        elif fact.news:
            browser.say(fact.news)

    def _return_to(self, key: int) -> None:
        """Select the paper that the reader has given back, if it is in the list."""
        view = self._browser.state.list
        if key in view.keys:
            self._browser.show_list(view.to(view.keys.index(key)))

    def _reported(self, fact: facts.Reported) -> None:
        self._browser.say(fact.news, is_trouble=fact.is_trouble)

    def _text_copied(self, fact: facts.TextCopied) -> None:
        browser = self._browser
        browser.say(fact.news)
        if not (fact.is_in_news and browser.status.hints.has_room(fact.news)):
            browser.panes.notice.show(fact.heading, fact.lines)

    def _work_failed(self, fact: facts.WorkFailed) -> None:
        if not isinstance(fact.error, StoreError | DatabaseError):
            raise fact.error
        self._browser.say(str(fact.error), is_trouble=True)

"""What is said of a result as a whole: what it stands in for, and what may have been meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.format import partial_note, suggestion_note
from tui.widgets.search_line import TAKE_KEY

if TYPE_CHECKING:
    from store.searching.search import Result
    from tui.facts import Explained, ResultFound, SuggestionFound
    from tui.screens.browser import Browser


class Suggesting:
    """Offers the query that the reader may have meant, where what was written finds little."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._found: ResultFound | None = None
        self._suggestion: str | None = None

    @property
    def suggestion(self) -> str | None:
        """What may have been meant by the query of what is shown, as long as that stands there."""
        browser = self._browser
        found = self._found
        if found is None or not found.text == browser.state.text == browser.search_line.text:
            return None
        return self._suggestion

    def hear(self, fact: ResultFound) -> None:
        """Say what there is to say of a result that is shown now.

        Where another query may have been meant, that follows in a moment: until then there stays
        what is said already, so that no line flickers while a query is written.
        """
        is_other = self._found is None or self._found.text != fact.text
        self._found = fact
        if is_other or not fact.is_little:
            self._suggestion = None
        if not fact.is_little:
            self.show()

    def know(self, fact: SuggestionFound) -> None:
        """Offer the query that may have been meant, or say that none is known."""
        if self._found is not None and self._found.text == fact.text:
            self._suggestion = fact.suggestion
            self.show()

    def show(self) -> None:
        """Say it with the key that means something here: in the list, or in the search line."""
        browser = self._browser
        if self._found is None:
            return
        result = self._found.result
        if self._suggestion:
            is_writing = browser.search_line.is_open
            key = TAKE_KEY if is_writing else browser.keyboard.shown("search-suggestion")
            offer = suggestion_note(self._suggestion, key)
            browser.status.hints.note(" · ".join(filter(None, (offer, _stand_in(result)))))
        elif not result.keys and result.papers:
            browser.status.hints.note("Nothing found · Esc goes back")
        else:
            browser.status.hints.note(_stand_in(result))

    def take(self) -> None:
        """Search for what is suggested, as for a view: Esc leads back."""
        suggestion = self.suggestion
        if suggestion is None:
            self._browser.say("There is no suggestion for this search")
        else:
            self._browser.finding.open(suggestion)

    def write(self) -> None:
        """Write what is suggested into the search line, where its result follows."""
        suggestion = self.suggestion
        if suggestion is not None:
            self._browser.search_line.write(suggestion)

    def explain(self) -> None:
        """Ask how the query of what is shown was read, and what the selected paper scores."""
        state = self._browser.state
        self._browser.work.searches.explain(state.text, state.list.key)

    def explained(self, fact: Explained) -> None:
        """Show it as a text, unless the reader has gone on."""
        # Few ask for it.
        from tui.explanation import explanation_text

        browser = self._browser
        if fact.text == browser.state.text and browser.is_read:
            browser.choosing.read("Explanation", explanation_text(fact.explanation, fact.title))


def _stand_in(result: Result) -> str:
    """Return that the papers only come closest to what was asked for; empty where they meet it."""
    if result.partial_of is None:
        return ""
    return partial_note(result.partial_of, len(result.keys), is_complete=result.is_complete)

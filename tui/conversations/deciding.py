"""The conversation about papers: what is decided, on how many, and where it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.background.decisions import MANY_PAPERS
from tui.format import counted, reversal_question

if TYPE_CHECKING:
    from tui.acts import Act
    from tui.facts import DuplicatesFound, ReversalAsked
    from tui.screens.browser import Browser


FAR = 2_000
"""The next paper that waits is looked for among so many."""


class Deciding:
    """Acts on the marked papers, else on the selected one."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.latest: Act | None = None
        """What `.` does again."""

    def act(self, act: Act, keys: tuple[int, ...] | None = None) -> None:
        """Do what `act` says to these papers or the chosen ones, after asking if it is much."""
        keys = self._browser.chosen() if keys is None else keys
        if len(keys) > MANY_PAPERS:
            what = f"{act.label[0].upper()}{act.label[1:]} {counted(len(keys), 'paper')}"
            self._browser.keyboard.confirm(f"{what}?", lambda: self._do_much(act, keys, what))
        elif keys:
            self._do(act, keys)

    def ask_to_reverse(self, fact: ReversalAsked) -> None:
        """Ask before so much is undone, or redone."""
        decisions = self._browser.work.decisions
        reverse = decisions.undo if fact.verb == "undo" else decisions.redo
        entry = fact.entry
        question = reversal_question(fact.verb.capitalize(), entry.label, entry.papers)
        self._browser.keyboard.confirm(question, lambda: reverse(entry.key))

    def mark_duplicates(self, fact: DuplicatesFound) -> None:
        """Mark the papers that say nearly the same, those of them that are shown."""
        browser = self._browser
        state = browser.state
        said = f"{counted(len(fact.keys), 'paper')} say nearly the same"
        if len(fact.keys) == 1:
            browser.say("No other paper of this list says nearly the same")
        elif fact.key == state.list.key and fact.among is state.list.keys and browser.is_read:
            browser.show(state.with_marks(state.marks.with_all(fact.keys)))
            browser.say(f"{said}, and are marked")
        else:
            browser.say(said)  # the reader has gone on, and what is marked now stays so

    def _do_much(self, act: Act, keys: tuple[int, ...], what: str) -> None:
        self._browser.say(f"{what} …")  # it takes a moment, in which nothing else is seen of it
        self._do(act, keys)

    def _do(self, act: Act, keys: tuple[int, ...]) -> None:
        browser = self._browser
        browser.work.decisions.act(keys, act)
        state = browser.state.unmarked(keys)
        if act.goes_on and state.list.key in keys:
            state = state.with_list(state.list.to(self._next_waiting(frozenset(keys))))
        browser.show(state)

    def _next_waiting(self, decided: frozenset[int]) -> int:
        """Return the index of the next paper below that waits as this one did, else the next.

        It never goes up again: a key pressed once too often would decide on what nobody looked at.
        """
        browser = self._browser
        view = browser.state.list
        row = browser.selected_row()
        place = view.selected + 1
        if row is not None and "inbox" in row.tags:
            below = [key for key in view.keys[place : place + FAR] if key not in decided]
            waiting = browser.library.tags.first_with("inbox", below)
            if waiting is not None:
                return view.keys.index(waiting, place)
        return place

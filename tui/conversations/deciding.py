"""The conversation about papers: what is decided, on how many, and where it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.background.decisions import MANY_PAPERS
from tui.format import counted, cut_label
from tui.marks import Marks

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
        self._decided: set[int] = set()

    def act(self, act: Act) -> None:
        """Do what `act` says, after asking if it is much."""
        keys = self._browser.state.chosen
        if len(keys) > MANY_PAPERS:
            what = f"{act.label[0].upper()}{act.label[1:]} {counted(len(keys), 'paper')}?"
            self._browser.keyboard.confirm(what, lambda: self._do(act, keys))
        elif keys:
            self._do(act, keys)

    def renewed(self) -> None:
        """Papers have changed, and rows are true to the library again."""
        self._decided.clear()

    def ask_to_reverse(self, fact: ReversalAsked) -> None:
        """Ask before so much is undone, or redone."""
        decisions = self._browser.work.decisions
        reverse = decisions.undo if fact.verb == "undo" else decisions.redo
        papers = counted(fact.entry.papers, "paper")
        self._browser.keyboard.confirm(
            f"{fact.verb.capitalize()}: {cut_label(fact.entry.label)}, {papers}?",
            lambda: reverse(fact.entry.key),
        )

    def mark_duplicates(self, fact: DuplicatesFound) -> None:
        """Mark the papers that say nearly the same, those of them that are shown."""
        browser = self._browser
        shown = set(browser.state.list.keys)
        found = [key for key in fact.keys if key in shown]
        if len(found) > 1:
            browser.show(browser.state.with_marks(Marks(frozenset(found))))
            browser.say(f"{counted(len(found), 'paper')} say nearly the same, and are marked")
        else:
            browser.say("No other paper of this list says nearly the same")

    def _do(self, act: Act, keys: tuple[int, ...]) -> None:
        browser = self._browser
        self.latest = act
        browser.work.decisions.act(keys, act)
        state = browser.state
        if state.marks:
            browser.show(state.with_marks(Marks()))
        elif act.goes_on:
            browser.show_list(state.list.to(self._next_waiting()))

    def _next_waiting(self) -> int:
        """Return the index of the next paper that waits as this one did: below, else above.

        Where none is near, it is the next one. What was decided a moment ago waits no more, though
        its row is not renewed yet.
        """
        browser = self._browser
        view = browser.state.list
        row = browser.selected_row()
        if row is not None and "inbox" in row.tags:
            self._decided.add(row.key)
            below = range(view.selected + 1, min(len(view.keys), view.selected + FAR))
            above = range(view.selected - 1, max(-1, view.selected - FAR), -1)
            for indices in (below, above):
                for start in range(0, len(indices), view.height):
                    chunk = indices[start : start + view.height]
                    browser.rows.fetch([view.keys[index] for index in chunk])
                    waiting = next(filter(self._waits, chunk), None)
                    if waiting is not None:
                        return waiting
        return view.selected + 1

    def _waits(self, index: int) -> bool:
        key = self._browser.state.list.keys[index]
        row = self._browser.rows.get(key)
        return row is not None and "inbox" in row.tags and key not in self._decided

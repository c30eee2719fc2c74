"""The conversation about papers like one: they are searched for, and it is said what they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.query import nodes as q
from tui.format import shared_note

if TYPE_CHECKING:
    from tui.facts import WordsShared
    from tui.screens.browser import Browser

ABOUT = "likeness"


class Relating:
    """Says, of each paper of a result of `like:`, by which words it is like the one asked for."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._liked: str | None = None

    def begin(self) -> None:
        """Search for the papers like the selected one."""
        browser = self._browser
        paper = browser.selected_paper()
        if paper is not None and browser.chosen():
            browser.finding.open(str(q.Like(paper.id)))

    def come_to(self, node: q.Node) -> None:
        """Note what the result that is shown now was asked for."""
        self._liked = _liked(node)
        if self._liked is None:
            self._browser.status.hints.note("", ABOUT)
        self.look()

    def look(self) -> None:
        """Ask for what the selected paper shares; what was said stays until the answer."""
        browser = self._browser
        key = browser.state.list.key
        if self._liked is not None and key is not None:
            browser.work.likeness.share(self._liked, key)
        else:
            browser.status.hints.note("", ABOUT)

    def hear(self, fact: WordsShared) -> None:
        """Say what the paper shares, if the reader is still there."""
        if (fact.identifier, fact.key) == (self._liked, self._browser.state.list.key):
            self._browser.status.hints.note(shared_note(fact.words), ABOUT)


def _liked(node: q.Node) -> str | None:
    """Return the identifier of the paper that all papers found by a query are like, if any."""
    match node:
        case q.Like(text):
            return text
        case q.And(nodes):
            return next(filter(None, map(_liked, nodes)), None)
        case q.InView(_, child):
            return _liked(child)
        case _:
            return None

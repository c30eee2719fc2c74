"""Making one paper of several, and several of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.errors import JoinError, StoreError
from tui.facts import UNDOES
from tui.format import counted, cut_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from store.library import Library
    from tui.screens.browser import Browser
    from tui.situation import Situation

FEW_PAPERS = 10
"""More are hardly one paper: joining them asks first."""


def join(browser: Browser) -> None:
    """Make one paper of the marked ones."""
    keys = browser.chosen()
    if len(keys) == 1:
        browser.say("Joining takes two papers or more: mark them first")
    elif len(keys) > FEW_PAPERS:
        question = f"Make one paper of {counted(len(keys), 'paper')}?"
        browser.keyboard.confirm(question, lambda: _join(browser, keys))
    elif keys:
        _join(browser, keys)


def join_now(situation: Situation) -> str:
    """Say what `join` would do."""
    return f"make one paper of {situation.subject}" if situation.state.marks else ""


def split(browser: Browser) -> None:
    """Make of the paper what was joined to it."""
    keys = browser.chosen()
    if len(keys) > 1:
        browser.say("Splitting is for one paper: Esc takes the marks off")
    elif keys:
        library = browser.library
        browser.work.decisions.change(lambda: _split(library, keys[0]))


def _join(browser: Browser, keys: Sequence[int]) -> None:
    library = browser.library
    browser.work.decisions.change(lambda: _joined(library, keys))
    browser.show(browser.state.unmarked(keys))


def _joined(library: Library, keys: Sequence[int]) -> str:
    paper = library.paper(library.joining.join(keys))
    return f"Joined {counted(len(keys), 'paper')} to '{cut_title(paper.title)}'{UNDOES}"


def _split(library: Library, key: int) -> str:
    try:
        others = library.joining.split(key)
    except JoinError as error:
        raise StoreError(f"{error.reason[0].upper()}{error.reason[1:]}") from error
    return f"Split into {counted(1 + len(others), 'paper')}: search again shows them{UNDOES}"

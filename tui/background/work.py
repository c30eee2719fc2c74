"""All that works beside the interface of one browser."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tui.background.copies import Copies
from tui.background.counting import Counting
from tui.background.decisions import Decisions
from tui.background.likeness import Likeness
from tui.background.searches import Searches
from tui.background.transfers import Transfers
from tui.background.worker import LEAVING_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from store.library import Library
    from tui.clipboard import Clipboard
    from tui.facts import Tell

LEAST_SECONDS = 0.2
"""So long is waited for each in any case."""


class Work:
    """The threads of a browser; `tell` takes facts from each.

    `open_links` opens addresses and returns those that it could not open.
    """

    def __init__(
        self,
        library: Library,
        clipboard: Clipboard,
        open_links: Callable[[Sequence[str]], Sequence[str]],
        tell: Tell,
    ) -> None:
        self.searches = Searches(library, tell)
        self.decisions = Decisions(library, tell)
        self.copies = Copies(clipboard, open_links, tell)
        self.likeness = Likeness(library, tell)
        self.counting = Counting(library, tell)
        self.transfers = Transfers(library, tell)

    @property
    def awaited(self) -> tuple[int, bool]:
        """What keys may wait for: another value, once it is another search or undo."""
        return self.searches.asked, self.decisions.is_asked_to_reverse

    def close(self) -> None:
        """Abandon searches, counts, imports and what is piped; finish decisions."""
        until = time.monotonic() + LEAVING_SECONDS
        for part in (self.searches, self.likeness, self.counting, self.transfers):
            part.close(max(LEAST_SECONDS, until - time.monotonic()))
        self.decisions.close()
        self.copies.close()

"""All that works beside the interface of one browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.background.copies import Copies
from tui.background.counting import Counting
from tui.background.decisions import Decisions
from tui.background.likeness import Likeness
from tui.background.searches import Searches
from tui.background.transfers import Transfers

if TYPE_CHECKING:
    from collections.abc import Callable

    from store.library import Library
    from tui.clipboard import Clipboard
    from tui.facts import Tell


class Work:
    """The threads of a browser; `tell` takes facts from each, and `open_url` opens an address."""

    def __init__(
        self, library: Library, clipboard: Clipboard, open_url: Callable[[str], bool], tell: Tell
    ) -> None:
        self.searches = Searches(library, tell)
        self.decisions = Decisions(library, tell)
        self.copies = Copies(clipboard, open_url, tell)
        self.likeness = Likeness(library, tell)
        self.counting = Counting(library, tell)
        self.transfers = Transfers(library, tell)

    def close(self) -> None:
        """Abandon searches, counts, imports and what is piped; finish decisions."""
        self.searches.close()
        self.likeness.close()
        self.counting.close()
        self.transfers.close()
        self.decisions.close()
        self.copies.close()

"""Papers that are passed over: while a key is held down, their abstracts are not shown."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.timer import Timer

    from tui.screens.browser import Browser

HELD_SECONDS = 0.1
"""Papers that come sooner one after the other than this are passed over."""
REST_SECONDS = 0.06
"""After so long the reader has let go of the key."""


class Passing:
    """Shows the abstract of a paper at once, or once no other comes after it.

    An abstract is most of what a thin link has to carry for a key, and nobody reads thirty a
    second.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._timer: Timer | None = None
        self._came = 0.0

    def come(self, *, is_first: bool) -> None:
        """Show the paper that the reader has come to, unless the way seems to lead on.

        No key leads to the first of all.
        """
        now = time.monotonic()
        is_held = not is_first and now - self._came < HELD_SECONDS
        self._came = 0.0 if is_first else now
        self._stop()
        if is_held:
            self._timer = self._browser.set_timer(REST_SECONDS, self.catch_up)
        else:
            self._browser.show_abstract()

    def catch_up(self) -> None:
        """Show what is waited with: somebody wants it."""
        if self._timer:
            self._stop()
            self._browser.show_abstract()

    def _stop(self) -> None:
        if self._timer:
            self._timer.stop()
            self._timer = None

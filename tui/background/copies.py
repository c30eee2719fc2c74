"""Copying texts for use outside, and opening addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.background.worker import Worker
from tui.clipboard import message
from tui.facts import Reported

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.clipboard import Clipboard
    from tui.facts import Tell


class Copies:
    """What one browser copies and opens; `open_url` tells whether it could open the address."""

    def __init__(self, clipboard: Clipboard, open_url: Callable[[str], bool], tell: Tell) -> None:
        self._clipboard = clipboard
        self._open_url = open_url
        self._tell = tell
        self._worker = Worker("copies", tell)

    def close(self) -> None:
        """Leave out what has not begun."""
        self._worker.drop(wait=False)

    def copy(self, make: Callable[[], str], note: str = "") -> None:
        """Copy the text that `make` returns, which may take its time."""
        self._worker.submit(lambda: self._copy(make(), note))

    def open(self, url: str) -> None:
        """Open an address in the reader's own browser; copy it where that can't be done."""

        def work() -> None:
            if self._open_url(url):
                self._tell(Reported(f"Opened {url}"))
            else:
                self._copy(url, "No browser can be opened from here")

        self._worker.submit(work)

    def _copy(self, text: str, note: str) -> None:
        said = message(self._clipboard.copy(text))
        self._tell(Reported(f"{note} · {said}" if note else said))

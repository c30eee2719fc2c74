"""Copying texts for use outside, and opening addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.background.worker import LEAVING_SECONDS, Worker
from tui.clipboard import message
from tui.facts import Reported
from tui.format import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.clipboard import Clipboard
    from tui.facts import Tell


class Copies:
    """What one browser copies and opens; `open_url` tells whether it could open the address."""

    def __init__(self, clipboard: Clipboard, open_url: Callable[[str], bool], tell: Tell) -> None:
        self._clipboard = clipboard
        self._open_url = open_url
        self._tell = tell
        self._worker = Worker("copies", tell)

    def close(self, seconds: float = LEAVING_SECONDS) -> None:
        """Copy what was asked for, unless it takes longer than so."""
        self._worker.finish(seconds)

    def copy(self, make: Callable[[], tuple[str, str]]) -> None:
        """Copy the text that `make` returns, which may take its time, and a note to be told first.

        Without a text the note is all that is told.
        """

        def work() -> None:
            text, note = make()
            if text:
                self._copy(text, note)
            else:
                self._tell(Reported(note))

        self._worker.submit(work)

    def open(self, urls: Sequence[str]) -> None:
        """Open addresses in the reader's own browser; copy those that can't be opened."""

        def work() -> None:
            left = [url for url in urls if not self._open_url(url)]
            if len(left) == len(urls):
                self._copy("\n".join(left), "No browser can be opened from here")
            elif left:
                self._copy("\n".join(left), f"{counted(len(left), 'page')} could not be opened")
            else:
                what = urls[0] if len(urls) == 1 else counted(len(urls), "page")
                self._tell(Reported(f"Opened {what}"))

        self._worker.submit(work)

    def _copy(self, text: str, note: str) -> None:
        said = message(self._clipboard.copy(text))
        self._tell(Reported(f"{note} · {said}" if note else said))

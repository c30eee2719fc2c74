"""Copying texts for use outside, and opening addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.background.worker import LEAVING_SECONDS, Worker
from tui.copied import heading, is_in_message, lines, message
from tui.facts import Reported, TextCopied
from tui.format import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.clipboard import Clipboard, Copied
    from tui.facts import Tell


class Copies:
    """What one browser copies and opens; `open_links` returns those that could not be opened."""

    def __init__(
        self,
        clipboard: Clipboard,
        open_links: Callable[[Sequence[str]], Sequence[str]],
        tell: Tell,
    ) -> None:
        self.latest: Copied | None = None
        """What was copied last, or was to be."""
        self._clipboard = clipboard
        self._open_links = open_links
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
            left = self._open_links(urls)
            if len(left) == len(urls):
                note = "No browser can be opened from here"
                self._copy("\n".join(left), note, is_opened_by_hand=True)
            elif left:
                note = f"{counted(len(left), 'page')} could not be opened"
                self._copy("\n".join(left), note, is_opened_by_hand=True)
            else:
                what = urls[0] if len(urls) == 1 else counted(len(urls), "page")
                self._tell(Reported(f"Opened {what}"))

        self._worker.submit(work)

    def _copy(self, text: str, note: str, *, is_opened_by_hand: bool = False) -> None:
        self.latest = copied = self._clipboard.copy(text)
        said = message(copied)
        self._tell(
            TextCopied(
                f"{note} · {said}" if note else said,
                heading(copied),
                lines(copied),
                is_in_news=is_in_message(copied) and not is_opened_by_hand,
            )
        )

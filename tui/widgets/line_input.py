"""One line that the reader writes into."""

from __future__ import annotations

from textual.widgets import Input


class LineInput(Input):
    """An input that keeps out what a terminal would obey: a paste may hold anything."""

    def on_mount(self) -> None:
        """Keep the cursor still: a blink every half second is traffic on a thin link."""
        self.cursor_blink = False

    def insert(self, text: str, index: int) -> None:
        """Insert what can be shown of `text`."""
        super().insert(_shown(text), index)

    def replace(self, text: str, start: int, end: int) -> None:
        """Put what can be shown of `text` in place of a part."""
        super().replace(_shown(text), start, end)


def _shown(text: str) -> str:
    return "".join(char for char in text if char.isprintable())

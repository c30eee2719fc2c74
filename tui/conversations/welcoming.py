"""The conversation with the reader of an empty library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.state import Pane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.screens.browser import Browser

_EMPTY = (("import", "import"), ("help", "help"), ("quit", "quit"))
"""Commands that mean something while there is no paper."""
_SIDEBAR = (
    ("next", "down"),
    ("previous", "up"),
    ("read", "open"),
    ("other-pane", "to the list"),
    ("sidebar", "hide"),
    ("help", "help"),
)
"""Commands while the keys move in the sidebar, and what they do there."""
OPEN_SAMPLE = "open the sample library"
"""What the application returns when the reader of an empty library asks for the sample."""


class Welcoming:
    """Shows what an empty library says, in place of list and abstract."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.is_empty = False
        """Whether the library has no papers."""

    def show(self, *, is_empty: bool) -> None:
        """Show the welcome, or the papers."""
        if is_empty != self.is_empty:
            self.is_empty = is_empty
            self._browser.set_class(is_empty, "-empty")
            self.show_keys()

    def show_keys(self) -> None:
        """Show the keys that mean something outside the lines that are written."""
        hints: Sequence[tuple[str, str]] | None = None
        if self._browser.state.pane is Pane.SIDEBAR:
            hints = self._hints(_SIDEBAR)
        elif self.is_empty:
            hints = (("Enter", "sample library"), *self._hints(_EMPTY))
        self._browser.status.hints.use(hints)

    def open_sample(self) -> None:
        """Leave an empty library for the built-in sample."""
        if self.is_empty:
            self._browser.app.exit(OPEN_SAMPLE)

    def _hints(self, commands: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        shown = self._browser.keyboard.shown
        return tuple((shown(name), word) for name, word in commands if shown(name))

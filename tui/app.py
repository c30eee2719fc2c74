"""The application: themes, and the browser as its one screen."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.app import App
from textual.theme import Theme

from tui.screens.browser import Browser
from tui.screens.history import HistoryScreen

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.message_pump import MessagePump

    from store.library import Library
    from tui.clipboard import Clipboard

RESULT_SECONDS = 0.01
"""How often is looked whether a result is there that keys are meant for."""
RESULT_LOOKS = 100
"""After so many looks in vain they are handed on all the same."""

DARK = Theme(
    name="paperdeck-dark",
    dark=True,
    primary="#7fb4ca",
    accent="#7fb4ca",
    foreground="#d3d6dc",
    background="#16191f",
    surface="#16191f",
    panel="#1e222a",
    warning="#e0af68",
    error="#e88388",
    variables={
        "seen": "#a4abb7",
        "quiet": "#8b93a1",
        "decided": "#7b8391",
        "selected": "#2d3c4a",
        "selected-away": "#262b34",
        "rule": "#343b47",
        "block-cursor-foreground": "#16191f",
        "input-selection-background": "#2d4a5c",
    },
)
LIGHT = Theme(
    name="paperdeck-light",
    dark=False,
    primary="#1f6480",
    accent="#1f6480",
    foreground="#22262d",
    background="#fbfaf7",
    surface="#fbfaf7",
    panel="#efede6",
    warning="#8a5a00",
    error="#a8323a",
    variables={
        "seen": "#4a505b",
        "quiet": "#5f6673",
        "decided": "#6c7380",
        "selected": "#d3e3ea",
        "selected-away": "#e8e6df",
        "rule": "#cfccc2",
        "block-cursor-foreground": "#fbfaf7",
        "input-selection-background": "#bcd6e2",
    },
)


class PaperdeckApp(App[str], inherit_bindings=False):
    """Shows one library; returns what the reader asked for beyond it, if anything."""

    TITLE = "paperdeck"
    CSS_PATH = "look.tcss"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-stacked"), (110, "-beside")]  # noqa: RUF012 as Textual has it

    def __init__(
        self,
        library: Library,
        open_url: Callable[[str], bool],
        make_clipboard: Callable[[Callable[[str], None]], Clipboard],
        *,
        text: str,
        greeting: str = "",
        theme: str = "dark",
    ) -> None:
        super().__init__()
        self._library = library
        self._open_url = open_url
        self._make_clipboard = make_clipboard
        self._text = text
        self._greeting = greeting
        self._keys: deque[events.Key] = deque()
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = LIGHT.name if theme == "light" else DARK.name

    def on_mount(self) -> None:
        """Show the browser, and leave as `q` does when the connection ends or a system stops."""
        if sys.platform != "win32":
            for number in (signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, self.exit)
        self.push_screen(
            Browser(
                self._library,
                self._make_clipboard(self.write_terminal),
                self._open_url,
                text=self._text,
                greeting=self._greeting,
            )
        )

    async def on_event(self, event: events.Event) -> None:
        """Hand keys on one by one, so that what a key opens gets those that come after it.

        A slow line or a paste brings many at once, and Textual would give all of them to what has
        the focus when the first arrives: the letters after `/` would be commands.
        """
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        self._keys.append(event)
        if len(self._keys) == 1:
            await self._hand_on_key()

    async def _hand_on_key(self, looks: int = RESULT_LOOKS) -> None:
        """Hand the next key on; one that is meant for a result waits for it."""
        screen = self.screen
        if looks and isinstance(screen, Browser | HistoryScreen) and screen.is_awaited:
            self.set_timer(RESULT_SECONDS, partial(self._hand_on_key, looks - 1))
            return
        await super().on_event(self._keys[0])
        await self._follow_key(self._key_way(), is_answered=False)

    def _key_way(self) -> Sequence[MessagePump]:
        """Return what a key passes, from the focus up to the application."""
        return (self.focused or self.screen).ancestors_with_self

    async def _follow_key(self, way: Sequence[MessagePump], *, is_answered: bool) -> None:
        """Hand the next key on once all on the way have done what waits for them there.

        After the key, what it was answered with goes the same way, or another if it was help.
        """
        for passed, pump in enumerate(way, 1):
            if pump.call_later(self._follow_key, way[passed:], is_answered=is_answered):
                return
        if not is_answered:
            await self._follow_key(self._key_way(), is_answered=True)
            return
        self._keys.popleft()
        if self._keys:
            await self._hand_on_key()

    def write_terminal(self, sequence: str) -> None:
        """Send a control sequence to the terminal, between the frames; from any thread."""
        if self._driver is not None:
            self._driver.write(sequence)
            self._driver.flush()

"""The application: its themes, its keys in their order, and the browser as its first screen."""

from __future__ import annotations

import gc
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import events, on

from store.library import local_now
from tui.conversations.leaving import show_next_start
from tui.firstpaint.handover import HeldApp, cells_shown, driver_for
from tui.messages import FirstShown, ScreenLost, ThemeChosen
from tui.screens.browser import Browser
from tui.screens.guarded import GuardedScreen
from tui.session import Session
from tui.state import BESIDE_FROM
from tui.terminal.failing import FailingApp
from tui.themes import THEMES, NoLinks, without_colours

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.filter import LineFilter
    from textual.message_pump import MessagePump

    from store.library import Library
    from tui.clipboard import Clipboard
    from tui.conversations.leaving import Left
    from tui.firstpaint.prepared import PreparedTerminal
    from tui.setting import Setting

LOOK = Path(__file__).with_name("look.tcss")
FREEZE_SECONDS = 1.0
"""What was made by then stays: looking through it for garbage made pauses of 70 ms and more."""
LOOK_SECONDS = 0.01
"""How often is looked whether a result is there that keys are meant for."""
RESULT_SECONDS = 1.0
"""For so long keys wait for a result; then all are handed on, until there is another to wait for.
"""
AT_ONCE = {"escape", "ctrl+c"}
"""Keys that wait for nothing: they are for the reader who does not want to."""
BUSY_SECONDS = 0.2
"""No longer does a key wait for other programs that hold the library: the screen would freeze."""


class PaperdeckApp(FailingApp[str], HeldApp[str], inherit_bindings=False):
    """Shows one library; returns what the reader asked for beyond it, if anything."""

    TITLE = "paperdeck"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-stacked"), (BESIDE_FROM, "-beside")]  # noqa: RUF012 Textual's own

    def __init__(
        self,
        library: Library,
        open_links: Callable[[Sequence[str]], Sequence[str]],
        make_clipboard: Callable[[Callable[[str], None]], Clipboard],
        setting: Setting,
        terminal: PreparedTerminal | None = None,
    ) -> None:
        """Make an application; a `terminal` was prepared, and may show the last frame already."""
        super().__init__(
            writer=setting.writer,
            erases_ground=setting.erases_ground,
            driver_class=driver_for(terminal, self._terminal_left),
        )
        self._terminal = terminal
        self._library = library
        self._open_links = open_links
        self._make_clipboard = make_clipboard
        self._setting = setting
        self._keys: deque[events.Key] = deque()
        self._way: deque[MessagePump] = deque()
        self._is_answered = True
        self._awaited: object = None
        self._awaited_until = 0.0
        self._browser: Browser | None = None
        self._chosen_theme = setting.chosen_theme
        self._is_leaving = False
        self.left: Left | None = None
        """What the next start will show, once the browser is left."""
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = THEMES[setting.theme].name

    def on_mount(self) -> None:
        """Show the browser."""
        self._library.wait_at_most(BUSY_SECONDS)
        self.hold(cells_shown(self, self._terminal))
        self.set_timer(FREEZE_SECONDS, _look_for_garbage)
        clipboard = self._make_clipboard(self.write_terminal)
        # Not before: Textual has read all that it knew of twice by now.
        self.stylesheet.read_all([LOOK, *filter(None, [self._setting.style])])
        self._browser = Browser(
            self._library, clipboard, self._open_links, self._setting, lambda: self.is_leaving
        )
        # As the size will have it, so that the styles of all are found once.
        width = self.size.width
        self._browser.add_class(
            max(point for point in self.HORIZONTAL_BREAKPOINTS if point[0] <= width)[1]
        )
        self.push_screen(self._browser)

    @property
    def lost(self) -> tuple[str, ...]:
        """What the reader decided before leaving, and could not be kept; as messages."""
        return self._browser.work.decisions.lost if self._browser else ()

    def exit(self, *args: Any, **kwargs: Any) -> None:
        """Leave; from now on the reader sees nothing any more."""
        self.leave_work()
        self._is_leaving = True
        super().exit(*args, **kwargs)

    def _terminal_left(self) -> None:
        """Find what the next start will show: the reader, who has left, does not wait for it."""
        if self._is_leaving and self._browser:
            self.left = show_next_start(self._browser)

    def leave_work(self) -> None:
        """Have what can't be kept from now on be told after the end."""
        if self._browser:
            self._browser.work.decisions.leave()

    def close_work(self) -> None:
        """Let decisions under way come to their end, where an error has kept the browser from it.

        Does nothing where they have.
        """
        if self._browser:
            self._browser.work.close()

    def session(self) -> Session | None:
        """Return how the browser is left; None if it was never shown."""
        if self._browser is None:
            return None
        return Session.of(
            self._browser.state,
            self._browser.searching.searches,
            self._chosen_theme,
            local_now().date(),
        )

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what lines pass on their way to the screen: it takes colours or links off."""
        filters = without_colours(super().get_line_filters(), self.current_theme)
        return filters if self._setting.takes_hyperlinks else [*filters, NoLinks()]

    @on(ThemeChosen)
    def _theme_chosen(self, message: ThemeChosen) -> None:
        self._chosen_theme = message.name
        self.theme = THEMES[message.name].name

    @on(FirstShown)
    def _first_shown(self) -> None:
        self.unveil()

    @on(ScreenLost)
    def _screen_lost(self) -> None:
        self.repaint()

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

    async def _hand_on_key(self) -> None:
        """Hand the next key on; one that is meant for a result waits for it."""
        if not self.screen_stack:
            return  # the program is about to end
        key = self._keys[0]
        if self._is_awaited() and key.key not in AT_ONCE:
            self.set_timer(LOOK_SECONDS, self._hand_on_key)
            return
        if self._browser:
            self._browser.work.decisions.want_no_question()
        await super().on_event(key)
        self._way, self._is_answered = deque(self._key_way()), False
        await self._follow_key()

    def _is_awaited(self) -> bool:
        """Tell whether a result is not there yet, and was not waited for in vain before."""
        screen = self.screen
        if not isinstance(screen, GuardedScreen) or not screen.is_awaited:
            self._awaited = None
            return False
        awaited = (screen, self._browser.work.awaited if self._browser else None)
        if awaited != self._awaited:
            self._awaited, self._awaited_until = awaited, time.monotonic() + RESULT_SECONDS
        return time.monotonic() < self._awaited_until

    def _key_way(self) -> Sequence[MessagePump]:
        """Return what a key passes, from the focus up to the application."""
        return (self.focused or self.screen).ancestors_with_self

    async def _follow_key(self) -> None:
        """Hand the next key on once all on the way have done what waits for them there.

        After the key, what it was answered with goes the same way, or another if it was help.
        """
        while self._way or not self._is_answered:
            if not self._way:
                self._way, self._is_answered = deque(self._key_way()), True
            # Not `call_later`: it wraps what it calls, and looks at that from scratch each time.
            if self._way.popleft().post_message(events.Callback(self._follow_key)):
                return
        self._keys.popleft()
        if self._keys:
            await self._hand_on_key()


def _look_for_garbage() -> None:
    """Let garbage be looked for from now on, among what is made from now on."""
    gc.freeze()
    gc.enable()

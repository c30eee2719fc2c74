"""Where Textual takes a prepared terminal over, and where its own last frame is taken.

What the program knows of how Textual begins with a terminal is here. Where it begins in another
way, the screen is cleared once more, and what was painted on it is not relied on.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rich.console import COLOR_SYSTEMS
from textual import constants
from textual.app import App, ReturnType

from tui.firstpaint.reading import OTHER_SCREEN
from tui.terminal.display import ChangedCellsApp, is_whole
from tui.terminal.lines import cells_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.color import ColorSystem
    from rich.console import RenderableType
    from rich.style import Style
    from textual.driver import Driver
    from textual.screen import Screen

    from tui.firstpaint.prepared import PreparedTerminal
    from tui.terminal.picture import Cells


class HeldApp(ChangedCellsApp[ReturnType], inherit_bindings=False):
    """An application that paints nothing before it has all to paint: `unveil` ends the waiting.

    Until then the terminal shows the last frame, or what it showed before; and a thin line is not
    sent screens that are half empty.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._is_held = self._is_complete = False
        self._shown: Cells = []

    def hold(self, shown: Cells) -> None:
        """Paint nothing for now; the terminal shows these cells, if it is known what it shows."""
        self._is_held = True
        self._shown = shown

    def unveil(self) -> None:
        """Paint all there is, and from now on what changes."""
        self._is_complete = True
        if self._is_held:
            self.refresh(layout=True)

    def repaint(self) -> None:
        """Paint the whole screen, whatever the terminal shows already, or did before."""
        self._shown = []
        super().repaint()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        # Textual's own name: it is called with each frame, and has no public place to hold one.
        if self._is_held and self._is_complete and is_whole(renderable):
            self._is_held = False
            if self._shown:
                self.start_from(self._shown)
        if not self._is_held:
            super()._display(screen, renderable)


def driver_for(terminal: PreparedTerminal | None, left: Callable[[], None]) -> type[Driver] | None:
    """Return the driver that takes a terminal over, if one was prepared; None for Textual's choice.

    `left` is called each time that the terminal was restored.
    """
    if sys.platform == "win32" or constants.DRIVER is not None:
        return None
    # Only Unix has what it is built on.
    from tui.terminal.driver import EndingDriver

    class TakingOver(EndingDriver):
        """The usual one, which finds the terminal prepared when it begins for the first time."""

        is_screen_kept = False
        """Whether the terminal still shows what was painted before."""
        _is_begun = False

        def start_application_mode(self) -> None:
            super().start_application_mode()  # type: ignore[no-untyped-call]
            if not self._is_begun:
                self._is_begun = True
                if terminal:
                    self.attrs_before = terminal.attributes or self.attrs_before
                    terminal.hand_over()

        def stop_application_mode(self) -> None:
            super().stop_application_mode()
            left()

        def write(self, data: str) -> None:
            if data == OTHER_SCREEN and not self._is_begun and terminal and terminal.shown:
                self.is_screen_kept = True
                return  # it is there already, and might be cleared
            super().write(data)

    return TakingOver


def cells_shown(app: App[Any], terminal: PreparedTerminal | None) -> Cells:
    """Return what the terminal has shown since before Textual began; empty where that is unsure."""
    is_kept = getattr(app._driver, "is_screen_kept", False)  # noqa: SLF001 Textual names no driver
    return terminal.shown() if terminal and terminal.shown and is_kept else []


def cells_on(app: App[Any]) -> Cells:
    """Return what the screen would show now, painted or not.

    Empty where Textual does not tell it in the way that is known here.
    """
    screen = app.screen
    lay_out = getattr(screen, "_refresh_layout", None)
    render = getattr(getattr(screen, "_compositor", None), "render_strips", None)
    if lay_out is None or render is None or app.size.area == 0:
        return []
    lay_out()
    name = app.console.color_system
    system = COLOR_SYSTEMS[name] if name else None
    lines = [
        [
            (cell, sgr)
            for text, style, control in strip
            if not control
            for sgr in (_sgr(style, system),)
            for cell in cells_of(text)
        ]
        for strip in render()
    ]
    width, height = app.size
    return lines if len(lines) == height and all(len(line) == width for line in lines) else []


def _sgr(style: Style | None, system: ColorSystem | None) -> str:
    """Return the parameters that a style is written with."""
    if style is None or system is None:
        return ""
    return style.clear_meta_and_links().render("\0", color_system=system).partition("\0")[0][2:-1]

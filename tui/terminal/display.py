"""An application whose frames hold only what changed: Textual's own hold whole lines.

All that the program knows of how Textual keeps its screen is here, and is looked at before it is
relied on: where it is otherwise, Textual writes as it always did.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS
from textual import events
from textual.app import App, ReturnType

from tui.terminal import CHANGED_CELLS, TEXTUAL
from tui.terminal.pens import pen_of
from tui.terminal.picture import Picture, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType
    from textual._compositor import ChopsUpdate, LayoutUpdate
    from textual.screen import Screen
    from textual.strip import Strip

    from tui.terminal.picture import Cells

_ATTRIBUTES = ("_batch_count", "_closed", "_driver", "_running", "_sync_available")
"""What an application must have."""
CATCHING_UP_SECONDS = 0.05
"""How often is looked whether a terminal that was behind takes frames again."""
_FRAME_BEGINS, _FRAME_ENDS = "\x1b[?2026h", "\x1b[?2026l"


class ChangedCellsApp(App[ReturnType], inherit_bindings=False):
    """An application that sends only the cells that changed, where it can."""

    def __init__(self, *, writer: str = CHANGED_CELLS, **options: Any) -> None:
        super().__init__(**options)
        self._picture = Picture()
        self._is_catching_up = False
        self._reason = "configured" if writer == TEXTUAL else reason_against(self)

    @property
    def writer(self) -> str:
        """What writes to the terminal: `CHANGED_CELLS` or `TEXTUAL`."""
        return TEXTUAL if self._reason else CHANGED_CELLS

    @property
    def writer_reason(self) -> str:
        """Why Textual's own writer is taken; empty if it is not."""
        return self._reason

    def on_mount(self) -> None:
        """Paint anew when the terminal comes back from another program."""
        self.app_resume_signal.subscribe(self, lambda _: self.repaint(), immediate=True)

    async def on_event(self, event: events.Event) -> None:
        """Begin anew in another size: what terminals make of what they show differs.

        The same size again is told by a program that was stopped and goes on.
        """
        is_again = False
        if isinstance(event, events.Resize):
            is_again = self._picture.is_known and event.size == self.size
            self._picture.forget()
        await super().on_event(event)
        if is_again:
            self.refresh(layout=True)

    def start_from(self, cells: Cells) -> None:
        """Take a screen of this size that shows these cells for what was sent so far."""
        if [len(line) for line in cells] == [self.size.width] * self.size.height:
            self._picture.show(cells)

    def repaint(self) -> None:
        """Paint the whole screen, whatever the terminal shows already."""
        self._picture.forget()
        self.refresh(layout=True)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        # Textual's own name: it is called with each frame, and has no public place to write it.
        if renderable is not None and getattr(self._driver, "is_behind", False):
            # It would wait in vain, and all keys with it. What it says is in the next one.
            self._catch_up_later()
            return
        if self._reason or renderable is None or not self._has_terminal:
            super()._display(screen, renderable)
            return
        pieces = _pieces(renderable, _color_system(self.console.color_system))
        if pieces is None:
            self._picture.forget()
            super()._display(screen, renderable)
            return
        try:
            self._send(self._picture.become(pieces, self.size, self._cursor))
        finally:
            self.post_display_hook()

    def _catch_up_later(self) -> None:
        if not self._is_catching_up:
            self._is_catching_up = True
            self.set_timer(CATCHING_UP_SECONDS, self._catch_up)

    def _catch_up(self) -> None:
        """Send what has changed since the last frame, if the terminal takes it."""
        self._is_catching_up = False
        if getattr(self._driver, "is_behind", False):
            self._catch_up_later()
        else:
            self.refresh(layout=True)

    @property
    def _has_terminal(self) -> bool:
        is_running = self._running and not self._closed and not self._batch_count
        return is_running and self._driver is not None and not (self.is_headless or self.is_inline)

    @property
    def _cursor(self) -> tuple[int, int] | None:
        """Where a line is written, if one is: there an input method shows its candidates."""
        if self.focused is None:
            return None
        return self.screen.outer_size.clamp_offset(self.cursor_position)

    def _send(self, frame: str) -> None:
        if not frame or self._driver is None:
            return
        if self._sync_available:
            frame = f"{_FRAME_BEGINS}{frame}{_FRAME_ENDS}"
        # In one call: who reads a slow line has to wait for no second part.
        self._driver.write(frame)
        self._driver.flush()


def reason_against(app: App[Any]) -> str:
    """Return why an application can't send changed cells; empty if it can."""
    if sys.platform == "win32":
        return "not on Windows"
    try:
        from textual._compositor import ChopsUpdate, LayoutUpdate
    except ImportError as error:
        return f"Textual has changed: {error}"
    relied_on = {
        "App._display": (getattr(App, "_display", None), ("self", "screen", "renderable")),
        "LayoutUpdate": (LayoutUpdate.__init__, ("self", "strips", "region")),
        "ChopsUpdate": (ChopsUpdate.__init__, ("self", "chops", "spans", "chop_ends")),
    }
    changed = [name for name, (found, wanted) in relied_on.items() if _taken(found) != wanted]
    changed += [f"App.{name}" for name in _ATTRIBUTES if not hasattr(app, name)]
    return f"Textual has changed: {', '.join(changed)}" if changed else ""


def is_whole(renderable: RenderableType | None) -> bool:
    """Tell whether a frame is of the whole screen; of one that is not known here, it may be."""
    return renderable is not None and type(renderable).__name__ != "ChopsUpdate"


def _taken(function: Any) -> tuple[str, ...]:
    """Return the names of a function's parameters."""
    code = getattr(function, "__code__", None)
    return code.co_varnames[: code.co_argcount] if code else ()


def _color_system(name: str | None) -> ColorSystem:
    # As Textual has it.
    return COLOR_SYSTEMS[name] if name else ColorSystem.TRUECOLOR


def _pieces(update: Any, system: ColorSystem) -> Iterator[Piece] | None:
    """Return the pieces of a frame; None for one that is neither of the two kinds known here."""
    from textual._compositor import ChopsUpdate, LayoutUpdate

    if isinstance(update, LayoutUpdate):
        strips = _whole(update)
    elif isinstance(update, ChopsUpdate):
        strips = _partial(update)
    else:
        return None
    return (
        Piece(
            y,
            x,
            end,
            ((text, pen_of(style, system)) for text, style, control in strip if not control),
        )
        for y, x, end, strip in strips
    )


def _whole(update: LayoutUpdate) -> Iterator[tuple[int, int, int, Strip]]:
    for y, strips in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in strips:
            end = x + strip.cell_length
            yield y, x, end, strip
            x = end


def _partial(update: ChopsUpdate) -> Iterator[tuple[int, int, int, Strip]]:
    for y, span_start, span_end in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x <= span_end and end > span_start:
                yield y, x, min(end, span_end), strip

"""An application whose frames hold only what changed: Textual's own hold whole lines.

What the program knows of how Textual keeps its screen is here, and is looked at before it is relied
on: where it is otherwise, Textual writes as it always did. What it knows of Textual's driver is in
`tui.terminal.driver`, and of taking the screen over and leaving it in
`tui.firstpaint.handover`.
"""

from __future__ import annotations

import sys
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS
from textual import events
from textual.app import App, ReturnType
from textual.geometry import Region
from textual.screen import Screen, ScreenResultType

from tui.terminal import CHANGED_CELLS, TEXTUAL
from tui.terminal.pens import pen_of
from tui.terminal.picture import Picture, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType
    from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
    from textual.strip import Strip

    from tui.terminal.picture import Cells

_ATTRIBUTES = ("_batch_count", "_closed", "_driver", "_running", "_sync_available")
"""What an application must have."""
_COMPOSITOR = ("_dirty_regions", "_regions_to_spans", "cuts", "visible_widgets")
"""What knows of a screen which widgets are seen where must have."""
CATCHING_UP_SECONDS = 0.05
"""How often is looked whether a terminal that was behind takes frames again."""
_FRAME_BEGINS, _FRAME_ENDS = "\x1b[?2026h", "\x1b[?2026l"


class ChangedCellsApp(App[ReturnType], inherit_bindings=False):
    """An application that sends only the cells that changed, where it can."""

    def __init__(
        self, *, writer: str = CHANGED_CELLS, erases_ground: bool = False, **options: Any
    ) -> None:
        super().__init__(**options)
        self._picture = Picture(erases_ground=erases_ground)
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

    @property
    def is_leaving(self) -> bool:
        """Whether a signal or the end of the terminal has told the program to end."""
        return getattr(self._driver, "is_leaving", False)

    @property
    def _is_behind(self) -> bool:
        """Whether the terminal has not taken yet what it was sent."""
        return getattr(self._driver, "is_behind", False)

    def write_terminal(self, sequence: str) -> None:
        """Send a control sequence to the terminal, between the frames; from any thread."""
        if self._driver is not None:
            self._driver.write(sequence)
            self._driver.flush()

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
        if renderable is not None and self._is_behind:
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
        if self._is_behind:
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
        if not frame:
            return
        if self._sync_available:
            frame = f"{_FRAME_BEGINS}{frame}{_FRAME_ENDS}"
        # In one call: who reads a slow line has to wait for no second part.
        self.write_terminal(frame)


class ChangedLinesScreen(Screen[ScreenResultType], inherit_bindings=False):
    """A screen that paints only the lines that changed, of widgets that are seen in them.

    Textual paints all widgets that reach into the rectangle around all changes, those too that
    others lie over: for a key that is most of the work.
    """

    def on_mount(self) -> None:
        """Paint so where our own writer does the rest."""
        if isinstance(self.app, ChangedCellsApp) and self.app.writer == CHANGED_CELLS:
            paint = partial(_changed_lines, self._compositor)
            self._compositor.render_partial_update = paint  # type: ignore[method-assign]


def reason_against(app: App[Any]) -> str:
    """Return why an application can't send changed cells; empty if it can."""
    if sys.platform == "win32":
        return "not on Windows"
    try:
        from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
    except ImportError as error:
        return f"Textual has changed: {error}"
    relied_on = {
        "App._display": (getattr(App, "_display", None), ("self", "screen", "renderable")),
        "LayoutUpdate": (LayoutUpdate.__init__, ("self", "strips", "region")),
        "ChopsUpdate": (ChopsUpdate.__init__, ("self", "chops", "spans", "chop_ends")),
        "Compositor.render_partial_update": (Compositor.render_partial_update, ("self",)),
    }
    changed = [name for name, (found, wanted) in relied_on.items() if _taken(found) != wanted]
    changed += [f"App.{name}" for name in _ATTRIBUTES if not hasattr(app, name)]
    compositor = Compositor()
    changed += [f"Compositor.{one}" for one in _COMPOSITOR if not hasattr(compositor, one)]
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


def _changed_lines(compositor: Compositor) -> ChopsUpdate | None:
    """Return what Textual would paint of the regions that changed, and nothing around them."""
    from textual._compositor import ChopsUpdate

    regions = compositor._dirty_regions.copy()  # noqa: SLF001 see the module
    compositor._dirty_regions.clear()  # noqa: SLF001
    if not regions:
        return None
    cuts = compositor.cuts
    spans = [span for span in compositor._regions_to_spans(regions) if span[0] < len(cuts)]  # noqa: SLF001
    wanted: dict[int, set[int]] = {}
    for y, start, end in spans:
        found = {x for x, after in pairwise(cuts[y]) if x < end and after > start}
        wanted.setdefault(y, set()).update(found)
    chops = [dict.fromkeys(line[:-1]) if y in wanted else {} for y, line in enumerate(cuts)]
    for widget, (region, clip) in compositor.visible_widgets.items():
        seen = region.intersection(clip)
        left, right = seen.column_span
        lines = [
            y
            for y, places in wanted.items()
            if seen.y <= y < seen.bottom and any(left <= x < right for x in places)
        ]
        if not lines:
            continue
        first, height = lines[0], lines[-1] + 1 - lines[0]
        part = Region(left - region.x, first - region.y, seen.width, height)
        strips = widget.render_lines(part)
        for y in lines:
            inside = [cut for cut in cuts[y] if left <= cut <= right]
            _fill(chops[y], wanted[y], strips[y - first], inside)
            if not wanted[y]:
                del wanted[y]
    return ChopsUpdate(chops, spans, [line[1:] for line in cuts])


def _fill(
    chops: dict[int, Strip | None], wanted: set[int], strip: Strip, cuts: Sequence[int]
) -> None:
    """Cut the strip of a widget, and take what is wanted of it."""
    for x, part in zip(cuts, strip.divide([cut - cuts[0] for cut in cuts[1:]]), strict=False):
        if x in wanted:
            chops[x] = part
            wanted.remove(x)

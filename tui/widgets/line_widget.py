"""What widgets have in common that paint their lines themselves, in a few styles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widget import Widget

if TYPE_CHECKING:
    from rich.style import Style
    from textual.geometry import Region
    from textual.strip import Strip

_DRAWN_OVER = ("hatch", "outline_top", "outline_right", "outline_bottom", "outline_left", "tint")
"""Rules of a style sheet that change what a widget has painted."""


class LineWidget(Widget):
    """Paints with `render_line`, and keeps its styles until the style sheet says something else.

    Textual puts them together again after each refresh, which costs a key as much as its lines.
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 as Textual has it
        super().__init__(id=id)
        self._ground: Style | None = None
        self._drawn_over: bool | None = None
        self._parts: dict[tuple[tuple[str, ...], bool], Style] = {}

    @property
    def ground(self) -> Style:
        """The style of what nothing is written on."""
        if self._ground is None:
            self._ground = self.rich_style
        return self._ground

    def get_component_rich_style(
        self, *names: str, partial: bool = False, default: Style | None = None
    ) -> Style:
        """Return the style of a part."""
        key = (names, partial)
        if key not in self._parts:
            style = super().get_component_rich_style(*names, partial=partial, default=default)
            self._parts[key] = style
        return self._parts[key]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return lines for the screen: without detours where nothing is drawn around or over them.

        Textual asks the style sheet for all that could be, at each line.
        """
        gutter = self.gutter
        above, below = gutter.top, self.outer_size.height - gutter.bottom
        is_whole = crop.column_span == (0, self.size.width)
        if not is_whole or crop.y < above or crop.bottom > below or self._is_drawn_over:
            return super().render_lines(crop)
        strips = [self.render_line(y - above) for y in crop.line_range]
        _, ground = self.background_colors
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, ground) for strip in strips]
        return strips

    @property
    def _is_drawn_over(self) -> bool:
        if self._drawn_over is None:
            has = self.styles.has_rule
            self._drawn_over = self.opacity != 1 or any(map(has, _DRAWN_OVER))
        return self._drawn_over

    def notify_style_update(self) -> None:
        """Put all styles together anew."""
        super().notify_style_update()
        self._ground = self._drawn_over = None
        self._parts = {}

"""What widgets have in common that paint their lines themselves, in a few styles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widget import Widget

if TYPE_CHECKING:
    from rich.style import Style


class LineWidget(Widget):
    """Keeps its styles until the style sheet says something else.

    Textual puts them together again after each refresh, which costs a key as much as its lines.
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 as Textual has it
        super().__init__(id=id)
        self._ground: Style | None = None
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

    def notify_style_update(self) -> None:
        """Put all styles together anew."""
        super().notify_style_update()
        self._ground = None
        self._parts = {}

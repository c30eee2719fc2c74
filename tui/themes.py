"""The colours to choose from: two sets of our own, and those that the terminal has itself."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rich.segment import Segment
from textual.filter import LineFilter, Monochrome, NoColor
from textual.theme import Theme

from tui.palette import PALETTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.style import Style
    from textual.color import Color

_OWN = ("accent", "foreground", "background", "panel", "warning", "error")
"""What Textual has in every theme; all else is a variable of ours, or one that it asks for."""


def _theme(name: str, **more: Any) -> Theme:
    colours = PALETTES[name]
    variables = {one: colour for one, colour in colours.items() if one not in _OWN}
    return Theme(
        f"paperdeck-{name}",
        primary=colours["accent"],
        accent=colours["accent"],
        foreground=colours["foreground"],
        background=colours["background"],
        surface=colours["background"],
        panel=colours["panel"],
        warning=colours["warning"],
        error=colours["error"],
        variables=variables | more.pop("variables", {}),
        **more,
    )


DARK = _theme("dark", dark=True)
LIGHT = _theme("light", dark=False)
TERMINAL = _theme(
    "terminal",
    ansi=True,
    variables={
        # Textual's own widgets ask for these.
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "input-cursor-background": "ansi_default",
        "input-cursor-foreground": "ansi_default",
        "input-cursor-text-style": "reverse",
    },
)

THEMES: Mapping[str, Theme] = {"dark": DARK, "light": LIGHT, "terminal": TERMINAL}
"""What the themes are called in the configuration and in the list to choose from."""


def without_colours(filters: Iterable[LineFilter], theme: Theme) -> list[LineFilter]:
    """Return what makes an application colourless as `theme` needs it: for `NO_COLOR`.

    Textual chooses it once, when an application is made: the one that turns colours into greys.
    To that one the terminal's own text colour is black, and so is its ground.
    """
    if not theme.ansi:
        return list(filters)
    return [NoColor() if isinstance(one, Monochrome) else one for one in filters]


class NoLinks(LineFilter):
    """Takes hyperlinks off, for a terminal that would show what they are written with."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        """Return the segments without links."""
        return [
            Segment(text, _without_link(style), control)
            if style is not None and style.link
            else Segment(text, style, control)
            for text, style, control in segments
        ]


@lru_cache(256)
def _without_link(style: Style) -> Style:
    return style.update_link(None)

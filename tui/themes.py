"""The colours to choose from: two sets of our own, and those that the terminal has itself."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter, Monochrome, NoColor
from textual.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.style import Style
    from textual.color import Color

_OWN_STYLES = {
    "quiet-style": "none",
    "unread-style": "none",
    "selected-style": "none",
    "away-style": "none",
    "input-selection-style": "none",
}
"""Where colours tell texts apart, nothing else need."""

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
        "selected-quiet": "#a4b0bf",
        "rule": "#343b47",
        "block-cursor-foreground": "#16191f",
        "input-selection-background": "#2d4a5c",
        **_OWN_STYLES,
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
        "selected-quiet": "#4b5563",
        "rule": "#cfccc2",
        "block-cursor-foreground": "#fbfaf7",
        "input-selection-background": "#bcd6e2",
        **_OWN_STYLES,
    },
)
# Nobody knows whether such a terminal is light or dark. So text has its own colour on its own
# ground, dimmed, bold or reversed, which can be read on both; of the others only red and magenta
# can, being neither near to white nor to black. Blue is lost on black, yellow and cyan on white,
# and "bright black" is the very ground of some palettes: the rule alone may be lost.
TERMINAL = Theme(
    name="paperdeck-terminal",
    ansi=True,
    primary="ansi_magenta",
    accent="ansi_magenta",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    warning="ansi_red",
    error="ansi_red",
    variables={
        # Textual's own widgets ask for these two.
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "seen": "ansi_default",
        "quiet": "ansi_default",
        "decided": "ansi_default",
        "selected": "ansi_default",
        "selected-away": "ansi_default",
        "selected-quiet": "ansi_default",
        "rule": "ansi_bright_black",
        "block-cursor-foreground": "ansi_default",
        "input-cursor-background": "ansi_default",
        "input-cursor-foreground": "ansi_default",
        "input-cursor-text-style": "reverse",
        "input-selection-background": "ansi_default",
        "input-selection-foreground": "ansi_default",
        "quiet-style": "dim",
        "unread-style": "bold",
        "selected-style": "reverse",
        "away-style": "underline",
        "input-selection-style": "reverse",
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

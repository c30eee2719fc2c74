"""The colours of the three themes, by what they are for; those of the terminal have no numbers.

Known without Textual, which makes themes of them (`tui.themes`): rows are painted before it is
loaded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_STYLE = "none"
"""A style that adds nothing: where colours tell texts apart, nothing else need."""
STYLES = ("quiet-style", "unread-style", "selected-style", "away-style", "input-selection-style")
"""What texts are told apart by where there are no colours."""

DARK = {
    "accent": "#7fb4ca",
    "foreground": "#d3d6dc",
    "background": "#16191f",
    "panel": "#1e222a",
    "warning": "#e0af68",
    "error": "#e88388",
    "seen": "#a4abb7",
    "quiet": "#8b93a1",
    "decided": "#7b8391",
    "selected": "#2d3c4a",
    "selected-away": "#262b34",
    "selected-quiet": "#a4b0bf",
    "rule": "#343b47",
    "block-cursor-foreground": "#16191f",
    "input-selection-background": "#2d4a5c",
    **dict.fromkeys(STYLES, NO_STYLE),
}
LIGHT = {
    "accent": "#1f6480",
    "foreground": "#22262d",
    "background": "#fbfaf7",
    "panel": "#efede6",
    "warning": "#8a5a00",
    "error": "#a8323a",
    "seen": "#4a505b",
    "quiet": "#5f6673",
    "decided": "#6c7380",
    "selected": "#d3e3ea",
    "selected-away": "#e8e6df",
    "selected-quiet": "#4b5563",
    "rule": "#cfccc2",
    "block-cursor-foreground": "#fbfaf7",
    "input-selection-background": "#bcd6e2",
    **dict.fromkeys(STYLES, NO_STYLE),
}
# Nobody knows whether such a terminal is light or dark. So text has its own colour on its own
# ground, dimmed, bold or reversed, which can be read on both; of the others only red and magenta
# can, being neither near to white nor to black. Blue is lost on black, yellow and cyan on white,
# and "bright black" is the very ground of some palettes: the rule alone may be lost.
TERMINAL = {
    **dict.fromkeys(DARK, "ansi_default"),
    "accent": "ansi_magenta",
    "warning": "ansi_red",
    "error": "ansi_red",
    "rule": "ansi_bright_black",
    "quiet-style": "dim",
    "unread-style": "bold",
    "selected-style": "reverse",
    "away-style": "underline",
    "input-selection-style": "reverse",
}

PALETTES: Mapping[str, Mapping[str, str]] = {"dark": DARK, "light": LIGHT, "terminal": TERMINAL}
"""By the names of the configuration."""

"""What the environment tells of the reader's place and terminal, without asking either."""

from __future__ import annotations

import re
import string
import sys
from typing import TYPE_CHECKING
from urllib.parse import quote

from tui import NO_SCREEN

if TYPE_CHECKING:
    from collections.abc import Mapping

SSH_VARIABLES = ("SSH_TTY", "SSH_CONNECTION")
DISPLAY_VARIABLES = ("WAYLAND_DISPLAY", "DISPLAY")

_CONSOLES = frozenset({"cons25", "dumb", "eterm", "linux", "pccon", "vt100", "vt220", "wsvt25"})
"""Terminals without a clipboard: older ones among them show a sequence's text."""
_TAKING_LINKS = (
    *("alacritty", "contour", "foot", "ghostty", "gnome", "iterm", "kitty", "konsole", "mintty"),
    *("rio", "rxvt", "st-", "tmux", "vte", "wezterm", "xterm"),
)
"""Beginnings of TERM where OSC 8 is known, or passed over without a trace."""
_TRUE_COLOUR = frozenset({"truecolor", "24bit"})
_COLOURS = {"kitty": 256, "256color": 256, "16color": 16}
_OLDEST_TMUX_WITH_LINKS = (3, 4)
_OLDEST_VTE_WITH_LINKS = 5000
"""VTE 0.50, as `VTE_VERSION` counts."""


def is_over_ssh(environ: Mapping[str, str]) -> bool:
    """Tell whether the reader sits at another machine."""
    return any(environ.get(name) for name in SSH_VARIABLES)


def has_display(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Tell whether there is a desktop, whose clipboard and browser can be reached."""
    if platform in {"darwin", "win32", "cygwin"}:
        return True
    return any(environ.get(name) for name in DISPLAY_VARIABLES)


def takes_copies(environ: Mapping[str, str]) -> bool:
    """Tell whether the terminal may have a clipboard that OSC 52 reaches: a console has none.

    Screen names the terminal around it in TERM, behind a full stop.
    """
    return environ.get("TERM", "").removeprefix("screen.").partition("-")[0] not in _CONSOLES


def takes_hyperlinks(environ: Mapping[str, str]) -> bool:
    """Tell whether the terminal takes a hyperlink (OSC 8), or passes over it without a trace.

    tmux does since 3.4, VTE since 0.50; screen does not.
    """
    if environ.get("STY"):
        return False
    if environ.get("TMUX"):
        return tmux_version(environ) >= _OLDEST_TMUX_WITH_LINKS
    vte = environ.get("VTE_VERSION", "")
    if vte.isdecimal() and int(vte) < _OLDEST_VTE_WITH_LINKS:
        return False
    return environ.get("TERM", "").startswith(_TAKING_LINKS)


def hyperlink_target(url: str) -> str:
    """Return an address as a hyperlink holds it: of other characters than ASCII's, their bytes.

    "Hyperlinks in Terminal Emulators", section "Encodings": only bytes 32 to 126 are allowed.
    """
    return quote(url, safe=string.punctuation)


def tmux_version(environ: Mapping[str, str]) -> tuple[int, int]:
    """Return the version of the tmux that a program runs in; (0, 0) where it does not say it.

    It names itself since 3.2, such as `3.3a` or `next-3.5`.
    """
    if environ.get("TERM_PROGRAM") != "tmux":
        return 0, 0
    found = re.search(r"(\d+)\.(\d+)", environ.get("TERM_PROGRAM_VERSION", ""))
    return (int(found[1]), int(found[2])) if found else (0, 0)


def colour_count(environ: Mapping[str, str]) -> int:
    """Return how many colours the browser uses: 16, 256, or all 16,777,216 of them; or 0.

    As Rich tells it, which draws the screen: by COLORTERM, and else by the end of TERM.
    """
    if "NO_COLOR" in environ or environ.get("TERM", "") in NO_SCREEN:
        return 0
    if environ.get("COLORTERM", "").strip().lower() in _TRUE_COLOUR:
        return 1 << 24
    return _COLOURS.get(environ.get("TERM", "").strip().lower().rpartition("-")[2], 16)

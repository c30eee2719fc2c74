"""What the system's description of the terminal (terminfo) says of erasing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_STANDARD_OUTPUT = 1


def erases_ground(environ: Mapping[str, str]) -> bool:
    """Tell whether the terminal gives to what it erases the ground that it writes on.

    That is "back color erase" (`bce`) with "erase characters" (`ech`), in the terminal that TERM
    names. The first description that a process asks for is the one that it keeps.
    """
    if environ.get("STY"):
        return False  # screen does not, whatever TERM says in it
    try:
        # Nothing else needs it, and Windows has none.
        import curses
    except ImportError:
        return False
    try:
        curses.setupterm(environ.get("TERM", ""), _STANDARD_OUTPUT)
    except curses.error:
        return False
    return curses.tigetflag("bce") == 1 and curses.tigetstr("ech") == b"\x1b[%p1%dX"

"""Everything that a person sees or types: the browser on the screen and the command line."""

PROGRAM = "paperdeck"

NO_SCREEN = frozenset({"", "dumb", "unknown"})
"""Values of TERM on which no screen can be drawn."""
SET_BY_US = {"TEXTUAL_ANIMATIONS": "none", "TEXTUAL_FPS": "200"}
"""What the program sets of Textual's environment, where the reader has not; it shows nowhere.

An animated scroll writes six times the bytes. And the next frame after one waits for the tick after
the next of Textual's clock: at its own 60 a second that is up to 33 ms, by which what a search has
found would come late.
"""

"""What the reader is told of a text that was copied: a line, and the text in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.text import clean_line
from tui.clipboard import NOTHING, SCREEN
from tui.locations import shown_path

if TYPE_CHECKING:
    from tui.clipboard import Copied

LONGEST_SHOWN = 240
"""A message holds texts of up to this many characters: three lines of 80 columns."""
MOST_LINES = 500
"""So many lines of a text are made ready to be shown in full: no screen has as many."""

MOST_READ = 500_000
"""Characters of a text on a screen of its own: more take long to be laid out."""

_LOOKED_AT = 10 * LONGEST_SHOWN


def message(copied: Copied) -> str:
    """Return the line that tells the reader what became of the text, safe to show.

    What failed comes first, as a narrow line is cut at its end.
    """
    is_short = is_in_message(copied)
    line = clean_line(copied.text) if is_short else measured(copied.text)
    said = _said(copied)
    said += " " if copied.is_certain else ": "
    facts = _facts(copied, is_short=is_short)
    aside = f" ({'; '.join(facts)})" if facts else ""
    return f"{_trouble(copied)}{said}{line}{aside}"


def is_in_message(copied: Copied) -> bool:
    """Tell whether the message holds the text in full."""
    # Of a long text no more is looked at: cleaning megabytes would hold up all other threads.
    line = clean_line(copied.text[:_LOOKED_AT])
    return len(copied.text) <= _LOOKED_AT and len(line) <= LONGEST_SHOWN


def heading(copied: Copied) -> str:
    """Return the line that stands above the text where it is shown in full."""
    return f"{_trouble(copied)}{' · '.join([_said(copied), *_facts(copied, is_short=False)])}"


def lines(copied: Copied) -> tuple[str, ...]:
    """Return the text in full, up to `MOST_LINES`, as lines that are safe to show."""
    # A hundred thousand lines are not cleaned for the few that there is room for.
    first = copied.text.split("\n", MOST_LINES)[:MOST_LINES]
    return tuple(clean_line(line) for line in first)


def whole_text(copied: Copied) -> str:
    """Return the text in full, or what a screen can hold of it and where all of it is."""
    if len(copied.text) <= MOST_READ:
        return copied.text
    place = f" · all of it is in {shown_path(copied.kept_in)}" if copied.kept_in else ""
    return f"{copied.text[:MOST_READ]}\n… {measured(copied.text)}{place}"


def measured(text: str) -> str:
    """Return how long a text is."""
    count = text.rstrip("\n").count("\n") + 1
    return f"{count:,} lines" if count > 1 else f"{len(text):,} characters"


def _said(copied: Copied) -> str:
    if copied.method == NOTHING:
        return "Not copied"
    return "Copied" if copied.is_certain else "Sent to the terminal"


def _trouble(copied: Copied) -> str:
    return f"{copied.trouble} · " if copied.trouble else ""


def _facts(copied: Copied, *, is_short: bool) -> list[str]:
    """Return what took the text, what there is to know of that, and where the text is kept."""
    facts = [copied.method] if copied.is_certain or copied.method == SCREEN else []
    if copied.note:
        facts.append(copied.note)
    if copied.kept_in and not (copied.is_certain and is_short and not copied.note):
        facts.append(f"kept in {shown_path(copied.kept_in)}")
    return facts

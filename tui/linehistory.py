"""Going back through what was written into a line before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_KEPT = 100
"""So many texts are kept; the oldest ones go first."""


@dataclass(frozen=True, slots=True)
class LineHistory:
    """A walk through earlier texts that begin alike, with the line being written at its end."""

    kept: tuple[str, ...]
    """Every earlier text, the newest last."""
    line: str = ""
    """What stood in the line when the walk began."""
    beginning: str = ""
    """What the texts begin with, without regard to case; others are passed over."""
    steps: int = 0
    """How far back from the line."""

    @property
    def text(self) -> str:
        """What stands in the line at this place."""
        found = self._found()
        return found[-min(self.steps, len(found))] if found and self.steps else self.line

    def older(self) -> LineHistory:
        """Return the walk one text further back, or where it is at the oldest."""
        return replace(self, steps=min(self.steps + 1, len(self._found())))

    def newer(self) -> LineHistory:
        """Return the walk one text closer to the line, or where it is at the line."""
        return replace(self, steps=max(self.steps - 1, 0))

    def _found(self) -> list[str]:
        beginning = self.beginning.casefold()
        return [
            text
            for text in self.kept
            if text != self.line and text.casefold().startswith(beginning)
        ]


def remember(kept: Sequence[str], text: str) -> tuple[str, ...]:
    """Return what is kept with `text`, without the blanks around it, as the newest.

    Each text is kept once, and of nothing but blanks nothing is kept.
    """
    text = text.strip()
    others = [other for other in kept if other != text]
    return (*others, *([text] if text else []))[-MOST_KEPT:]

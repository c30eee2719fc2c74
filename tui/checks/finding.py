"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

Value: TypeAlias = str | int | bool | None
"""What programs are given; None for what is not there or can't be told."""


class State(Enum):
    """How a finding is to be taken."""

    FINE = "fine"
    NOTE = "note"
    """All works, and something could be better, or is only known to the reader."""
    FAULT = "fault"
    """Something does not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact, with what helps where it is none to be glad of."""

    area: str
    """What it is about, such as `terminal`."""
    name: str
    value: Value
    text: str = ""
    """The value for a person, where it has to be said otherwise."""
    remedy: str = ""
    """What to do, as an imperative; never empty for a fault."""
    state: State = State.FINE

    @property
    def shown(self) -> str:
        """The value for a person."""
        if self.text:
            return self.text
        match self.value:
            case None:
                return "none"
            case bool():
                return "yes" if self.value else "no"
            case int():
                return f"{self.value:,}"
        return self.value or "none"


def note(area: str, name: str, value: Value, remedy: str, text: str = "") -> Finding:
    """Return a finding that could be better."""
    return Finding(area, name, value, text, remedy, State.NOTE)


def fault(area: str, name: str, value: Value, remedy: str, text: str = "") -> Finding:
    """Return a finding of what does not work."""
    return Finding(area, name, value, text, remedy, State.FAULT)

"""What two sides changed since their base, as one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

OURS, BASE, THEIRS = "ours", "base", "theirs"
"""What messages and conflicts call the sides."""
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Agreement(Generic[Value]):
    """What a thing shall be; `ours` where the sides do not agree."""

    value: Value
    is_conflict: bool = False


def agreed(base: Value, ours: Value, theirs: Value) -> Agreement[Value]:
    """Return what both have, or what one of them alone has changed."""
    if theirs in (base, ours):
        return Agreement(ours)
    return Agreement(theirs if ours == base else ours, is_conflict=ours != base)


def agreed_tags(
    base: Mapping[str, str], ours: Mapping[str, str], theirs: Mapping[str, str]
) -> set[str]:
    """Return the tags, by folded name, that both have or that one has and the base has not."""
    return {
        fold
        for fold in ours.keys() | theirs.keys()
        if (fold in ours) + (fold in theirs) + (fold not in base) > 1
    }


@dataclass
class Findings:
    """What a merge has to tell beside its result."""

    told: list[str] = field(default_factory=list)
    conflicts: int = 0

    def tell(self, text: str) -> None:
        """Tell that something did not take effect as it was decided, and what became of it."""
        self.told.append(text)

    def conflict(self, ours: Iterable[str], theirs: Iterable[str], reason: str) -> Sequence[str]:
        """Return the lines of both sides between the marks of a conflict, and tell of it."""
        self.conflicts += 1
        self.tell(f"{reason}: choose")
        return (f"<<<<<<< {OURS}", *ours, "=======", *theirs, f">>>>>>> {THEIRS}")

"""The shortest way of the cursor from one cell to another."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=8192)
def move(from_x: int | None, from_y: int | None, to_x: int, to_y: int) -> str:
    """Return the shortest sequence that moves the cursor; None is for what is not known.

    Without line feeds: what these do depends on a setting of the terminal line (`onlcr`). "Index"
    goes one line down and changes nothing else, as no line is below the screen here.
    """
    if (from_x, from_y) == (to_x, to_y):
        return ""
    ways = [f"\x1b[{to_y + 1};{to_x + 1}H" if to_x else f"\x1b[{_counted(to_y + 1)}H"]
    if from_y is not None:
        ways.append(_down_to(from_y, to_y) + _along(from_x, to_x))
        ways.append("\r" + _down_to(from_y, to_y) + _along(0, to_x))
    return min(ways, key=len)


def _down_to(from_y: int, to_y: int) -> str:
    if from_y == to_y:
        return ""
    by = to_y - from_y
    ways = [f"\x1b[{_counted(abs(by))}{'B' if by > 0 else 'A'}", f"\x1b[{to_y + 1}d"]
    return "\x1bD" if by == 1 else min(ways, key=len)


def _along(from_x: int | None, to_x: int) -> str:
    if from_x == to_x:
        return ""
    ways = [f"\x1b[{_counted(to_x + 1)}G"] if to_x else ["\r"]
    if from_x is not None:
        by = to_x - from_x
        ways.append(f"\x1b[{_counted(abs(by))}{'C' if by > 0 else 'D'}")
    return min(ways, key=len)


def _counted(number: int) -> str:
    """Return the parameter for so many; without one, terminals take it for 1."""
    return str(number) if number > 1 else ""

"""The names of the signals that end programs."""

from __future__ import annotations

import signal


def signal_name(number: int) -> str:
    """Return the name of a signal; of one that has none here, its number."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"

"""Memory that is free again, given back to the system.

The C library keeps what threads have freed for whatever they need next, in a heap for each of them,
so that a program takes as much as all its threads ever did.
"""

from __future__ import annotations


def give_back() -> None:
    """Give back what is free, where the C library is one that can be asked to (glibc)."""
    # Costs 5 ms, and is needed by nobody who is in haste.
    import ctypes

    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return  # another C library, or another system
    trim(0)

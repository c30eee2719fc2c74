"""Memory of threads: shared among them, and given back when it is free.

The GNU C library has a heap for each thread, and keeps what the thread has freed for whatever it
needs next. So a program takes as much as all its threads ever did, each by itself (mallopt(3),
malloc_trim(3)). Other C libraries are left alone.
"""

from __future__ import annotations

from functools import cache
from typing import Any

_ARENA_MAX = -8
"""The parameter of `mallopt` that limits the number of heaps (malloc.h, M_ARENA_MAX)."""


@cache
def share_heaps() -> None:
    """Have threads that begin from now on use the heaps that are there."""
    function = _of_c("mallopt")
    if function is not None:
        function(_ARENA_MAX, 1)


def give_back() -> None:
    """Give what is free back to the system."""
    function = _of_c("malloc_trim")
    if function is not None:
        function(0)


@cache
def _of_c(name: str) -> Any:
    """Return a function of glibc; None where this is another C library, or another system."""
    try:
        # Costs 2 ms, which nobody waits for; not every Python has it.
        import ctypes

        library = ctypes.CDLL(None)
        library.gnu_get_libc_version  # noqa: B018 others may have a function of that name, too
        return getattr(library, name)
    except (AttributeError, ImportError, OSError, TypeError):
        return None

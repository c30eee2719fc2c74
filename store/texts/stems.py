"""The stems of words, by which `networks` finds `network`.

They are M. F. Porter's ("An algorithm for suffix stripping", Program 14, 1980), by Whoosh's hand,
and made for English: a word with any other character than a to z is its own stem.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEPT = 4_096


@lru_cache(maxsize=_KEPT)
def stem(term: str) -> str:
    """Return the stem of a term, folded as `store.text.tokens` has it."""
    return stems((term,))[0]


def stems(terms: Iterable[str]) -> list[str]:
    """Return the stems of many terms, which are not remembered."""
    # A search without words needs none of it.
    from whoosh.lang.porter import stem as porter

    return [porter(term) if term.isascii() and term.isalpha() else term for term in terms]

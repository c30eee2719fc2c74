"""Citation keys: the same set of papers has the same keys, whatever its order."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import count, product
from string import ascii_lowercase
from typing import TYPE_CHECKING

from store.exporters.citing import date_of, names_of
from store.text import fold, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.models import Paper

_LONGEST_PART = 30
_NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")
_LITTLE_WORDS = """
a an and are as at be beyond by can do does for from how in into is it its not of on or over the
this to toward towards under via we what when where which who why with without
"""
_SAYING_LITTLE = frozenset(_LITTLE_WORDS.split())


def base_key(paper: Paper) -> str:
    """Return first author's family name, year and first telling word of the title.

    In lower-case ASCII, as `vaswani2017attention`: BibTeX compares keys without case. What has no
    Latin letters is left out.
    """
    names = names_of(paper)[:1]
    author = ""
    if names:
        (name,) = names
        author = _telling_word(name.family) if name.is_collective else _plain(name.family)
    year = date_of(paper)[:1]
    return "".join((author, *year, _telling_word(paper.title))) or "paper"


def unique_keys(papers: Sequence[tuple[str, str]]) -> list[str]:
    """Return a key for each base key and canonical identifier, in their order.

    Papers that share a base key get `a`, `b`, `c` and so on after it, by identifier.
    """
    times = Counter(base for base, _ in papers)
    places_by_base: defaultdict[str, list[int]] = defaultdict(list)
    for place, (base, _) in enumerate(papers):
        places_by_base[base].append(place)
    # Kept free of suffixes: some other paper may be called `smith2020deepa` by itself.
    taken = set(times)
    keys = [base for base, _ in papers]
    for base in sorted(base for base, number in times.items() if number > 1):
        suffixes = _suffixes()
        for place in sorted(places_by_base[base], key=lambda place: papers[place][1]):
            keys[place] = next(key for key in (base + end for end in suffixes) if key not in taken)
            taken.add(keys[place])
    return keys


def _suffixes() -> Iterator[str]:
    """Yield a, b, …, z, aa, ab, … without end."""
    for length in count(1):
        yield from map("".join, product(ascii_lowercase, repeat=length))


def _telling_word(text: str) -> str:
    words = (_plain(token.term) for token in tokens(text) if not token.is_compound)
    found = [word for word in words if word]
    return next((word for word in found if word not in _SAYING_LITTLE), "".join(found[:1]))


def _plain(text: str) -> str:
    return _NOT_IN_KEYS.sub("", fold(text))[:_LONGEST_PART]

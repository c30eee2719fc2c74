"""Citation keys: the same set of papers has the same keys, whatever its order."""

from __future__ import annotations

import re
from collections import Counter
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


def unique_keys(papers: Sequence[tuple[str, str]], given: Sequence[str] = ()) -> list[str]:
    """Return a key for each base key and canonical identifier, in their order.

    `given` are those that papers have already, '' for those that have none. Papers that share a
    base key get `a`, `b`, `c` and so on after it, by identifier.
    """
    keys = list(given) or [""] * len(papers)
    # One that two papers bring along is the first one's.
    taken: set[str] = set()
    for place, key in enumerate(keys):
        if key.lower() in taken:
            keys[place] = ""
        taken.add(key.lower())
    waiting = [place for place, key in enumerate(keys) if not key]
    times = Counter(papers[place][0] for place in waiting)
    # Kept free of suffixes: some other paper may be called `smith2020deepa` by itself.
    free = {base for base, number in times.items() if number == 1} - taken
    taken.update(times)
    # A name that is taken stays so: papers of one base key go on where the one before them ended.
    names = {base: suffixed(base) for base in times}
    for place in sorted(waiting, key=lambda place: papers[place]):
        base = papers[place][0]
        follow = names[base]
        keys[place] = base if base in free else next(name for name in follow if name not in taken)
        taken.add(keys[place])
    return keys


def suffixed(base: str) -> Iterator[str]:
    """Yield a base key, then the same with a, b, …, z, aa, ab, … after it, without end."""
    yield base
    for length in count(1):
        yield from (base + "".join(letters) for letters in product(ascii_lowercase, repeat=length))


def _telling_word(text: str) -> str:
    words = (_plain(token.term) for token in tokens(text) if not token.is_compound)
    found = [word for word in words if word]
    return next((word for word in found if word not in _SAYING_LITTLE), "".join(found[:1]))


def _plain(text: str) -> str:
    return _NOT_IN_KEYS.sub("", fold(text))[:_LONGEST_PART]

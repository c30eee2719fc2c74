"""What speaks for and against that two records with one title are of one paper.

A title alone may deceive: a talk of 2010 and the article of 2013 have the same, and so have the
posters of two groups of one laboratory. Who wrote it first, when, where, and the abstract tell
more; what a record does not say speaks neither for nor against.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.identity.resemblance import LEAST_RESEMBLANCE, resemblance, wording
from store.text import fold, fold_title
from store.texts.names import split_name

if TYPE_CHECKING:
    from collections.abc import Sequence

NEAR_YEARS = 1
"""A paper comes out in print so much later than online."""
PREPRINT_YEARS = 3
"""An article comes so much later than its preprint."""
UNLIKE_ABSTRACTS = 0.1
"""Below this resemblance two abstracts of one title are of two works, or were written anew."""

_PREPRINT = re.compile(r"arxiv|corr\b|preprint|rxiv|ssrn|research square", re.IGNORECASE)
_NOBODY = frozenset({"anonymous", "unknown", "na", "nobody"})
_SMALL_WORDS = frozenset({"a", "an", "and", "de", "der", "for", "in", "la", "of", "on", "the"})
_LONGEST_ACRONYM = 10


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a record or a paper says of itself beside its title; empty is unknown."""

    authors: tuple[str, ...] = ()
    published: str = ""
    venue: str = ""
    abstract: str = ""
    is_on_arxiv: bool = False

    @property
    def year(self) -> int | None:
        """The year of publication."""
        year = self.published[:4]
        return int(year) if len(year) == len("2026") and year.isdecimal() else None

    @property
    def is_preprint(self) -> bool:
        """Whether it may be what was to be seen before the article was out."""
        return self.is_on_arxiv or not self.venue or bool(_PREPRINT.search(self.venue))


def have_one_author(one: Sequence[str], other: Sequence[str]) -> bool | None:
    """Tell whether two lists begin with the same author; None where that can't be told.

    Any word of the name will do: indexes write it in any order, and cut the given one.
    """
    words, others = (_name_words(authors[0]) if authors else set() for authors in (one, other))
    if not words or not others or _script(words) != _script(others):
        return None
    if words & others:
        return True
    # Some list the authors by their names.
    family, families = (frozenset(map(_family, authors)) for authors in (one, other))
    return len(family) > 1 and family == families


def contradict(one: Evidence, other: Evidence) -> bool:
    """Tell whether two records with one title are of two papers, as far as they say."""
    has_one_author = have_one_author(one.authors, other.authors)
    if has_one_author is False:
        return True
    if one.year is None or other.year is None or one.year == other.year:
        return False
    years = abs(one.year - other.year)
    has_preprint = one.is_preprint or other.is_preprint
    if years > NEAR_YEARS and not (has_preprint and has_one_author and years <= PREPRINT_YEARS):
        return True
    likeness = _likeness(one.abstract, other.abstract)
    if likeness is not None and likeness < UNLIKE_ABSTRACTS:
        return True
    return not has_preprint and are_unlike_venues(one.venue, other.venue)


def agree(one: Evidence, other: Evidence) -> bool:
    """Tell whether all that matters is said by both records, and speaks for one paper."""
    if contradict(one, other) or not have_one_author(one.authors, other.authors):
        return False
    if one.year is None or other.year is None or abs(one.year - other.year) > NEAR_YEARS:
        return False
    likeness = _likeness(one.abstract, other.abstract)
    return likeness is None or likeness >= LEAST_RESEMBLANCE


def are_unlike_venues(one: str, other: str) -> bool:
    """Tell whether two venues are surely two; journals are abbreviated word by word (ISO 4)."""
    shorter, longer = sorted(map(_venue_words, (one, other)), key=len)
    if not shorter or any(
        len(text) <= _LONGEST_ACRONYM and text.isupper() for text in (one, other)
    ):
        return False
    left = iter(longer)
    return not all(
        any(word.startswith(part) or part.startswith(word) for word in left) for part in shorter
    )


def _likeness(one: str, other: str) -> float | None:
    wordings = [wording("", abstract) for abstract in (one, other)]
    if not all(each.shingles for each in wordings):
        return None
    return resemblance(*wordings)


def _name_words(name: str) -> set[str]:
    if fold(name) in _NOBODY or split_name(name).is_collective:
        return set()
    words = fold_title(name).split()
    return {word for word in words if len(word) > 1 or not word.isascii()}


def _script(words: set[str]) -> bool:
    return all(word.isascii() for word in words)


def _family(name: str) -> str:
    return fold_title(split_name(name).family)


def _venue_words(venue: str) -> list[str]:
    return [word for word in fold_title(venue).split() if word not in _SMALL_WORDS]

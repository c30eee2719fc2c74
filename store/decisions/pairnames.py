"""Names of papers, and pairs of them."""

from __future__ import annotations

from typing import NamedTuple

from store.decisions.lines import short_title
from store.decisions.statements import PaperPair
from store.identifiers import SCHEMES
from store.identity.targets import key_of

_PLACES = {scheme: place for place, scheme in enumerate(SCHEMES)}


class Name(NamedTuple):
    """What names a paper, and what stands behind it."""

    target: str
    title: str = ""


def rank_of(target: str) -> tuple[int, str]:
    """Return the order of names of one paper: the identifiers as they are preferred, then others.

    The first one names the paper.
    """
    scheme, _, value = target.partition(":")
    return _PLACES.get(scheme, len(_PLACES) + (key_of(target) is not None)), value


def pair_of(target: Name, other: Name, *, are_one: bool) -> PaperPair:
    """Return the pair of two names."""
    # Beside a number there has to be its title.
    is_other = key_of(other.target) is not None and key_of(target.target) is None
    title = other.title if is_other else target.title
    return PaperPair(are_one, other.target, target.target, title=short_title(title))

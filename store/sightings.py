"""What the sightings of a paper say together: its listed day, its votes, how fast they grow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from store.models import Sighting


class Standing(NamedTuple):
    """What a paper shows of its sightings; None is unknown."""

    listed: str | None
    """The first day."""
    votes: int | None
    """The most that were counted on the latest day that has votes."""
    comments: int | None
    """As the votes."""
    trend: float | None
    """Votes gained per day, as `trend` has it."""


def standing(sightings: Sequence[Sighting]) -> Standing:
    """Return what these sightings of one paper, in any order, come to."""
    return Standing(
        min((sighting.day for sighting in sightings), default=None),
        _latest([(s.day, s.votes) for s in sightings if s.votes is not None]),
        _latest([(s.day, s.comments) for s in sightings if s.comments is not None]),
        trend(sightings),
    )


def trend(sightings: Iterable[Sighting]) -> float | None:
    """Return the votes that a paper gained per day, or None if none were ever counted.

    They are the gain between the two latest days on which votes were counted. Where there is one
    such day only, the votes count from the listed day on, when there were none.
    """
    most: dict[int, int] = {}
    first: int | None = None
    for sighting in sightings:
        listed = _day_number(sighting.day)
        first = listed if first is None else min(first, listed)
        if sighting.votes is not None:
            # A count that nobody dated is as old as its list.
            counted = max(listed, _day_number(sighting.seen[:10] or sighting.day))
            most[counted] = max(sighting.votes, most.get(counted, 0))
    if not most or first is None:
        return None
    latest = max(most)
    former = max((day for day in most if day < latest), default=None)
    start, votes = (first, 0) if former is None else (former, most[former])
    return max(0, most[latest] - votes) / max(1, latest - start)


def united(one: Sighting, other: Sighting) -> Sighting:
    """Return two sightings of one day in one source as one: the best rank, the highest counts."""
    return replace(
        one,
        rank=_pick(min, one.rank, other.rank),
        votes=_pick(max, one.votes, other.votes),
        comments=_pick(max, one.comments, other.comments),
        day_is_guess=one.day_is_guess and other.day_is_guess,
    )


def distinct(sightings: Iterable[Sighting], seen: str) -> list[Sighting]:
    """Return what a record brings, each day in a source once; `seen` dates those without a time.

    Several times are kept apart where the record, from another library, has them.
    """
    found: dict[tuple[str, str, str], Sighting] = {}
    for sighting in sightings:
        dated = sighting if sighting.seen else replace(sighting, seen=seen)
        place = (dated.source, dated.day, dated.seen)
        found[place] = united(found.get(place, dated), dated)
    return list(found.values())


def is_news(known: Sequence[Sighting], arriving: Sighting) -> bool:
    """Tell whether a sighting says more than those of its day in its source did at its time."""
    former = [sighting for sighting in known if sighting.seen <= arriving.seen]
    if not former:
        return True
    together = reduce(united, former)
    return united(together, arriving) != together


def _latest(counts: Sequence[tuple[str, int]]) -> int | None:
    return max(counts)[1] if counts else None


def _day_number(day: str) -> int:
    """Return a day as a number; a month or a year alone is its first day."""
    try:
        return date.fromisoformat(f"{day}-01-01"[:10]).toordinal()
    except ValueError:  # such as the year 0, which 0.1 let in
        return 0


def _pick(choose: Callable[[Iterable[int]], int], *numbers: int | None) -> int | None:
    known = [number for number in numbers if number is not None]
    return choose(known) if known else None

"""Merging what two dumps say of which names are of one paper, and which of two."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from store.decisions.lines import to_line
from store.decisions.pairnames import Name, pair_of, rank_of
from store.decisions.uniting import Groups
from store.errors import shown
from store.identity.targets import key_of
from store.reconciling.sides import name_of
from store.reconciling.threeway import agreed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from store.decisions.statements import PaperPair
    from store.reconciling.sides import Pair, Side, Sides
    from store.reconciling.threeway import Findings


class Merged(NamedTuple):
    """Which names are of one paper in the end."""

    lines: list[str]
    groups: Groups


def merged_pairs(sides: Sides, findings: Findings) -> Merged:
    """Return the lines of the pairs, and what they make one."""
    known = sorted({pair for side in sides for pair in side.pairs}, key=sorted)
    said = {pair: _said(pair, sides) for pair in known}
    apart = [pair for pair in known if False in said[pair]]
    groups, names = Groups(), _Names(sides)
    conflicts: list[str] = []
    # What is one on both sides comes before what is new.
    for pair in sorted(known, key=lambda pair: not all(side.joins(pair) for side in sides[1:])):
        if True not in said[pair]:
            continue
        against = [other for other in apart if _contradict(pair, other, groups)]
        if against:
            apart = [other for other in apart if other not in against]
            conflicts += _conflict(pair, against, names, findings)
        else:
            groups.unite(*sorted(pair))
    pairs = {names.parted(pair) for pair in {*apart, *_implied(apart, sides, groups)}}
    for group in groups:
        pairs |= names.joined(group)
    ordered = sorted(pairs, key=lambda pair: (pair.are_one, pair.target, pair.other))
    return Merged([*map(to_line, ordered), *conflicts], groups)


def _implied(apart: Sequence[Pair], sides: Sides, groups: Groups) -> Iterator[Pair]:
    """Yield what else is apart where a side has taken back that papers are one.

    A library that has them as one parts each from all the others; one that does not keeps none.
    """
    before = Groups()
    for pair, said in sides.base.pairs.items():
        if said.are_one:
            before.unite(*sorted(pair))
    for pair in apart:
        if any(_said_by(side, pair) is False for side in sides[1:]):
            continue
        for two in combinations(before.of(min(pair)), 2):
            if groups.of(two[0]) != groups.of(two[1]):
                yield frozenset(two)


def _said(pair: Pair, sides: Sides) -> set[bool]:
    """Return whether two names are of one paper in the end: both, where the sides contradict."""
    base = _said_by(sides.base, pair)
    ours, theirs = (_said_since(side, pair, sides.base) for side in sides[1:])
    if not any(pair in side.pairs for side in sides[1:]):
        return set()
    kept = agreed(base, ours, theirs)
    said = (ours, theirs) if kept.is_conflict else (kept.value,)
    return {one for one in said if one is not None}


def _said_by(side: Side, pair: Pair) -> bool | None:
    return side.pairs[pair].are_one if pair in side.pairs else None


def _said_since(side: Side, pair: Pair, base: Side) -> bool | None:
    """Return what a side says; where it does not say what the base does, by what it has."""
    if pair in side.pairs or pair not in base.pairs:
        return _said_by(side, pair)
    if base.pairs[pair].are_one and side.is_whole and side.parts(pair):
        return False
    # The same by other pairs; or it has not both papers, or only imports may join them again.
    return side.joins(pair) or _said_by(base, pair)


def _contradict(pair: Pair, other: Pair, groups: Groups) -> bool:
    one, another = pair
    return other <= {*groups.of(one), *groups.of(another)}


def _conflict(
    pair: Pair, against: Sequence[Pair], names: _Names, findings: Findings
) -> Sequence[str]:
    """Return a conflict between papers that one side joined and others that the other parted."""
    (join,) = names.joined(sorted(pair))
    texts = [to_line(join)], [to_line(names.parted(other)) for other in against]
    sides = names.sides
    is_ours = sides.ours.joins(pair) and not (
        sides.theirs.joins(pair) and against[0] in sides.ours.pairs
    )
    ours, theirs = texts if is_ours else reversed(texts)
    what = f"{shown(join.other)} and {shown(join.target)}"
    return findings.conflict(ours, theirs, f"{what} are joined on one side and apart on the other")


class _Names:
    """The names in the pairs of the sides, and how pairs of them are written."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides
        self._names: dict[str, Name] = {}
        for side in reversed(sides):
            for pair in side.pairs.values():
                is_other = key_of(pair.other) is not None and key_of(pair.target) is None
                for target in (pair.other, pair.target):
                    title = pair.title if (target == pair.other) is is_other else ""
                    self._names.setdefault(name_of(target), Name(target, title))
            for name, line in side.papers.items():
                self._names[name] = Name(line.target, line.title)

    def joined(self, group: Sequence[str]) -> set[PaperPair]:
        """Return what makes one paper of a group: all are joined to one that others are joined to.

        Then they are joined so in every library, whichever of them were one there before.
        """
        said = [pair for side in self.sides[1:] for pair in side.pairs.values() if pair.are_one]
        roots = {name_of(pair.target) for pair in said} & set(group)
        root = min(roots or group, key=self._rank)
        return {self._pair(root, name, are_one=True) for name in group if name != root}

    def parted(self, pair: Pair) -> PaperPair:
        """Return the pair of two papers: as a side has it, else the preferred name comes first."""
        said = [side.pairs[pair] for side in self.sides[1:] if pair in side.pairs]
        target = name_of(said[0].target) if said else min(pair, key=self._rank)
        (other,) = pair - {target}
        return self._pair(target, other, are_one=False)

    def _rank(self, name: str) -> tuple[int, str]:
        return rank_of(self._names[name].target)

    def _pair(self, target: str, other: str, *, are_one: bool) -> PaperPair:
        """Return a pair as a side has it, with its title, or else made anew."""
        for side in self.sides[1:]:
            said = side.pairs.get(frozenset((target, other)))
            if said and said.are_one is are_one and name_of(said.target) == target:
                return said
        return pair_of(self._names[target], self._names[other], are_one=are_one)

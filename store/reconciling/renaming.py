"""Papers that two dumps name differently: one library knows an identifier that another does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.decisions.lines import short_title
from store.identity.targets import key_of, title_of
from store.identity.titles import GENERIC_TITLES
from store.reconciling.sides import Sides
from store.text import fold_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Renaming(NamedTuple):
    """A paper of two names."""

    name: str
    """The one that is known on both sides, as `name_of` has it."""
    other: str
    target: str
    """What the first stands for, as a line has it."""
    title: str
    is_sure: bool
    """Whether they are one, or have no more than a title in common."""


def renamings(sides: Sides) -> list[Renaming]:
    """Return the papers that one side names differently from the other or from the base.

    Those have one title that no third paper has; nobody has both names, or says what they are; and
    they are of two registers, or one is a title. Sure are a title and an identifier, and an
    identifier in place of that of the base: of two new ones nothing is known.
    """
    by_title: dict[str, dict[str, str]] = {}
    for side in sides:
        for name, line in side.papers.items():
            title = fold_title(short_title(title_of(line.target) or line.title))
            if title and title not in GENERIC_TITLES and key_of(line.target) is None:
                by_title.setdefault(title, {}).setdefault(name, line.target)
    return sorted(
        _renaming(names, sides) for names in by_title.values() if _may_be_one(names, sides)
    )


def _may_be_one(names: Mapping[str, str], sides: Sides) -> bool:
    schemes = {target.partition(":")[0] for target in names.values()}
    return len(names) == len(schemes) == 2 and not any(  # noqa: PLR2004 - a pair
        names.keys() <= side.papers.keys() or any(names.keys() & pair for pair in side.pairs)
        for side in sides
    )


def _renaming(names: Mapping[str, str], sides: Sides) -> Renaming:
    titled = [name for name, target in names.items() if title_of(target) is not None]
    known = [name for name in names if name in sides.base.papers]
    # A paper goes on being found by a name that it had, but not by one that is yet to come.
    name = min(known or titled or names)
    (other,) = names.keys() - {name}
    line = next(side.papers[name] for side in sides if name in side.papers)
    title = title_of(line.target) or line.title
    return Renaming(name, other, names[name], title, is_sure=bool(known or titled))


def renamed(found: Iterable[Renaming], sides: Sides) -> Sides:
    """Return the sides with one name for each paper that has two."""
    names = {one.other: one.target for one in found if one.is_sure}
    return Sides(*(side.renamed(names) for side in sides))

"""The three texts of a merge: what each of them says, by what it says it of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from store.decisions.lines import check_decisions
from store.decisions.statements import Decision, PaperNote, PaperPair, SavedView
from store.decisions.syntax import is_merge_mark, named_twice
from store.decisions.uniting import Groups, united_note, united_tags
from store.errors import DecisionSyntaxError, shown
from store.identity.targets import title_of
from store.text import fold_case, fold_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from store.decisions.statements import Statement

Pair = frozenset[str]
"""The names of two papers, in no order."""
_Line = TypeVar("_Line", Decision, PaperNote)


@dataclass(frozen=True)
class Side:
    """What one of the texts says."""

    views: Mapping[str, SavedView] = field(default_factory=dict)
    """By folded name."""
    pairs: Mapping[Pair, PaperPair] = field(default_factory=dict)
    notes: Mapping[str, PaperNote] = field(default_factory=dict)
    """By what names the paper, like the next."""
    papers: Mapping[str, Decision] = field(default_factory=dict)
    is_whole: bool = False
    groups: Groups = field(default_factory=Groups)
    """Names that it says are of one paper."""

    def joins(self, pair: Pair) -> bool:
        """Tell whether it makes one paper of two names, be it by way of others."""
        one, other = pair
        return other in self.groups.of(one)

    def parts(self, pair: Pair) -> bool:
        """Tell whether it has two papers of these names, or that these became part of."""
        return all(self.lines_on([name]) for name in pair) and not self.joins(pair)

    def lines_on(self, names: Iterable[str]) -> list[Decision]:
        """Return the lines on the tags of the papers of these names."""
        return self._of(self.papers, names)

    def notes_on(self, names: Iterable[str]) -> list[PaperNote]:
        """Return the lines with the notes on the papers of these names."""
        return self._of(self.notes, names)

    def tags_of(self, names: Iterable[str]) -> dict[str, str] | None:
        """Return the tags of a paper of these names by folded name; None if it is not there."""
        lines = self.lines_on(names)
        found = [{fold_case(name): name for name in line.edit.added} for line in lines]
        return united_tags(found) if found else None

    def note_on(self, names: Sequence[str]) -> str | None:
        """Return the note on a paper of these names, '' for none; None where it can't be told."""
        lines = self.notes_on(names)
        if lines:
            return united_note(line.text for line in lines if line.text)
        return "" if self.is_whole and self.lines_on(names) else None

    def renamed(self, names: Mapping[str, str]) -> Side:
        """Return the same with papers under other names: those that `names` has for them."""
        if not names:
            return self
        said: list[Statement] = [
            *self.views.values(),
            *(_renamed_pair(one, names) for one in self.pairs.values()),
            *(_renamed(one, names) for one in self.notes.values()),
            *(_renamed(one, names) for one in self.papers.values()),
        ]
        return side_of(said, is_whole=self.is_whole)[0]

    def _of(self, lines: Mapping[str, _Line], names: Iterable[str]) -> list[_Line]:
        """Return the lines on papers of these names; one that was joined has that of the whole."""
        # Few names are of a joined paper, and few papers have notes.
        if not lines:
            return []
        found: dict[str, _Line] = {}
        for name in names:
            known = [name] if name in lines else self.groups.of(name)
            found.update({one: lines[one] for one in known if one in lines})
        return list(found.values())


class Sides(NamedTuple):
    """The three texts."""

    base: Side
    ours: Side
    theirs: Side

    @property
    def is_whole(self) -> bool:
        """Tell whether what neither text has is not there."""
        return self.ours.is_whole and self.theirs.is_whole


def name_of(target: str) -> str:
    """Return what names a paper alike, however a title is written."""
    title = title_of(target)
    folded = title and fold_title(title)
    return f"title:{folded}" if folded else target


def read_side(lines: Iterable[str]) -> tuple[Side, list[DecisionSyntaxError]]:
    """Return what a text says, and its wrong lines: those that are no line of a dump, too."""
    said, wrong, is_whole = check_decisions(lines)
    side, twice = side_of(said, is_whole=is_whole)
    edits = [
        DecisionSyntaxError(
            one.line,
            f"'-{shown(one.edit.removed[0])}' takes a tag off, as no dump does: merge dumps, and"
            " give lists of edits to 'paperdeck apply'",
        )
        for one in said
        if isinstance(one, Decision) and one.edit.removed
    ]
    return side, sorted((*wrong, *twice, *edits), key=lambda error: error.line)


def side_of(said: Iterable[Statement], *, is_whole: bool) -> tuple[Side, list[DecisionSyntaxError]]:
    """Return the side that says this, and what it says a second time."""
    views: dict[str, SavedView] = {}
    pairs: dict[Pair, PaperPair] = {}
    notes: dict[str, PaperNote] = {}
    papers: dict[str, Decision] = {}
    twice = []
    for one in said:
        match one:
            case SavedView():
                earlier: Statement = views.setdefault(fold_case(one.name), one)
            case PaperPair():
                earlier = pairs.setdefault(Pair(map(name_of, (one.target, one.other))), one)
            case PaperNote():
                earlier = notes.setdefault(name_of(one.target), one)
            case Decision():
                earlier = papers.setdefault(name_of(one.target), one)
        if earlier is not one:
            twice.append(named_twice(one, earlier.line))
    # Two spellings of one title are no pair.
    pairs = {names: pair for names, pair in pairs.items() if len(names) > 1}
    joined = (pair for pair in pairs.values() if pair.are_one)
    groups = Groups((name_of(pair.target), name_of(pair.other)) for pair in joined)
    return Side(views, pairs, notes, papers, is_whole, groups), twice


def without_conflicts(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a text, empty ones for what a merge left undecided.

    Where histories cross, git merges their common ancestors first: such a base may hold conflicts.
    """
    is_open = False
    for line in lines:
        is_mark = is_merge_mark(line.rstrip("\r\n"))
        is_open = (is_open or line.startswith("<")) if is_mark else is_open
        yield "" if is_mark or is_open else line
        if is_mark and line.startswith(">"):
            is_open = False


def _renamed(one: _Line, names: Mapping[str, str]) -> _Line:
    return replace(one, target=names.get(name_of(one.target), one.target))


def _renamed_pair(one: PaperPair, names: Mapping[str, str]) -> PaperPair:
    target, other = (names.get(name_of(name), name) for name in (one.target, one.other))
    return replace(one, target=target, other=other)

"""Merging the tags of papers and the notes on them of two dumps."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from store.decisions.lines import to_line
from store.decisions.pairnames import rank_of
from store.decisions.statements import Decision, PaperNote
from store.errors import shown
from store.identity.targets import key_of, title_of
from store.models import NEW_PAPER_TAGS
from store.reconciling.threeway import OURS, THEIRS, agreed, agreed_tags
from store.tagnames import TagEdit
from store.text import fold_case, fold_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from store.decisions.uniting import Groups
    from store.reconciling.sides import Sides
    from store.reconciling.threeway import Findings

_NEW = {name: name for name in NEW_PAPER_TAGS}


class _Paper(NamedTuple):
    """A paper of the merged text."""

    names: tuple[str, ...]
    target: str
    title: str

    def __str__(self) -> str:
        return f"'{shown(self.title or title_of(self.target) or self.target)}'"


def merged_papers(sides: Sides, groups: Groups, findings: Findings) -> tuple[list[str], list[str]]:
    """Return the lines of the notes and of the tags, of which `groups` are of one paper each."""
    papers = sorted(_papers(sides, groups), key=lambda paper: paper.target)
    spellings = _spellings(
        {fold_case(tag): tag for line in side.papers.values() for tag in line.edit.added}
        for side in sides
    )
    notes: list[str] = []
    tags: list[str] = []
    for paper in papers:
        if _is_of_two_libraries(paper, sides):
            tags += _conflict_of_numbers(paper, sides, findings)
        else:
            notes += _note(paper, sides, findings)
            tags += _tags(paper, sides, spellings, findings)
    return notes, tags


def _papers(sides: Sides, groups: Groups) -> Iterator[_Paper]:
    """Yield the papers that have a line."""
    targets = _spellings(
        {name: line.target for lines in (side.notes, side.papers) for name, line in lines.items()}
        for side in sides
    )
    for group in {groups.of(name) for name in targets}:
        names = group
        if len(group) > 1:
            names = tuple(sorted(group, key=lambda name: _rank(name, sides)))
        own = [targets[name] for name in names if name in targets]
        base, ours, theirs = (line and line.title for line in _first_lines(sides, names))
        title = theirs if ours is None else ours if theirs is None else None
        title = title or agreed(base, ours, theirs).value or ""
        yield _Paper(names, own[0], title)


def _rank(name: str, sides: Sides) -> tuple[int, bool, str]:
    """Return the order of names; of two without an identifier, the joined paper's first."""
    scheme, value = rank_of(name)
    is_called = any(name in side.papers and len(side.groups.of(name)) > 1 for side in sides[1:])
    return scheme, not is_called, value


def _first_lines(sides: Sides, names: Sequence[str]) -> list[Decision | PaperNote | None]:
    """Return of each side the line that the paper of these names is called by."""
    found: list[Decision | PaperNote | None] = []
    for side in sides:
        lines: tuple[Decision | PaperNote, ...]
        lines = (*side.lines_on(names), *side.notes_on(names))
        found.append(min(lines, key=lambda line: rank_of(line.target), default=None))
    return found


def _spellings(sides: Iterable[Mapping[str, str]]) -> Mapping[str, str]:
    """Return how each name is written: as both sides do, or as the one that has changed it."""
    base, ours, theirs = sides
    found = {}
    for name in {**base, **ours, **theirs}:
        before = base.get(name, ours.get(name, ""))
        either = ours.get(name, before), theirs.get(name, before)
        found[name] = agreed(before, *either).value if name in base else either[0] or either[1]
    return found


def _tags(
    paper: _Paper, sides: Sides, spellings: Mapping[str, str], findings: Findings
) -> list[str]:
    """Return the line on the tags of a paper, where a side has one."""
    base, ours, theirs = (side.tags_of(paper.names) for side in sides)
    if ours is None or theirs is None:
        # One side does not have the paper, and says nothing of it.
        there = theirs if ours is None else ours
        if there is None:
            return []
        kept = set(there)
    else:
        kept = agreed_tags(_NEW if base is None else base, ours, theirs)
        if kept >= {"inbox", "dismissed"} and not any(
            {"inbox", "dismissed"} <= tags.keys() for tags in (ours, theirs)
        ):
            findings.tell(
                f"{paper} was dismissed on one side and put into the inbox on the other: it is both"
            )
    edit = TagEdit(tuple(spellings[fold] for fold in sorted(kept)))
    return [to_line(Decision(edit, paper.target, title=paper.title))]


def _note(paper: _Paper, sides: Sides, findings: Findings) -> Sequence[str]:
    """Return the line with the note on a paper, or a conflict; nothing where there is none."""
    base, ours, theirs = (side.note_on(paper.names) for side in sides)
    if ours is None and theirs is None:
        return []
    before = base or ""
    # What says nothing has changed nothing.
    ours, theirs = before if ours is None else ours, before if theirs is None else theirs
    kept = agreed(before, ours, theirs)
    text = kept.value
    if kept.is_conflict:
        if ours not in theirs and theirs not in ours:
            reason = f"the note on {paper} was changed on both sides"
            one, other = (to_line(_noted(text, paper)) for text in (ours, theirs))
            return findings.conflict([one], [other], reason)
        text = theirs if ours in theirs else ours
        if not ours or not theirs:
            changed, removed = (OURS, THEIRS) if ours else (THEIRS, OURS)
            findings.tell(
                f"the note on {paper} was taken away in {removed} and changed in {changed}:"
                " it stays"
            )
    # A text that is not whole has to say what is no more.
    is_gone = before or any(side.notes_on(paper.names) for side in sides[1:])
    if text or (is_gone and not sides.is_whole):
        return [to_line(_noted(text, paper))]
    return []


def _noted(text: str, paper: _Paper) -> PaperNote:
    return PaperNote(text, paper.target, title=paper.title)


def _is_of_two_libraries(paper: _Paper, sides: Sides) -> bool:
    """Tell whether a library's own number stands for two papers, as their titles tell."""
    if key_of(paper.target) is None:
        return False
    base, ours, theirs = (
        fold_title(line.title) if line else None for line in _first_lines(sides, paper.names)
    )
    return bool(ours and theirs) and agreed(base, ours, theirs).is_conflict


def _conflict_of_numbers(paper: _Paper, sides: Sides, findings: Findings) -> Sequence[str]:
    ours, theirs = (
        [*map(to_line, side.notes_on(paper.names)), *map(to_line, side.lines_on(paper.names))]
        for side in sides[1:]
    )
    return findings.conflict(
        ours, theirs, f"{paper.target} is another paper in each of the two libraries"
    )

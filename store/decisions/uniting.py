"""What is decided on several names of one paper, as the decisions on that paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.decisions.statements import Decision, PaperNote, PaperPair
from store.models import NEW_PAPER_TAGS
from store.tagnames import TagEdit
from store.text import fold_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from store.decisions.statements import Statement


class Groups:
    """Names, of which some are of one paper."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        """`pairs` are names that are of one."""
        self._members: dict[str, tuple[str, ...]] = {}
        for one, other in pairs:
            self.unite(one, other)

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        """Yield the names of each paper that has several."""
        return iter(dict.fromkeys(self._members.values()))

    def of(self, name: str) -> tuple[str, ...]:
        """Return all names of the paper of this name, itself among them."""
        return self._members.get(name, (name,))

    def unite(self, one: str, other: str) -> None:
        """Let two names be of one paper."""
        if other not in self.of(one):
            members = (*self.of(one), *self.of(other))
            self._members.update(dict.fromkeys(members, members))


def united_tags(papers: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return the tags of papers that are one, by folded name: as joining them by hand does.

    It has the tags of all, but waits in the inbox, or unread, only where all of them do.
    """
    if len(papers) == 1:
        return dict(papers[0])
    united = {fold: name for tags in reversed(papers) for fold, name in tags.items()}
    for fold in NEW_PAPER_TAGS:
        if not all(fold in tags for tags in papers):
            united.pop(fold, None)
    return united


def united_note(notes: Iterable[str]) -> str:
    """Return the notes on papers that are one, none twice: as joining them by hand does."""
    united = ""
    for note in notes:
        if note not in united:
            united = f"{united}\n\n{note}" if united else note
    return united


def united(statements: Iterable[Statement], *, adding: bool = False) -> list[Statement]:
    """Return the lines of a dump with one line, the first, for what its joins say is one paper.

    `adding`, lines say what to add and to take off, and not all that a paper has.
    """
    statements = list(statements)
    groups = Groups(
        (one.target, one.other) for one in statements if isinstance(one, PaperPair) and one.are_one
    )
    alike: dict[object, list[Decision | PaperNote]] = {}
    for one in statements:
        if isinstance(one, Decision | PaperNote):
            alike.setdefault((type(one), groups.of(one.target)), []).append(one)
    merged: dict[int, Statement] = {}
    dropped: set[int] = set()
    for same in alike.values():
        if len(same) > 1:
            merged[same[0].line] = _as_one(same, adding=adding)
            dropped.update(one.line for one in same[1:])
    return [merged.get(one.line, one) for one in statements if one.line not in dropped]


def _as_one(same: Sequence[Decision | PaperNote], *, adding: bool) -> Decision | PaperNote:
    first = same[0]
    if isinstance(first, PaperNote):
        text = united_note(one.text for one in same if isinstance(one, PaperNote))
        return PaperNote(text, first.target, first.line, first.title)
    edits = [one.edit for one in same if isinstance(one, Decision)]
    if adding:
        added = {fold_case(name): name for edit in edits for name in edit.added}
        removed = {fold_case(name): name for edit in edits for name in edit.removed}
        # What one line takes off and another adds stays: nothing is lost by being named twice.
        kept = (name for fold, name in removed.items() if fold not in added)
        edit = TagEdit(tuple(added.values()), tuple(kept))
        return Decision(edit, first.target, first.line, first.title)
    tags = united_tags([{fold_case(name): name for name in edit.added} for edit in edits])
    return Decision(TagEdit(tuple(tags.values())), first.target, first.line, first.title)

"""What the lines of a list of decisions say: of a paper, of two, or of a saved view."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from store.tagnames import TagEdit


@dataclass(frozen=True, slots=True)
class Decision:
    """What a line says of one paper."""

    edit: TagEdit
    target: str
    """`scheme:value` as an `Identifier` prints, `paperdeck:KEY`, or what `title_target` makes."""
    line: int = field(default=0, compare=False)
    """Counted from 1; where a decision stands is no part of what it says."""
    title: str = ""
    """The comment behind the paper, clean and on one line."""


@dataclass(frozen=True, slots=True)
class PaperNote:
    """A line with the reader's note on one paper."""

    text: str
    """As `store.text.clean_note` cleans it; empty where a note is to be taken away."""
    target: str
    """As that of a `Decision`, like the rest."""
    line: int = field(default=0, compare=False)
    title: str = ""


@dataclass(frozen=True, slots=True)
class PaperPair:
    """A line that says of two names that they are of one paper, or of two."""

    are_one: bool
    other: str
    """Named as `target` is."""
    target: str
    """As that of a `Decision`, like the rest."""
    line: int = field(default=0, compare=False)
    title: str = ""


@dataclass(frozen=True, slots=True)
class SavedView:
    """A line that names a query."""

    name: str
    query: str
    line: int = field(default=0, compare=False)


Statement: TypeAlias = Decision | PaperNote | PaperPair | SavedView

"""Queries as values: nodes with equality, hash and a text that parses to the same query again.

`store.query.parsing` makes them from what a reader writes; `store.searching.search` answers them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from store.query.words import Fuzzy, Near, Phrase, Prefix, Term, TextLeaf, fielded

STATES = ("inbox", "unread", "read", "starred", "queued", "archived", "dismissed", "rising")
"""What `is:` can ask for; archived means neither inbox nor dismissed, rising that the votes have
doubled since the paper left the inbox."""

POSSESSIONS = ("note", "code", "pdf", "abstract")
"""What `has:` can ask for."""


class Sort(Enum):
    """The order of a result."""

    SCORE = "score"
    DATE = "date"
    VOTES = "votes"
    TITLE = "title"
    ADDED = "added"
    TRENDING = "trending"


@dataclass(frozen=True, slots=True)
class Everything:
    """Every paper."""

    def __str__(self) -> str:
        return "*"


@dataclass(frozen=True, slots=True)
class Like:
    """Papers similar to the one with this identifier, which itself is left out."""

    text: str

    def __str__(self) -> str:
        return fielded("like", self.text)


@dataclass(frozen=True, slots=True)
class IdIs:
    """The paper with this identifier, in any spelling that `store.identifiers` reads."""

    text: str

    def __str__(self) -> str:
        return fielded("id", self.text)


@dataclass(frozen=True, slots=True)
class TaggedAny:
    """Papers with any of these tags, or of those nested below them."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return fielded("tag", ",".join(self.names))


@dataclass(frozen=True, slots=True)
class Untagged:
    """Papers with none of the reader's own tags."""

    def __str__(self) -> str:
        return "tag:none"


@dataclass(frozen=True, slots=True)
class InState:
    """Papers in one of `STATES`."""

    state: str

    def __str__(self) -> str:
        return f"is:{self.state}"


@dataclass(frozen=True, slots=True)
class Has:
    """Papers that have one of `POSSESSIONS`."""

    what: str

    def __str__(self) -> str:
        return f"has:{self.what}"


@dataclass(frozen=True, slots=True)
class FromSource:
    """Papers that one of `store.models.RECORD_SOURCES` listed or told something of."""

    name: str

    def __str__(self) -> str:
        return f"src:{self.name}"


@dataclass(frozen=True, slots=True)
class DayIn:
    """Papers with a day from `first` to `last`, both included; None leaves that side open.

    `field` is `on` or `listed` (any sighting), `date` (published, else listed) or `added`.
    """

    field: str
    first: str | None
    last: str | None

    def __str__(self) -> str:
        return f"{self.field}:{_span(self.first, self.last)}"


@dataclass(frozen=True, slots=True)
class NumberIn:
    """Papers whose `votes`, `comments` or `import` lie between two numbers, both included.

    The last is the number of the import that brought the paper in, that of its journal entry.
    """

    field: str
    least: int | None
    most: int | None

    def __str__(self) -> str:
        return f"{self.field}:{_span(self.least, self.most)}"


@dataclass(frozen=True, slots=True)
class LastImport:
    """Papers that the latest import brought in of which any are there."""

    def __str__(self) -> str:
        return "import:last"


@dataclass(frozen=True, slots=True)
class Not:
    """Papers that `node` does not find."""

    node: Node

    def __str__(self) -> str:
        return f"-{_grouped(self.node)}"


@dataclass(frozen=True, slots=True)
class And:
    """Papers that every one of `nodes` finds; two or more."""

    nodes: tuple[Node, ...]

    def __str__(self) -> str:
        return " ".join(_grouped(node) for node in self.nodes)


@dataclass(frozen=True, slots=True)
class Or:
    """Papers that any of `nodes` finds; two or more."""

    nodes: tuple[Node, ...]

    def __str__(self) -> str:
        return " OR ".join(_grouped(node) for node in self.nodes)


@dataclass(frozen=True, slots=True)
class InView:
    """Papers that the saved view `name` finds, which asks for `node`."""

    name: str
    node: Node

    def __str__(self) -> str:
        return fielded("view", self.name)


Node: TypeAlias = (
    Everything
    | TextLeaf
    | Like
    | IdIs
    | TaggedAny
    | Untagged
    | InState
    | Has
    | FromSource
    | DayIn
    | NumberIn
    | LastImport
    | InView
    | Not
    | And
    | Or
)


@dataclass(frozen=True, slots=True)
class Query:
    """What to find, and in which order; None means by score with text, by day without."""

    node: Node = Everything()
    sort: Sort | None = None

    def __str__(self) -> str:
        if self.sort is None:
            return str(self.node)
        order = f"sort:{self.sort.value}"
        if isinstance(self.node, Everything):
            return order
        return f"{_grouped(self.node) if isinstance(self.node, Or) else self.node} {order}"


def text_leaves(node: Node) -> tuple[TextLeaf, ...]:
    """Return the words that a paper found by `node` may be found for, those after NOT left out."""
    match node:
        case Term() | Phrase() | Near() | Prefix() | Fuzzy():
            return (node,)
        case And(nodes) | Or(nodes):
            return tuple(leaf for child in nodes for leaf in text_leaves(child))
        case InView(_, child):
            return text_leaves(child)
        case _:
            return ()


def has_text(node: Node) -> bool:
    """Tell whether any part of `node` needs the text index, those after NOT included."""
    match node:
        case Term() | Phrase() | Near() | Prefix() | Fuzzy() | Like():
            return True
        case And(nodes) | Or(nodes):
            return any(has_text(child) for child in nodes)
        case Not(child) | InView(_, child):
            return has_text(child)
        case _:
            return False


def _grouped(node: Node) -> str:
    return f"({node})" if isinstance(node, And | Or) else str(node)


def _span(first: object, last: object) -> str:
    if first == last:
        return str(first)
    return f"{'' if first is None else first}..{'' if last is None else last}"

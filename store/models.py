"""The values that the library is made of: frozen, hashable, without I/O and formatting.

Days are ISO 8601 texts (`2026-03-12`, or `2026-03` and `2026` where a source has no more):
they sort and compare as texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

Step: TypeAlias = "tuple[str, str | None, str | None]"
"""Field, before and after of a change of one paper, as `store.changes.change.Change` has them."""


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """A name that a paper has in a public register, such as `arxiv:2401.01234`."""

    scheme: str
    """`arxiv`, `doi`, `acl`, `openreview`, `pubmed`, `openalex` or `semanticscholar`."""
    value: str
    """Normalised: an arXiv id without its version, a DOI in lower case."""

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class LinkKind(Enum):
    """What a link leads to."""

    PAGE = "page"
    PDF = "pdf"
    ARXIV = "arxiv"
    DOI = "doi"
    CODE = "code"
    PROJECT = "project"
    WEB = "web"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Link:
    """An http or https address that belongs to a paper."""

    kind: LinkKind
    url: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """One appearance of a paper in one source on one day."""

    source: str
    """The family of the source: `feed` (the feed's JSON) or `page` (the feed's page as text)."""
    day: str
    rank: int | None = None
    """Place in that day's list, from 1."""
    votes: int | None = None
    comments: int | None = None
    day_is_guess: bool = False
    """Whether the year was guessed, because the source names none."""
    seen: str = ""
    """When it was read first: UTC, `2026-03-12T08:00:00Z`; empty where nobody knows.

    The same day of a source that was read again later, with other votes, is a sighting of its own:
    so votes have a history.
    """

    @classmethod
    def of_row(cls, row: Sequence[Any]) -> Sighting:
        """Return the sighting that a row holds, its values in the order of the fields.

        Version 0.1 wrote no `seen` into its journal: such a row is one value shorter.
        """
        source, day, rank, votes, comments, day_is_guess, *seen = row
        return cls(source, day, rank, votes, comments, bool(day_is_guess), *seen)


@dataclass(frozen=True, slots=True)
class OtherAbstract:
    """An abstract that differs from the one that a paper shows, kept beside it."""

    source: str
    day: str
    """The latest day on which the source listed the paper with it; empty if on none."""
    text: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the value of one field of a paper, or one of its identifiers, came from."""

    field: str
    """Its name; an identifier is its own."""
    source: str
    day: str
    """As for `OtherAbstract`."""


@dataclass(frozen=True, slots=True)
class Record:
    """What one source says of one paper, parsed and clean: the importers' product.

    Texts are as `store.text` cleans them. An empty text, an empty tuple or None means that the
    source says nothing.
    """

    title: str
    source: str
    """Where it was read: one of `RECORD_SOURCES`, by which `store.merging` ranks its values."""
    abstract: str = ""
    authors: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    published: str | None = None
    links: tuple[Link, ...] = ()
    """The links that the record itself gives, not those that can be derived."""
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    venue: str = ""
    organisation: str = ""
    summary: str = ""
    sightings: tuple[Sighting, ...] = ()
    other_abstracts: tuple[OtherAbstract, ...] = ()
    """Those that another library kept beside the abstract."""
    provenance: tuple[Provenance, ...] = ()
    """Where another library has the values from; the others are from `source` itself."""
    tags: tuple[str, ...] | None = None
    """The reader's tags, where the source is another library; None elsewhere."""
    note: str = ""
    """The reader's note there, as `store.text.clean_note` cleans it."""
    citation_key: str = ""
    """What the source's bibliography calls the paper, where it is one."""
    own_id: str = ""
    """What the library that exported the paper calls it, as `Paper.id` does; empty elsewhere."""
    apart: tuple[str, ...] = ()
    """Papers of that library, named so, that its reader keeps apart from this one."""
    parts: tuple[Part, ...] = ()
    """What became part of the paper there, the earliest first."""
    position: str = ""
    """Where in its source the record stands, for messages: `record 3`, `line 12`."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of the library, with the reader's tags."""

    key: int
    """The library's own number for it: stable, never used again."""
    title: str
    abstract: str
    authors: tuple[str, ...]
    identifiers: tuple[Identifier, ...]
    """The canonical one first."""
    published: str | None
    listed: str | None
    """The day of the first sighting."""
    listed_is_guess: bool
    votes: int | None
    """Of the latest sighting that has votes."""
    comments: int | None
    links: tuple[Link, ...]
    """Given, derived and found ones, best first."""
    categories: tuple[str, ...]
    keywords: tuple[str, ...]
    venue: str
    organisation: str
    summary: str
    sightings: tuple[Sighting, ...]
    """By day, those of one day by when they were seen."""
    other_abstracts: tuple[OtherAbstract, ...]
    """The most trusted first; `store.merging` has the rule."""
    provenance: tuple[Provenance, ...]
    """By field."""
    tags: tuple[str, ...]
    """By name, without regard to case."""
    added: str
    """When it came in: UTC, `2026-03-12T08:00:00Z`."""
    note: str = ""
    """What the reader wrote about it, on any number of lines; empty where that is nothing."""
    citation_key: str = ""
    """What bibliographies call it, for good; empty until it is first taken out into one."""
    is_removed: bool = False
    """Whether it was taken out of the library since it was found."""
    apart: tuple[str, ...] = ()
    """The `id` of each paper that the reader keeps apart from it."""
    parts: tuple[Part, ...] = ()
    """What became part of it, the earliest first."""

    @property
    def id(self) -> str:
        """The canonical identifier, or `paperdeck:KEY` for a paper without one."""
        return str(self.identifiers[0]) if self.identifiers else f"paperdeck:{self.key}"

    def link(self, kind: LinkKind) -> Link | None:
        """Return the best link of this kind, if there is one."""
        return next((link for link in self.links if link.kind is kind), None)


@dataclass(frozen=True, slots=True)
class Part:
    """What became part of a paper, and what it changed there."""

    of: Paper | Record
    """The paper as it was, or the record that an import told by its words."""
    changes: tuple[Step, ...]
    is_paper: bool
    """Whether the reader joined a paper: one that is exported comes as a record too."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a list shows of a paper."""

    key: int
    title: str
    day: str | None
    """The listed day, else the published one."""
    votes: int | None
    tags: frozenset[str]
    day_is_guess: bool = False
    """Whether the year of the day was guessed, because the source names none."""
    is_removed: bool = False
    """Whether it was taken out of the library since it was found."""
    id: str = ""
    """The canonical identifier; empty for a paper without one."""
    authors: tuple[str, ...] = ()
    comments: int | None = None
    is_rising: bool = False
    """Whether its votes have doubled since it left the inbox."""
    has_note: bool = False


STATE_TAGS = ("inbox", "unread", "dismissed", "starred", "queued")
"""The tags that are the reader's state; all others are the reader's own."""

NEW_PAPER_TAGS = frozenset({"inbox", "unread"})
"""What a paper that comes in has at first."""

RECORD_SOURCES = (
    "list",
    "page",
    "table",
    "json",
    "ris",
    "bibtex",
    "csl",
    "endnote",
    "web",
    "openalex",
    "semanticscholar",
    "pubmed",
    "paperdeck",
    "feed",
    "arxiv",
)
"""What a record's `source` can be, from the least to the most trusted.

A list has identifiers at the most, and titles in anybody's words; the copied page lost its TeX and
its authors; tables and JSON of unknown shape are read by the names of their fields; reference
managers keep what a reader wrote or a site gave; `web` is a feed or a repository other than
arXiv's; another library's record may be an older one; arXiv has a preprint from its authors.
"""

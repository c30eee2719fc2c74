"""From what a format's reader found to a record: cleaned, told apart, or refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from store.errors import RecordError
from store.identifiers import read_identifier
from store.importers.cleaning import abstract_text, title_line
from store.importers.fields import to_link
from store.importers.people import as_spoken
from store.links import LONGEST_URL
from store.models import LinkKind, Provenance, Record, Sighting
from store.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from store.importers.context import ReadingContext
    from store.models import Identifier, Link

MOST_KEYWORDS = 200
"""Of one paper; some indexes give it hundreds, which are of no help to a reader."""

_ARXIV_IN_TEXT = re.compile(
    r"\barXiv(?:\.org/(?:abs|pdf)/\s*+"
    r"|(?:\s*+(?:e-?prints?|preprint))?[\s:]++(?:arXiv:\s*+)?)"
    r"(?P<id>\d{4}\.\d{4,5}|[a-z]{2,}(?:-[a-z]+)*(?:\.[A-Z]{2})?/\d{7})(?!\d)",
    re.IGNORECASE,
)
_DOI_IN_TEXT = re.compile(
    r"\bdoi(?:\.org/|\s*[:=]\s*(?:https?://(?:dx\.)?doi\.org/)?|\s+)"
    r"(?P<doi>10\.\d{4,9}(?:/|%2F)[^\s,;\"<>]+)",
    re.IGNORECASE,
)
# Most notes name none.
_NAMING = re.compile(r"arxiv|doi|pmid", re.IGNORECASE)
_PUBMED_IN_TEXT = re.compile(r"\bPMID\s*+(?:[:=]\s*+)?(?P<pmid>\d{4,9})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a source says of one paper, in its own notation; whatever is missing stays empty."""

    position: str
    title: str = ""
    abstract: str = ""
    authors: Iterable[str] = ()
    family_first: bool = False
    """Whether a name without a comma may begin with the family: `Lamb BT`."""
    identifiers: Iterable[str] = ()
    """Texts that `store.identifiers` may be able to read, the surest first."""
    notes: Iterable[str] = ()
    """Texts that may name identifiers among other things: a note, a venue."""
    published: str | None = None
    links: Iterable[tuple[LinkKind, str]] = ()
    categories: Iterable[str] = ()
    keywords: Iterable[str] = ()
    venue: str = ""
    organisation: str = ""
    sighting: Sighting | None = None
    citation_key: str = ""
    """What the source's own texts cite the paper by."""


def to_record(draft: Draft, source: str, context: ReadingContext) -> Record | RecordError:
    """Return the paper that `draft` is of; a paper without a title needs an identifier.

    That one is shown by its identifier until a later import brings the title.
    """
    identifiers = _identifiers(draft)
    title = title_line(draft.title)
    if not title and not identifiers:
        return RecordError(draft.position, "no title")
    is_named = bool(title)
    sighting = draft.sighting or (Sighting(source, context.day) if context.day else None)
    return Record(
        title=title or str(identifiers[0]),
        source=source,
        abstract=abstract_text(draft.abstract),
        authors=as_spoken(draft.authors, family_first=draft.family_first),
        identifiers=identifiers,
        published=draft.published,
        links=_links(draft.links, identifiers),
        categories=_lines(draft.categories),
        keywords=_lines(draft.keywords)[:MOST_KEYWORDS],
        venue=title_line(draft.venue),
        organisation=title_line(draft.organisation),
        sightings=(sighting,) if sighting else (),
        # The least trusted source has the title, so that any other takes its place.
        citation_key=to_citation_key(draft.citation_key),
        provenance=() if is_named else (Provenance("title", "list", ""),),
        position=draft.position,
    )


def to_citation_key(text: str) -> str:
    """Return a key as it is, or '' where it is no clean text: another key would be another's."""
    return text if text == clean_line(text) else ""


def identifiers_in(text: str) -> list[str]:
    """Return the arXiv ids, DOIs and PubMed ids that a text names as such."""
    if len(text) < len("doi 10.1234/x") or not _NAMING.search(text):
        return []
    return [
        *(f"arxiv:{match['id']}" for match in _ARXIV_IN_TEXT.finditer(text)),
        *(f"doi:{match['doi'].rstrip('.)]')}" for match in _DOI_IN_TEXT.finditer(text)),
        *(f"pubmed:{match['pmid']}" for match in _PUBMED_IN_TEXT.finditer(text)),
    ]


def _identifiers(draft: Draft) -> tuple[Identifier, ...]:
    texts = [*draft.identifiers, *(url for _, url in draft.links)]
    for note in draft.notes:
        texts += identifiers_in(note)
    # An address is often named twice, as what tells the paper and as its link.
    texts = list(dict.fromkeys(text for text in texts if text and len(text) <= LONGEST_URL))
    found = dict.fromkeys(map(_identifier, map(clean_line, texts)))
    # Of two arXiv ids the first is the paper's own: a paper has one, whatever else is named.
    own = next((one for one in found if one and one.scheme == "arxiv"), None)
    return tuple(one for one in found if one and (one.scheme != "arxiv" or one == own))


def _links(
    given: Iterable[tuple[LinkKind, str]], identifiers: tuple[Identifier, ...]
) -> tuple[Link, ...]:
    """Return the links that do not follow from the identifiers, each once."""
    own = (
        to_link(kind, url)
        for kind, url in given
        if url and len(url) <= LONGEST_URL and _identifier(url.strip()) not in identifiers
    )
    return tuple(dict.fromkeys(link for link in own if link))


@lru_cache(maxsize=256)
def _identifier(text: str) -> Identifier | None:
    """Return the identifier that a text is; a record's link is asked about again at once."""
    return read_identifier(text)


def _lines(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(title_line, texts))))

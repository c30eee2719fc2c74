"""JSON of the great indexes: Semantic Scholar, OpenAlex, and CSL-JSON with Crossref's kin of it.

Sources: Semantic Scholar's Academic Graph API, OpenAlex's works, the CSL-JSON schema 1.0.2, and
Crossref's REST API, whose replies are CSL-JSON but for titles in lists.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, BinaryIO

from store.errors import RecordError
from store.importers.dates import to_published
from store.importers.drafts import Draft, to_record
from store.importers.fields import Raw, find_text
from store.importers.jsonvalues import json_values
from store.importers.people import names_in
from store.models import LinkKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from store.importers.context import ReadingContext
    from store.importers.source import Source
    from store.models import Record

MOST_WORDS = 20_000
"""Of an inverted abstract: its places may be any numbers."""

_KEYWORDS = re.compile(r"[;,|\n]")
_S2_SCHEMES = {
    "ArXiv": "arxiv",
    "DOI": "doi",
    "ACL": "acl",
    "PubMed": "pubmed",
    "CorpusId": "corpusid",
}


def read_semantic_scholar(
    stream: BinaryIO, source: Source, context: ReadingContext
) -> Iterator[Record | RecordError]:
    """Yield the papers of replies of Semantic Scholar, or of its bulk files."""
    yield from _read(stream, source, context, _of_semantic_scholar, "semanticscholar")


def read_openalex(
    stream: BinaryIO, source: Source, context: ReadingContext
) -> Iterator[Record | RecordError]:
    """Yield the works of OpenAlex, their abstracts in order again."""
    yield from _read(stream, source, context, _of_openalex, "openalex")


def read_csl(
    stream: BinaryIO, source: Source, context: ReadingContext
) -> Iterator[Record | RecordError]:
    """Yield the papers of CSL-JSON or of a reply of Crossref."""
    yield from _read(stream, source, context, _of_csl, "csl")


def _read(
    stream: BinaryIO,
    source: Source,
    context: ReadingContext,
    draft: Callable[[Raw, str], Draft],
    source_name: str,
) -> Iterator[Record | RecordError]:
    for position, raw in json_values(stream, source.name):
        if isinstance(raw, RecordError):
            yield raw
        else:
            yield to_record(draft(raw, position), source_name, context)


def _of_semantic_scholar(raw: Raw, position: str) -> Draft:
    for key in ("citingPaper", "citedPaper", "paper"):
        raw = _object(raw, key) or raw
    registers = {key.lower(): value for key, value in _object(raw, "externalIds").items()}
    registers |= {key.lower(): value for key, value in _object(raw, "externalids").items()}
    number, corpus = find_text((raw,), "paperId"), raw.get("corpusId", raw.get("corpusid"))
    pdf = find_text((_object(raw, "openAccessPdf"),), "url")
    return Draft(
        position=position,
        title=find_text((raw,), "title"),
        abstract=find_text((raw,), "abstract"),
        authors=_names(raw.get("authors"), "name"),
        identifiers=[
            *(f"{to}:{registers.get(of.lower()) or ''}" for of, to in _S2_SCHEMES.items()),
            f"semanticscholar:{number}",
            f"corpusid:{corpus}",
        ],
        published=to_published(raw.get("publicationDate") or raw.get("publicationdate"))
        or to_published(raw.get("year")),
        links=[(LinkKind.PDF, pdf), (LinkKind.WEB, find_text((raw,), "url"))],
        categories=[one for one in _list(raw, "fieldsOfStudy") if isinstance(one, str)],
        venue=find_text((raw, _object(raw, "publicationVenue")), "venue", "name")
        or find_text((_object(raw, "journal"),), "name"),
    )


def _of_openalex(raw: Raw, position: str) -> Draft:
    ids, place = _object(raw, "ids"), _object(raw, "primary_location")
    best = _object(raw, "best_oa_location")
    registers = ("doi", "arxiv", "pmid", "openalex")
    people = [_object(one, "author") or one for one in _list(raw, "authorships")]
    topics = [*_list(raw, "keywords"), *_list(raw, "topics"), *_list(raw, "concepts")]
    return Draft(
        position=position,
        title=find_text((raw,), "title", "display_name"),
        abstract=find_text((raw,), "abstract") or _in_order(raw.get("abstract_inverted_index")),
        authors=_names(people, "display_name", "raw_author_name") or _names(raw.get("authors")),
        identifiers=[
            find_text((place, best), "landing_page_url"),
            *(find_text((raw, ids), register) for register in registers),
            find_text((raw,), "id", "openalex_id"),
            find_text((raw,), "link"),
        ],
        published=to_published(raw.get("publication_date"))
        or to_published(raw.get("publication_year", raw.get("year"))),
        links=[
            (LinkKind.PDF, find_text((best, place, raw), "pdf_url")),
            (LinkKind.WEB, find_text((place,), "landing_page_url")),
        ],
        keywords=_names(topics, "display_name", "keyword"),
        venue=find_text((_object(place, "source"), _object(raw, "host_venue")), "display_name")
        or find_text((raw,), "venue"),
    )


def _of_csl(raw: Raw, position: str) -> Draft:
    days = (
        _day(raw.get(key))
        for key in ("issued", "published-print", "published-online", "published", "event-date")
    )
    keywords = raw.get("keyword") or raw.get("categories") or raw.get("subject")
    note = _first(raw, "note")
    return Draft(
        position=position,
        title=_first(raw, "title", "title-short", "shortTitle"),
        abstract=_first(raw, "abstract"),
        authors=_people(raw.get("author")) or _people(raw.get("editor")),
        identifiers=[
            _first(raw, "DOI"),
            f"pubmed:{_first(raw, 'PMID')}",
            f"arxiv:{_first(raw, 'arxiv', 'arXiv')}",
            _first(raw, "id"),
        ],
        notes=[note, _first(raw, "number"), _first(raw, "container-title")],
        published=next((day for day in days if day), None),
        links=[(LinkKind.WEB, _first(raw, "URL"))],
        keywords=_KEYWORDS.split(keywords)
        if isinstance(keywords, str)
        else [one for one in keywords or () if isinstance(one, str)]
        if isinstance(keywords, list)
        else [],
        venue=_first(raw, "container-title", "event-title", "event", "collection-title"),
        citation_key=_first(raw, "citation-key"),
    )


def _people(value: object) -> list[str]:
    """Return the names of CSL, in parts, whole, or as a plain text."""
    if isinstance(value, str):
        return names_in(value)
    names = []
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict):
            family = [_first(one, "non-dropping-particle"), _first(one, "family")]
            given = [_first(one, "given"), _first(one, "dropping-particle")]
            parts = [*given, *family, _first(one, "suffix")]
            names.append(_first(one, "literal", "name") or " ".join(filter(None, parts)))
        elif isinstance(one, str):
            names.append(one)
    return names


def _day(value: object) -> str | None:
    if not isinstance(value, dict):
        return to_published(value)
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        return to_published(parts[0])
    return to_published(value.get("raw") or value.get("literal") or value.get("date-time"))


def _first(raw: Raw, *keys: str) -> str:
    """Return the first text under any of `keys`; Crossref has lists of texts."""
    for key in keys:
        value = raw.get(key)
        if isinstance(value, list):
            value = next((one for one in value if isinstance(one, str) and one.strip()), "")
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if isinstance(value, str) and value.strip():
            return value
    return ""


def _object(raw: Raw, key: str) -> Raw:
    value = raw.get(key) if isinstance(raw, dict) else None
    return value if isinstance(value, dict) else {}


def _list(raw: Raw, key: str) -> list[Any]:
    value = raw.get(key)
    return value if isinstance(value, list) else []


def _names(value: object, *keys: str) -> list[str]:
    """Return the texts of a list, or what its objects hold under any of `keys`."""
    texts = (
        find_text((one,), *keys) if isinstance(one, dict) else one
        for one in (value if isinstance(value, list) else ())
    )
    return [text for text in texts if isinstance(text, str) and text]


def _in_order(value: object) -> str:
    """Return an abstract of which is known, for each word, where it stands."""
    if not isinstance(value, dict):
        return ""
    inner = value.get("InvertedIndex")
    words = [
        (place, str(word))
        for word, places in (inner if isinstance(inner, dict) else value).items()
        for place in (places if isinstance(places, list) else ())
        if isinstance(place, int)
    ]
    return " ".join(word for _, word in sorted(words)[:MOST_WORDS])

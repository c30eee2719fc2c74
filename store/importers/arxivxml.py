"""What arXiv answers: Atom, RSS and OAI-PMH; those of other repositories are read as well.

Sources: the arXiv API user's manual, arXiv's RSS specification, and the metadata formats of its
OAI-PMH interface (`arXiv`, `arXivRaw`, `oai_dc`).
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, BinaryIO

from store.errors import RecordError
from store.identifiers import read_identifier
from store.importers.cleaning import title_line
from store.importers.dates import to_published
from store.importers.drafts import Draft, to_record
from store.importers.people import names_in
from store.importers.xmltrees import (
    child,
    children,
    descendants,
    elements,
    local_name,
    text_in,
    text_of,
)
from store.models import LinkKind, Sighting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from store.importers.context import ReadingContext
    from store.importers.source import Source
    from store.models import Record

_PREAMBLE = re.compile(
    r"\s*arXiv:\S+\s+Announce Type:\s*(?P<type>[\w-]+)\s*(?:Abstract:\s*)?", re.IGNORECASE
)
_OLD_TITLE_END = re.compile(r"\s*\(arXiv:(?P<id>[^\s)]+)[^()]*\)\s*$")
_OF_ARXIV = re.compile(r"(?:oai:)?arXiv(?:\.org)?:(?P<id>\S+)", re.IGNORECASE)
_COMMENT = re.compile(r"\s*Comments?:\s", re.IGNORECASE)
_NO_SUBJECT = re.compile(r".*\(Primary\)|.*\b\d{2}[A-Z]\d{2}\b|[A-Z]\.\d", re.DOTALL)


def read_atom(
    stream: BinaryIO, source: Source, context: ReadingContext
) -> Iterator[Record | RecordError]:
    """Yield the entries of an Atom feed, such as a reply of arXiv's search."""
    for number, entry in enumerate(elements(stream, source.name, frozenset({"entry"})), start=1):
        yield _from_atom(entry, f"record {number}", context)


def read_rss(
    stream: BinaryIO, source: Source, context: ReadingContext
) -> Iterator[Record | RecordError]:
    """Yield the items of an RSS feed, such as a day's announcements of arXiv."""
    for number, item in enumerate(elements(stream, source.name, frozenset({"item"})), start=1):
        yield _from_rss(item, number, context)


def read_oai(
    stream: BinaryIO, source: Source, context: ReadingContext
) -> Iterator[Record | RecordError]:
    """Yield the records of a reply of OAI-PMH, those that were deleted left out."""
    wanted = frozenset({"record", "error"})
    for number, record in enumerate(elements(stream, source.name, wanted), start=1):
        position = f"record {number}"
        if local_name(record) == "error":
            yield RecordError(position, f"is an error of the repository: '{text_of(record)[:200]}'")
            continue
        header = child(record, "header")
        if header is not None and header.get("status") == "deleted":
            continue
        metadata = child(record, "metadata")
        inner = next(iter(metadata), None) if metadata is not None else record
        yield _from_oai(inner, text_in(header, "identifier"), position, context)


def _from_atom(entry: Element, position: str, context: ReadingContext) -> Record | RecordError:
    number = text_in(entry, "id")
    summary = text_in(entry, "summary", "content")
    title = text_in(entry, "title")
    if title == "Error" and "/api/errors" in number:
        return RecordError(position, f"is an error message of arXiv: '{summary[:200]}'")
    links = [_atom_link(link) for link in children(entry, "link")]
    identifiers = [number, text_in(entry, "doi")]
    return to_record(
        Draft(
            position=position,
            title=title,
            abstract=summary,
            authors=[text_in(author, "name") or text_of(author) for author in _authors(entry)],
            identifiers=identifiers,
            published=to_published(text_in(entry, "published", "issued", "updated")),
            links=[link for link in links if link],
            categories=[one.get("term", "") for one in children(entry, "category")],
            venue=text_in(entry, "journal_ref"),
        ),
        _source_of(number),
        context,
    )


def _authors(entry: Element) -> list[Element]:
    return children(entry, "author") or children(entry, "creator")


def _atom_link(link: Element) -> tuple[LinkKind, str] | None:
    url, relation = link.get("href", ""), link.get("rel", "alternate")
    if link.get("title") == "pdf" or link.get("type") == "application/pdf":
        return LinkKind.PDF, url
    return (LinkKind.WEB, url) if relation in {"alternate", "related"} else None


def _from_rss(item: Element, number: int, context: ReadingContext) -> Record | RecordError:
    title, summary = text_in(item, "title"), text_in(item, "encoded", "description", "summary")
    if old := _OLD_TITLE_END.search(title):
        title = title[: old.start()]
    link, guid = text_in(item, "link"), text_in(item, "guid")
    of_arxiv = _OF_ARXIV.fullmatch(guid)
    announced = text_in(item, "announce_type") or _announcement(summary)
    day = _announced(text_in(item, "pubDate", "date"))
    is_new = "replace" not in announced.lower()
    source = _source_of(link)
    listed = context.day or day
    return to_record(
        Draft(
            position=f"record {number}",
            title=title,
            abstract=_PREAMBLE.sub("", summary, count=1),
            authors=[
                name
                for creator in (*children(item, "creator"), *children(item, "author"))
                for name in names_in(title_line(text_of(creator)))
            ],
            identifiers=[
                link,
                f"arxiv:{of_arxiv['id']}" if of_arxiv else guid,
                text_in(item, "DOI", "doi"),
            ],
            published=day if is_new else None,
            links=[(LinkKind.WEB, link)],
            categories=[text_of(one) for one in children(item, "category")],
            sighting=Sighting(source, listed) if listed and is_new else None,
        ),
        source,
        context,
    )


def _announcement(summary: str) -> str:
    """Return what kind of announcement a summary begins with: `new`, `cross`, `replace`."""
    match = _PREAMBLE.match(summary)
    return match["type"] if match else ""


def _announced(text: str) -> str | None:
    """Return the day of a time, as it was where it was written."""
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (TypeError, ValueError, IndexError, OverflowError):
        return to_published(text)


def _from_oai(
    inner: Element | None, identifier: str, position: str, context: ReadingContext
) -> Record | RecordError:
    if inner is None:
        return RecordError(position, "no metadata")
    draft = _of_dublin_core if local_name(inner) in {"dc", "qualifieddc"} else _of_arxiv
    of_arxiv = _OF_ARXIV.fullmatch(identifier)
    number = f"arxiv:{of_arxiv['id']}" if of_arxiv else ""
    return to_record(draft(inner, number, position), _source_of(number), context)


def _of_arxiv(inner: Element, number: str, position: str) -> Draft:
    """Return the draft of arXiv's own formats, with authors apart or in one text."""
    authors = child(inner, "authors")
    names = [
        " ".join(filter(None, (text_in(one, "forenames"), text_in(one, "keyname", "name"))))
        for one in children(authors, "author")
    ] or names_in(text_of(authors))
    suffixes = [text_in(one, "suffix") for one in children(authors, "author")] or [""] * len(names)
    versions = [text_in(one, "date") for one in children(inner, "version")]
    own = text_in(inner, "id")
    return Draft(
        position=position,
        title=text_in(inner, "title"),
        abstract=text_in(inner, "abstract"),
        authors=[" ".join(filter(None, pair)) for pair in zip(names, suffixes, strict=True)],
        identifiers=[f"arxiv:{own}" if own else "", number, *text_in(inner, "doi").split()],
        published=to_published(text_in(inner, "created") or next(iter(versions), "")),
        categories=text_in(inner, "categories").split(),
        venue=text_in(inner, "journal-ref"),
    )


def _of_dublin_core(inner: Element, number: str, position: str) -> Draft:
    texts = [text_of(one) for one in children(inner, "description")]
    names = [text_of(one) for one in children(inner, "creator")]
    registers = [text_of(one) for one in descendants(inner, "identifier", "relation")]
    known = [text for text in registers if read_identifier(text)]
    links = [text for text in registers if text.startswith("http")]
    venues = [text for text in registers if "://" not in text and " " in text]
    days = sorted(text_of(one) for one in children(inner, "date"))
    return Draft(
        position=position,
        title=text_in(inner, "title"),
        abstract=next((text for text in texts if not _COMMENT.match(text)), ""),
        authors=names,
        identifiers=[number, *known],
        published=to_published(days[0]) if days else None,
        links=[(LinkKind.WEB, url) for url in links],
        keywords=[
            text
            for one in children(inner, "subject")
            if not _NO_SUBJECT.match(text := text_of(one))
        ],
        venue=text_in(inner, "source") or next(iter(venues), ""),
    )


def _source_of(identifier: str) -> str:
    found = read_identifier(identifier)
    return "arxiv" if found and found.scheme == "arxiv" else "web"

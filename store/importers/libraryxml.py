"""XML of reference managers and of PubMed: EndNote's (Zotero writes it too), MODS, PubMed's own.

Sources: EndNote's own exports, the MODS schema of the Library of Congress, version 3, and
PubMed's document type of 2024.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from store.importers.dates import to_published
from store.importers.drafts import Draft, to_record
from store.importers.fieldnames import draft_of, squashed
from store.importers.xmltrees import (
    child,
    children,
    descendants,
    elements,
    local_name,
    text_in,
    text_of,
)
from store.models import LinkKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from store.errors import RecordError
    from store.importers.context import ReadingContext
    from store.importers.source import Source
    from store.models import Record


def read_endnote_xml(
    stream: BinaryIO, source: Source, context: ReadingContext
) -> Iterator[Record | RecordError]:
    """Yield the papers of EndNote's XML, of its older form in capitals, and of its like."""
    wanted = frozenset({"record", "RECORD"})
    for number, record in enumerate(elements(stream, source.name, wanted), start=1):
        draft = _by_names if child(record, "titles") is None else _of_endnote
        yield to_record(draft(record, f"record {number}"), "endnote", context)


def read_mods(
    stream: BinaryIO, source: Source, context: ReadingContext
) -> Iterator[Record | RecordError]:
    """Yield the papers of MODS."""
    for number, mods in enumerate(elements(stream, source.name, frozenset({"mods"})), start=1):
        yield to_record(_of_mods(mods, f"record {number}"), "endnote", context)


def read_pubmed_xml(
    stream: BinaryIO, source: Source, context: ReadingContext
) -> Iterator[Record | RecordError]:
    """Yield the papers of PubMed's XML."""
    wanted = frozenset({"PubmedArticle", "PubmedBookArticle"})
    for number, article in enumerate(elements(stream, source.name, wanted), start=1):
        yield to_record(_of_pubmed(article, f"record {number}"), "pubmed", context)


def _of_endnote(record: Element, position: str) -> Draft:
    titles, dates, urls = (child(record, name) for name in ("titles", "dates", "urls"))
    people = child(record, "contributors")
    authors = descendants(child(people, "authors"), "author") or descendants(people, "author")
    days = [text_of(one) for one in descendants(child(dates, "pub-dates"), "date")]
    year = text_in(dates, "year")
    venue = text_in(child(record, "periodical"), "full-title", "abbr-1")
    is_of_pubmed = "nlm" in text_in(record, "remote-database-provider").lower()
    number = text_in(record, "accession-num") if is_of_pubmed else ""
    return Draft(
        position=position,
        title=text_in(titles, "title", "short-title", "secondary-title"),
        abstract=text_in(record, "abstract"),
        authors=[text_of(one) for one in authors],
        family_first=True,
        identifiers=[
            *text_in(record, "electronic-resource-num").split(),
            f"pubmed:{number}" if number else "",
        ],
        notes=[venue, text_in(titles, "secondary-title"), text_in(record, "notes")],
        published=to_published(year or next(iter(days), ""), month=next(iter(days), "")),
        links=[
            (LinkKind.PDF if local_name(kind) == "pdf-urls" else LinkKind.WEB, text_of(url))
            for kind in children(urls, "related-urls", "web-urls", "pdf-urls")
            for url in descendants(kind, "url")
        ],
        keywords=[text_of(one) for one in descendants(child(record, "keywords"), "keyword")],
        venue=venue or text_in(titles, "secondary-title"),
    )


def _by_names(record: Element, position: str) -> Draft:
    """Return what the elements of a record say by their names."""
    values = {
        squashed(local_name(one)): [text_of(part) for part in one] if len(one) else text_of(one)
        for one in record
    }
    return draft_of(values, position, "endnote")


def _of_mods(mods: Element, position: str) -> Draft:
    title = child(mods, "titleInfo")
    host = next((one for one in children(mods, "relatedItem") if one.get("type") == "host"), None)
    issued = [*descendants(child(mods, "originInfo"), "dateIssued", "copyrightDate", "dateCreated")]
    issued += descendants(host, "dateIssued", "date")
    return Draft(
        position=position,
        title=": ".join(filter(None, (text_in(title, "title"), text_in(title, "subTitle")))),
        abstract=text_in(mods, "abstract"),
        authors=[_mods_name(one) for one in children(mods, "name")],
        identifiers=[
            f"{one.get('type', '')}:{text_of(one)}" if one.get("type") == "doi" else text_of(one)
            for one in children(mods, "identifier")
        ],
        published=next(filter(None, (to_published(text_of(one)) for one in issued)), None),
        links=[(LinkKind.WEB, text_of(one)) for one in descendants(mods, "url")],
        keywords=[text_of(one) for one in descendants(mods, "topic")],
        venue=text_in(child(host, "titleInfo"), "title"),
    )


def _mods_name(name: Element) -> str:
    parts = {one.get("type", ""): text_of(one) for one in children(name, "namePart")}
    return parts.get("") or " ".join(filter(None, (parts.get("given"), parts.get("family"))))


def _of_pubmed(article: Element, position: str) -> Draft:
    found = next(iter(descendants(article, "Article", "Book", "BookDocument")), article)
    journal, issue = child(found, "Journal"), next(iter(descendants(found, "PubDate")), None)
    texts = children(child(found, "Abstract"), "AbstractText")
    # The references of a paper have such lists of their own further down.
    registers = [
        *children(found, "ELocationID"),
        *children(child(child(article, "PubmedData"), "ArticleIdList"), "ArticleId"),
        *children(child(found, "ArticleIdList"), "ArticleId"),
    ]
    number = next(iter(descendants(article, "PMID")), None)
    dois = [text_of(one) for one in registers if "doi" in {one.get("IdType"), one.get("EIdType")}]
    return Draft(
        position=position,
        title=text_in(found, "ArticleTitle", "VernacularTitle", "BookTitle").rstrip("."),
        abstract="\n\n".join(
            ": ".join(filter(None, (one.get("Label", ""), text_of(one)))) for one in texts
        ),
        authors=[_pubmed_name(one) for one in descendants(child(found, "AuthorList"), "Author")],
        identifiers=[*dois[:1], f"pubmed:{text_of(number)}"],
        published=to_published(
            text_in(issue, "Year", "MedlineDate"), text_in(issue, "Month"), text_in(issue, "Day")
        ),
        keywords=[text_of(one) for one in descendants(article, "Keyword", "DescriptorName")],
        venue=text_in(journal, "Title", "ISOAbbreviation"),
    )


def _pubmed_name(author: Element) -> str:
    collective = text_in(author, "CollectiveName")
    parts = (text_in(author, "ForeName", "Initials"), text_in(author, "LastName"))
    return collective or " ".join(filter(None, parts))

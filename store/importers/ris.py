"""RIS in its dialects, Web of Science's tagged text, PubMed's, and EndNote's tagged form.

Sources: the RIS format's specification by Research Information Systems (2001, and 2011 for the
tags in use today), Web of Science's list of field tags, the MEDLINE/PubMed data element
descriptions of the National Library of Medicine, and EndNote's table of tags for `%` lines.
Databases disagree on a few tags: titles are `TI` or `T1`, abstracts `AB` or `N2`, days `PY`, `Y1`
or `DA`, and a DOI stands in whatever field had room for it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

from store.errors import RecordError
from store.importers.cleaning import unescaped
from store.importers.dates import to_published
from store.importers.drafts import Draft, to_record
from store.importers.people import names_in
from store.importers.tagged import MEDLINE, REFER, RIS, WEB_OF_SCIENCE, TaggedRecord, read_tagged
from store.models import LinkKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from store.importers.context import ReadingContext
    from store.importers.source import Source
    from store.models import Record

# Between brackets an older DOI has pages and an abbreviated title: `[97:NDOCBI]`, `<1661::AID>`.
_DOI = re.compile(
    r"(?P<doi>10\.\d{4,9}(?:/|%2F)(?:[^\s\"<>\[\]]|\[[^\s\"<>\[\]:]*:[^\s\"<>\[\]]*\]"
    r"|<[^\s\"<>\[\]:/]*:[^\s\"<>\[\]/]*>)+)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_OF_PUBMED = re.compile(r"pubmed|medline|\bnlm\b", re.IGNORECASE)
_PUBMED_ID = re.compile(r"\d{5,9}")
_OWN_TITLE_END = re.compile(r"(?<=\w)\.$")
_LONGEST_FIELD = 5_000
_TRANSLATED = re.compile(r"\[(.*)\]\.?")


def read_ris(
    stream: BinaryIO,
    source: Source,  # noqa: ARG001 - the lines say everything
    context: ReadingContext,
) -> Iterator[Record | RecordError]:
    """Yield the papers of RIS lines, such as `TY  - JOUR`."""
    for record in read_tagged(stream, RIS):
        yield record if isinstance(record, RecordError) else _from_ris(record, context)


def read_medline(
    stream: BinaryIO,
    source: Source,  # noqa: ARG001 - the lines say everything
    context: ReadingContext,
) -> Iterator[Record | RecordError]:
    """Yield the papers of PubMed's lines, such as `PMID- 12345678`."""
    for record in read_tagged(stream, MEDLINE):
        yield record if isinstance(record, RecordError) else _from_medline(record, context)


def read_web_of_science(
    stream: BinaryIO,
    source: Source,  # noqa: ARG001 - the lines say everything
    context: ReadingContext,
) -> Iterator[Record | RecordError]:
    """Yield the papers of Web of Science's lines, such as `PT J`."""
    for record in read_tagged(stream, WEB_OF_SCIENCE):
        yield record if isinstance(record, RecordError) else _from_wos(record, context)


def read_refer(
    stream: BinaryIO,
    source: Source,  # noqa: ARG001 - the lines say everything
    context: ReadingContext,
) -> Iterator[Record | RecordError]:
    """Yield the papers of EndNote's lines, such as `%0 Journal Article`."""
    for record in read_tagged(stream, REFER):
        yield record if isinstance(record, RecordError) else _from_refer(record, context)


def _from_ris(record: TaggedRecord, context: ReadingContext) -> Record | RecordError:
    title = record.text("TI", "T1", "CT", "TT", "BT", "ST")
    authors = record.lines("AU", "A1") or record.lines("A2", "ED", "A3", "A4")
    is_of_pubmed = any(map(_OF_PUBMED.search, record.texts("DB", "DP", "UR")))
    numbers = filter(_PUBMED_ID.fullmatch, record.lines("AN", "ID", "C2") if is_of_pubmed else ())
    venues = record.texts("T2", "JF", "JO", "JA", "J2", "T3", "BT")
    return to_record(
        Draft(
            position=record.position,
            title=title,
            abstract=record.text("AB", "N2"),
            authors=_names(authors),
            family_first=True,
            identifiers=[
                *(
                    _dois(record.texts("DO", "DI", "L3"))
                    or _dois(record.texts("M3", "C7", "LK", "UR"))[:1]
                ),
                *(f"pubmed:{number}" for number in numbers),
            ],
            notes=[*venues, *record.texts("N1", "M1", "M2", "AN")],
            published=_first_day(record.texts("DA", "PY", "Y1", "DP")),
            links=_addresses(record, web=("UR", "LK", "L2"), pdf=("L1",)),
            keywords=_each(record.lines("KW", "DE")),
            venue=next((venue for venue in venues if venue != title), ""),
        ),
        "ris",
        context,
    )


def _from_medline(record: TaggedRecord, context: ReadingContext) -> Record | RecordError:
    number = record.text("PMID").split(" ")[0]
    registers = [*record.lines("LID", "AID"), *record.lines("SO")]
    title = _together(record.text("TI", "TT", "BTI"))
    return to_record(
        Draft(
            position=record.position,
            title=_OWN_TITLE_END.sub("", _TRANSLATED.sub(r"\1", title)),
            abstract=_together(record.text("AB", "OAB")),
            authors=record.texts("FAU") or record.texts("AU", "CN") or record.texts("FED", "ED"),
            family_first=True,
            identifiers=[
                *_dois(one for one in registers if "[doi]" in one or "doi:" in one),
                f"pubmed:{number}",
            ],
            published=_first_day(record.texts("DP", "DEP", "DCOM")),
            keywords=[one.lstrip("*") for one in record.texts("OT", "MH")],
            venue=_together(record.text("JT", "TA")),
        ),
        "pubmed",
        context,
    )


def _from_wos(record: TaggedRecord, context: ReadingContext) -> Record | RecordError:
    number = record.text("PM")
    year, day = record.text("PY"), record.text("PD")
    return to_record(
        Draft(
            position=record.position,
            title=_together(record.text("TI")),
            abstract=_together(record.text("AB")),
            authors=record.lines("AF") or record.lines("AU") or record.lines("BA", "CA", "ED"),
            family_first=True,
            identifiers=[*_dois(record.texts("DI", "D2")), f"pubmed:{number}" if number else ""],
            notes=record.texts("AR", "SO"),
            published=to_published(year, month=day) or _first_day(record.texts("EA", "DA")),
            categories=_each([_together(one) for one in record.texts("WC")]),
            keywords=_each([_together(one) for one in record.texts("DE", "ID")]),
            venue=_together(record.text("SO", "JI", "SE")),
        ),
        "ris",
        context,
    )


def _from_refer(record: TaggedRecord, context: ReadingContext) -> Record | RecordError:
    is_of_pubmed = bool(_OF_PUBMED.search(" ".join(record.texts("W", "~", "U"))))
    numbers = filter(_PUBMED_ID.fullmatch, record.lines("M") if is_of_pubmed else ())
    return to_record(
        Draft(
            position=record.position,
            title=_together(record.text("T", "Q", "!")),
            abstract=record.text("X"),
            authors=_names(record.lines("A") or record.lines("E")),
            family_first=True,
            identifiers=[
                *_dois(record.texts("R")),
                *(f"pubmed:{number}" for number in numbers),
            ],
            notes=record.texts("J", "Z", "M"),
            published=to_published(record.text("D"), month=record.text("8"))
            or _first_day(record.texts("8")),
            links=_addresses(record, web=("U",), pdf=(">",)),
            keywords=_each(record.lines("K")),
            venue=_together(record.text("J", "B", "S")),
        ),
        "endnote",
        context,
    )


def _names(lines: Iterable[str]) -> list[str]:
    """Return names that stand on lines of their own, or several on one, parted by semicolons."""
    return [
        name
        for line in map(unescaped, lines)
        for name in (names_in(line) if ";" in line else [line.rstrip(",")])
    ]


def _each(lines: Iterable[str]) -> list[str]:
    """Return keywords, of which several may stand on one line."""
    return [part.strip().lstrip("*") for line in map(unescaped, lines) for part in line.split(";")]


def _dois(texts: Iterable[str]) -> list[str]:
    found = (match for text in texts for match in _DOI.finditer(text[:_LONGEST_FIELD]))
    return [f"doi:{match['doi']}" for match in found]


def _addresses(
    record: TaggedRecord, *, web: tuple[str, ...], pdf: tuple[str, ...]
) -> list[tuple[LinkKind, str]]:
    kinds = ((LinkKind.WEB, web), (LinkKind.PDF, pdf))
    return [
        (kind, address)
        for kind, tags in kinds
        for line in record.lines(*tags)
        for address in _ADDRESS.findall(line)
    ]


def _first_day(texts: Iterable[str]) -> str | None:
    """Return the day that says most; of two years it is the first."""
    days = [day for text in texts if (day := to_published(text))]
    year = days[0][:4] if days else ""
    return max((day for day in days if day.startswith(year)), key=len, default=None)


def _together(text: str) -> str:
    """Return a text whose lines were broken to fit a width."""
    return " ".join(text.split())

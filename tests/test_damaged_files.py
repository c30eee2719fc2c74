"""Every reader, on whatever bytes: clean records and clear refusals, and nothing else."""

from __future__ import annotations

import io
import json
import unicodedata
from dataclasses import astuple
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import RecordError, SourceError
from store.identifiers import read_identifier
from store.importers import IMPORTERS, ReadingContext, read_records, source_from_stream
from store.links import is_safe_url
from store.models import Record
from store.text import clean_line, clean_note, clean_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_ARXIV_ENTRY = """<entry><id>http://arxiv.org/abs/2101.00001v2</id><title>Counting sheep</title>
<summary>Sheep &amp; goats, $x^2$.</summary><author><name>Ana Garc\u00eda</name></author>
<published>2021-01-02T00:00:00Z</published><category term="cs.CL"/>
<link title="pdf" href="http://arxiv.org/pdf/2101.00001v2" type="application/pdf"/></entry>"""
_LISTING = {
    "title": "Counting sheep",
    "publishedAt": "2026-03-12T08:00:00Z",
    "paper": {
        "id": "2603.00001",
        "title": "Counting sheep",
        "summary": "They graze.",
        "upvotes": 3,
        "authors": [{"name": "Ana Garc\u00eda"}],
        "publishedAt": "2026-03-11T08:00:00Z",
        "githubRepo": "https://example.org/sheep",
        "ai_keywords": ["sheep"],
    },
    "numComments": 2,
}
_PROPS = json.dumps({"dailyPapers": [_LISTING], "periodType": "day", "dateString": "2026-03-12"})
_MARKUP = _PROPS.replace("&", "&amp;").replace('"', "&quot;")
_OWN = {
    "id": "arxiv:2101.00001",
    "title": "Counting sheep",
    "abstract": "They graze.\nAnd sleep.",
    "authors": ["Ana Garc\u00eda"],
    "identifiers": ["arxiv:2101.00001", "doi:10.1000/sheep"],
    "published": "2021-01-02",
    "links": [{"kind": "code", "url": "https://example.org/sheep"}],
    "sightings": [{"source": "feed", "day": "2021-01-03", "rank": 1, "votes": 3, "seen": ""}],
    "other_abstracts": [{"source": "page", "day": "2021-01-03", "text": "They sleep."}],
    "provenance": {"title": {"source": "feed", "day": "2021-01-03"}},
    "tags": ["to-read"],
    "note": "Ask Ana.",
    "citation_key": "garcia2021",
}
_SNAPSHOT = {
    "id": "2101.00001",
    "submitter": "Ana Garc\u00eda",
    "authors": "Ana Garc\\'{\\i}a and Ben Ox",
    "title": "Counting\n  sheep",
    "journal-ref": "Sheep 1 (2021) 1-2",
    "doi": "10.1000/sheep",
    "categories": "cs.CL cs.AI",
    "abstract": "  They graze $\\sim 3$ hours.\n",
    "versions": [{"version": "v1", "created": "Sat, 2 Jan 2021 00:00:00 GMT"}],
    "update_date": "2021-01-03",
    "authors_parsed": [["Garc\u00eda", "Ana", ""], ["Ox", "Ben", "Jr."]],
}
_OPENALEX = {
    "id": "https://openalex.org/W1",
    "doi": "https://doi.org/10.1000/sheep",
    "display_name": "Counting sheep",
    "publication_date": "2021-01-02",
    "authorships": [{"author": {"display_name": "Ana Garc\u00eda"}}],
    "abstract_inverted_index": {"They": [0], "graze.": [1]},
    "primary_location": {"landing_page_url": "https://example.org/", "source": None},
    "keywords": [{"display_name": "sheep"}],
}
_SCHOLAR = {
    "paperId": "0123456789abcdef0123456789abcdef01234567",
    "externalIds": {"ArXiv": "2101.00001", "DOI": "10.1000/sheep", "CorpusId": 7},
    "title": "Counting sheep",
    "abstract": "They graze.",
    "authors": [{"authorId": "1", "name": "Ana Garc\u00eda"}],
    "publicationDate": "2021-01-02",
    "year": 2021,
    "fieldsOfStudy": ["Biology"],
    "openAccessPdf": {"url": "https://example.org/a.pdf"},
}
_CSL = {
    "id": "garcia2021",
    "type": "article-journal",
    "title": "Counting <i>sheep</i>",
    "author": [{"family": "Garc\u00eda", "given": "Ana", "suffix": "Jr."}],
    "issued": {"date-parts": [[2021, 1, 2]]},
    "container-title": "Sheep",
    "DOI": "10.1000/sheep",
    "keyword": "sheep; goats",
}


def _json_forms(value: object) -> tuple[str, ...]:
    """Return one object as a line of several, in a list, and in an object over many lines."""
    line = json.dumps(value)
    whole = json.dumps({"data": [value, value]}, indent=1)
    return (f"{line}\n{line}\n", f"[{line}, {line}]", whole)


CONTENTS: Mapping[str, tuple[str, ...]] = {
    "paperdeck": _json_forms(_OWN)[:2],
    "snapshot": _json_forms(_SNAPSHOT),
    "openalex": _json_forms(_OPENALEX),
    "semanticscholar": _json_forms(_SCHOLAR),
    "csl": _json_forms(_CSL),
    "feed": _json_forms(_LISTING),
    "json": (
        *_json_forms({"title": "Counting sheep", "arxiv_id": "2101.00001", "authors": "A. B, C"}),
        "{'title': 'Counting sheep', 'doi': '10.1000/sheep', 'year': 2021, 'n': None}\n",
    ),
    "webpage": (
        (
            f'<!DOCTYPE html><html><head><title>Daily Papers</title></head><body><div class="a"'
            f' data-target="DailyPapers" data-props="{_MARKUP}"></div></body></html>'
        ),
    ),
    "oai": (
        (
            '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns='
            '"http://www.openarchives.org/OAI/2.0/"><ListRecords><record><header><identifier>'
            "oai:arXiv.org:2101.00001</identifier></header><metadata><arXiv><id>2101.00001</id>"
            "<created>2021-01-02</created><authors><author><keyname>Garc\u00eda</keyname>"
            "<forenames>Ana</forenames></author></authors><title>Counting sheep</title>"
            "<categories>cs.CL</categories><abstract>They graze.</abstract></arXiv></metadata>"
            "</record><record><header><identifier>oai:x:1</identifier></header><metadata><dc>"
            "<title>Goats</title><creator>Ox, Ben</creator><date>2021</date><identifier>"
            "doi:10.1000/goats</identifier></dc></metadata></record></ListRecords></OAI-PMH>"
        ),
    ),
    "atom": (f"<feed>{_ARXIV_ENTRY}{_ARXIV_ENTRY}</feed>",),
    "rss": (
        (
            '<?xml version="1.0"?><rss version="2.0"><channel><title>cs.CL</title><item><title>'
            "Counting sheep</title><link>https://arxiv.org/abs/2101.00001</link><description>"
            "arXiv:2101.00001v1 Announce Type: new Abstract: They graze.</description><guid>"
            "oai:arXiv.org:2101.00001v1</guid><category>cs.CL</category><pubDate>"
            "Mon, 04 Jan 2021 00:00:00 -0500</pubDate><creator>Ana Gar"
            "c\u00eda, Ben Ox</creator></item>"
            "</channel></rss>"
        ),
    ),
    "pubmed-xml": (
        (
            "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>12345678</PMID><Article>"
            "<Journal><JournalIssue><PubDate><Year>2021</Year><Month>Jan</Month></PubDate>"
            "</JournalIssue><Title>Sheep</Title></Journal><ArticleTitle>Counting <i>sheep</i>"
            '</ArticleTitle><Abstract><AbstractText Label="AIM">To graze.</AbstractText></Abstract>'
            "<AuthorList><Author><LastName>Garc\u00eda</LastName><ForeName>Ana</ForeName></Author>"
            "</AuthorList></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
        ),
    ),
    "mods": (
        (
            '<modsCollection xmlns="http://www.loc.gov/mods/v3"><mods><titleInfo><title>Counting '
            'sheep</title></titleInfo><name type="personal"><namePart type="family">Garc\u00eda'
            '</namePart><namePart type="given">Ana</namePart></name><originInfo><dateIssued>2021'
            "</dateIssued></originInfo><abstract>They graze.</abstract><identifier"
            ' type="doi">10.1000/sheep</identifier></mods></modsCollection>'
        ),
    ),
    "endnote-xml": (
        (
            '<?xml version="1.0"?><xml><records><record><ref-type name="J'
            'ournal Article">17</ref-type>'
            "<contributors><authors><author><style>Garc\u00eda, Ana</style></author></authors>"
            "</contributors><titles><title><style>Counting sheep</style></title></titles><dates>"
            "<year>2021</year></dates><electronic-resource-num>10.1000/sh"
            "eep</electronic-resource-num>"
            "</record></records></xml>"
        ),
    ),
    "html": (
        (
            "<!DOCTYPE html><html><body><h1>2021-01-02</h1><ul><li><a"
            ' href="https://arxiv.org/abs/2101.00001">Counting sheep</a> by Ana</li><li>Goats:'
            ' <a href="https://doi.org/10.1000/goats">doi</a></li></ul></body></html>'
        ),
    ),
    "page": (
        (
            "Daily Papers\nbyAK and the research community\nMar 12\n\nCounting sheep\n\n"
            "They graze and sleep for 4sim 16times as long, which is told here at some length.\n\n"
            "Goats\n\nThey climb. Nobody knows why they do, and it is told here at some length.\n"
        ),
    ),
    "medline": (
        (
            "PMID- 12345678\nTI  - Counting\n      sheep\nAB  - They graz"
            "e.\nFAU - Garc\u00eda, Ana\n"
            "AU  - Garc\u00eda A\nDP  - 2021 Jan 2\nLID - 10.1000/sheep [doi]\nJT  - Sheep\n\n"
        ),
    ),
    "wos": (
        (
            "FN Clarivate\nVR 1.0\nPT J\nAU Garcia, A\n   Ox, B\nTI Counting sheep\nSO SHEEP\n"
            "AB They graze.\nPY 2021\nPD JAN\nDI 10.1000/sheep\nUT WOS:1\nER\n\nEF\n"
        ),
    ),
    "refer": (
        (
            "%0 Journal Article\n%T Counting sheep\n%A Garc\u00eda, Ana\n%D 2021\n%X They graze.\n"
            "%R 10.1000/sheep\n%K sheep\n\n%0 Book\n%T Goats\n%A Ox, Ben\n"
        ),
    ),
    "bibtex": (
        (
            '@string{s = "Sheep"}\n@article{garcia2021,\n  title = {{Counting} $x_1$ sheep},\n'
            "  author = {Garc{\\'\\i}a, Ana and {The Flock} and others}"
            ",\n  journal = s # { Letters},\n"
            "  year = 2021, month = jan,\n  doi = {10.1000/sheep},\n  key"
            "words = {sheep, goats},\n}\n"
            "@online{ox, title={Goats}, eprint={2101.00001}, eprinttype={arXiv}, date={2021-01}}\n"
        ),
    ),
    "ris": (
        (
            "TY  - JOUR\nTI  - Counting sheep\nAU  - Garc\u00eda, Ana\nAU  - Ox, Ben\nPY  - 2021\n"
            "DA  - 2021/01/02/\nAB  - They graze.\nDO  - 10.1000/sheep\nKW  - sheep\nKW  - goats\n"
            "UR  - https://example.org/sheep\nER  - \n\n"
        ),
    ),
    "table": (
        (
            'Title,Author,Year,DOI,Abstract\nCounting sheep,"Garc\u00eda, Ana; Ox, Ben",2021,,'
            '"They ""graze"".\nAnd sleep."\nGoats,Ben Ox,2021,10.1000/goats,\n'
        ),
        "Title\tAuthor\tYear\nCounting sheep\tAna Garc\u00eda\t2021\nGoats\tBen Ox\t2020\n",
    ),
    "list": ("2101.00001\ndoi:10.1000/sheep Counting sheep\nhttps://arxiv.org/abs/2101.00002\n",),
    "markdown": (
        (
            "# Reading, 2021-01-02\n\n- [Counting sheep](https://arxiv.org/abs/2101.00001)"
            " (Ana, 2021-01-02) #to-read\n  > a note\n- **Goats**: arXiv:2101.00002\n\n"
            "| Title | Link |\n| --- | --- |\n| Cows | [a](https://doi.org/10.1000/cows) |\n"
        ),
    ),
}
"""Contents by the name of the format that reads them."""

PIECES: Sequence[bytes | str] = (
    *(b"\x00", b"\x07", b"\x1b[31m", b"\x1b]0;x\x07", b"\x7f", b"\xc2\x9b", b"\xff", b"\x81"),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00", b"\xed\xa0\x80", b"\x1a"),
    *(b"\n", b"\r", b"\r\n", b"\n\n", b"\t", b" ", b"\x0b", b"\x0c", b"\x1c", b"\xc2\x85"),
    *("\u2028", "\u202e", "\u00ad", "e\u0301", "e\u00ad\u0301", "\u0301", "\ufb01", "\u200b"),
    *("\ufffe", "\U000e0041", "\u1100\u00ad\u1161", "\u212b", "\U0001d400", "\u0130"),
    *(b"NaN", b"-Infinity", b"1e999", b"null", b"true", b"[]", b"{}", b'""', b"-1", b"1" * 5_000),
    *(b"1" * 30, b'"\\ud800"', b"\\ud800", b"\\u0000", b"\\u001b[31m", b"\\"),
    *(b"[" * 3_000, b'{"a":' * 3_000, b"<a>" * 3_000, b"{" * 3_000, b"(" * 3_000, b"\\a{" * 300),
    *(b'"', b"'", b"`", b"{", b"}", b"[", b"]", b"(", b")", b"<", b">", b"&", b";", b",", b":"),
    *(b"$", b"%", b"#", b"@", b"=", b"|", b"-", b"*", b"_", b"^", b"~", b"/", b"."),
    *(b"&#0;", b"&#27;", b"&#xD800;", b"&#99999999;", b"&lt;", b"&amp;amp;lt;", b"&x;", b"&nbsp;"),
    *(b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?xml version='1.0'?>", b"<!DOCTYPE a [", b"<x "),
    *(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>', b' xmlns:a="b"', b"</entry>"),
    *(b"\\unicode{x110000}", b"\\unicode{xd800}", b"\\frac", b"\\char", b"$$", b"\\[", b"^{"),
    *(b"\nER  - \n", b"\nTY  - JOUR\n", b"\n@article{", b"\n@string{", b"\n@comment", b" and "),
    *(b"doi:10.1000/", b"https://", b"http://[::1", b"https://a:99999999/", b"arXiv:", b"PMID: "),
    *(b"javascript:alert(1)", b"0000-00-00", b"9999-99-99", b"2021-02-30", b"Feb 30", b"\n%0 "),
)
"""What is put into a content, as bytes or as text."""


class Damage(NamedTuple):
    """One thing that happens to a content: places are taken as parts of its length."""

    kind: str
    start: float
    length: float
    piece: int


def _bounds(content: bytes, damage: Damage) -> tuple[int, int]:
    start = int(damage.start * len(content))
    return start, min(len(content), start + 1 + int(damage.length**3 * len(content)))


def _cut(content: bytes, damage: Damage) -> bytes:
    return content[: _bounds(content, damage)[0]]


def _drop(content: bytes, damage: Damage) -> bytes:
    start, end = _bounds(content, damage)
    return content[:start] + content[end:]


def _double(content: bytes, damage: Damage) -> bytes:
    start, end = _bounds(content, damage)
    return content[:end] + content[start:]


def _move(content: bytes, damage: Damage) -> bytes:
    start, end = _bounds(content, damage)
    return content[start:end] + content[:start] + content[end:]


def _flip(content: bytes, damage: Damage) -> bytes:
    start, _ = _bounds(content, damage)
    if not content:
        return content
    start = min(start, len(content) - 1)
    flipped = content[start] ^ (1 << damage.piece % 8)
    return content[:start] + bytes((flipped,)) + content[start + 1 :]


def _piece(damage: Damage) -> bytes:
    piece = PIECES[damage.piece % len(PIECES)]
    return piece if isinstance(piece, bytes) else piece.encode()


def _insert(content: bytes, damage: Damage) -> bytes:
    start, _ = _bounds(content, damage)
    return content[:start] + _piece(damage) + content[start:]


def _replace(content: bytes, damage: Damage) -> bytes:
    start, end = _bounds(content, damage)
    return content[:start] + _piece(damage) + content[end:]


def _splice(content: bytes, damage: Damage) -> bytes:
    """Put a part of another format into it."""
    others = [one for all_ in CONTENTS.values() for one in all_]
    other = others[damage.piece % len(others)].encode()
    start, end = _bounds(other, damage)
    place = int(damage.start * len(content))
    return content[:place] + other[start:end] + content[place:]


_ENCODINGS = (
    *("utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "utf-8-sig"),
    *("utf-7", "shift-jis", "cp037", "utf-32-be"),
)


def _recode(content: bytes, damage: Damage) -> bytes:
    encoding = _ENCODINGS[damage.piece % len(_ENCODINGS)]
    return content.decode("utf-8", "replace").encode(encoding, "replace")


DAMAGES: Mapping[str, Callable[[bytes, Damage], bytes]] = {
    "cut": _cut,
    "drop": _drop,
    "double": _double,
    "move": _move,
    "flip": _flip,
    "insert": _insert,
    "replace": _replace,
    "splice": _splice,
    "recode": _recode,
}
"""By name, what gives a damaged content."""


def damaged(content: bytes, damages: Sequence[Damage]) -> bytes:
    """Return a content after all that happens to it, one after the other."""
    for one in damages:
        content = DAMAGES[one.kind](content, one)
    return content


TODAY = date(2026, 3, 12)
CONTEXT = ReadingContext(TODAY)
EXAMPLES = 12
"""Of each format and each of its contents; they were a hundred thousand when this was written."""

damages = st.lists(
    st.builds(
        Damage,
        kind=st.sampled_from(sorted(DAMAGES)),
        start=st.floats(0, 1),
        length=st.floats(0, 1),
        piece=st.integers(0, 10 * len(PIECES)),
    ),
    min_size=1,
    max_size=5,
)


def read(content: bytes, format_name: str | None) -> list[Record | RecordError | SourceError]:
    """Read a content to its end, as an import does."""
    source = source_from_stream(io.BytesIO(content), TODAY)
    found: list[Record | RecordError | SourceError] = []
    try:
        found.extend(read_records(source, CONTEXT, format_name=format_name))
    except SourceError as error:
        found.append(error)
    return found


def texts(value: object) -> Iterator[str]:
    """Yield every text within the values of a record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from texts(one)


def faults(record: Record) -> list[str]:
    """Return what is wrong with a record, which is not to be anything."""
    lines = (
        *(record.title, record.venue, record.organisation, record.citation_key, record.position),
        *(*record.authors, *record.categories, *record.keywords, *(record.tags or ())),
        *(sighting.source for sighting in record.sightings),
    )
    wrong = [f"no clean line: {line!r}" for line in lines if line != clean_line(line)]
    abstracts = (record.abstract, record.summary, *(one.text for one in record.other_abstracts))
    wrong += [
        f"no clean text: {text!r}"
        for text in abstracts
        if text != clean_text(text.replace("\n", "\n\n"))
    ]
    if record.note != clean_note(record.note):
        wrong.append(f"no clean note: {record.note!r}")
    # An address stays as it is written: in another form it may be another's.
    addresses = {link.url for link in record.links}
    for text in texts(astuple(record)):
        if not unicodedata.is_normalized("NFC", text) and text not in addresses:
            wrong.append(f"not in NFC: {text!r}")
        if not text.replace("\n", "").replace("\t", "").isprintable():
            wrong += [
                f"a control character: {char!r}"
                for char in text
                if unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t"
            ]
    wrong += [f"no title: {record.position}"] * (not record.title)
    wrong += [f"an empty author: {record.authors}"] * ("" in record.authors)
    wrong += [f"no link: {one.url!r}" for one in record.links if not is_safe_url(one.url)]
    wrong += [
        f"no identifier: {one}" for one in record.identifiers if read_identifier(str(one)) != one
    ]
    return wrong


def check(content: bytes, format_name: str | None) -> None:
    for one in read(content, format_name):
        if isinstance(one, Record):
            assert faults(one) == []
        else:
            assert one.reason


@pytest.mark.parametrize("name", IMPORTERS)
def test_the_contents_that_are_damaged_here_are_whole(name: str) -> None:
    for content in CONTENTS[name]:
        records = read(content.encode(), None)
        assert records == read(content.encode(), name)
        assert records
        assert all(isinstance(one, Record) for one in records)


@pytest.mark.parametrize("name", IMPORTERS)
@settings(deadline=None, max_examples=EXAMPLES, derandomize=True, database=None)
@given(damages=damages)
def test_a_damaged_content_gives_clean_records_and_clear_refusals(
    name: str, damages: Sequence[Damage]
) -> None:
    for content in CONTENTS[name]:
        broken = damaged(content.encode(), damages)
        check(broken, name)
        check(broken, None)


@pytest.mark.parametrize(
    ("content", "format_name"),
    [
        ('{"title": "Sheep", "citation_key": "garc\\nia"}', "paperdeck"),
        ('{"title": "Sheep", "citation_key": "\\ud800"}', "paperdeck"),
        ('{"title": "Sheep", "provenance": {"t\x85itle": {"source": "feed"}}}', "paperdeck"),
        ('[{"title": "Sheep", "citation-key": "\\ud800"}]', "csl"),
        ("@misc{garc\x1aia, title = {Sheep}}", "bibtex"),
        ("Sheep e\u00ad\u0301\n\nThey graze \u1100\u00ad\u1161.", "page"),
        ('title,doi\nSheep,10.1000/a.pdf"}\n', "table"),
    ],
)
def test_what_was_found_in_damaged_contents_stays_mended(content: str, format_name: str) -> None:
    (record,) = read(content.encode(), format_name)

    assert isinstance(record, Record)
    assert faults(record) == []

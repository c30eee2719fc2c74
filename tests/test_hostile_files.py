"""Files that are damaged, lie, or are made to do harm: refused with their place, the rest read."""

# ruff: noqa: SLF001 - the expressions themselves are asked, as no file is needed for that

from __future__ import annotations

import gzip
import io
import json
import time
from datetime import date
from functools import partial
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from store.errors import RecordError, SourceError
from store.identifiers import read_identifier
from store.importers import (
    IMPORTERS,
    MOST_REFUSED,
    ReadingContext,
    Source,
    bibtex,
    detect,
    formats,
    jsonsigns,
    marked,
    markedtext,
    people,
    read_records,
    ris,
    source_from_stream,
    sources,
)
from store.importers.cleaning import abstract_text
from store.importers.drafts import identifiers_in
from store.importers.textlines import LONGEST_LINE
from store.models import Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import RecordsIn

CONTEXT = ReadingContext(date(2026, 3, 12))
LONG = "sheep " * (LONGEST_LINE // 6 + 10)
BOMB = '<!DOCTYPE a [<!ENTITY a "sheep"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
DEEP = '{"title": "Sheep", "a": ' + "[" * 100_000


def told(records: list[Record | RecordError]) -> list[str]:
    return [one.title if isinstance(one, Record) else str(one) for one in records]


@pytest.mark.parametrize(
    "root",
    [
        "<feed><entry><title>&b;</title></entry></feed>",
        "<rss><channel><item><title>&b;</title></item></channel></rss>",
        "<OAI-PMH><record><title>&b;</title></record></OAI-PMH>",
        "<xml><records><record><title>&b;</title></record></records></xml>",
        "<modsCollection><mods><title>&b;</title></mods></modsCollection>",
        "<PubmedArticleSet><PubmedArticle>&b;</PubmedArticle></PubmedArticleSet>",
    ],
)
def test_xml_that_expands_is_refused_in_every_format(records_in: RecordsIn, root: str) -> None:
    with pytest.raises(SourceError, match="declares entities"):
        records_in(f'<?xml version="1.0"?>\n{BOMB}\n{root}')


@pytest.mark.parametrize("element", ["entry", "other"])
@pytest.mark.parametrize("end", ["", "</a>" * 100_000])
def test_deep_xml_is_refused_after_what_stands_before_it(element: str, end: str) -> None:
    paper = "<entry><title>One</title><id>http://arxiv.org/abs/2101.00001</id></entry>"
    found: list[Record | RecordError] = []
    source = source_from_stream(
        io.BytesIO(f"<feed>{paper}<{element}>{'<a>' * 100_000}{end}</{element}></feed>".encode()),
        CONTEXT.today,
    )
    with pytest.raises(SourceError, match="in record 2 the XML is too deep"):
        found.extend(read_records(source, CONTEXT))
    assert told(found) == ["One"]


def test_xml_of_very_many_elements_is_refused_where_it_stands(records_in: RecordsIn) -> None:
    with pytest.raises(SourceError, match="in record 1 the XML is of too many elements"):
        records_in(f"<feed><entry>{'<a/>' * 500_000}</entry></feed>")


@pytest.mark.parametrize("before", ["<entry a='", "<!--"])
def test_a_mark_of_xml_without_an_end_takes_no_longer_than_its_length(
    records_in: RecordsIn, before: str
) -> None:
    begun = time.process_time()
    with pytest.raises(SourceError, match="record 1 has more than 8 MB and no end"):
        records_in(f"<feed>{before}{'sheep > ' * (5 << 20)}")
    assert time.process_time() - begun < MOST_SECONDS


def test_what_holds_no_paper_for_long_is_given_up() -> None:
    lines = "\n".join(['{"title": "One"}', *["sheep"] * (MOST_REFUSED + 10)])
    source = source_from_stream(io.BytesIO(lines.encode()), CONTEXT.today)
    found: list[Record | RecordError] = []
    with pytest.raises(SourceError, match="line 100001: 100,000 records on end are no papers"):
        found.extend(read_records(source, CONTEXT, format_name="paperdeck"))
    assert told(found[:1]) == ["One"]
    assert len(found) == 1 + MOST_REFUSED


@pytest.mark.parametrize(
    "name", ["csl", "json", "openalex", "paperdeck", "semanticscholar", "snapshot"]
)
def test_deep_json_is_refused_where_it_stands(records_in: RecordsIn, name: str) -> None:
    lines = f'{{"title": "One", "id": "2101.00001"}}\n{DEEP}\n{{"title": "Three", "id": "x"}}\n'
    found = told(records_in(lines, name))
    assert found[0] == "One"
    assert found[1].startswith("line 2: ")
    assert found[2] == "Three"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (f'{{"title": "One"}}\n{{"title": "{LONG}"}}\n{{"title": "Two"}}\n', "json"),
        (f'{{"title": "One"}}\n{{"title": "{LONG}"}}\n{{"title": "Two"}}\n', "paperdeck"),
        (f"title,year\nOne,2021\n{LONG},2021\nTwo,2021\n", "table"),
        (f"10.1000/a One\n{LONG}\n10.1000/b Two\n", "list"),
        (
            f"- One: arXiv:2101.00001\n{LONG}\n- Two: arXiv:2101.00002\n",
            "markdown",
        ),
        (f"@misc{{a, title = {{One}}}}\n{LONG}\n@misc{{b, title = {{Two}}}}\n", "bibtex"),
        (f"TY  - A\nTI  - One\nER  -\nTY  - A\nAB  - {LONG}\nER  -\nTI  - Two\nER  -\n", "ris"),
    ],
)
def test_an_endless_line_is_refused_alone(records_in: RecordsIn, content: str, name: str) -> None:
    first, refused, last = told(records_in(content, name))
    assert (first, last) == ("One", "Two")
    assert "longer than 16 million characters" in refused
    assert "line " in refused


@pytest.mark.parametrize(
    "content",
    [
        "TY  - JOUR\nTI  - One\nER  -\n" * 500,
        "@misc{a,\n title = {One}}\n" * 500,
        "title,year\n" + "One,2021\n" * 500,
        '{"title": "One", "doi": "10.1000/x"}\n' * 500,
    ],
)
def test_a_file_cut_short_gives_its_beginning_and_then_says_so(
    tmp_path: Path, content: str
) -> None:
    path = tmp_path / "cut"
    path.write_bytes(gzip.compress(content.encode())[:-20])
    (source,) = sources([path])
    assert isinstance(source, Source)
    found: list[Record | RecordError] = []
    with pytest.raises(SourceError, match="cut short"):
        found.extend(read_records(source, CONTEXT))
    assert set(told(found)) <= {"One"}


def test_the_end_of_a_name_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "library.bib"
    path.write_text("TY  - JOUR\nTI  - One\nER  -\n")
    (source,) = sources([path])
    assert isinstance(source, Source)
    assert told(list(read_records(source, CONTEXT))) == ["One"]


@pytest.mark.parametrize("name", ["atom", "bibtex", "markdown", "medline", "oai", "ris", "wos"])
def test_a_format_that_the_reader_named_wrongly_is_told(records_in: RecordsIn, name: str) -> None:
    with pytest.raises(SourceError) as caught:
        records_in("<html><body><p>Sheep.</p></body></html>", name)
    assert name in str(caught.value) or "XML" in str(caught.value)


@pytest.mark.parametrize("name", IMPORTERS)
def test_what_every_format_says_of_nothing_is_an_error_or_no_paper(
    records_in: RecordsIn, name: str
) -> None:
    for content in ("", "\n", "\ufeff", "\x00", "<", "@", "{", "[", "%", "|", "TY  - "):
        try:
            records = records_in(content, name)
        except SourceError:
            continue
        assert not [one for one in records if isinstance(one, Record)]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", "\n\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff", "\ufeff\ufeff"])
def test_marks_and_line_ends_make_no_difference(
    records_in: RecordsIn, ends: str, mark: str
) -> None:
    contents = (
        "TY  - JOUR\nTI  - One\nER  - \n",
        "@misc{a,\n title = {One}\n}\n",
        "title,year\nOne,2021\n",
        "PMID- 12345678\nTI  - One\n",
        '{"title": "One", "doi": "10.1000/x"}\n',
        "<feed>\n<entry>\n<title>One</title>\n</entry>\n</feed>",
        "- [One](https://arxiv.org/abs/2101.00001)\n",
        "10.1000/x One\n",
    )
    for content in contents:
        records = records_in(mark + content.replace("\n", ends))
        assert told(records) == ["One"], content


def test_a_bomb_of_brackets_is_no_format() -> None:
    with pytest.raises(SourceError, match="nested too deeply"):
        detect(b"[" * 200_000, "name")
    with pytest.raises(SourceError, match="nested too deeply"):
        detect(json.dumps({"a": 1}).encode()[:-1] + b',"b":' + b"[" * 200_000, "name")


COPIED = "Daily Papers\nbyAK and the research community\nMar 12\n"
SAVED = "<!DOCTYPE html><html><title>Daily Papers</title><body>"
LINKED = "<html><body><a href='https://arxiv.org/abs/2101.00001'>Sheep</a>"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (COPIED + "\n" * 500_000, "has more than 500,000 lines: split it"),
        (COPIED + "sheep " * (6 << 20), "is larger than 32 MB: split it"),
        (SAVED + "<b>" * 500_000, "has more than 500,000 marks of HTML: split it"),
        (LINKED + "<" * 500_000, "has more than 500,000 marks of HTML: split it"),
    ],
)
def test_a_page_that_is_too_large_to_be_held_is_refused(
    records_in: RecordsIn, content: str, message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        records_in(content)


@pytest.mark.parametrize("content", [COPIED + "\n" * 400_000, COPIED * 30_000])
def test_a_page_takes_no_longer_than_its_length(content: str) -> None:
    begun = time.process_time()
    source = source_from_stream(io.BytesIO(content.encode()), CONTEXT.today)
    assert list(read_records(source, CONTEXT, format_name="page")) == []
    assert time.process_time() - begun < MOST_SECONDS


def test_papers_within_an_object_that_is_too_large_to_be_held_are_read(
    records_in: RecordsIn,
) -> None:
    paper = {"title": "Sheep", "doi": "10.1000/a", "abstract": "sheep " * 100_000}
    lines = ",\n".join([json.dumps(paper)] * 60)
    found = records_in(f'{{"status": "ok", "papers": [\n{lines}\n], "more": 1}}')
    assert told(found) == ["Sheep"] * 60
    with pytest.raises(SourceError, match="one object of more than 32 MB"):
        records_in(f'{{"title": "Sheep", "sheep": [\n{lines}\n]}}', "json")


def test_a_feed_that_is_too_large_to_be_held_is_read_listing_by_listing(
    records_in: RecordsIn,
) -> None:
    paper = {"id": "2101.00001", "title": "Sheep", "summary": "sheep " * 100_000, "upvotes": 1}
    listing = json.dumps({"paper": paper})
    for content in (f"[{', '.join([listing] * 60)}]", f"{listing}\n" * 60):
        found = records_in(content, day="2026-03-12")
        ranks = [one.sightings[0].rank for one in found if isinstance(one, Record)]
        assert ranks == list(range(1, 61))


@pytest.mark.parametrize("name", ["json", "paperdeck", "csl", "feed"])
def test_json_of_very_many_values_is_refused_where_it_stands(
    records_in: RecordsIn, name: str
) -> None:
    many = '{"title": "Many", "sheep": [' + "{}," * 2_000_001 + "{}]}"
    first, refused, last = told(
        records_in(f'{{"title": "One", "id": "x"}}\n{many}\n{{"title": "Two"}}\n', name)
    )
    assert (first, last) == ("One", "Two")
    assert refused == "line 2: can't be read: it holds more than 2,000,000 values"


@pytest.mark.parametrize(("before", "after"), [("[", "]"), ('{\n"papers": [', "]}")])
def test_a_list_of_json_with_a_paper_of_very_many_values_is_refused_there(
    before: str, after: str
) -> None:
    one = '{"title": "One", "doi": "10.1000/a"}'
    many = '{"title": "Many", "sheep": [' + "{}," * 5_000_000 + "{}]}"
    source = source_from_stream(io.BytesIO(f"{before}{one}, {many}{after}".encode()), CONTEXT.today)
    found: list[Record | RecordError] = []
    with pytest.raises(SourceError, match="record 2 is longer than 16 million characters"):
        found.extend(read_records(source, CONTEXT))
    assert told(found) == ["One"]


def test_papers_of_ours_within_a_reply_are_read(records_in: RecordsIn) -> None:
    paper = {"id": "arxiv:2101.00001", "title": "Sheep", "abstract": "They graze."}
    assert told(records_in(json.dumps({"papers": [paper, paper]}))) == ["Sheep", "Sheep"]
    assert told(records_in(json.dumps([paper, paper]))) == ["Sheep", "Sheep"]


def test_zeros_that_a_disk_left_cost_their_lines_alone(records_in: RecordsIn) -> None:
    one, two = '{"title": "One", "doi": "10.1000/a"}', '{"title": "Two", "doi": "10.1000/b"}'
    zeros = "\x00" * 4096
    first, refused, last = told(records_in(f"{one}\n{zeros}\n{two}\n"))
    assert (first, last) == ("One", "Two")
    assert refused.startswith("line 2: ")


def test_an_archive_of_very_many_files_is_gone_through_once(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with ZipFile(path, "w") as archive:
        for number in range(2_000):
            archive.writestr(f"{number}.txt", f"10.1000/{number} Sheep\n")
    begun = time.process_time()
    found = [one for one in sources([path]) if isinstance(one, Source)]
    for one in (found[3], *found):
        assert told(list(read_records(one, CONTEXT))) == ["Sheep"]
    assert time.process_time() - begun < MOST_SECONDS


MOST_SECONDS = 20
NUMBER = "1" * 5_000
STRANGE = (
    "NaN",
    "-Infinity",
    "1e999",
    "1" * 400,
    f'"{NUMBER}"',
    "[NaN]",
    '{"name": 1e999}',
    "true",
)
KEYS = (
    *("id", "title", "abstract", "authors", "author", "doi", "DOI", "arxiv_id", "year", "month"),
    *("day", "date", "published", "publishedAt", "issued", "votes", "upvotes", "score", "links"),
    *("url", "venue", "categories", "keywords", "identifiers", "tags", "versions", "sightings"),
    *("externalIds", "publication_year", "ids", "paper", "authors_parsed", "listed", "note"),
    *("abstract_inverted_index", "authorships", "container-title", "provenance", "summary"),
)
OF_JSON = (*("csl", "feed", "json", "openalex", "paperdeck", "semanticscholar", "snapshot"),)


@pytest.mark.parametrize("name", OF_JSON)
@pytest.mark.parametrize("value", STRANGE)
def test_a_value_that_says_nothing_costs_no_other_paper(
    records_in: RecordsIn, name: str, value: str
) -> None:
    sheep = {"id": "2101.00001", "title": "Sheep", "abstract": "", "paper": {"title": "Sheep"}}
    strange = [
        "{"
        + ", ".join(
            f'"{one}": {value if one == key else json.dumps(told)}'
            for one, told in {**sheep, key: ""}.items()
        )
        + "}"
        for key in KEYS
    ]
    found = records_in("\n".join([*strange, json.dumps(sheep)]) + "\n", name)
    assert len(found) >= len(strange)
    assert isinstance(found[-1], Record)
    assert found[-1].title == "Sheep"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (f"@misc{{a, title={{Sheep}}, year={{2019}}, month={{{NUMBER}}}}}\n", "bibtex"),
        (f"@misc{{a, title={{Sheep}}, year={{2019}}, month=1, day={{{NUMBER}}}}}\n", "bibtex"),
        (f"TY  - JOUR\nTI  - Sheep\nPY  - 2019\nDA  - {NUMBER}\nER  -\n", "ris"),
        (f"title,year,month,day,votes\nSheep,2019,{NUMBER},{NUMBER},{NUMBER}\n", "table"),
        (f"title,year,month,day,votes\nSheep,2019,1,{'1' * 15},{'1' * 15}\n", "table"),
        (f"%0 Journal Article\n%T Sheep\n%D 2019\n%8 {NUMBER}\n", "refer"),
        (f"PMID- 12345678\nTI  - Sheep\nDP  - 2019 {NUMBER}\n", "medline"),
        (f"PT J\nTI Sheep\nPY 2019\nPD {NUMBER}\nER\n", "wos"),
    ],
)
def test_a_number_of_thousands_of_figures_is_none(
    records_in: RecordsIn, content: str, name: str
) -> None:
    (record,) = records_in(content, name)
    assert isinstance(record, Record)
    assert (record.title, (record.published or "2019")[:4]) == ("Sheep", "2019")


@pytest.mark.parametrize(
    "encoding", ["zlib", "hex", "rot13", "base64", "undefined", "idna", "punycode", "nonsense"]
)
def test_an_encoding_that_is_none_of_text_is_read_as_utf_8(
    records_in: RecordsIn, encoding: str
) -> None:
    content = (
        f'<?xml version="1.0" encoding="{encoding}"?><feed><entry><title>Sheep</title>'
        "<id>http://arxiv.org/abs/2101.00001v1</id></entry></feed>"
    )
    assert told(records_in(content)) == ["Sheep"]


def blown_up(before: str, unit: str, after: str, size: int) -> str:
    return before + unit * (size // len(unit)) + after


# What is asked of a text, and the texts of a million characters that it took longest for: what
# stands before, what is repeated, and what stands behind.
WORST = {
    "generic": (
        markedtext.GENERIC.fullmatch,
        [("", "huggingface", "q"), ("", "hugging face ", "q"), ("", "x", "q"), ("paper", " ", "q")],
    ),
    "links": (
        markedtext.links_in,
        [
            *(("", "\\[", ""), ("", '[A](b "', ""), ("", "[a", ""), ("[A](", " ", "")),
            *(
                ("[A](b", " ", ""),
                ("", "[A](", ""),
                ("", "[[a]", ""),
                ("", "[A](b) https://x ", ""),
            ),
            ("https://", "semanticscholar.org/paper/", ""),
        ],
    ),
    "cell": (markedtext.without_links, [("(", " ", "x"), ("(", ",", "x"), ("", "( or ", "")]),
    "heading": (marked._HEADING.fullmatch, [("# ", " ", "a"), ("# ", "#", "a")]),
    "rule": (marked._RULE.fullmatch, [("", "-", "x"), ("|", " ", "x"), ("", "-|", "x")]),
    "label": (
        marked._LABEL.fullmatch,
        [("", " ", "x"), ("title:", " ", "x\ny"), ("title", " ", "x")],
    ),
    "title before": (
        partial(marked._title_before, found=[]),
        [("- doi:10.1000/a", " ", "x"), ("- x", " ", "doi:10.1000/a"), ("", "doi:10.1000/a ", "")],
    ),
    "identifiers": (
        identifiers_in,
        [
            *(("arXiv", " ", "x"), ("arXiv: arXiv:", " ", "x"), ("arXiv ", "a-", "")),
            *(("PMID", " ", "x"), ("doi", " ", "x"), ("doi:", " ", "x"), ("", "arXiv:", "")),
        ],
    ),
    "bibtex": (
        formats._BIBTEX.search,
        [
            ("@a{", " ", "x y"),
            ("@", " ", "1"),
            ("@a", " ", "1"),
            ("@a{", "a", ""),
            ("", "\n@a{ ", ""),
        ],
    ),
    "web of science": (formats._WEB_OF_SCIENCE.match, [("PT J", " ", "x"), ("", "FN x\n", "")]),
    "error": (jsonsigns._ERROR_REPLY.fullmatch, [("{", '"error":"', ""), ('{"error"', " ", "x")]),
    "names": (
        people.names_in,
        [("a", " ", "b"), ("", "\n ", ""), ("a", "b", " A.Bb A."), ("", " and", "")],
    ),
    "keywords of RIS": (lambda text: ris._each([text]), [("a", " ", "b"), ("", "; ", "")]),
    "abstract": (
        abstract_text,
        [
            *(("abstract", "\n", ""), ("Abstract", " ", "x"), ("", "<p ", ""), ("", "<!--", "")),
            ("<AbstractText ", 'Label="a" ', ""),
        ],
    ),
    "fields of BibTeX": (
        lambda text: list(bibtex._FIELD.finditer(text)),
        [("", " ", "1"), ("", ", ", ""), ("a", " ", "x"), ("", "\n ", "")],
    ),
    "keywords of BibTeX": (bibtex._SPLIT_KEYWORDS.split, [("a", " ", "b"), ("", ", ", "")]),
    "identifier": (
        read_identifier,
        [("10.1000/", "/p1", ""), ("https://", "semanticscholar.org/paper/", "")],
    ),
}


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        pytest.param(asked, one, id=f"{name} {one}")
        for name, (asked, all_) in WORST.items()
        for one in all_
    ],
)
def test_a_text_takes_no_longer_than_its_length(
    asked: Callable[[str], object], parts: tuple[str, str, str]
) -> None:
    # What is read in a tenth of a second takes hours where it is gone back into: no clock is close.
    begun = time.process_time()
    for size in (20, 200, 2_000, 20_000, 1_000_000):
        asked(blown_up(*parts, size))
        assert time.process_time() - begun < MOST_SECONDS

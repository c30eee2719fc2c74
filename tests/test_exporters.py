from __future__ import annotations

import csv
import html
import io
import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import unquote

import bibtexparser.entrypoint
import pytest
import rispy
from bibtexparser.middlewares.names import SeparateCoAuthors, SplitNameParts
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pylatexenc.latex2text import LatexNodes2Text

from store.errors import SourceError, TemplateError
from store.exporters import EXPORTERS, format_of_name
from store.exporters.citationkeys import base_key, unique_keys
from store.exporters.citing import Kind, date_of, kind_of, page_of, reference_page
from store.exporters.jsonlines import paper_to_object
from store.exporters.latex import to_latex
from store.exporters.template import VALUES, format_of
from store.importers import ReadingContext, read_records, source_from_stream
from store.library import Library
from store.models import (
    RECORD_SOURCES,
    Identifier,
    Link,
    LinkKind,
    OtherAbstract,
    Paper,
    Provenance,
    Record,
    Sighting,
)
from store.tagnames import tag_name
from store.text import clean_line, clean_note, clean_text
from store.texts.names import split_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from random import Random

TODAY = date(2026, 3, 12)
IDENTIFIERS = (
    Identifier("arxiv", "2401.01234"),
    Identifier("arxiv", "hep-th/9901001"),
    Identifier("doi", "10.1000/xyz-123"),
    Identifier("acl", "2021.acl-long.34"),
    Identifier("openreview", "hP4dxXvvNc8"),
    Identifier("pubmed", "31452104"),
)
PAPER = Paper(
    key=7,
    title='A "quoted" title, 1 < 2',
    abstract="First paragraph.\nSecond one.",
    authors=("Ana García", "李 雷"),
    identifiers=IDENTIFIERS[:2],
    published="2024-01-02",
    listed="2024-01-03",
    listed_is_guess=False,
    votes=12,
    comments=0,
    links=(
        Link(LinkKind.PAGE, "https://example.org/papers/1"),
        Link(LinkKind.SEARCH, "https://example.org/search?q=1"),
    ),
    categories=("cs.CL",),
    keywords=("testing",),
    venue="",
    organisation="Example Lab",
    summary="In short.",
    sightings=(
        Sighting("feed", "2024-01-03", rank=1, votes=12, comments=0, seen="2024-01-03T09:00:00Z"),
    ),
    other_abstracts=(OtherAbstract("page", "2024-01-03", "Another.\nIn two parts."),),
    provenance=(Provenance("title", "feed", "2024-01-03"),),
    tags=("inbox", "to-read"),
    note="Ask Ana.\n\n  Soon.",
    added="2026-03-12T08:00:00Z",
)

lines = st.text(max_size=20).map(clean_line)
words = lines.filter(bool)
paragraphs = st.lists(st.text(max_size=20), max_size=3).map("\n\n".join).map(clean_text)
counts = st.none() | st.integers(0, 10**6)
days = st.dates(date(1990, 1, 1), date(2999, 12, 31)).map(date.isoformat)
partial_days = st.one_of(days, days.map(lambda day: day[:7]), days.map(lambda day: day[:4]))
tags = st.from_regex(r"[a-mA-Z]{1,5}(/\w{1,5})?", fullmatch=True).map(tag_name)
sightings = st.builds(
    Sighting,
    source=words,
    day=days,
    rank=counts,
    votes=counts,
    comments=counts,
    day_is_guess=st.booleans(),
    seen=st.just("") | days.map(lambda day: f"{day}T08:00:00Z"),
)
links = st.builds(
    Link,
    st.sampled_from([kind for kind in LinkKind if kind is not LinkKind.SEARCH]),
    st.sampled_from(["https://example.org/a?b=c#d", "http://example.org/%20", "https://é.example"]),
)


def several(values: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(values, max_size=3, unique=True).map(tuple)


papers = st.builds(
    Paper,
    key=st.integers(1),
    title=words,
    abstract=paragraphs,
    authors=several(words),
    identifiers=several(st.sampled_from(IDENTIFIERS)),
    published=st.none() | partial_days,
    listed=st.none() | days,
    listed_is_guess=st.booleans(),
    votes=counts,
    comments=counts,
    links=several(links),
    categories=several(words),
    keywords=several(words),
    venue=lines,
    organisation=lines,
    summary=paragraphs,
    sightings=several(sightings),
    other_abstracts=several(
        st.builds(OtherAbstract, words, st.just("") | days, paragraphs.filter(bool))
    ),
    # Of sources that no importer knows.
    provenance=several(
        st.builds(Provenance, words, words.filter(lambda name: name not in RECORD_SOURCES), days)
    ),
    tags=several(tags),
    note=st.text().map(clean_note),
    added=days.map(lambda day: f"{day}T00:00:00Z"),
)


def write(format_name: str, *papers: Paper) -> str:
    return "".join(EXPORTERS[format_name].write(papers))


def read_back(text: str) -> list[object]:
    source = source_from_stream(io.BytesIO(text.encode()), TODAY)
    return list(read_records(source, ReadingContext(TODAY), format_name="paperdeck"))


# Our own format


@settings(deadline=None, max_examples=25)
@given(papers)
def test_a_paper_that_is_exported_and_imported_keeps_its_facts(paper: Paper) -> None:
    (record,) = read_back(write("jsonl", paper))

    assert record == Record(
        title=paper.title,
        source="paperdeck",
        abstract=paper.abstract,
        authors=paper.authors,
        identifiers=paper.identifiers,
        published=paper.published,
        links=paper.links,
        categories=paper.categories,
        keywords=paper.keywords,
        venue=paper.venue,
        organisation=paper.organisation,
        summary=paper.summary,
        sightings=paper.sightings,
        other_abstracts=paper.other_abstracts,
        tags=paper.tags,
        note=paper.note,
        own_id=paper.id,
        position="line 1",
    )


def test_each_paper_is_one_line() -> None:
    written = list(EXPORTERS["jsonl"].write([PAPER, PAPER]))

    assert len(written) == 2
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in written)
    assert json.loads(written[0]) == paper_to_object(PAPER)
    assert "García" in written[0]


def test_no_paper_gives_no_text() -> None:
    assert not list(EXPORTERS["jsonl"].write([]))


def test_an_object_begins_with_what_a_search_shows() -> None:
    keys = ["id", "title", "abstract", "authors", "published", "listed", "votes", "tags", "links"]

    assert list(paper_to_object(PAPER))[:9] == keys
    assert list(paper_to_object(PAPER, score=1.5))[:10] == [*keys, "score"]
    assert "score" not in paper_to_object(PAPER)


def test_paragraphs_are_separated_by_blank_lines() -> None:
    assert paper_to_object(PAPER)["abstract"] == "First paragraph.\n\nSecond one."


def test_an_object_shows_every_link_and_a_search_is_not_imported() -> None:
    assert len(paper_to_object(PAPER)["links"]) == 2  # type: ignore[arg-type] # an object's values are of any type
    (record,) = read_back(write("jsonl", PAPER))
    assert isinstance(record, Record)
    assert record.links == PAPER.links[:1]


def test_what_a_search_prints_as_one_list_can_be_imported() -> None:
    shown = json.dumps([paper_to_object(PAPER, score=0.5)], indent=2)
    source = source_from_stream(io.BytesIO(shown.encode()), TODAY)

    (record,) = read_records(source, ReadingContext(TODAY))

    assert isinstance(record, Record)
    assert (record.title, record.position) == (PAPER.title, "record 1")


def test_where_facts_come_from_stands_beside_them() -> None:
    shown = paper_to_object(PAPER)

    assert shown["provenance"] == {"title": {"source": "feed", "day": "2024-01-03"}}
    assert shown["other_abstracts"] == [
        {"source": "page", "day": "2024-01-03", "text": "Another.\n\nIn two parts."}
    ]


def test_a_link_that_the_abstract_yields_is_not_imported_as_a_given_one() -> None:
    code = Link(LinkKind.CODE, "https://github.com/a/b")
    other = Link(LinkKind.CODE, "https://github.com/c/d")
    paper = replace(
        PAPER, abstract=f"See {code.url} and {other.url}.", links=(*PAPER.links[:1], code, other)
    )

    def links_read(links: tuple[Link, ...]) -> tuple[Link, ...]:
        (record,) = read_back(write("jsonl", replace(paper, links=links)))
        assert isinstance(record, Record)
        return record.links

    assert links_read(paper.links) == PAPER.links[:1]
    assert links_read((code, other)) == ()
    # In another order, one of them was given.
    assert links_read((other, code)) == (other,)


def papers_after(folder: Path, text: str) -> list[Paper]:
    """Return the papers of a new library that has read lines of ours, in the order they came."""
    with Library(folder, index_folder=folder / "index") as library:
        source = source_from_stream(io.BytesIO(text.encode()), TODAY)
        library.imports.bring_in([source], format_name="paperdeck")
        return list(library.papers(sorted(library.search("").keys)))


def shared_facts(found: Iterable[Paper]) -> list[Paper]:
    """Return papers less what is a library's own: numbers, times and where it read them."""
    return [replace(paper, key=0, added="", provenance=()) for paper in found]


@settings(deadline=None, max_examples=15)
@given(st.lists(papers.map(lambda paper: replace(paper, other_abstracts=())), max_size=4))
@example([replace(PAPER, title=title, links=(), other_abstracts=()) for title in ("0", ":")])
def test_a_library_that_is_exported_and_imported_has_the_same_papers(
    given_papers: list[Paper],
) -> None:
    with TemporaryDirectory() as folder:
        first = papers_after(Path(folder) / "first", write("jsonl", *given_papers))
        second = papers_after(Path(folder) / "second", write("jsonl", *first))

    assert shared_facts(first) == shared_facts(second)


def test_an_exported_library_keeps_the_abstracts_beside_the_shown_one(tmp_path: Path) -> None:
    other = OtherAbstract("feed", "2024-01-02", "An older one.")
    paper = replace(PAPER, other_abstracts=(other,))

    first = papers_after(tmp_path / "first", write("jsonl", paper))
    second = papers_after(tmp_path / "second", write("jsonl", *first))

    for (found,) in (first, second):
        beside = [one.text for one in found.other_abstracts]
        assert sorted([found.abstract, *beside]) == sorted([paper.abstract, other.text])


# All formats


# Texts as an enemy would choose them: half of their characters mean something somewhere.
hostile = st.text(
    st.one_of(
        st.sampled_from("\\{}$%&#_^~\"'`@,;:=+-*[]()<>|!./ \n\t\r\x00\x1b\u2028"),
        st.characters(codec="utf-8"),
    ),
    max_size=30,
) | st.sampled_from(
    [
        "}}, evil = {x",
        "$x$ } @misc{b, title = {c}}",
        "ER  - ",
        "\nTY  - JOUR",
        "$\\input{secret}$",
        "$x^^5cinput{secret}$",
        "=HYPERLINK(1)",
        "](javascript:x) <b>",
        "A and B, C, D",
    ]
)
hostile_words = hostile.map(clean_line).filter(bool)
hostile_papers = st.builds(
    replace,
    papers,
    title=hostile_words,
    abstract=hostile.map(clean_text),
    note=hostile.map(clean_note),
    authors=several(hostile_words),
    venue=hostile.map(clean_line),
    keywords=several(hostile_words),
    categories=several(hostile_words),
    identifiers=several(
        st.sampled_from(IDENTIFIERS)
        | hostile_words.map(lambda text: Identifier("doi", f"10.1000/{text.replace(' ', '')}"))
    ),
)


@pytest.mark.parametrize("format_name", ["bibtex", "biblatex", "ris", "csl", "csv"])
def test_what_is_exported_is_read_back_by_our_importers_as_the_same_papers(
    format_name: str,
) -> None:
    names = ("Ana García", "Ludwig van der Berg", "The Flock Team")
    given_papers = [
        replace(PAPER, authors=names, identifiers=IDENTIFIERS[::2][:2]),
        replace(
            PAPER, key=8, title="50% of $x^2$ & more", authors=(), identifiers=IDENTIFIERS[2:3]
        ),
        replace(PAPER, key=9, venue="Journal of Sheep", authors=names, identifiers=IDENTIFIERS[:1]),
    ]
    source = source_from_stream(io.BytesIO(write(format_name, *given_papers).encode()), TODAY)
    try:
        read = list(read_records(source, ReadingContext(TODAY)))
    except SourceError:
        pytest.skip(f"{format_name} is not imported")

    assert len(read) == len(given_papers)
    for record, paper in zip(read, given_papers, strict=True):
        assert isinstance(record, Record)
        assert (record.title, record.authors) == (paper.title, paper.authors)
        assert set(record.identifiers) == set(paper.identifiers)
        assert (paper.published or "").startswith(record.published or "none")
        assert clean_line(record.abstract) == clean_line(paper.abstract)
        assert (record.keywords, record.venue) == (paper.keywords, paper.venue)


def test_every_format_is_told_of_in_a_line() -> None:
    for known in EXPORTERS.values():
        assert known.summary.splitlines() == [known.summary]
        assert known.summary[0].islower()
        assert known.suffix.startswith(".")
    assert len({known.suffix for known in EXPORTERS.values()}) == len(EXPORTERS)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x.bib", "bibtex"),
        ("x.BibLaTeX.bib", "biblatex"),
        ("x.table.md", "markdown-table"),
        ("x.md", "markdown"),
        (".md", None),
        ("x.txt", None),
        ("", None),
    ],
)
def test_a_name_tells_its_format_by_the_longest_end(name: str, expected: str | None) -> None:
    assert format_of_name(name) == expected


@pytest.mark.parametrize("format_name", sorted(set(EXPORTERS) - {"bibtex", "biblatex"}))
def test_papers_are_written_as_they_come(format_name: str) -> None:
    taken = []

    def endless() -> Iterator[Paper]:
        for number in count(1):
            taken.append(number)
            yield replace(PAPER, key=number)

    parts = EXPORTERS[format_name].write(endless())

    # A table begins with its header.
    assert any("quoted" in next(parts) for _ in range(3))
    assert len(taken) == 1


@pytest.mark.parametrize(
    ("format_name", "expected"),
    [("jsonl", ""), ("bibtex", ""), ("ris", ""), ("csl", "[]\n"), ("markdown", "")],
)
def test_no_paper_gives_an_empty_list(format_name: str, expected: str) -> None:
    assert write(format_name) == expected


@pytest.mark.parametrize(
    ("venue", "identifier", "kind"),
    [
        ("", 0, Kind.PREPRINT),
        ("", 3, Kind.PREPRINT),
        ("arXiv.org", 0, Kind.PREPRINT),
        ("CoRR", 2, Kind.PREPRINT),
        ("Journal of Sheep", 3, Kind.ARTICLE),
        ("Transactions of the ACL", 3, Kind.ARTICLE),
        ("Nature", 2, Kind.ARTICLE),
        ("Proceedings of the Flock", 2, Kind.CONFERENCE),
        ("ICLR 2024", 0, Kind.CONFERENCE),
        ("The 9th Gathering", 4, Kind.CONFERENCE),
    ],
)
def test_the_kind_of_a_paper_follows_from_its_venue_and_identifiers(
    venue: str, identifier: int, kind: Kind
) -> None:
    paper = replace(PAPER, venue=venue, identifiers=(IDENTIFIERS[identifier],))

    assert kind_of(paper) is kind


def test_a_search_or_an_unsafe_address_is_no_page() -> None:
    assert page_of(PAPER) == "https://example.org/papers/1"
    assert page_of(replace(PAPER, links=PAPER.links[1:])) == ""
    for url in ("javascript:alert(1)", "https://a.example/\\x", "https://a@b.example"):
        assert page_of(replace(PAPER, links=(Link(LinkKind.PAGE, url),))) == ""


def test_an_address_has_no_character_that_ends_it() -> None:
    url = "https://é.example/a(b){c}^'\"<d>`?x=%20#y"

    assert page_of(replace(PAPER, links=(Link(LinkKind.PAGE, url),))) == (
        "https://%C3%A9.example/a%28b%29%7Bc%7D%5E%27%22%3Cd%3E%60?x=%20#y"
    )


# BibTeX


def read_bibtex(text: str) -> list[dict[str, str]]:
    """Return the fields of each record, with type and key; it has to be without fault."""
    library = bibtexparser.entrypoint.parse_string(text)
    assert not library.failed_blocks
    assert not library.comments
    assert not library.strings
    return [
        {"type": one.entry_type, "key": one.key} | {field.key: field.value for field in one.fields}
        for one in library.entries
    ]


def from_latex(text: str) -> str:
    return str(LatexNodes2Text(math_mode="verbatim").latex_to_text(text)).replace("\u02c6", "^")


def test_a_paper_in_bibtex() -> None:
    paper = replace(PAPER, venue="Journal of Sheep & Wool", identifiers=IDENTIFIERS[:3])

    assert write("bibtex", paper) == (
        "@article{garcia2024quoted,\n"
        '\ttitle = {{A {"}quoted{"} title, 1 {\\ensuremath{<}} 2}},\n'
        "\tauthor = {Garc{\\'\\i}a, Ana and 雷, 李},\n".replace("雷, 李", "李, 雷")
        + "\tyear = {2024},\n"
        "\tmonth = jan,\n"
        "\tjournal = {Journal of Sheep {\\&} Wool},\n"
        "\teprint = {2401.01234},\n"
        "\tarchivePrefix = {arXiv},\n"
        "\tprimaryClass = {cs.CL},\n"
        "\tdoi = {10.1000/xyz-123},\n"
        "\turl = {https://example.org/papers/1},\n"
        "\tabstract = {First paragraph. Second one.},\n"
        "\tkeywords = {testing},\n"
        "\tannote = {Ask Ana. Soon.}\n"
        "}\n\n"
    )


@settings(deadline=None, max_examples=25)
@given(st.lists(hostile_papers, max_size=3), st.sampled_from(["bibtex", "biblatex"]))
def test_no_text_leaves_its_field_in_bibtex(given_papers: list[Paper], name: str) -> None:
    text = write(name, *given_papers)
    read = read_bibtex(text)

    assert len(read) == len(given_papers)
    assert len({one["key"] for one in read}) == len(read)
    for one, paper in zip(read, given_papers, strict=True):
        assert ("author" in one) == bool(paper.authors)
        assert ("abstract" in one) == bool(paper.abstract)
        note = "annote" if name == "bibtex" else "annotation"
        assert (note in one) == bool(clean_line(paper.note))
        own = {
            "bibtex": ("year", "month", "journal", "archivePrefix", "primaryClass"),
            "biblatex": ("date", "journaltitle", "eprintclass"),
        }
        assert set(one) <= {
            *("type", "key", "title", "author", "booktitle", "eprint", "eprinttype", "doi", "url"),
            *("abstract", "keywords", note, *own[name]),
        }
    for line in text.splitlines():
        assert line.isprintable() or line.startswith("\t")
        if line.startswith("\t"):
            assert is_balanced(line)


def is_balanced(text: str) -> bool:
    """Count as BibTeX does, which does not know of escaped braces."""
    depths = [text[:end].count("{") - text[:end].count("}") for end in range(len(text) + 1)]
    return min(depths) >= 0 == depths[-1]


plain_text = st.text(
    'abcXYZ 0123.,;:()[]/{}%&#_~"<>@=+*|éíñöüłßŞğαβ≤∞→李雷', min_size=1, max_size=40
).map(clean_line)
person = st.from_regex(
    r"[A-ZÉÖŁ][a-zéößñ]{1,8} ((van|de la|von der|De) )?[A-ZÉÖŁ][a-zéößñ]{1,8}", fullmatch=True
)


@settings(deadline=None, max_examples=25)
@given(plain_text.filter(bool), several(person), partial_days)
def test_bibtex_reads_back_as_the_same_paper(
    title: str, authors: tuple[str, ...], day: str
) -> None:
    paper = replace(
        PAPER,
        title=title,
        authors=authors,
        published=day,
        identifiers=IDENTIFIERS[:3],
        note=f"{title}\n{title}",
    )
    (read,) = read_bibtex(write("bibtex", paper))

    assert from_latex(read["annote"]) == f"{title} {title}"

    assert from_latex(read["title"].removeprefix("{").removesuffix("}")) == title
    assert list(map(from_latex, filter(None, read.get("author", "").split(" and ")))) == [
        str(split_name(author)) for author in authors
    ]
    year, *months = day.split("-")
    assert read["year"] == year
    assert ("month" in read) == bool(months)
    assert (read["eprint"], read["doi"]) == ("2401.01234", "10.1000/xyz-123")


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Yann Le Cun", "Le Cun, Yann"),
        ("Ludwig van der Berg", "van der Berg, Ludwig"),
        ("Smith, Jr., John", "Smith, Jr., John"),
        ("The ATLAS Collaboration", "{The ATLAS Collaboration}"),
        ("Plato", "{Plato}"),
        ("others", "{others}"),
        ("A Team, B, C, D", "{A Team, B, C, D}"),
        ("José Ortega y Gasset", r"{Ortega y Gasset}, Jos{\'e}"),
        ("Rock And Roll", "Roll, {Rock And}"),
    ],
)
def test_a_name_is_written_so_that_bibtex_splits_it_as_we_do(author: str, expected: str) -> None:
    text = write("bibtex", replace(PAPER, authors=(author, "Ana García")))
    (read,) = read_bibtex(text)

    assert read["author"] == rf"{expected} and Garc{{\'\i}}a, Ana"
    library = bibtexparser.entrypoint.parse_string(
        text, append_middleware=[SeparateCoAuthors(), SplitNameParts()]
    )
    assert not library.failed_blocks
    assert len(library.entries[0]["author"]) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("50% of #1 & a_b", r"50{\%} of {\#}1 {\&} a{\_}b"),
        ("~ ^ \\", r"{\textasciitilde} {\textasciicircum} {\textbackslash}"),
        ("}{", r"{\ensuremath{\rbrace}}{\ensuremath{\lbrace}}"),
        (
            "Größe \u03b1\u0391 Иван 李",
            'Gr{\\"o}{\\ss}e {\\ensuremath{\\alpha}}\u0391 Иван 李',
        ),
        (r"68.4\% and \$5", r"68.4{\%} and {\$}5"),
        ("for $x^2$ and $\\alpha_{1}$", r"for $x^2$ and $\alpha_{1}$"),
        (r"$\{a\}$", r"$\lbrace a\rbrace $"),
        ("from $5 to $6", r"from {\$}5 to {\$}6"),
        ("$5 and 6$7", r"{\$}5 and 6{\$}7"),
        ("$x", r"{\$}x"),
        ("$x}$", r"{\$}x{\ensuremath{\rbrace}}{\$}"),
        ("$}{$", r"{\$}{\ensuremath{\rbrace}}{\ensuremath{\lbrace}}{\$}"),
        ("$a%b$", r"{\$}a{\%}b{\$}"),
        (
            r"$\input{a}$",
            r"{\$}{\textbackslash}input{\ensuremath{\lbrace}}a{\ensuremath{\rbrace}}{\$}",
        ),
        ("$x^^5c$", r"{\$}x{\textasciicircum}{\textasciicircum}5c{\$}"),
        (r"$\left( x$", r"{\$}{\textbackslash}left( x{\$}"),
        ("$x_$", r"{\$}x{\_}{\$}"),
        ("a\x00\nb", "a b"),
        ("Erdős, Műű, ŐŰ", r"Erd{\H{o}}s, M{\H{u}}{\H{u}}, {\H{O}}{\H{U}}"),
        ("Ħal Ŧŧ l·l", "Ħal Ŧŧ l{\\textperiodcentered}l"),
    ],
)
def test_latex_means_the_text_and_formulas_stay(text: str, expected: str) -> None:
    assert to_latex(text) == expected


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ({}, "garcia2024quoted"),
        ({"title": "On the Self-Supervision of Sheep"}, "garcia2024self"),
        ({"title": "What is it?"}, "garcia2024what"),
        ({"title": "羊"}, "garcia2024"),
        ({"authors": ("Juan Carlos De la Cruz",)}, "delacruz2024quoted"),
        ({"authors": ("The ATLAS Collaboration",)}, "atlas2024quoted"),
        ({"authors": ("李雷",)}, "2024quoted"),
        ({"authors": ()}, "2024quoted"),
        ({"published": None, "listed": "2023-12-31"}, "garcia2023quoted"),
        ({"published": None, "listed": None}, "garciaquoted"),
        ({"published": None, "listed": None, "authors": (), "title": "羊"}, "paper"),
    ],
)
def test_a_citation_key_names_author_year_and_first_telling_word(
    facts: dict[str, object], key: str
) -> None:
    paper = replace(PAPER, **facts)  # type: ignore[arg-type] # a table's values are of any type

    assert read_bibtex(write("bibtex", paper))[0]["key"] == key


def test_papers_with_the_same_key_are_told_apart_by_identifier() -> None:
    assert unique_keys([("x", "3"), ("x", "1"), ("y", "4"), ("x", "2")]) == ["xc", "xa", "y", "xb"]
    assert unique_keys([("x", "1"), ("x", "2"), ("xa", "3")]) == ["xb", "xc", "xa"]
    assert unique_keys([("x", str(10 + n)) for n in range(28)])[25:] == ["xz", "xaa", "xab"]


@given(
    st.lists(st.tuples(st.sampled_from(["x", "xa", "xb", "y"]), st.uuids().map(str))), st.randoms()
)
def test_keys_are_unique_and_the_same_in_any_order(
    bases: list[tuple[str, str]], chance: Random
) -> None:
    shuffled = list(bases)
    chance.shuffle(shuffled)
    keys = unique_keys(bases)

    assert len(set(keys)) == len(keys)
    assert dict(zip(bases, keys, strict=True)) == dict(
        zip(shuffled, unique_keys(shuffled), strict=True)
    )


def test_a_paper_in_biblatex() -> None:
    paper = replace(PAPER, published="2024-01", citation_key="Garcia:24")

    assert write("biblatex", paper) == (
        "@online{Garcia:24,\n"
        '\ttitle = {{A {"}quoted{"} title, 1 {\\ensuremath{<}} 2}},\n'
        "\tauthor = {Garc{\\'\\i}a, Ana and 李, 雷},\n"
        "\tdate = {2024-01},\n"
        "\teprint = {2401.01234},\n"
        "\teprinttype = {arXiv},\n"
        "\teprintclass = {cs.CL},\n"
        "\turl = {https://example.org/papers/1},\n"
        "\tabstract = {First paragraph. Second one.},\n"
        "\tkeywords = {testing},\n"
        "\tannotation = {Ask Ana. Soon.}\n"
        "}\n\n"
    )


@pytest.mark.parametrize("format_name", ["bibtex", "biblatex", "ris", "csl", "markdown"])
def test_a_year_that_was_guessed_is_never_stated(format_name: str) -> None:
    guess = Sighting("page", "2023-03-12", day_is_guess=True)
    paper = replace(
        PAPER,
        published=None,
        listed="2023-03-12",
        listed_is_guess=True,
        sightings=(guess,),
        note="",
    )
    known = replace(paper, sightings=(guess, Sighting("feed", "2024-03-12")))

    assert "202" not in write(format_name, paper).replace("2401", "")
    assert "2023" not in write(format_name, known)
    assert "2024" in write(format_name, known)


def test_a_year_that_was_guessed_is_no_part_of_a_key() -> None:
    paper = replace(PAPER, published=None)

    assert base_key(paper) == "garcia2024quoted"
    assert base_key(replace(paper, listed_is_guess=True, sightings=())) == "garciaquoted"


def test_keys_that_papers_have_are_kept_and_no_other_gets_them() -> None:
    two = [("smith2020deep", "1"), ("smith2020deep", "2"), ("smith2020deep", "3")]

    assert unique_keys(two, ["", "smith2020deep", ""]) == [
        "smith2020deepa",
        "smith2020deep",
        "smith2020deepb",
    ]
    assert unique_keys(two[:2], ["Mine", "mine"]) == ["Mine", "smith2020deep"]
    assert unique_keys(two[:1], [""]) == ["smith2020deep"]


@pytest.mark.skipif(shutil.which("biber") is None, reason="biber is not here")
@pytest.mark.parametrize("format_name", ["bibtex", "biblatex"])
def test_biber_takes_every_entry_and_has_nothing_to_say(format_name: str, tmp_path: Path) -> None:
    texts = [
        "}}, evil = {x",
        "$x$ } @misc{b, title = {c}}",
        "100% of #1 & a_b",
        "Größe \u03b1 {",
        "\\",
    ]
    written = [
        replace(
            PAPER,
            key=number,
            title=text,
            abstract=text,
            note=text,
            keywords=(text,),
            authors=(text, "Ana García", "José Ortega y Gasset", "The ATLAS Collaboration"),
            venue=["", "Journal of Sheep & Wool", "Proc. of the Flock"][number % 3],
            identifiers=IDENTIFIERS[number % 3 :],
            published=["2024-01-02", "2024-01", "2024", None][number % 4],
        )
        for number, text in enumerate(texts * 3)
    ]
    (tmp_path / "in.bib").write_text(write(format_name, *written), encoding="utf-8")
    done = subprocess.run(
        [
            str(shutil.which("biber")),
            "--tool",
            "--validate-datamodel",
            "--output-file",
            "out.bib",
            "in.bib",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0
    assert not [line for line in done.stdout.splitlines() if line.startswith(("WARN", "ERROR"))]
    assert (tmp_path / "out.bib").read_text(encoding="utf-8").count("\n@") == len(written) - 1


# RIS and CSL-JSON


def test_a_paper_in_ris() -> None:
    paper = replace(
        PAPER, venue="Journal of Sheep", identifiers=IDENTIFIERS[:3], published="2024-01"
    )

    assert write("ris", paper).splitlines() == [
        "TY  - JOUR",
        'TI  - A "quoted" title, 1 < 2',
        "AU  - García, Ana",
        "AU  - 李, 雷",
        "PY  - 2024",
        "DA  - 2024/01//",
        "T2  - Journal of Sheep",
        "JO  - Journal of Sheep",
        "DO  - 10.1000/xyz-123",
        "ID  - arxiv:2401.01234",
        "AN  - arxiv:2401.01234",
        "N1  - arxiv:hep-th/9901001",
        "UR  - https://example.org/papers/1",
        "KW  - testing",
        "AB  - First paragraph. Second one.",
        "RN  - Ask Ana. Soon.",
        "ER  - ",
        "",
    ]


@settings(deadline=None, max_examples=25)
@given(st.lists(hostile_papers, max_size=3))
def test_ris_reads_back_as_the_same_papers(given_papers: list[Paper]) -> None:
    text = write("ris", *given_papers)
    read = rispy.loads(text)

    assert "\r" not in text
    assert [one["title"] for one in read] == [paper.title for paper in given_papers]
    for one, paper in zip(read, given_papers, strict=True):
        assert one.get("authors", []) == [str(split_name(author)) for author in paper.authors]
        day = "-".join(date_of(paper))
        assert one.get("date", "").strip("/").replace("/", "-") == day
        assert one["id"] == paper.id
        assert one.get("urls", []) == list(filter(None, [reference_page(paper)]))
        assert one.get("keywords", []) == list(paper.keywords)
        assert one.get("research_notes", "") == clean_line(paper.note)
        assert "unknown_tag" not in one


def test_a_paper_in_csl_json() -> None:
    paper = replace(PAPER, identifiers=IDENTIFIERS, authors=("Ana García", "The Flock Team"))

    assert json.loads(write("csl", paper)) == [
        {
            "id": "arxiv:2401.01234",
            "type": "article",
            "title": PAPER.title,
            "author": [{"family": "García", "given": "Ana"}, {"literal": "The Flock Team"}],
            "issued": {"date-parts": [[2024, 1, 2]]},
            "number": "arXiv:2401.01234",
            "publisher": "arXiv",
            "DOI": "10.1000/xyz-123",
            "PMID": "31452104",
            "URL": "https://example.org/papers/1",
            "keyword": "testing",
            "note": "arXiv:2401.01234; arXiv:hep-th/9901001; acl:2021.acl-long.34;"
            " openreview:hP4dxXvvNc8",
            "abstract": "First paragraph.\n\nSecond one.",
            "annote": PAPER.note,
        }
    ]


@settings(deadline=None, max_examples=25)
@given(st.lists(hostile_papers, max_size=3))
def test_csl_json_reads_back_as_the_same_papers(given_papers: list[Paper]) -> None:
    read = json.loads(write("csl", *given_papers))

    assert [one["title"] for one in read] == [paper.title for paper in given_papers]
    for one, paper in zip(read, given_papers, strict=True):
        authors = [
            author.get("literal")
            or ", ".join(filter(None, map(author.get, ("family", "given", "suffix"))))
            for author in one.get("author", [])
        ]
        assert authors == [str(split_name(author)) for author in paper.authors]
        (day,) = one["issued"]["date-parts"] if "issued" in one else [[]]
        assert "-".join(f"{part:02}" for part in day) == "-".join(date_of(paper))
        assert one["id"] == paper.id
        assert one.get("annote", "") == paper.note


# CSV and Markdown


def read_table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", "\r=", "\uff1d", "\uff0b"])
def test_no_cell_is_a_formula(begin: str) -> None:
    text = f"{begin}1+1"
    paper = replace(PAPER, title=text, authors=(text,), venue="a=1", note=text)
    (read,) = read_table(write("csv", paper))

    assert read["title"] == read["authors"] == read["note"] == f"'{clean_line(text)}"
    assert read["venue"] == "a=1"


@settings(deadline=None, max_examples=25)
@given(st.lists(hostile_papers, max_size=3))
def test_a_table_reads_back_as_the_same_papers(given_papers: list[Paper]) -> None:
    text = write("csv", *given_papers)
    read = read_table(text)

    assert text.count("\n") == text.count("\r\n") == len(given_papers) + 1
    for one, paper in zip(read, given_papers, strict=True):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in one.values())
        assert one["title"].removeprefix("'") == paper.title.removeprefix("'")
        assert one["authors"].removeprefix("'") == "; ".join(paper.authors).removeprefix("'")
        assert one["note"].removeprefix("'") == clean_line(paper.note).removeprefix("'")
        assert one["published"] == (paper.published or "")
        assert one["identifiers"] == "; ".join(map(str, paper.identifiers))
        assert one["votes"] == ("" if paper.votes is None else str(paper.votes))


def shown_lines(text: str) -> Iterator[tuple[str, list[object]]]:
    """Return what each line of a list shows, as CommonMark has it, and where its links lead.

    The lines of a note are those that a paper's line is followed by.
    """
    tokens = MarkdownIt("commonmark").parse(text)
    kinds = {token.type for token in tokens} - {"inline"}
    assert kinds <= {
        f"{kind}_{end}"
        for kind in ("bullet_list", "list_item", "paragraph", "blockquote")
        for end in ("open", "close")
    }
    for token in tokens:
        if token.type == "inline":
            parts = token.children or []
            assert {part.type for part in parts} <= {
                "text",
                "text_special",
                "link_open",
                "link_close",
                "hardbreak",
            }
            yield (
                "".join("\n" if part.type == "hardbreak" else part.content for part in parts),
                [part.attrs["href"] for part in parts if part.type == "link_open"],
            )


def test_a_paper_in_markdown() -> None:
    paper = replace(PAPER, title="A [b] `c` *d* 1. www.e", authors=("A_b", "C", "D", "E"), note="")

    assert write("markdown", paper) == (
        r"- [A \[b\] \`c\` \*d\* 1. www\.e](https://example.org/papers/1)"
        r" (A\_b, C, D et al., 2024-01-02) #to-read" + "\n"
    )
    bare = replace(paper, title="# A", links=(), authors=(), published=None, listed=None, tags=())
    assert write("markdown", bare) == "- \\# A\n"


TABLE = "| Title | Authors | Day | Votes | Tags | Note |\n| --- | --- | --- | ---: | --- | --- |\n"


def test_a_table_in_markdown() -> None:
    assert write("markdown-table", replace(PAPER, title="A | b")) == (
        f"{TABLE}| [A \\| b](https://example.org/papers/1) | Ana García, 李 雷 | 2024-01-03 | 12"
        " | #to-read | Ask Ana. Soon. |\n"
    )
    assert write("markdown-table") == TABLE


@settings(deadline=None, max_examples=25)
@given(st.lists(hostile_papers, max_size=3))
def test_a_table_in_markdown_has_a_row_for_each_paper(given_papers: list[Paper]) -> None:
    text = write("markdown-table", *given_papers)
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    cells = [
        "".join(part.content for part in token.children or [])
        for token in tokens
        if token.type == "inline"
    ]
    kinds = {part.type for token in tokens for part in token.children or []}

    assert kinds <= {"text", "text_special", "link_open", "link_close"}
    assert len(cells) == 6 * (len(given_papers) + 1)
    for number, paper in enumerate(given_papers, 1):
        assert cells[6 * number] == paper.title
        assert cells[6 * number + 5] == clean_line(paper.note)


# Templates


def by_template(template: str, *papers: Paper) -> str:
    return "".join(format_of(template).write(papers))


def test_a_template_gives_a_line_for_each_paper() -> None:
    paper = replace(PAPER, citation_key="garcia24")

    assert by_template(r"\\cite{{{key}}}\t{first_author} {year}: {title}", paper, paper) == (
        '\\cite{garcia24}\tGarcía 2024: A "quoted" title, 1 < 2\n' * 2
    )
    assert by_template(
        "{day} {votes} {tags} {doi}{arxiv} {categories} {added} {comments}", paper
    ) == ("2024-01-03 12 inbox to-read 2401.01234 cs.CL 2026-03-12 0\n")
    assert format_of("{key}").cites
    assert not format_of("{title}").cites


@pytest.mark.parametrize(
    ("writing", "expected"),
    [
        ("latex", r'A {"}quoted{"} title, 1 {\ensuremath{<}} 2'),
        ("markdown", r'A "quoted" title, 1 \< 2'),
        ("html", "A &quot;quoted&quot; title, 1 &lt; 2"),
        ("json", r'"A \"quoted\" title, 1 < 2"'),
        ("csv", '"A ""quoted"" title, 1 < 2"'),
        ("url", "A%20%22quoted%22%20title%2C%201%20%3C%202"),
    ],
)
def test_a_value_is_written_for_what_it_is_to_be_part_of(writing: str, expected: str) -> None:
    assert by_template(f"{{title:{writing}}}", PAPER) == f"{expected}\n"


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{titel}", "did you mean 'title'"),
        ("{title.__class__}", "there is no '{title.__class__}'"),
        ("{title[0]}", "there is no"),
        ("{0}", "there is no '{0}'"),
        ("{}", "there is no '{}'"),
        ("{title!r}", "stands alone"),
        ("{title:html5}", "did you mean 'html'"),
        ("{title:{id}}", "can't be written as"),
        ("{title", "a brace itself is written twice"),
        ("}", "a brace itself is written twice"),
    ],
)
def test_a_template_that_is_none_is_refused(template: str, reason: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(reason)):
        format_of(template)


@settings(deadline=None, max_examples=40)
@given(hostile_papers, hostile)
def test_what_a_record_says_is_put_in_once_and_never_read_again(paper: Paper, text: str) -> None:
    shown = replace(paper, title=clean_line(f"{{abstract}} {text} {{id!r}} \\t"))

    assert by_template("{title}", shown) == f"{shown.title}\n"
    assert json.loads(by_template("{title:json}", shown)) == shown.title
    assert html.unescape(by_template("{title:html}", shown)) == f"{shown.title}\n"
    assert "<" not in by_template("{title:html} {abstract:html} {note:html}", shown)
    assert is_balanced(by_template("{title:latex} {note:latex}", shown))
    ((cell,),) = csv.reader(io.StringIO(by_template("{note:csv}", shown), newline=""))
    assert not cell.startswith(("=", "+", "-", "@"))
    assert unquote(by_template("{title:url}", shown)) == f"{shown.title}\n"
    for name in VALUES:
        assert by_template(f"{{{name}}}", shown).count("\n") == 1


def test_a_note_in_markdown_is_a_quotation_with_its_lines() -> None:
    note = "# No *heading*\nthe next line\n\n  - no list\n1. nor this\\"

    assert write("markdown", replace(PAPER, note=note)).split("\n", 1)[1] == (
        "  > \\# No \\*heading\\*\\\n"
        "  > the next line\n"
        "  >\n"
        "  > \\- no list\\\n"
        "  > 1\\. nor this\\\\\n"
    )


@settings(deadline=None, max_examples=25)
@given(st.lists(hostile_papers, max_size=3))
def test_markdown_shows_every_title_and_note_as_it_is(given_papers: list[Paper]) -> None:
    read = shown_lines(write("markdown", *given_papers))

    for paper in given_papers:
        text, links = next(read)
        page = page_of(paper)
        assert links == ([page] if page else [])
        assert text.startswith(paper.title)
        assert ", ".join(paper.authors[:3]) in text
        assert all(f"#{tag}" in text for tag in paper.tags)
        note = "\n".join(line.strip() for line in paper.note.split("\n"))
        for paragraph in filter(None, re.split(r"\n{2,}", note.strip("\n"))):
            assert next(read) == (paragraph, [])
    assert not list(read)

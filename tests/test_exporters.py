from __future__ import annotations

import io
import json
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from store.exporters import EXPORTERS
from store.exporters.jsonlines import paper_to_object
from store.importers import ReadingContext, read_records, source_from_stream
from store.models import Identifier, Link, LinkKind, Paper, Record, Sighting
from store.tagnames import tag_name
from store.text import clean_line, clean_text

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
    sightings=(Sighting("feed", "2024-01-03", rank=1, votes=12, comments=0),),
    tags=("inbox", "to-read"),
    added="2026-03-12T08:00:00Z",
)

lines = st.text(max_size=20).map(clean_line)
words = lines.filter(bool)
paragraphs = st.lists(st.text(max_size=20), max_size=3).map("\n\n".join).map(clean_text)
counts = st.none() | st.integers(0, 10**6)
days = st.dates(date(1990, 1, 1)).map(date.isoformat)
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
    tags=several(tags),
    added=days.map(lambda day: f"{day}T00:00:00Z"),
)


def read_back(text: str) -> list[object]:
    source = source_from_stream(io.BytesIO(text.encode()), TODAY)
    return list(read_records(source, ReadingContext(TODAY), format_name="paperdeck"))


@settings(deadline=None)
@given(papers)
def test_a_paper_that_is_exported_and_imported_keeps_its_facts(paper: Paper) -> None:
    (record,) = read_back("".join(EXPORTERS["jsonl"]([paper])))

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
        tags=paper.tags,
        position="line 1",
    )


def test_each_paper_is_one_line() -> None:
    written = list(EXPORTERS["jsonl"]([PAPER, PAPER]))

    assert len(written) == 2
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in written)
    assert json.loads(written[0]) == paper_to_object(PAPER)
    assert "García" in written[0]


def test_no_paper_gives_no_text() -> None:
    assert not list(EXPORTERS["jsonl"]([]))


def test_an_object_begins_with_what_a_search_shows() -> None:
    keys = ["id", "title", "abstract", "authors", "published", "listed", "votes", "tags", "links"]

    assert list(paper_to_object(PAPER))[:9] == keys
    assert list(paper_to_object(PAPER, score=1.5))[:10] == [*keys, "score"]
    assert "score" not in paper_to_object(PAPER)


def test_paragraphs_are_separated_by_blank_lines() -> None:
    assert paper_to_object(PAPER)["abstract"] == "First paragraph.\n\nSecond one."


def test_an_object_shows_every_link_and_a_search_is_not_imported() -> None:
    assert len(paper_to_object(PAPER)["links"]) == 2  # type: ignore[arg-type] # an object's values are of any type
    (record,) = read_back("".join(EXPORTERS["jsonl"]([PAPER])))
    assert isinstance(record, Record)
    assert record.links == PAPER.links[:1]


def test_what_a_search_prints_as_one_list_can_be_imported() -> None:
    shown = json.dumps([paper_to_object(PAPER, score=0.5)], indent=2)
    source = source_from_stream(io.BytesIO(shown.encode()), TODAY)

    (record,) = read_records(source, ReadingContext(TODAY))

    assert isinstance(record, Record)
    assert (record.title, record.position) == (PAPER.title, "record 1")

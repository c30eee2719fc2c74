from __future__ import annotations

import html
import io
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.errors import RecordError, SourceError
from store.importers import (
    ReadingContext,
    Source,
    detect,
    read_records,
    source_from_stream,
    sources,
)
from store.importers.detection import HEAD_SIZE
from store.models import Identifier, Record, Sighting

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data is not here")

TODAY = date(2026, 3, 12)
CONTEXT = ReadingContext(TODAY)


def listing(title: str, number: int, **more: object) -> dict[str, Any]:
    paper = {
        "id": f"2503.{number:05}",
        "title": title,
        "summary": 'Sheep < goats & "cows"\nare counted > 7 times.',
        "authors": [{"name": "Ana García"}],
        "publishedAt": "2025-03-03T17:59:00.000Z",
        "upvotes": 42,
    }
    return {"paper": paper | more, "publishedAt": "2025-03-03T12:00:00.000Z", "numComments": 3}


SHEEP, GOATS = listing("Counting sheep", 1), listing("Counting goats", 2)
PROPS: dict[str, Any] = {
    "canSubmit": False,
    "date": "2025-03-05T00:00:00.000Z",
    "dailyPapers": [SHEEP, GOATS],
    "prevDate": "2025-03-04",
}


def element(props: dict[str, Any], target: str = "DailyPapers") -> str:
    text = html.escape(json.dumps(props))
    return f'<div class="contents" data-target="{target}" data-props="{text}"><main>Papers</main>'


def webpage(props: dict[str, Any], *, head: str = "") -> str:
    """Return a page as the site sends it; nothing in it is closed in vain."""
    return (
        f'<!doctype html>\n<html>\n<head><meta charset="utf-8" />{head}'
        "<title>Daily Papers</title>\n<script>if (1 < 2) { document.write('<div>') }</script>"
        "</head>\n<body>"
        + element({"isWide": False}, "MainHeader")
        + "</div>\n"
        + element({"isLoggedIn": False}, "DailyPapersBannerSubscribe")
        + f"</div>\n<section>{element(props)}</div></section>\n<footer>papers</footer></html>\n"
    )


PAGE = webpage(PROPS)
UNDATED = {"dailyPapers": [SHEEP, GOATS]}


def read(
    content: bytes | str, context: ReadingContext = CONTEXT, *, format_name: str | None = None
) -> list[Record | RecordError]:
    encoded = content if isinstance(content, bytes) else content.encode()
    source = source_from_stream(io.BytesIO(encoded), context.today)
    return list(read_records(source, context, format_name=format_name))


def named(tmp_path: Path, name: str, content: str) -> Source:
    path = tmp_path / name
    path.write_text(content)
    (source,) = sources([path])
    assert isinstance(source, Source)
    return source


def sightings(records: list[Record | RecordError]) -> list[Sighting]:
    return [one for record in records if isinstance(record, Record) for one in record.sightings]


def days(content: str, context: ReadingContext = CONTEXT) -> list[str]:
    return [sighting.day for sighting in sightings(read(content, context))]


def test_a_saved_page_gives_its_papers_as_the_feed_does() -> None:
    sheep, goats = read(PAGE)

    assert sheep == Record(
        title="Counting sheep",
        source="feed",
        abstract='Sheep < goats & "cows" are counted > 7 times.',
        authors=("Ana García",),
        identifiers=(Identifier("arxiv", "2503.00001"),),
        published="2025-03-03",
        sightings=(Sighting("feed", "2025-03-05", rank=1, votes=42, comments=3),),
        position="record 1",
    )
    assert isinstance(goats, Record)
    assert (goats.title, goats.sightings[0].rank) == ("Counting goats", 2)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("<div", "<DIV").replace("data-", "DATA-"),
        lambda text: text.replace("</div>", "").replace("</head>", "").replace("</html>", ""),
        lambda text: text.replace('="DailyPapers"', "=DailyPapers"),
        lambda text: text.replace('="DailyPapers"', " = 'DailyPapersPage'"),
        lambda text: text.replace('"{', "'{").replace('}"', "}'").replace("&quot;", '"'),
        lambda text: text.replace("&lt;", "<").replace("&gt;", ">"),
        lambda text: text.replace("&quot;", "&#34;"),
        lambda text: text[: text.index("<main>Papers</main></div></section>")],
        lambda text: text[text.index("<section>") :],
        lambda text: text.replace("<title>", "<!-- " + "x" * HEAD_SIZE + " --><title>"),
        lambda text: text.replace("<head>", "<head><title>Daily Papers</title>" + "\n" * HEAD_SIZE),
    ],
)
def test_a_page_is_read_whatever_happened_to_it_on_the_way(change: Callable[[str], str]) -> None:
    changed = change(PAGE)

    assert changed != PAGE
    assert read(changed, format_name="webpage") == read(PAGE)


def test_the_listed_day_is_the_papers_own_then_the_readers_the_pages_and_the_files(
    tmp_path: Path,
) -> None:
    own = listing("Counting cows", 3, submittedOnDailyAt="2025-03-06T01:00:00.000Z")
    said = ReadingContext(TODAY, day="2025-03-07")
    page = webpage(PROPS | {"dailyPapers": [own, GOATS]})
    undated = named(tmp_path, "papers-2025-03-08.html", webpage(UNDATED))

    assert days(page, said) == ["2025-03-06", "2025-03-07"]
    assert days(page) == ["2025-03-06", "2025-03-05"]
    in_file = list(read_records(named(tmp_path, "2025-03-08.html", page), CONTEXT))
    assert [sighting.day for sighting in sightings(in_file)] == ["2025-03-06", "2025-03-05"]
    in_file = list(read_records(undated, CONTEXT))
    assert [sighting.day for sighting in sightings(in_file)] == ["2025-03-08"] * 2


@pytest.mark.parametrize(
    ("head", "found"),
    [
        ('<link rel="canonical" href="https://huggingface.co/papers?date=2025-03-09">', 2),
        ('<meta property="og:url" content="https://huggingface.co/papers/date/2025-03-09" />', 2),
        ("<!-- saved from url=(0047)https://huggingface.co/papers?x=1&date=2025-03-09 -->", 2),
        ("<!--\n url: https://huggingface.co/papers/date/2025-03-09 \n saved: 2026 -->", 2),
        ('<link rel="canonical" href="https://huggingface.co/papers">', 0),
        ('<link rel="canonical" href="https://huggingface.co/papers?date=2025-13-09">', 0),
        ('<link rel="next" href="https://huggingface.co/papers?date=2025-03-09">', 0),
        ("<script>'https://huggingface.co/papers?date=2025-03-09'</script>", 0),
    ],
)
def test_a_page_names_its_day_by_its_own_address(head: str, found: int) -> None:
    assert days(webpage(UNDATED, head=head)) == ["2025-03-09"] * found
    assert days(webpage(PROPS, head=head)) == ["2025-03-05"] * 2


def test_newer_pages_name_their_day_as_a_text() -> None:
    props = UNDATED | {"dateString": "2025-03-05", "periodType": "day"}

    assert days(webpage(props)) == ["2025-03-05"] * 2


@pytest.mark.parametrize(
    "props",
    [
        UNDATED | {"periodType": "month", "date": "2025-03-01T00:00:00.000Z"},
        {"query": {"q": "sheep"}, "searchResults": [SHEEP, GOATS], "date": "2025-03-01"},
    ],
)
def test_a_page_of_more_than_a_day_gives_papers_without_its_day_and_ranks(
    props: dict[str, Any], tmp_path: Path
) -> None:
    said = ReadingContext(TODAY, day="2025-03-07")
    found = list(read_records(named(tmp_path, "2025-03-08.html", webpage(props)), CONTEXT))

    assert len(found) == 2
    assert sightings(found) == []
    assert [(one.day, one.rank) for one in sightings(read(webpage(props), said))] == [
        ("2025-03-07", None)
    ] * 2


def test_a_refused_listing_keeps_its_place_and_the_others_go_in() -> None:
    records = read(webpage(PROPS | {"dailyPapers": [SHEEP, {"paper": {}}, 7, GOATS]}))

    assert [str(one) for one in records if isinstance(one, RecordError)] == [
        "record 2: no title",
        "record 3: is a number, not an object",
    ]
    assert [sighting.rank for sighting in sightings(records)] == [1, 3]


def test_a_day_without_papers_is_no_error() -> None:
    assert read(webpage({"dailyPapers": [], "date": "2025-03-08"})) == []


def test_a_list_with_papers_goes_before_one_without() -> None:
    assert len(read(webpage({"papers": [], "dailyPapers": [SHEEP, GOATS]}))) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (webpage({"date": "2025-03-05"}), "is a web page without the feed's papers: save https"),
        (webpage({"dailyPapers": "none"}), "is a web page without the feed's papers: save https"),
        (PAGE.replace("data-props", "data-old"), "is a web page without the feed's papers"),
        ("<html><title>Daily Papers</title>", "is a web page without the feed's papers"),
        (
            PAGE[: PAGE.index("prevDate")],
            "is cut short or damaged within its papers; save the page again",
        ),
        (PAGE.replace("}]", "", 1), "is damaged: the JSON breaks off at line 1"),
        (PAGE[: PAGE.index("prevDate")] + '">', "is cut short: the JSON breaks off at line 1"),
        (PAGE.replace("<head>", "<head><![sheep[ ]]>"), "is damaged HTML: unknown status"),
        ("<!doctype html>\n<p>Sheep.</p>", "is HTML or XML, but holds no papers"),
        ('<?xml version="1.0"?><sheep/>', "is HTML or XML, but holds no papers"),
        ("From: <Saved by a browser>\nMIME-Version: 1.0", "is a web archive; save the page as"),
    ],
)
def test_what_holds_no_papers_says_what_to_save(content: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read(content)


@pytest.mark.parametrize(
    "content",
    [
        PAGE,
        "<!-- saved from a web browser -->\n<html><title>Daily Papers</title>",
        element(PROPS),
        "<main>" + element(PROPS, "DailyPapersPage"),
        '<html><link rel="canonical" href="https://huggingface.co/papers">',
    ],
)
def test_a_saved_page_is_told_by_the_content(content: str) -> None:
    assert detect(content.encode(), "name") == "webpage"


@settings(deadline=None)
@given(st.text(), st.sampled_from(["", "<div data-target=DailyPapers data-props=", "<!--", "<!["]))
def test_no_markup_breaks_the_importer(text: str, start: str) -> None:
    try:
        records = read((start + text).encode(errors="replace"), format_name="webpage")
    except SourceError:
        return
    assert all(isinstance(record, Record | RecordError) for record in records)


@given(st.integers(min_value=0, max_value=len(PAGE)))
def test_a_page_cut_anywhere_gives_all_of_its_papers_or_is_refused(end: int) -> None:
    try:
        records = read(PAGE[:end])
    except SourceError:
        return
    assert records == read(PAGE)


@needs_data
def test_the_saved_page_gives_every_paper_on_its_day() -> None:
    (source,) = sources([DATA / "hf_daily_page_2024-08-01.html"])
    assert isinstance(source, Source)

    with source.open() as opened:
        records = read(opened.read())

    assert [(one.day, one.rank) for one in sightings(records)] == [
        ("2024-08-01", rank) for rank in range(1, 14)
    ]
    for record in records:
        assert isinstance(record, Record)
        assert record.abstract
        assert record.authors
        assert record.identifiers
